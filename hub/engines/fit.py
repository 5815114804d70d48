"""How well a sentence fits what was heard, compared with the best string of any phones.

Other speech, noise and foreign languages always have some sentence that fits them best; but then
free phones fit much better still. Both are found by Viterbi search over the same likelihoods, so
voice, microphone and room cancel out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hub.engines.acoustics import STATES, AcousticModel, Floats, Heard, Senones

# States last two to three frames.
_STAY, _MOVE = np.float32(np.log(0.6)), np.float32(np.log(0.4))
_NEVER = np.float32(-1e30)
# As in any phone recogniser: what is usual in the language counts double, each phone costs a bit.
_USUAL_WEIGHT = 2.0
_PHONE_COST = 4.0
_END_FRAMES = 12
_SILENCE = "SIL"
_NOISES = ("+NSN+", "+SPN+")


class FreePhones:
    """The search for any phones in any order, led by which phones follow which in the language."""

    def __init__(self, model: AcousticModel, words: Sequence[Sequence[str]]) -> None:
        """`words` are readings of the language's words, to count neighbours in."""
        self._phones = np.array(
            [number for name, number in model.number.items() if name not in _NOISES]
        )
        place = {model.phones[number]: index for index, number in enumerate(self._phones)}
        size = len(self._phones)
        silence = place[_SILENCE]
        counts = np.full((size, size), 0.05)
        pairs = [
            place[one] * size + place[other]
            for word in words
            for one, other in zip((_SILENCE, *word), (*word, _SILENCE), strict=True)
        ]
        counts += np.bincount(pairs, minlength=size * size).reshape(size, size)
        # Words follow each other without silence, too.
        counts += np.outer(counts[:, silence], counts[silence]) / counts[silence].sum()
        usual = np.log(counts / counts.sum(axis=1, keepdims=True))
        self._steps = (_USUAL_WEIGHT * usual - _PHONE_COST).astype(np.float32)

    def search(self, plain: Floats) -> Floats:
        """Return the log-likelihood of each frame along the best string of phones."""
        scores = np.ascontiguousarray(plain[:, self._phones])
        frames, size, _ = scores.shape
        # What led to a state: staying, the state before it, or (from 0 on) another phone.
        stayed, moved = -2, -1
        origins = np.full((frames, size, STATES), stayed, dtype=np.int16)
        everyone = np.arange(size)
        likelihood = np.full((size, STATES), _NEVER, dtype=np.float32)
        likelihood[:, 0] = scores[0, :, 0]
        for frame in range(1, frames):
            entries = (likelihood[:, -1] + _MOVE)[:, np.newaxis] + self._steps
            best = entries.argmax(axis=0)
            arriving = np.empty_like(likelihood)
            arriving[:, 0] = entries[best, everyone]
            arriving[:, 1:] = likelihood[:, :-1] + _MOVE
            likelihood = likelihood + _STAY
            came = arriving > likelihood
            origin = origins[frame]
            origin[came] = moved
            origin[:, 0] = np.where(came[:, 0], best, stayed)
            likelihood = np.maximum(likelihood, arriving) + scores[frame]
        phone, state = int(likelihood[:, -1].argmax()), STATES - 1
        path = np.empty(frames, dtype=np.float32)
        for frame in reversed(range(frames)):
            path[frame] = scores[frame, phone, state]
            origin_of_state = int(origins[frame, phone, state])
            if origin_of_state == moved:
                state -= 1
            elif origin_of_state >= 0:
                phone, state = origin_of_state, STATES - 1
        return path


@dataclass(frozen=True, slots=True)
class Fit:
    """By how much free phones fit an utterance better than some words do."""

    misfit: float
    """Nats per 10 ms of speech, the mean over the words' frames: below 0 for words said clearly,
    infinite for words that can not have been said in that time."""
    excess: float
    """Nats, the sum over all frames: also what the words leave for silence counts."""
    end_misfit: float
    """Like `misfit`, of the last 120 ms of speech only: high where the end was not said."""


class Comparison:
    """One utterance, to which sentences are held: PCM, 16 kHz, 16 bit, mono, of 0.1 s or more."""

    def __init__(self, model: AcousticModel, free: FreePhones, audio: bytes) -> None:
        self._model = model
        self._heard = model.hear(audio)
        self._free = free.search(self._heard.plain())

    def fit(self, words: Sequence[Sequence[str]]) -> Fit:
        """Return how well a sentence fits: the phones of each of its words."""
        path, speech = align(self._model, self._heard, words)
        if not speech.any():
            return Fit(float("inf"), float("inf"), float("inf"))
        excess = self._free - path
        spoken = excess[speech]
        return Fit(float(spoken.mean()), float(excess.sum()), float(spoken[-_END_FRAMES:].mean()))


def align(
    model: AcousticModel, heard: Heard, words: Sequence[Sequence[str]]
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Lay a sentence over what was heard, with silence allowed between its words.

    Returns each frame's log-likelihood and whether it belongs to a word. Without a way to fit the
    sentence into so few frames, no frame does.
    """
    senones, optional = _chain(model, words)
    different, column = np.unique(np.concatenate(senones), return_inverse=True)
    scores = heard.of(different)[:, column]
    frames, size = scores.shape
    # A unit may be entered from the one before the one before it where that one is optional.
    skips = np.zeros(size, dtype=bool)
    skips[2 * STATES :: STATES] = optional[1:-1]
    far = np.maximum(np.arange(size) - STATES - 1, 0)
    steps = np.zeros((frames, size), dtype=np.int8)
    likelihood = np.full(size, _NEVER, dtype=np.float32)
    likelihood[[0, STATES]] = scores[0, [0, STATES]]
    ways = np.empty((3, size), dtype=np.float32)
    everyone = np.arange(size)
    for frame in range(1, frames):
        ways[0] = likelihood + _STAY
        ways[1, 0] = _NEVER
        ways[1, 1:] = likelihood[:-1] + _MOVE
        ways[2] = np.where(skips, likelihood[far] + _MOVE, _NEVER)
        steps[frame] = ways.argmax(axis=0)
        likelihood = ways[steps[frame], everyone] + scores[frame]
    # The last word may end the audio, or the silence after it.
    state = max((size - 1, size - 1 - STATES), key=lambda place: float(likelihood[place]))
    speech = np.zeros(frames, dtype=bool)
    path = np.empty(frames, dtype=np.float32)
    if likelihood[state] <= _NEVER / 2:
        return path, speech
    distance = (0, 1, STATES + 1)
    for frame in reversed(range(frames)):
        path[frame] = scores[frame, state]
        speech[frame] = not optional[state // STATES]
        state -= distance[steps[frame, state]]
    return path, speech


def _chain(
    model: AcousticModel, words: Sequence[Sequence[str]]
) -> tuple[list[Senones], list[bool]]:
    """Return the senones of each phone of the sentence and the silences, and which are optional."""
    silence = model.number[_SILENCE]
    quiet = model.senones(silence, silence, silence, 0)
    numbers = [[model.number[phone] for phone in word] for word in words]
    senones, optional = [quiet], [True]
    for index, word in enumerate(numbers):
        before = numbers[index - 1][-1] if index > 0 else silence
        after = numbers[index + 1][0] if index + 1 < len(numbers) else silence
        senones += [*model.word_senones(word, before, after), quiet]
        optional += [*[False] * len(word), True]
    return senones, optional
