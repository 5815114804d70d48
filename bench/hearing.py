"""What each recogniser costs, on spoken commands cut as the hub cuts them."""

import asyncio
import itertools
import json
import os
import time
from functools import partial
from pathlib import Path

from wyoming.asr import Transcript

from audio.vad import SileroVad
from bench.candidates import DOUBLE, NO_PROCESS, RANDOM, REAL, Candidate, Figures, Group
from bench.harness import median
from bench.homes import spoken_home
from bench.hosted import hosted
from bench.phrases import utterance
from bench.speech import Recording, find
from hub.demo.runner import demo_files
from hub.engine_settings import Whisper
from hub.engines.base import SpeechToText, Utterance
from hub.engines.hosted import HostedSpeechToText
from hub.engines.openai_speech import OpenAiSpeechToText
from hub.engines.wyoming_speech import WyomingSpeechToText
from hub.home.phrases import build
from hub.home.vocabulary import vocabulary_of
from tests.hub.engines.http_double import HttpDouble, answer
from tests.hub.engines.tiny_whisper import PUBLISHED, make_whisper
from tests.hub.engines.wyoming_service import Service, after, asr

COLUMNS = ("load s", "MB", "peak MB", "RTF", "final text ms")
SENTENCE = "please turn every kitchen light down to forty percent now"
"""What the random Whispers hear: ten words, a token each, so that decoding is as long as real."""
GAIN = 1.0
"""How sure they are of it: enough among 51,865 tokens."""
MOST = 16
"""Utterances spoken to each engine."""
REPEATS = 5
"""Of the demo's own commands, where there are no recordings."""


def group(folder: Path) -> Group:
    """Return the recognisers; models are made in `folder`."""
    spoken = asyncio.run(_utterances())
    candidates = [Candidate("phrases", REAL, partial(_phrases, spoken))]
    candidates += [
        Candidate(f"Whisper {size}", RANDOM, partial(_whisper, folder / size, spoken))
        for size in PUBLISHED
    ]
    candidates += [
        Candidate("Wyoming", DOUBLE, partial(_wyoming, spoken)),
        Candidate("OpenAI-compatible", DOUBLE, partial(_openai, spoken)),
    ]
    seconds = median([len(one.audio) / 32_000 for one in spoken])
    note = f"{len(spoken)} utterances of {seconds:.1f} s (median) were spoken to each recogniser."
    return Group("Speech to text", COLUMNS, candidates, note)


async def _utterances() -> list[Utterance]:
    recordings = [one for one in find("en") if not one.out_of_vocabulary]
    recordings = recordings or REPEATS * [Recording(path, path.stem) for path in demo_files()]
    activity, step = SileroVad(), max(1, len(recordings) // MOST)
    some = itertools.islice(recordings, 0, MOST * step, step)
    cut = [await utterance(recording, activity) for recording in some]
    return [Utterance(audio, "en") for audio in cut if audio]


async def _phrases(spoken: list[Utterance]) -> Figures:
    grammar = build(vocabulary_of(spoken_home())).to_dict()
    return await _in_process("phrases", grammar, spoken)


async def _whisper(folder: Path, spoken: list[Utterance]) -> Figures:
    make_whisper(folder, SENTENCE, shape=PUBLISHED[folder.name], half=True, gain=GAIN)
    os.sync()  # or the disk is still writing while the model loads
    home = spoken_home()
    values = Whisper(model=str(folder)).model_dump(mode="json", exclude_none=True)
    names = [area.name for area in home.areas()] + [device.name for device in home.devices()]
    values |= {"languages": ["en"], "hotwords": names}
    return await _in_process("whisper", values, spoken, SENTENCE)


async def _in_process(
    engine: str, values: dict[str, object], spoken: list[Utterance], expected: str = ""
) -> Figures:
    async with hosted(engine, values) as running:
        figures = await _heard(HostedSpeechToText(running.process), spoken, expected)
        return [running.load_s, running.memory_mb, running.peak_mb(), *figures]


async def _wyoming(spoken: list[Utterance]) -> Figures:
    script = after("audio-stop", Transcript(SENTENCE), stay=False)
    async with Service(asr("double"), script) as service:
        engine = WyomingSpeechToText("127.0.0.1", service.port)
        return NO_PROCESS + await _heard(engine, spoken, SENTENCE)


async def _openai(spoken: list[Utterance]) -> Figures:
    async with HttpDouble(answer(json.dumps({"text": SENTENCE}).encode())) as double:
        engine = OpenAiSpeechToText(f"{double.url}/v1")
        try:
            return NO_PROCESS + await _heard(engine, spoken, SENTENCE)
        finally:
            await engine.close()


async def _heard(engine: SpeechToText, spoken: list[Utterance], expected: str) -> Figures:
    """Return the real-time factor, and the median from the last frame to the text in ms."""
    await engine.transcribe(spoken[0])  # the first one finds caches cold
    took = []
    for one in spoken:
        began_s = time.perf_counter()
        transcript = await engine.transcribe(one)
        took.append(time.perf_counter() - began_s)
        assert not expected or transcript.text == expected, transcript
    seconds = [len(one.audio) / 32_000 for one in spoken]
    return [sum(took) / sum(seconds), median(took) * 1000]
