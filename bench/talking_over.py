"""Commands spoken over an answer that goes on: how many are heard word for word.

The room is computed: the speaker's echo, reverberation and a little noise. The embedded recogniser
hears each command without any answer, through WebRTC's echo cancelling alone, and as the satellite
does it.
"""

import time
from collections.abc import Callable
from functools import cache

import numpy as np

from audio.pcm import from_float, to_float
from audio.resample import resample
from audio.sinc import Samples
from audio.vad import FRAME_BYTES, SileroVad, VadStream
from bench.harness import Bench, median
from bench.homes import spoken_home
from bench.speech import ROOT, find
from hub.engines.espeak_library import EspeakLibrary
from hub.engines.phrases import PhrasesEngine
from hub.home.phrases import build
from hub.home.vocabulary import vocabulary_of
from satellite.audio_processing import CHUNK_SAMPLES, AudioProcessing
from satellite.ports import Processing
from satellite.voice_over_echo import VoiceOverEcho
from satellite.wav_files import read_speech
from tests.satellite.echo_room import RATE_HZ, response

NAME = "talking-over"

STORY = (
    "it will be a cold and windy day with some rain in the early morning and a little snow on the "
    "hills in the afternoon while the people at the coast may see the sun for an hour or two "
    "before a storm comes in from the sea and brings much more rain for the rest of the week"
)
LOUDER_DB = {20: 80, 10: 65, 0: None}
"""So much louder than the echo is who speaks, and how many are heard at least, in percent."""
PLACES = 2
"""Of the answer, over which each command is spoken."""
BEFORE_S, AFTER_S, ALONE_S = 3.0, 0.5, 20.0
NOISE = 30 / 32_768
ECHO_AFTER_MS = 10
SPOKEN = 0.5
"""Speech, by the probability that Silero gives."""

Makes = Callable[[], Processing]


def run(bench: Bench) -> None:
    commands = [
        (one.text.lower(), to_float(read_speech(one.path)))
        for one in find("en")
        if not one.out_of_vocabulary
    ]
    if not commands:
        bench.skip(f"no recordings in {ROOT / 'en'}; set SOTTO_SPEECH to a folder that has them")
        return
    ways: dict[str, Makes] = {
        "WebRTC alone": _webrtc,
        "the satellite": lambda: VoiceOverEcho(_webrtc()),
    }
    silent = _heard(commands, _webrtc, None)
    count = PLACES * len(commands)
    bench.figure("commands heard, no answer", silent, f"of {count}")
    for louder_db, target in LOUDER_DB.items():
        for name, make in ways.items():
            heard = _heard(commands, make, louder_db)
            bench.figure(
                f"commands heard over an answer {louder_db} dB more quiet, {name}",
                100 * heard / max(1, silent), "% of those", note=f"{heard} of {count}",
                target=target if name == "the satellite" else None,
            )  # fmt: skip
    loudest = max(commands, key=lambda command: command[1].size)[1]
    for name, make in ways.items():
        cleaned, chunk_s = _clean(make(), *_alone(loudest))
        bench.figure(
            f"speech in the echo alone, {name}", 100 * _spoken(cleaned), "%", target=1, at_most=True
        )
        bench.figure(f"10 ms of sound, {name}", chunk_s * 1000, "ms")


def _webrtc() -> Processing:
    processing = AudioProcessing(echo=True, noise=False, gain=False)
    processing.expect_echo_after(ECHO_AFTER_MS)
    return processing


@cache
def _story() -> Samples:
    library = EspeakLibrary()
    return to_float(resample(b"".join(library.synthesize(STORY)), library.rate_hz, RATE_HZ))


@cache
def _engine() -> PhrasesEngine:
    engine = PhrasesEngine()
    engine.load()
    engine.configure(build(vocabulary_of(spoken_home())).to_dict())
    return engine


def _heard(commands: list[tuple[str, Samples]], make: Makes, louder_db: float | None) -> int:
    """Return how many are heard; over no answer where `louder_db` is None."""
    rng = np.random.default_rng(3)
    right = 0
    for text, words in commands:
        for start in rng.integers(0, _story().size, PLACES):
            before, after = int(BEFORE_S * RATE_HZ), int(AFTER_S * RATE_HZ)
            voice = np.concatenate([np.zeros(before), words, np.zeros(after)]).astype(np.float32)
            played = np.resize(np.roll(_story(), -start), voice.size)
            echo = _echo(played, words, louder_db)
            cleaned, _ = _clean(make(), played if echo.any() else 0 * played, voice + echo)
            spoken = cleaned[before - RATE_HZ // 5 :]
            right += _engine().transcribe(from_float(spoken), "en").text.lower() == text
    return right


def _alone(words: Samples) -> tuple[Samples, Samples]:
    """Return an answer over which nobody speaks, and its echo from a speaker that distorts."""
    played = np.resize(_story(), int(ALONE_S * RATE_HZ))
    loudest = np.abs(played).max()
    distorted = np.tanh(3 * played / loudest) * loudest / 2
    return played, _echo(distorted.astype(np.float32), words, min(LOUDER_DB))


def _echo(played: Samples, words: Samples, louder_db: float | None) -> Samples:
    if louder_db is None:
        return np.zeros_like(played)
    echo = np.convolve(played, response(level=1.0))[: played.size].astype(np.float32)
    level = _level(words) / _level(echo) * 10 ** (-louder_db / 20)
    return np.asarray(echo * np.float32(level), dtype=np.float32)


def _level(sound: Samples) -> float:
    """Return the root mean square where it is not silent."""
    levels = np.sqrt((sound[: sound.size // 320 * 320].reshape(-1, 320) ** 2).mean(axis=1))
    return float(np.sqrt((levels[levels > levels.max() / 10] ** 2).mean()))


def _clean(processing: Processing, played: Samples, heard: Samples) -> tuple[Samples, float]:
    """Return what is cleaned, and how many seconds a piece of 10 ms takes."""
    noise = np.random.default_rng(5).normal(0, NOISE, heard.size)
    heard = (heard + noise).astype(np.float32)
    out, took = b"", []
    for begin in range(0, heard.size - CHUNK_SAMPLES + 1, CHUNK_SAMPLES):
        pieces = [from_float(sound[begin : begin + CHUNK_SAMPLES]) for sound in (played, heard)]
        began_s = time.perf_counter()
        processing.play(pieces[0])
        out += processing.clean(pieces[1])
        took.append(time.perf_counter() - began_s)
    return to_float(out), median(took)


def _spoken(sound: Samples) -> float:
    """Return the share of frames that are taken for speech."""
    activity, stream = SileroVad(), VadStream()
    pcm = from_float(sound)
    frames = [pcm[at : at + FRAME_BYTES] for at in range(0, len(pcm) - FRAME_BYTES, FRAME_BYTES)]
    return float(np.mean([activity.process([stream], [frame])[0] > SPOKEN for frame in frames]))
