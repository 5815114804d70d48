"""Interrupting an answer: how soon the speaker is silent, and what a cough or an "uh-huh" costs.

A real satellite process plays an answer into a WAV file while a sound is in its microphone; what
was heard is read off that file.
"""

import asyncio
import json
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from audio.pcm import SPEECH_RATE_HZ, dbfs, from_float
from audio.resample import Resampler
from audio.vad import FRAME_BYTES, SileroVad, VadStream
from audio.voiced import first_voiced_sample
from audio.wav import read
from bench.harness import Bench, median, p95
from bench.speech import ROOT, find
from bench.storyteller import engines, hub
from hub.demo.processes import Process
from hub.demo.runner import demo_files
from hub.engines.espeak_library import EspeakLibrary
from satellite.wav_files import WavWriter

NAME = "interruptions"

TALK_OVER_S = 1.5
LIMIT_S = 40.0
SILENT = 60
"""Samples up to this are silence: the voice has no background."""
LONGEST_WORD_GAP_MS = 180
"""The story's own silence between words."""
MOST_COMMANDS = 17
FOLLOWED_S = 3.5
"""What happens to an answer after a sound has happened by then."""
STOPPING_MS = 400
ONSET_FRAMES = 5
LOUDER_DB = 6.0
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Sound:
    """Something that is in the microphone while the hub talks."""

    name: str
    path: Path
    onset_s: float
    """Where it begins in the file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    silent_after_ms: float | None
    """From its beginning until the speaker was silent; None if it never was."""
    silent_for_ms: float | None
    """How long; None if for good."""


def run(bench: Bench) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        question, *words = [r.path for r in find("en") if not r.out_of_vocabulary] or demo_files()
        if not find("en"):
            bench.note(f"No recordings in {ROOT / 'en'}; the demo's own files were spoken instead.")
        interrupting = [
            _sound(path.stem, path) for path in words[:: len(words) // MOST_COMMANDS or 1]
        ]
        interrupting += _made(folder, ("stop", "wait", "be quiet"))
        passing = [*_made(folder, ("uh-huh", "okay")), *_noises(folder)] * REPEATS
        stopped = asyncio.run(_talk_over(question, interrupting, folder))
        went_on = asyncio.run(_talk_over(question, passing, folder))
    _report(bench, stopped, went_on)


def _report(
    bench: Bench,
    stopped: Sequence[tuple[Sound, Outcome]],
    went_on: Sequence[tuple[Sound, Outcome]],
) -> None:
    for title, outcomes in (("Words over an answer", stopped), ("Noises over an answer", went_on)):
        bench.table(
            title,
            ["sound", "silent after, ms", "silent for, ms"],
            [
                [
                    sound.name,
                    "never"
                    if outcome.silent_after_ms is None
                    else f"{outcome.silent_after_ms:.0f}",
                    _text(outcome.silent_for_ms, "for good"),
                ]
                for sound, outcome in outcomes
            ],
        )
    never = sum(outcome.silent_after_ms is None for _, outcome in stopped)
    after = [
        FOLLOWED_S * 1000 if o.silent_after_ms is None else o.silent_after_ms for _, o in stopped
    ]
    for_good = [outcome for _, outcome in stopped if outcome.silent_for_ms is None]
    gaps = [float("inf") if o.silent_for_ms is None else o.silent_for_ms for _, o in went_on]
    count = f"{len(stopped)} commands and stop words"
    bench.figure("speaker silent after the word begins, median", median(after), "ms", note=count)
    bench.figure(
        "speaker silent after the word begins, p95", p95(after), "ms", target=350, at_most=True
    )
    bench.figure(
        "answers ended by words", 100 * len(for_good) / len(stopped), "%", target=80,
        note=f"{never} of {len(stopped)} never silent: {FOLLOWED_S * 1000:.0f} ms above",
    )  # fmt: skip
    bench.figure(
        "longest stop for a cough, a door, an uh-huh", max(gaps), "ms", target=800, at_most=True,
        note=f"{len(went_on)} sounds",
    )  # fmt: skip


def _text(value: float | None, otherwise: str) -> str:
    return otherwise if value is None else f"{value:.0f}"


async def _talk_over(
    question: Path, sounds: Sequence[Sound], folder: Path
) -> list[tuple[Sound, Outcome]]:
    outcomes = []
    async with engines() as parts, hub(parts) as teller:
        for number, sound in enumerate(sounds):
            answers = folder / f"{sound.name}-{number}"
            answers.mkdir()
            outcomes.append((sound, await _one(question, sound, answers, teller.port)))
    return outcomes


async def _one(question: Path, sound: Sound, answers: Path, port: int) -> Outcome:
    arguments = ["run", "--hub", f"127.0.0.1:{port}", "--name", "Bench", "--area", "Kitchen"]
    arguments += ["--events", "--speaker", f"wav:{answers}/", "--talk-over", str(TALK_OVER_S)]
    arguments += ["--wav", str(question.resolve()), "--wav", str(sound.path.resolve())]
    satellite = await Process.start("satellite", "satellite", *arguments, cwd=answers)
    began_at: float | None = None
    first_audio_at: float | None = None
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(LIMIT_S) as limit:
                async for line in satellite.lines():
                    with suppress(ValueError):
                        event = json.loads(line)
                        if event.get("event") == "first-audio" and first_audio_at is None:
                            first_audio_at = float(event["at"])
                        if event.get("event") == "clip-started" and event["number"] == 2:
                            began_at = float(event["at"])
                            limit.reschedule(asyncio.get_running_loop().time() + FOLLOWED_S)
    finally:
        await satellite.end()
    if began_at is None or first_audio_at is None:
        return Outcome(None, 0.0)
    return _read_off(answers / "1.wav", began_at + sound.onset_s - first_audio_at)


def _read_off(path: Path, onset_s: float) -> Outcome:
    """Find the silence after `onset_s` in what the speaker played."""
    rate_hz, audio = read(path)
    window = rate_hz // 200
    samples = np.abs(np.frombuffer(audio, dtype="<i2").astype(np.int32))
    loud = samples[: len(samples) // window * window].reshape(-1, window).max(axis=1) > SILENT
    audible = np.flatnonzero(loud) * 5.0  # ms
    onset_ms = onset_s * 1000
    after = audible[audible >= onset_ms - LONGEST_WORD_GAP_MS]
    if not len(after):
        return Outcome(0.0, None)
    for last, following in zip(after, [*after[1:], None], strict=True):
        if following is None:
            ended = last + 5 - onset_ms
            # Whoever still talks when the satellite is stopped was not stopped by the sound.
            still_talking = ended > FOLLOWED_S * 1000 - STOPPING_MS
            return Outcome(None, 0.0) if still_talking else Outcome(ended, None)
        if following - last > LONGEST_WORD_GAP_MS and last >= onset_ms:
            return Outcome(last + 5 - onset_ms, following - last - 5)
    return Outcome(None, 0.0)


def _sound(name: str, path: Path) -> Sound:
    """Find where the first word begins: recordings also hold clicks and breath before it.

    That is where voice activity first is sure, or up to ONSET_FRAMES before, as far as it is louder
    than the second before that.
    """
    rate_hz, audio = read(path)
    frames = [
        audio[at : at + FRAME_BYTES] for at in range(0, len(audio) - FRAME_BYTES, FRAME_BYTES)
    ]
    model, stream = SileroVad(), VadStream()
    sure = next(n for n, frame in enumerate(frames) if model.process([stream], [frame])[0] >= 0.5)
    levels = [dbfs(frame) for frame in frames]
    room = float(np.median(levels[: max(1, sure - ONSET_FRAMES)]))
    first = sure
    while first > max(0, sure - ONSET_FRAMES) and levels[first - 1] >= room + LOUDER_DB:
        first -= 1
    return Sound(name, path, first * FRAME_BYTES / 2 / rate_hz)


def _made(folder: Path, texts: Sequence[str]) -> list[Sound]:
    """Have the embedded voice say something."""
    sounds = []
    library = EspeakLibrary()
    for text in texts:
        audio = b"".join(library.synthesize(text))
        resampler = Resampler(library.rate_hz, SPEECH_RATE_HZ)
        speech = resampler.process(audio) + resampler.process(b"", last=True)
        first = first_voiced_sample(speech) or 0
        path = _write(folder / f"{text}.wav", speech)
        sounds.append(Sound(text, path, first / SPEECH_RATE_HZ))
    return sounds


def _noises(folder: Path) -> list[Sound]:
    """Make a cough and a door: noise with the envelope and the colour of each."""
    rng = np.random.default_rng(3)
    times = np.arange(int(0.4 * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
    noise = rng.normal(0, 1, len(times))
    burst = np.exp(-times / 0.06) + 0.6 * np.exp(-np.abs(times - 0.2) / 0.05)
    cough = _coloured(noise, 300, 3500) * burst
    knock = rng.normal(0, 1, len(times)) * np.exp(-times / 0.01)
    door = 3 * _coloured(noise, 40, 200) * np.exp(-times / 0.08) + knock
    sounds = []
    for name, shape in (("cough", cough), ("door slam", door)):
        speech = from_float(0.5 * shape / np.abs(shape).max())
        sounds.append(Sound(name, _write(folder / f"{name}.wav", speech), 0.0))
    return sounds


def _coloured(
    noise: npt.NDArray[np.float64], low_hz: float, high_hz: float
) -> npt.NDArray[np.float64]:
    spectrum = np.fft.rfft(noise)
    frequencies = np.fft.rfftfreq(len(noise), 1 / SPEECH_RATE_HZ)
    spectrum[(frequencies < low_hz) | (frequencies > high_hz)] = 0
    return np.fft.irfft(spectrum, len(noise))


def _write(path: Path, speech: bytes) -> Path:
    with WavWriter(path, SPEECH_RATE_HZ) as writer:
        writer.write(speech)
    return path
