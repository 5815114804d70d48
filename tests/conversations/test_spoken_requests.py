"""What is said about satellites: their volume, and a word to all rooms."""

import asyncio

import pytest

from hub.home.actions import ActionResult, Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import Area, AreaId, Device, DeviceId, DeviceState, Home, HomeCommand
from hub.origin import Origin
from hub.rooms.announcements import Announcements
from hub.rooms.spoken_requests import SpokenRequests
from tests.conversations.heard import Voice, virtual
from tests.virtual_house import VirtualHouse, house

HERE = Origin("Kitchen", "en", "kitchen-1")


class Sink:
    def __init__(self) -> None:
        self.commands: list[HomeCommand] = []

    async def perform(self, command: HomeCommand) -> None:
        self.commands.append(command)


class Spoken:
    def __init__(self, h: VirtualHouse, home: Home | None = None) -> None:
        self.home = home or Home()
        self.home.put_area(Area(AreaId("kitchen"), "Kitchen"))
        self.sink = Sink()
        announcements = Announcements(h.house.directory, h.house.clock)
        deeds = SpokenRequests(h.house.directory, announcements).deeds()
        self.actions = Actions(self.home, self.sink, deeds=deeds, confirm_timeout_s=0.01)
        self.recognizers = {tag: IntentRecognizer(self.home, tag) for tag in ("en", "de")}

    async def say(self, text: str, origin: Origin = HERE) -> ActionResult:
        match = self.recognizers[origin.language].recognize(text, area=AreaId("kitchen"))
        assert match is not None, text
        return await self.actions.perform(match, origin)


@virtual
async def test_a_message_is_said_in_all_other_rooms() -> None:
    async with house(Voice()) as h:
        kitchen, hall = await h.add(), await h.add("hall-1", "Hall")
        result = await Spoken(h).say("announce that dinner is ready")
        assert (result.speech, result.ok) == ("Done", True)
        await hall.until(lambda: bool(hall.audio_times))
        await hall.at_rest()
        assert [text for _, text in h.engines.spoken] == ["dinner is ready"]
        assert kitchen.audio_times == []


@virtual
async def test_without_another_room_nobody_can_be_told() -> None:
    async with house(Voice()) as h:
        await h.add()
        result = await Spoken(h).say("announce that dinner is ready")
        assert (result.ok, result.code) == (False, "nobody-else")
        assert result.speech == "There is no satellite in another room"


@pytest.mark.parametrize(
    ("text", "language", "volume", "speech"),
    [
        ("set the volume to 30 percent", "en", 0.3, "Volume set"),
        ("turn down the volume", "en", 0.9, "Volume set"),
        ("volume up", "en", 1.0, "Volume set"),
        ("stelle die Lautstärke auf 40 Prozent", "de", 0.4, "Lautstärke festgelegt"),
    ],
)
def test_the_volume_is_that_of_the_satellite_that_was_spoken_to(
    text: str, language: str, volume: float, speech: str
) -> None:
    @virtual
    async def run() -> None:
        async with house(Voice()) as h:
            satellite = await h.add()
            await satellite.until(lambda: next(iter(h.house.directory)).status is not None)
            spoken = Spoken(h)
            result = await spoken.say(text, Origin("Kitchen", language, "kitchen-1"))
            assert (result.speech, result.ok) == (speech, True)
            await asyncio.sleep(0.1)
            assert satellite.satellite.playback.volume == pytest.approx(volume)
            assert spoken.sink.commands == []

    run()


@virtual
async def test_a_voice_can_not_make_itself_silent() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        await satellite.until(lambda: next(iter(h.house.directory)).status is not None)
        spoken = Spoken(h)
        for _ in range(12):
            await spoken.say("volume down")
            await asyncio.sleep(0.1)
        assert satellite.satellite.playback.volume == pytest.approx(0.1)


@virtual
async def test_where_music_plays_the_volume_is_that_of_the_music() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        home = Home()
        features = frozenset({"state", "volume"})
        radio = Device(
            DeviceId("radio"), "Radio", "media_player", area=AreaId("kitchen"), features=features
        )
        home.put(radio)
        home.update_state(radio.id, DeviceState("playing", {"volume": 50}))
        spoken = Spoken(h, home)
        await spoken.say("set the volume to 30 percent")
        assert [command.verb for command in spoken.sink.commands] == ["set_volume"]
        assert satellite.satellite.playback.volume == 1.0
