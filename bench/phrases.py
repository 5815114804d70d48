"""The embedded recogniser: what it hears in each recording, what it refuses, what it costs."""

import asyncio
import multiprocessing
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psutil

from audio.vad import SileroVad
from bench.harness import Bench, median, p95
from bench.homes import KITCHEN, large_home, spoken_home
from bench.speech import ROOT, Recording, find
from hub.conversation.ear import Ear
from hub.conversation.voice_activity import VoiceActivity
from hub.engines.phrases import PhrasesEngine
from hub.home.intents import IntentRecognizer
from hub.home.model import Home
from hub.home.phrases import build
from hub.home.vocabulary import vocabulary_of

NAME = "phrases"

LARGE_HOME = 500
SILENCE = bytes(2 * 16_000)
REPEATS = 5
READ_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Try:
    """One recording, heard."""

    recording: Recording
    text: str
    right: bool
    seconds: float
    """Length of the utterance that the recogniser got."""
    cpu_s: float
    delay_s: float


def run(bench: Bench) -> None:
    activity = SileroVad()
    homes = {"the home": spoken_home(), f"{LARGE_HOME} names": large_home(LARGE_HOME)}
    for name, home in homes.items():
        engine = _configured(bench, name, home)
        folders = {folder: find(folder) for folder in ("en", "de", "es", "fr")}
        if not any(folders.values()):
            bench.skip(f"no recordings in {ROOT}; set SOTTO_SPEECH to a folder that has them")
            continue
        tries = _tries(engine, home, activity, [x for found in folders.values() for x in found])
        _report(bench, name, tries)
    context = multiprocessing.get_context("spawn")
    for name, home in homes.items():
        with context.Pool(1) as pool:
            grammar = build(vocabulary_of(home)).to_dict()
            bench.figure(
                f"memory of the process, {name}", pool.apply(_resident_mb, (grammar,)), "MB"
            )


def _configured(bench: Bench, name: str, home: Home) -> PhrasesEngine:
    vocabulary = vocabulary_of(home)
    engine = PhrasesEngine()
    load_s = _seconds(engine.load)
    builds = [_seconds(lambda: build(vocabulary)) for _ in range(REPEATS)]
    grammar = build(vocabulary)
    values = grammar.to_dict()
    first_s = _seconds(lambda: engine.configure(values))
    again = [_seconds(lambda: engine.configure(values)) for _ in range(REPEATS)]
    note = f"{len(grammar.automaton.arcs)} states, {grammar.automaton.arc_count} arcs"
    bench.figure(f"load, {name}", load_s * 1000, "ms")
    bench.figure(f"build the grammar, {name}", median(builds) * 1000, "ms", note=note)
    bench.figure(f"configure first, {name}", first_s * 1000, "ms", note="names are pronounced")
    bench.figure(f"configure again, {name}", median(again) * 1000, "ms")
    return engine


def _tries(
    engine: PhrasesEngine, home: Home, activity: SileroVad, recordings: list[Recording]
) -> list[Try]:
    intents = IntentRecognizer(home)

    def meaning(text: str) -> Any:
        match = intents.recognize(text, area=KITCHEN)
        return None if match is None else (match.intent, dict(match.slots))

    tries = []
    for recording in recordings:
        audio = asyncio.run(utterance(recording, activity))
        wanted = meaning(recording.text) if recording.path.is_relative_to(ROOT / "en") else None
        before, cpu = time.perf_counter(), time.process_time()
        text = engine.transcribe(audio, "en").text
        cpu_s, delay_s = time.process_time() - cpu, time.perf_counter() - before
        right = meaning(text) == wanted if wanted else not text
        tries.append(Try(recording, text, right, len(audio) / 32_000, cpu_s, delay_s))
    return tries


async def utterance(recording: Recording, activity: SileroVad) -> bytes:
    """Return what the hub cuts out of a recording when it is spoken to a satellite."""
    with wave.open(str(recording.path)) as file:
        audio = file.readframes(file.getnframes())
    ear = Ear(VoiceActivity(activity), time.monotonic)
    ear.put(audio + SILENCE)
    ear.end()
    while not ear.ended:
        await ear.read(READ_TIMEOUT_S)
    start_ms, end_ms = ear.speech.speech_start_ms, ear.speech.speech_end_ms
    return b"" if start_ms is None else ear.cut(start_ms, end_ms)


def _report(bench: Bench, name: str, tries: list[Try]) -> None:
    bench.table(
        f"What was heard, {name}",
        ["recording", "heard", "right", "CPU ms", "ms"],
        [
            [
                str(one.recording.path.relative_to(ROOT).with_suffix("")),
                one.text or "-",
                "yes" if one.right else "NO",
                f"{one.cpu_s * 1000:.0f}",
                f"{one.delay_s * 1000:.0f}",
            ]
            for one in tries
        ],
    )
    groups: dict[str, Callable[[Try], bool]] = {
        "commands understood": lambda one: (
            one.recording.path.is_relative_to(ROOT / "en") and not one.recording.out_of_vocabulary
        ),
        "of these recorded": lambda one: (
            one.recording.path.is_relative_to(ROOT / "en/recorded")
            and not one.recording.out_of_vocabulary
        ),
        "of these generated": lambda one: one.recording.path.is_relative_to(ROOT / "en/generated"),
        "out of vocabulary refused": lambda one: one.recording.out_of_vocabulary,
        "other languages refused": lambda one: not one.recording.path.is_relative_to(ROOT / "en"),
    }
    targets = (90.0, None, None, 100.0, 95.0)
    for (what, belongs), target in zip(groups.items(), targets, strict=True):
        group = [one for one in tries if belongs(one)]
        if group:
            share = 100 * sum(one.right for one in group) / len(group)
            note = f"{sum(one.right for one in group)} of {len(group)}"
            bench.figure(f"{what}, {name}", share, "%", target=target, note=note)
    heard = [one for one in tries if one.seconds]
    cost = 100 * sum(one.cpu_s for one in heard) / sum(one.seconds for one in heard)
    bench.figure(f"cost, {name}", cost, "% of real time", target=5.0, at_most=True)
    delays = [one.delay_s * 1000 for one in heard]
    note = f"utterances of {median([one.seconds for one in heard]):.1f} s"
    bench.figure(
        f"final text after the last frame, median, {name}", median(delays), "ms", note=note
    )
    bench.figure(f"final text after the last frame, p95, {name}", p95(delays), "ms")


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _resident_mb(grammar: dict[str, Any]) -> float:
    engine = PhrasesEngine()
    engine.load()
    engine.configure(grammar)
    engine.transcribe(SILENCE[:-2] + b"\1\0", "en")
    return float(psutil.Process().memory_info().rss / 1e6)
