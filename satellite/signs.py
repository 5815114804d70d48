"""Everything by which the satellite shows, sounds and tells what it does, put together."""

import time
from collections.abc import Awaitable, Callable, Sequence

from satellite.events import Event
from satellite.hooks import Hooks
from satellite.identifying import Identifying
from satellite.kept import Keeper, Kept, kept_file
from satellite.kept import read as read_kept
from satellite.lights.light import Dimmable, Light
from satellite.lights.look import looks_with
from satellite.lights.show import LightShow
from satellite.metering import Metering
from satellite.mixer import MixedBuffer
from satellite.ringing import Ringing
from satellite.runtime import Satellite
from satellite.settings import SatelliteSettings
from satellite.signs_settings import Lights, Pins, Sounds
from satellite.sounds import INAUDIBLE_VOLUME, SoundPlayer

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

    The lights show what `so_far` has happened. With `keeps`, what is changed outlasts it.
    `rings_alone`: what is at the other end never rings.
    """
    runners: list[Runner] = []
    sounds: SoundPlayer | None = None
    buffer = satellite.playback.buffer
    if isinstance(buffer, MixedBuffer):
        sounds = SoundPlayer(
            settings.sounds,
            buffer,
            lambda: satellite.playback.volume,
            satellite.emit,
            alone=rings_alone,
        )
        satellite.follow(sounds.follow)
    ringing = Ringing(
        sounds.ring if sounds is not None else _silent,
        sounds.hush if sounds is not None else _silent,
        satellite.emit,
        satellite.send,
        alone=rings_alone,
        inaudible=lambda: satellite.playback.volume < INAUDIBLE_VOLUME,
        clock=clock,
    )
    satellite.ringing = ringing
    runners.append(ringing.run)
    identifying = Identifying(
        sounds.identify if sounds is not None else _silent, satellite.emit, clock=clock
    )
    metering = Metering(
        satellite.levels,
        lambda: satellite.microphone is not None and not satellite.machine.muted,
        satellite.send,
        clock=clock,
    )
    satellite.receivers += [identifying.receive, metering.receive]
    runners += [identifying.run, metering.run]
    if sounds is not None:
        _let_sounds_change(satellite, sounds)
    light = open_light(settings.lights, settings.pins)
    if light is not None:
        lights = settings.lights
        looks = looks_with(lights.colours, moving=lights.moving)
        show = LightShow(light, satellite.emit, looks=looks, clock=clock)
        for event in so_far:
            show.follow(event)
        satellite.follow(show.follow)
        runners.append(show.run)
        _let_lights_change(satellite, light, show)
    if settings.hooks:
        hooks = Hooks(settings.hooks, satellite.emit, clock)
        satellite.follow(hooks.follow)
        runners.append(hooks.run)
    if keeps:
        runners.append(_keep(settings, satellite, clock))
    return runners


def _let_sounds_change(satellite: Satellite, sounds: SoundPlayer) -> None:
    def use(now: SatelliteSettings) -> None:
        sounds.use(now.sounds)

    satellite.live.add("sounds.volume", apply=use)
    names = (f"sounds.{name}" for name in Sounds.__struct_fields__ if name != "volume")
    # The owner's own files are the owner's to name.
    satellite.live.add(*names, apply=use, kind=bool)


def _let_lights_change(satellite: Satellite, light: Light, show: LightShow) -> None:
    def use(now: SatelliteSettings) -> None:
        if isinstance(light, Dimmable):
            light.brightness = now.lights.brightness
        show.use(looks_with(now.lights.colours, moving=now.lights.moving))

    satellite.live.add("lights.moving", apply=use)
    if isinstance(light, Dimmable):
        satellite.live.add("lights.brightness", "lights.colours", apply=use)


def _keep(settings: SatelliteSettings, satellite: Satellite, clock: Callable[[], float]) -> Runner:
    """Take up what was kept, and keep what changes."""
    file, live = kept_file(settings), satellite.live
    kept = read_kept(file)
    satellite.begin_with(volume=kept.volume_or(live.own.volume), muted=kept.muted)

    def now_holds() -> Kept:
        changes = {name: one for name, one in live.changes.items() if name != "volume"}
        volume = satellite.playback.volume
        return Kept(volume, satellite.muted_by_hand, live.own.volume, changes)

    keeper = Keeper(file, kept, now_holds, satellite.emit, clock)
    satellite.follow(keeper.follow)
    return keeper.run


def open_light(lights: Lights, pins: Pins) -> Light | None:
    """Return the lights of the settings, None where there are none."""
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
