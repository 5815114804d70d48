"""The satellite, put together and run."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from audio.pcm import gain_from_db, scale
from satellite import events
from satellite.cleaning import decide
from satellite.controls import controls
from satellite.devices import Devices, wav_path
from satellite.errors import SatelliteError
from satellite.handshake import Identity
from satellite.jitter import PlaybackBuffer
from satellite.keep_device import KeptDevice
from satellite.losses import Losses
from satellite.microphone import Microphone
from satellite.mixer import MixedBuffer
from satellite.pins import watch_pins
from satellite.ports import EventSink
from satellite.runtime import Satellite
from satellite.script import Clip, Script
from satellite.settings import SatelliteSettings
from satellite.signs import add_signs
from satellite.speaker import Speaker
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
    token = settings.read_token()
    files = list(wavs)
    microphone_file = wav_path(settings.microphone)
    if not files and microphone_file is not None:
        files = [microphone_file]
    clips = [Clip(path, scale(read_speech(path), gain_from_db(gain_db))) for path in files]
    choice = "none" if wavs else settings.microphone

    so_far: list[events.Event] = []
    told: list[EventSink] = [so_far.append, *sinks]

    def emit(event: events.Event) -> None:
        for sink in told:
            sink(event)

    cleaning = decide(settings.sound, choice, settings.speaker, emit)
    able = bool(files) or cleaning.cancels_echo
    barge_in = settings.barge_in == "on" or (settings.barge_in == "auto" and able)
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
    )
    told[:] = [satellite.emit]
    identity = Identity(
        settings.satellite_id,
        settings.name,
        settings.area,
        speaker_rate_hz=rate_hz,
        barge_in=barge_in,
        person=settings.person,
    )

    async def play(device: Speaker | WavSpeaker) -> None:
        buffer = satellite.playback.buffer
        if cleaning.reference is None or isinstance(device, WavSpeaker):
            await device.run(buffer)
        else:
            await device.run(cleaning.reference.tap(buffer))

    if settings.wyoming.uri:
        satellite.uplink, keep_link = serve_home_assistant(settings, satellite)
    else:
        uplink = make_uplink(settings, satellite, identity, token)
        satellite.uplink, satellite.link_health, keep_link = uplink, uplink.health, uplink.run
    signs = add_signs(
        settings,
        satellite,
        keeps=not files,
        so_far=so_far,
        rings_alone=bool(settings.wyoming.uri),
    )
    waking = Waking(settings.wake_words, settings.wake, satellite.emit)
    satellite.listen_with(waking)
    satellite.emit(
        events.Ready(
            time.monotonic(), identity.id, "wav" if wavs else settings.microphone, settings.speaker
        )
    )
    # Faster than time, more would be said than can be kept until the hub listens.
    hear = partial(satellite.hear, waits=not realtime)
    background: tuple[Callable[[], Awaitable[None]], ...] = (
        keep_link,
        satellite.keep_deadlines,
        satellite.playback.watch,
        *signs,
        waking.run,
        partial(kept_microphone.run, hear),
        partial(kept_speaker.run, play),
        partial(losses.tell, satellite.emit),
    )
    async with _running(background), controls(satellite), watch_pins(settings.pins, satellite):
        if script is not None:
            answered = await script.run(satellite)
            if wavs:
                return answered
        await asyncio.Event().wait()
    return True


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
