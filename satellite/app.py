"""The satellite, put together and run."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from satellite import events
from satellite.backoff import Backoff
from satellite.devices import open_microphone, open_speaker, wav_path
from satellite.errors import SatelliteError
from satellite.handshake import Identity
from satellite.jitter import PlaybackBuffer
from satellite.locate import locate
from satellite.microphone import Microphone
from satellite.runtime import EventSink, Satellite, WakeDetector
from satellite.script import Clip, Script
from satellite.settings import SatelliteSettings
from satellite.speaker import Speaker
from satellite.uplink import Uplink
from satellite.wav_devices import WavMicrophone, WavSpeaker
from satellite.wav_files import read_speech

_LOST_CODES = ("microphone-lost", "speaker-lost")


async def run(
    settings: SatelliteSettings,
    wavs: Sequence[Path] = (),
    *,
    realtime: bool = True,
    sinks: Sequence[EventSink] = (),
) -> bool:
    """Run until cancelled, or until every WAV was spoken; return whether all were answered.

    `sinks` hear of every event. Raises SatelliteError where something is missing without which it
    makes no sense to begin.
    """
    token = settings.read_token()
    files = list(wavs)
    microphone_file = wav_path(settings.microphone)
    if not files and microphone_file is not None:
        files = [microphone_file]
    clips = [Clip(path, read_speech(path)) for path in files]
    detector = _make_detector(settings.wake_words)
    choice = "none" if wavs else settings.microphone
    microphone = open_microphone(choice, realtime=realtime)
    speaker = open_speaker(settings.speaker, realtime=realtime)

    script = _make_script(settings, clips, microphone, speaker)
    if script is not None:
        sinks = [*sinks, script.on_event]
    satellite = Satellite(
        PlaybackBuffer(speaker.rate_hz),
        sinks,
        volume=settings.volume,
        wake_words=settings.wake_words,
        detector=detector,
    )
    identity = Identity(
        settings.satellite_id, settings.name, settings.area, speaker_rate_hz=speaker.rate_hz
    )
    uplink = Uplink(
        satellite, identity, token, partial(locate, settings.hub, has_token=token is not None)
    )
    satellite.uplink = uplink
    satellite.emit(
        events.Ready(
            time.monotonic(), identity.id, "wav" if wavs else settings.microphone, settings.speaker
        )
    )
    reopen = _Reopen(satellite, settings, microphone, speaker, realtime=realtime)
    background = (
        uplink.run,
        satellite.keep_deadlines,
        satellite.playback.watch,
        partial(reopen.keep, reopen.listen),
        partial(reopen.keep, reopen.play),
    )
    async with _running(background), _controls(satellite):
        if script is not None:
            answered = await script.run(satellite)
            if wavs:
                return answered
        await asyncio.Event().wait()
    return True


class _Reopen:
    """Runs the devices, and opens them again when they are lost."""

    def __init__(
        self,
        satellite: Satellite,
        settings: SatelliteSettings,
        microphone: Microphone,
        speaker: Speaker,
        *,
        realtime: bool,
    ) -> None:
        self._realtime = realtime
        self._satellite = satellite
        self._settings = settings
        self._microphone: Microphone | None = microphone
        self._speaker: Speaker | None = speaker

    async def keep(self, run: Callable[[], Awaitable[None]]) -> None:
        backoff = Backoff()
        while True:
            try:
                await run()
            except SatelliteError as error:
                if error.code not in (*_LOST_CODES, "no-microphone", "no-speaker"):
                    raise
                self._satellite.emit(events.Failed(time.monotonic(), error.code, error.text))
            await asyncio.sleep(backoff.next_s())

    async def listen(self) -> None:
        microphone, self._microphone = self._microphone, None
        microphone = microphone or open_microphone(self._settings.microphone)
        # Faster than time, more would be said than can be kept until the hub listens.
        await self._satellite.hear(microphone, waits=not self._realtime)

    async def play(self) -> None:
        speaker, self._speaker = self._speaker, None
        speaker = speaker or open_speaker(self._settings.speaker)
        await speaker.run(self._satellite.playback.buffer)


def _make_detector(wake_words: Sequence[str]) -> WakeDetector | None:
    if not wake_words:
        return None
    # The models and their library are 5 MB and a tenth of a second.
    from audio.wake import WakeWordError, WakeWords  # noqa: PLC0415

    try:
        return WakeWords(wake_words)
    except WakeWordError as error:
        raise SatelliteError("bad-wake-word", str(error)) from error


def _make_script(
    settings: SatelliteSettings,
    clips: Sequence[Clip],
    microphone: Microphone,
    speaker: Speaker,
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


@asynccontextmanager
async def _controls(satellite: Satellite) -> AsyncIterator[None]:
    """Take signals and keys: SIGUSR1 or Enter talks, SIGUSR2 or m and Enter mutes."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, satellite.press_button)
    loop.add_signal_handler(signal.SIGUSR2, satellite.toggle_mute)
    keys = sys.stdin if sys.stdin is not None and sys.stdin.isatty() else None
    if keys is not None:

        def read_key() -> None:
            line = keys.readline()
            if not line:
                loop.remove_reader(keys)
            elif line.strip().lower() == "m":
                satellite.toggle_mute()
            elif not line.strip():
                satellite.press_button()

        loop.add_reader(keys, read_key)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGUSR1)
        loop.remove_signal_handler(signal.SIGUSR2)
        if keys is not None:
            loop.remove_reader(keys)
