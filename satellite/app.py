"""The satellite, put together and run."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from audio.pcm import gain_from_db, scale
from satellite import events
from satellite.backoff import Backoff
from satellite.controls import controls
from satellite.devices import open_microphone, open_speaker, wav_path
from satellite.errors import SatelliteError
from satellite.handshake import Identity
from satellite.jitter import PlaybackBuffer
from satellite.microphone import Microphone
from satellite.mixer import MixedBuffer
from satellite.pins import watch_pins
from satellite.runtime import EventSink, Satellite
from satellite.script import Clip, Script
from satellite.settings import SatelliteSettings
from satellite.signs import add_signs
from satellite.speaker import Speaker
from satellite.waking import Waking
from satellite.wav_devices import WavMicrophone, WavSpeaker
from satellite.wav_files import read_speech
from satellite.way import make_uplink
from satellite.wyoming.server import serve_home_assistant

GOOD_DEVICE_S = 10.0
_LOST_CODES = ("microphone-lost", "speaker-lost", "no-microphone", "no-speaker")

D = TypeVar("D")


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
    barge_in = settings.barge_in == "on" or (settings.barge_in == "auto" and bool(files))
    choice = "none" if wavs else settings.microphone
    microphone = open_microphone(choice, realtime=realtime)
    speaker = open_speaker(settings.speaker, realtime=realtime)

    script = _make_script(
        settings, clips, microphone, speaker, patient=not wavs, talk_over_s=talk_over_s
    )
    if script is not None:
        sinks = [*sinks, script.on_event]
    # A file holds what the hub says, and nothing else.
    buffer = PlaybackBuffer if isinstance(speaker, WavSpeaker) else MixedBuffer
    satellite = Satellite(
        buffer(speaker.rate_hz),
        sinks,
        volume=settings.volume,
        barge_in=barge_in,
    )
    identity = Identity(
        settings.satellite_id,
        settings.name,
        settings.area,
        speaker_rate_hz=speaker.rate_hz,
        barge_in=barge_in,
        person=settings.person,
    )

    async def play(device: Speaker) -> None:
        if device.rate_hz != speaker.rate_hz:
            raise SatelliteError("speaker-changed", "another speaker was plugged in; start again")
        await device.run(satellite.playback.buffer)

    if settings.wyoming.uri:
        satellite.uplink, keep_link = serve_home_assistant(settings, satellite)
    else:
        uplink = make_uplink(settings, satellite, identity, token)
        satellite.uplink, satellite.link_health, keep_link = uplink, uplink.health, uplink.run
    waking = Waking(settings.wake_words, settings.wake, satellite.emit)
    satellite.listen_with(waking)
    signs = add_signs(settings, satellite, keeps=not files, rings_alone=bool(settings.wyoming.uri))
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
        partial(_keep, microphone, partial(open_microphone, choice), hear, satellite.emit),
        partial(_keep, speaker, partial(open_speaker, settings.speaker), play, satellite.emit),
    )
    async with _running(background), controls(satellite), watch_pins(settings.pins, satellite):
        if script is not None:
            answered = await script.run(satellite)
            if wavs:
                return answered
        await asyncio.Event().wait()
    return True


async def _keep(
    device: D,
    reopen: Callable[[], D],
    use: Callable[[D], Awaitable[None]],
    emit: EventSink,
) -> None:
    """Use a device for ever; when it is lost, say so and open it again."""
    backoff = Backoff()
    current: D | None = device
    while True:
        started = time.monotonic()
        try:
            await use(reopen() if current is None else current)
        except SatelliteError as error:
            if error.code not in _LOST_CODES:
                raise
            emit(events.Failed(time.monotonic(), error.code, error.text))
        current = None
        if time.monotonic() - started > GOOD_DEVICE_S:
            backoff.reset()
        await asyncio.sleep(backoff.next_s())


def _make_script(
    settings: SatelliteSettings,
    clips: Sequence[Clip],
    microphone: Microphone,
    speaker: Speaker,
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
    except* SatelliteError as errors:
        raise errors.exceptions[0] from None
