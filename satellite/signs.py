"""Everything by which the satellite shows, sounds and tells what it does, put together."""

import time
from collections.abc import Awaitable, Callable, Sequence

from satellite.events import Event
from satellite.hooks import Hooks
from satellite.kept import Keeper, Kept
from satellite.kept import read as read_kept
from satellite.lights.light import Light
from satellite.lights.show import LightShow
from satellite.mixer import MixedBuffer
from satellite.ringing import Ringing
from satellite.runtime import Satellite
from satellite.settings import SatelliteSettings
from satellite.signs_settings import Lights, Pins
from satellite.sounds import SoundPlayer
from satellite.state_folder import state_folder

Runner = Callable[[], Awaitable[None]]


def add_signs(
    settings: SatelliteSettings,
    satellite: Satellite,
    *,
    keeps: bool = True,
    so_far: Sequence[Event] = (),
    rings_alone: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> list[Runner]:
    """Let lights, sounds, hooks and what is kept follow a satellite; return what has to run.

    The lights show what `so_far` has happened. With `keeps`, volume and mute outlast it.
    `rings_alone`: what is at the other end never rings. Raises SatelliteError "bad-wav".
    """
    runners: list[Runner] = []
    sounds: SoundPlayer | None = None
    buffer = satellite.playback.buffer
    if isinstance(buffer, MixedBuffer):
        sounds = SoundPlayer(settings.sounds, buffer, lambda: satellite.playback.volume)
        satellite.follow(sounds.follow)
    ringing = Ringing(
        sounds.ring if sounds is not None else _silent,
        sounds.hush if sounds is not None else _silent,
        satellite.emit,
        satellite.send,
        alone=rings_alone,
        clock=clock,
    )
    satellite.ringing = ringing
    if sounds is not None:
        satellite.live.add("sounds", bool, sounds.enable)
    runners.append(ringing.run)
    light = _open_light(settings.lights, settings.pins)
    if light is not None:
        show = LightShow(light, satellite.emit, clock=clock)
        for event in so_far:
            show.follow(event)
        satellite.follow(show.follow)
        runners.append(show.run)
    if settings.hooks:
        hooks = Hooks(settings.hooks, satellite.emit, clock)
        satellite.follow(hooks.follow)
        runners.append(hooks.run)
    if keeps:
        runners.append(_keep(settings, satellite, clock))
    return runners


def _keep(settings: SatelliteSettings, satellite: Satellite, clock: Callable[[], float]) -> Runner:
    """Take up what was kept, and keep what changes."""
    file = state_folder() / f"satellite-{settings.satellite_id}.json"
    kept = read_kept(file)
    satellite.begin_with(volume=kept.volume_or(settings.volume), muted=kept.muted)

    def now_holds() -> Kept:
        return Kept(satellite.playback.volume, satellite.muted_by_hand, settings.volume)

    keeper = Keeper(file, kept, now_holds, satellite.emit, clock)
    satellite.follow(keeper.follow)
    return keeper.run


def _open_light(lights: Lights, pins: Pins) -> Light | None:
    match lights.kind:
        case "apa102":
            from satellite.lights.apa102 import Apa102  # noqa: PLC0415  # each kind is rarely used

            return Apa102(lights.device, lights.count, lights.brightness)
        case "wled":
            from satellite.lights.wled import Wled  # noqa: PLC0415

            return Wled(lights.address, lights.brightness)
        case "gpio":
            from satellite.lights.led import Led  # noqa: PLC0415
            from satellite.pins import led_setter  # noqa: PLC0415

            return Led(led_setter(pins))
        case _:
            return None


def _silent() -> None:
    """Stand in where there is no speaker."""
