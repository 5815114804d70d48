"""Whether people are cut off when they pause, and what that costs in waiting: one curve of both.

Recordings are spoken with a pause between two words, on virtual time: sound, voice activity and
recogniser are real, and each transcript takes as long as it really took. A sentence is cut when
listening ends before its last part begins.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from audio.pcm import SPEECH_RATE_HZ
from audio.vad import FRAME_BYTES, SileroVad
from audio.voiced import last_voiced_sample
from audio.wav import read
from bench.harness import Bench, median, p95
from bench.homes import KITCHEN, spoken_home
from bench.speech import ROOT, Recording, find
from hub.conversation.attempt import Parts, Setting
from hub.conversation.ear import Ear
from hub.conversation.endpoint import Rules
from hub.conversation.listening import Listening
from hub.conversation.mind import Reply, Thought, Understanding
from hub.conversation.patience import Patience, Pauses
from hub.conversation.timings import Timings
from hub.conversation.voice_activity import VoiceActivity
from hub.demo.runner import COMMANDS, demo_files
from hub.engines.base import SpeechChunk, SpeechRequest, Transcript, Utterance
from hub.engines.phrases import PhrasesEngine
from hub.home.intents import IntentRecognizer
from hub.home.phrases import build
from hub.home.vocabulary import vocabulary_of
from hub.origin import Origin
from tests.virtual_time import run_virtual

NAME = "pauses"

PAUSES_MS = (300, 600, 1000)
MOST_PLACES = 2
"""Pauses tried in one recording, each alone."""
SPEEDS = (4.0, 2.0, 1.5, 1.0, 0.75, 0.5)
"""Of patience: 1 is the default."""
TAIL_MS = 6000
LEAD_MS = 500
MARGIN_MS = 300


@dataclass(frozen=True, slots=True)
class Case:
    """One recording with a pause in it, or without."""

    words: str
    before: str
    """What was said before the pause; all of it without one."""
    audio: bytes
    pause_ms: int
    rest_at_ms: float
    """Where the part after the pause begins."""
    end_ms: float
    """Where speech really ends."""


@dataclass(frozen=True, slots=True)
class Result:
    """How listening to a case ended."""

    case: Case
    cut: bool
    wait_ms: float
    """From the real end of speech; of a cut one, nonsense."""


class Ears:
    """The recogniser in this process, with what it heard before remembered."""

    def __init__(self) -> None:
        home = spoken_home()
        self.engine = PhrasesEngine()
        self.engine.load()
        self.engine.configure(build(vocabulary_of(home)).to_dict())
        self._intents = IntentRecognizer(home)
        self._heard: dict[bytes, tuple[Transcript, float]] = {}

    async def transcribe(self, utterance: Utterance) -> Transcript:
        known = self._heard.get(utterance.audio)
        if known is None:
            started = time.perf_counter()
            transcript = self.engine.transcribe(utterance.audio, utterance.language)
            known = self._heard[utterance.audio] = (transcript, time.perf_counter() - started)
        await asyncio.sleep(known[1])
        return known[0]

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        match = self._intents.recognize(text, area=KITCHEN)
        return None if match is None else Understanding(match.intent, match)

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        raise NotImplementedError

    def think(self, thought: Thought) -> None:
        return None

    def is_answer(self, text: str, origin: Origin) -> bool:
        """Return False: nothing is asked."""
        return False

    def kept(self, text: str, origin: Origin) -> str:
        """Return all of it."""
        return text

    def remark(self, code: str, language: str) -> str:
        return code

    def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        raise NotImplementedError


def run(bench: Bench) -> None:
    recordings = [r for r in find("en") if not r.out_of_vocabulary]
    if not recordings:
        recordings = [
            Recording(path, words) for path, words in zip(demo_files(), COMMANDS, strict=True)
        ]
        bench.note(f"No recordings in {ROOT / 'en'}; the demo's own files were spoken instead.")
    ears = Ears()
    cases = [case for recording in recordings for case in _cases(recording, ears)]
    whole = [case for case in cases if not case.pause_ms]
    paused = [case for case in cases if case.pause_ms]
    unfinished = [case for case in paused if not _is_command(case.before, ears)]
    finished = [case for case in paused if _is_command(case.before, ears)]
    bench.note(
        f"{len(whole)} recordings heard right; {len(unfinished)} pauses in unfinished commands, "
        f"{len(finished)} after words that are a whole command already."
    )
    _report(bench, ears, whole, unfinished, finished)


def _report(
    bench: Bench,
    ears: Ears,
    whole: Sequence[Case],
    unfinished: Sequence[Case],
    finished: Sequence[Case],
) -> None:
    activity = VoiceActivity(SileroVad())
    rows = []
    for speed in SPEEDS:
        patience = replace(Patience(), speed=speed)
        cut = [_listen(case, ears, activity, patience) for case in unfinished]
        waits = [_listen(case, ears, activity, patience).wait_ms for case in whole]
        waits += [result.wait_ms for result in cut if not result.cut]
        shares = [_share([r for r in cut if r.case.pause_ms == ms]) for ms in PAUSES_MS]
        rows.append([f"speed {speed:g}", mean(waits), median(waits), *shares, _share(cut)])
        if speed == 1.0:
            bench.figure(
                "cut off in unfinished commands", _share(cut), "%", target=5, at_most=True,
                note=f"{len(cut)} pauses of 0.3, 0.6 and 1.0 s",
            )  # fmt: skip
            bench.figure("wait after the end of speech, mean", mean(waits), "ms")
            bench.figure("wait after the end of speech, p95", p95(waits), "ms")
            for result in cut:
                if result.cut:
                    bench.note(
                        f"cut: {result.case.before!r} of {result.case.words!r}, "
                        f"{result.case.pause_ms} ms"
                    )
            over = [_listen(case, ears, activity, patience) for case in finished]
            if over:
                bench.figure(
                    "answered before the rest, where a whole command was said", _share(over), "%",
                    note=f"{len(over)} pauses, for instance {finished[0].before!r}",
                )  # fmt: skip
    for silence_ms in (300, 500, 700, 1000):
        cut = [_fixed(case, activity, silence_ms) for case in unfinished]
        waits = [_fixed(case, activity, silence_ms).wait_ms for case in whole]
        shares = [_share([r for r in cut if r.case.pause_ms == ms]) for ms in PAUSES_MS]
        rows.append(
            [f"silence of {silence_ms} ms", mean(waits), median(waits), *shares, _share(cut)]
        )
    columns = [
        "policy",
        "mean wait, ms",
        "median wait, ms",
        *(f"cut at {ms} ms, %" for ms in PAUSES_MS),
    ]
    bench.table("Waiting and cutting off", [*columns, "cut, %"], rows)


def _share(results: Sequence[Result]) -> float:
    return 100 * sum(result.cut for result in results) / len(results) if results else 0.0


def _is_command(text: str, ears: Ears) -> bool:
    return ears.understand(text, Origin(None, "en")) is not None


def _cases(recording: Recording, ears: Ears) -> list[Case]:
    """Return a recording without a pause and with one in several places; none if misheard."""
    audio = _at_speech_rate(recording.path)
    end = last_voiced_sample(audio, rate_hz=SPEECH_RATE_HZ)
    lead, tail = _room(audio, LEAD_MS), _room(audio, TAIL_MS)
    utterance = _room(audio, MARGIN_MS) + audio[: end * 2] + _room(audio, MARGIN_MS)
    heard = ears.engine.transcribe(utterance, "en").text
    if not _is_command(heard, ears):
        return []
    end_ms = LEAD_MS + end / 16
    cases = [Case(heard, heard, lead + audio[: end * 2] + tail, 0, 0.0, end_ms)]
    places = [(words, at - MARGIN_MS * 16) for words, at in _word_ends(ears.engine, utterance)]
    inner = [(words, at) for words, at in places if words != heard and 0 < at < end]
    step = max(1, len(inner) // MOST_PLACES)
    for words, at in inner[::step][:MOST_PLACES]:
        for pause_ms in PAUSES_MS:
            spoken = audio[: at * 2] + _room(audio, pause_ms) + audio[at * 2 : end * 2]
            rest_at_ms = LEAD_MS + at / 16 + pause_ms
            cases.append(
                Case(heard, words, lead + spoken + tail, pause_ms, rest_at_ms, end_ms + pause_ms)
            )
    return cases


def _at_speech_rate(path: Path) -> bytes:
    rate_hz, audio = read(path)
    if rate_hz != SPEECH_RATE_HZ:
        raise ValueError(f"{path} is not at {SPEECH_RATE_HZ} Hz")
    return audio


def _room(audio: bytes, duration_ms: int) -> bytes:
    """Return the room of a recording without its voice: noise as loud as its quietest 50 ms."""
    samples = np.frombuffer(audio, dtype="<i2").astype(np.float64)
    windows = samples[: len(samples) // 800 * 800].reshape(-1, 800)
    level = float(np.sqrt(np.mean(windows**2, axis=1)).min())
    noise = np.random.default_rng(1).normal(0, level, duration_ms * SPEECH_RATE_HZ // 1000)
    return noise.astype("<i2").tobytes()


def _word_ends(engine: PhrasesEngine, audio: bytes) -> list[tuple[str, int]]:
    """Return the words so far at the end of each word, and the sample where that is."""
    engine._search(audio)  # noqa: SLF001 - the engine itself has no use for it
    ends: list[tuple[str, int]] = []
    tokens: list[str] = []
    for segment in engine._decoder.seg() or ():  # noqa: SLF001
        if segment.word.startswith("w"):
            tokens.append(segment.word)
            assert engine._grammar is not None  # noqa: SLF001
            text = engine._grammar.text(tokens)  # noqa: SLF001
            ends.append((text, (segment.end_frame + 1) * 160))
    return ends


def _listen(case: Case, ears: Ears, activity: VoiceActivity, patience: Patience) -> Result:
    return run_virtual(_listening(case, ears, activity, patience))


async def _listening(case: Case, ears: Ears, activity: VoiceActivity, patience: Patience) -> Result:
    loop = asyncio.get_running_loop()
    ear = Ear(activity, loop.time)
    begun = loop.time()
    async with asyncio.TaskGroup() as tasks:
        started: list[asyncio.Task[None]] = []

        def start(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
            started.append(tasks.create_task(work))
            return started[-1]

        listening = Listening(
            Parts(ears, ears, ears),
            Setting(Origin("Kitchen", "en")),
            ear,
            rules=Rules(no_speech_ms=5000, max_ms=15_000),
            patience=patience,
            pauses=Pauses(),
            prompt=lambda text: (("user", text),),
            timings=Timings(loop.time),
            start=start,
            clock=loop.time,
        )
        speaking = tasks.create_task(_speak(case.audio, ear))
        await listening.run(lambda: None)
        took_ms = (loop.time() - begun) * 1000
        for task in (speaking, *started):
            task.cancel()
    return Result(case, bool(case.pause_ms) and took_ms < case.rest_at_ms, took_ms - case.end_ms)


async def _speak(audio: bytes, ear: Ear) -> None:
    for at in range(0, len(audio), FRAME_BYTES):
        await asyncio.sleep(FRAME_BYTES / 32 / 1000)
        await ear.hear(audio[at : at + FRAME_BYTES])
    ear.end()


def _fixed(case: Case, activity: VoiceActivity, silence_ms: float) -> Result:
    """Return what plain silence after voice activity would have done."""
    return run_virtual(_waiting(case, activity, silence_ms))


async def _waiting(case: Case, activity: VoiceActivity, silence_ms: float) -> Result:
    ear = Ear(activity, asyncio.get_running_loop().time)
    for at in range(0, len(case.audio), FRAME_BYTES):
        ear.put(case.audio[at : at + FRAME_BYTES])
        await ear.read(1)
        speech = ear.speech
        if speech.speech_end_ms is not None and speech.silence_ms >= silence_ms:
            break
    now_ms = ear.speech.now_ms
    return Result(case, bool(case.pause_ms) and now_ms < case.rest_at_ms, now_ms - case.end_ms)
