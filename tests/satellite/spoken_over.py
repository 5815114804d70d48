"""A speaker's sound, its echo, and a voice over it, made of noise with the rhythm of speech."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from audio.sinc import Samples
from satellite.audio_processing import CHUNK_SAMPLES
from tests.satellite.echo_room import RATE_HZ, Room, response

Sounds = tuple[Samples, Samples]


def babble(seconds: float, level: float = 0.2, *, seed: int = 1) -> Samples:
    """Return something with the rhythm of speech."""
    rng = np.random.default_rng(seed)
    size = int(seconds * RATE_HZ)
    rhythm = 0.52 + 0.48 * np.sin(2 * np.pi * 3 * np.arange(size) / RATE_HZ)
    return (level * rng.standard_normal(size) * rhythm).astype(np.float32)


@dataclass
class Scene:
    """What is played, and what of it and of others the microphone hears."""

    played: Samples
    echo: Samples
    voice: Samples

    @property
    def heard(self) -> Samples:
        """Return what the microphone hears, in a room that is not silent."""
        rng = np.random.default_rng(5)
        noise = 0.001 * rng.standard_normal(self.played.size).astype(np.float32)
        return self.echo + self.voice + noise

    def chunks(self) -> Iterator[Sounds]:
        """Yield what is played and what is heard, in pieces of 10 ms."""
        heard = self.heard
        for begin in range(0, heard.size - CHUNK_SAMPLES + 1, CHUNK_SAMPLES):
            piece = slice(begin, begin + CHUNK_SAMPLES)
            yield self.played[piece], heard[piece]


def scene(seconds: float, *, echo: float = 0.3, voice_at: float | None = None) -> Scene:
    """Return a scene; a voice speaks for the second from `voice_at` on."""
    played = babble(seconds)
    voice = np.zeros(played.size, dtype=np.float32)
    if voice_at is not None:
        begin = int(voice_at * RATE_HZ)
        voice[begin : begin + RATE_HZ] = babble(1.0, 0.15, seed=2)
    return Scene(played, Room(response(level=echo)).echo(played), voice)


def moved(seconds: float, *, at: float, echo: float = 0.3) -> Scene:
    """Return a scene in which the microphone is moved: another way of the echo from then on."""
    one = scene(seconds, echo=echo)
    other = Room(response(level=echo, delay_ms=14.0, tail_ms=80.0)).echo(one.played)
    begin = int(at * RATE_HZ)
    one.echo[begin:] = other[begin:]
    return one


def later(seconds: float, *, at: float, by_samples: int, echo: float = 0.3) -> Scene:
    """Return a scene in which a device loses some samples: its times are wrong from then on."""
    one = scene(seconds, echo=echo)
    begin = int(at * RATE_HZ)
    one.echo[begin:] = np.roll(one.echo, by_samples)[begin:]
    return one


def loss_db(before: Samples, after: Samples) -> float:
    """Return how much quieter the second is."""
    size = min(before.size, after.size)
    return 10 * float(np.log10(np.mean(before[:size] ** 2) / np.mean(after[:size] ** 2)))
