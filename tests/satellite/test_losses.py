"""What the sound devices lost, told now and then, and to the hub."""

import asyncio

from protocol import Status
from satellite import events
from satellite.events import Event
from satellite.jitter import PlaybackBuffer
from satellite.losses import REPORT_S, Losses
from satellite.runtime import Satellite
from satellite.session import Hub
from satellite.settings import Address
from tests.satellite.test_runtime import Wire
from tests.virtual_time import run_virtual


def test_losses_are_told_once_a_minute_at_most_and_only_when_there_are_more() -> None:
    async def scene() -> list[Event]:
        losses, told = Losses(), list[Event]()
        telling = asyncio.create_task(losses.tell(told.append))
        await asyncio.sleep(REPORT_S * 2)
        losses.microphone += 2
        losses.speaker += 1
        await asyncio.sleep(REPORT_S * 3)
        telling.cancel()
        await asyncio.wait([telling])
        return told

    (lost,) = run_virtual(scene())
    assert isinstance(lost, events.SoundLost)
    assert (lost.overruns, lost.underruns) == (2, 1)


class Cancelling:
    echo_db = 31.46


async def test_the_hub_hears_of_losses_and_of_how_well_echo_is_cancelled() -> None:
    satellite = Satellite(
        PlaybackBuffer(22_050), [], losses=Losses(microphone=2, speaker=1), canceller=Cancelling()
    )
    wire = Wire()
    satellite.uplink = wire
    satellite.link_up(Hub("hub", "Hub", Address("here", 1), "s1"))
    (status,) = wire.of(Status)
    assert status.echo_db == 31.5
    assert status.device_losses == 3
