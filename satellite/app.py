"""The satellite, put together and run."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from audio.pcm import gain_from_db, scale
from satellite import events
from satellite.cleaning import Cleaning, decide
from satellite.controls import controls
from satellite.devices import Devices, is_device, wav_path
from satellite.errors import SatelliteError
from satellite.handshake import Identity
from satellite.jitter import PlaybackBuffer
from satellite.keep_device import KeptDevice
from satellite.kept import kept_file
from satellite.kept import read as read_kept
from satellite.live_cleaning import LIVE, LiveCleaning
from satellite.live_settings import LiveSettings
from satellite.losses import Losses
from satellite.microphone import Microphone
from satellite.mixer import MixedBuffer
from satellite.own_token import token_of
from satellite.pins import watch_pins
from satellite.ports import EventSink
from satellite.runtime import Satellite
from satellite.script import Clip, Script
from satellite.settings import SatelliteSettings
from satellite.signs import add_signs
from satellite.speaker import Speaker
from satellite.state import State
from satellite.waking import Waking
from satellite.wav_devices import SPEAKER_RATE_HZ, WavMicrophone, WavSpeaker
from satellite.wav_files import read_speech
from satellite.way import make_uplink
from satellite.wyoming.server import serve_home_assistant


async def run(
    settings: SatelliteSettings,
    wavs: Sequence[Path] = (),
    *,
    realtime: bool = True,
    sinks: Sequence[EventSink] = (),
    talk_over_s: float | None = None,
    gain_db: float = 0.0,
) -> bool:
    """Run until cancelled, or until every WAV was spoken; return whether all were answered.

    `sinks` hear of every event. With `talk_over_s`, each next WAV is spoken so long after the
    answer to the one before began to be heard. The WAVs are made louder by `gain_db`.

    Raises SatelliteError where something is missing without which it makes no sense to begin.
    """
    token = token_of(settings)
    clips = _read_clips(wavs, settings.microphone, gain_db)
    choice = "none" if wavs else settings.microphone

    live = LiveSettings(settings, {} if clips else read_kept(kept_file(settings)).changes)
    settings = live.now

    so_far: list[events.Event] = []
    told: list[EventSink] = [so_far.append, *sinks]

    def emit(event: events.Event) -> None:
        for sink in told:
            sink(event)

    cleaning = decide(settings.sound, choice, settings.speaker, emit)
    barge_in = _hears_while_playing(settings, cleaning, speaks_files=bool(clips))
    losses = Losses()
    devices = Devices(settings.sound, losses, cleaning.canceller)
    kept_microphone = KeptDevice(
        "microphone", partial(devices.open_microphone, choice, realtime=realtime), emit
    )
    kept_speaker = KeptDevice(
        "speaker", partial(devices.open_speaker, settings.speaker, realtime=realtime), emit
    )
    microphone, speaker = await kept_microphone.open(), await kept_speaker.open()
    rate_hz = SPEAKER_RATE_HZ if speaker is None else speaker.rate_hz

    script = _make_script(
        settings, clips, microphone, speaker, patient=not wavs, talk_over_s=talk_over_s
    )
    if script is not None:
        sinks = [*sinks, script.on_event]
    # A file holds what the hub says, and nothing else.
    buffer = PlaybackBuffer if isinstance(speaker, WavSpeaker) else MixedBuffer
    satellite = Satellite(
        buffer(rate_hz),
        sinks,
        volume=settings.volume,
        barge_in=barge_in,
        losses=losses,
        canceller=cleaning.canceller,
        live=live,
    )
    told[:] = [satellite.emit]
    satellite.machine.hearing.deaf = microphone is None
    identity = Identity(
        settings.satellite_id,
        settings.name,
        settings.area,
        speaker_rate_hz=rate_hz,
        barge_in=barge_in,
        person=settings.person,
    )

    live_cleaning = LiveCleaning(
        cleaning,
        lambda sound, tell: decide(sound, choice, settings.speaker, tell),
        devices,
        satellite.emit,
        at_rest=lambda: satellite.state in (State.IDLE, State.DISCONNECTED),
    )
    if is_device(choice):
        _let_cleaning_change(satellite, live_cleaning)

    async def hear(device: Microphone) -> None:
        # Faster than time, more would be said than can be kept until the hub listens.
        work = satellite.hear(device, waits=not realtime)
        await live_cleaning.until_reopened(work, stale=devices.stale)

    if settings.wyoming.uri:
        satellite.uplink, keep_link = serve_home_assistant(settings, satellite)
    else:
        uplink = make_uplink(settings, satellite, identity, token, asks=not clips)
        satellite.uplink, satellite.link_health, keep_link = uplink, uplink.health, uplink.run
    signs = add_signs(
        settings,
        satellite,
        keeps=not clips,
        so_far=so_far,
        rings_alone=bool(settings.wyoming.uri),
    )
    waking = await _load_waking(settings, satellite.emit)
    satellite.listen_with(waking)
    satellite.emit(
        events.Ready(
            time.monotonic(), identity.id, "wav" if wavs else settings.microphone, settings.speaker
        )
    )
    background: tuple[Callable[[], Awaitable[None]], ...] = (
        keep_link,
        satellite.keep_deadlines,
        satellite.playback.watch,
        *signs,
        waking.run,
        live_cleaning.run,
        partial(kept_microphone.run, hear),
        partial(kept_speaker.run, partial(live_cleaning.play, satellite.playback.buffer)),
        partial(losses.tell, satellite.emit),
    )
    async with _running(background), controls(satellite), watch_pins(settings.pins, satellite):
        if script is not None:
            answered = await script.run(satellite)
            if wavs:
                return answered
        await asyncio.Event().wait()
    return True


def _read_clips(wavs: Sequence[Path], microphone: str, gain_db: float) -> list[Clip]:
    """Return what is to be spoken, if it is files."""
    own = wav_path(microphone)
    files = wavs or ([] if own is None else [own])
    return [Clip(path, scale(read_speech(path), gain_from_db(gain_db))) for path in files]


def _hears_while_playing(
    settings: SatelliteSettings, cleaning: Cleaning, *, speaks_files: bool = False
) -> bool:
    able = speaks_files or cleaning.cancels_echo
    return settings.barge_in == "on" or (settings.barge_in == "auto" and able)


def _let_cleaning_change(satellite: Satellite, live_cleaning: LiveCleaning) -> None:
    def follow(_now: SatelliteSettings | None = None) -> None:
        cleaning = live_cleaning.cleaning
        satellite.canceller = cleaning.canceller
        satellite.hear_while_playing(_hears_while_playing(satellite.live.now, cleaning))

    live_cleaning.on_changed = follow
    satellite.follow(live_cleaning.follow)
    satellite.live.add(*LIVE, apply=lambda now: live_cleaning.use(now.sound))
    satellite.live.add("barge_in", apply=follow)


async def _load_waking(settings: SatelliteSettings, emit: EventSink) -> Waking:
    """Load the wake words in a thread: an owner's own may be large, and a service must be alive."""
    loop = asyncio.get_running_loop()

    def tell(event: events.Event) -> None:
        loop.call_soon_threadsafe(emit, event)

    return await asyncio.to_thread(Waking, settings.wake_words, settings.wake, tell)


def _make_script(
    settings: SatelliteSettings,
    clips: Sequence[Clip],
    microphone: Microphone | None,
    speaker: Speaker | WavSpeaker | None,
    *,
    patient: bool,
    talk_over_s: float | None,
) -> Script | None:
    if not clips or not isinstance(microphone, WavMicrophone):
        return None

    def begin(number: int) -> None:
        microphone.hush()
        if isinstance(speaker, WavSpeaker):
            speaker.number = number

    return Script(
        clips,
        microphone.say,
        before=begin,
        has_wake_words=bool(settings.wake_words),
        patient=patient,
        talk_over_s=talk_over_s,
    )


@asynccontextmanager
async def _running(background: Sequence[Callable[[], Awaitable[None]]]) -> AsyncIterator[None]:
    """Run background work for as long as the body runs; its first error ends both."""

    async def work(run: Callable[[], Awaitable[None]]) -> None:
        await run()

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work(run)) for run in background]
            yield
            for task in tasks:
                task.cancel()
    except ExceptionGroup as group:
        # Not `except*`: Python 3.11.2, which Debian 12 has, groups anew what is raised there.
        errors, others = group.split(SatelliteError)
        if errors is None or others is not None:
            raise
        raise errors.exceptions[0] from None
