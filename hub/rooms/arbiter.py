"""Which of the satellites that heard the same wake word answers: the one that heard it best."""

import asyncio
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

WINDOW_S = 0.150
"""How long after the wake word others are waited for: longer would be heard as sluggish."""

HOLD_S = 1.0
"""Wake words this near in time are one utterance, also when a slow link reports it late."""

MAX_AGE_S = 2.0
"""A wake is never taken to be older than this, whatever its satellite says."""

MAX_GROUPS = 256
"""Utterances that are remembered: no house has as many within MEMORY_S."""

NOISE_FLOOR_DBFS = -65.0
"""Rooms quieter than this are heard equally well; what is below is the microphone's own."""

NOISE_WEIGHT = 0.5
"""Of a dB of noise, against a dB of loudness. With 1, a microphone that hears everything 8 dB more
quietly would be as good as its neighbour; with 0, a loud fan would win."""

MEMORY_S = HOLD_S + MAX_AGE_S
"""After this time no wake that arrives can belong to an utterance any more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One satellite's claim to have heard a wake word."""

    satellite: str
    candidate: int
    """The satellite's number of this wake."""
    at: float
    """When it arrived, by the arbiter's clock, in s."""
    age_ms: float | None = None
    """Time from the end of the wake word to the message."""
    score: float | None = None
    """The detector's score."""
    loudness_dbfs: float | None = None
    noise_dbfs: float | None = None
    wake_word: str | None = None

    @property
    def spoken_at(self) -> float:
        """When the wake word ended, in s."""
        return self.at - min(max((self.age_ms or 0.0) / 1000, 0.0), MAX_AGE_S)


class Arbiter:
    """Picks one satellite for each utterance of a wake word.

    `clock` runs as fast as the event loop's, in s.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._groups: list[_Group] = []

    def __len__(self) -> int:
        """Return how many utterances are remembered."""
        return len(self._groups)

    async def ask(
        self, candidate: Candidate, near: Collection[str], apart: Collection[str] = ()
    ) -> bool:
        """Tell whether this satellite answers; if not, it stands down.

        Waits until WINDOW_S after the wake word, or until every satellite of `near`, those that
        may have heard it too, has asked. What those of `apart` hear at the same time is another
        utterance. Cancel it when the satellite is lost: another one wins.
        """
        self._forget()
        group = self._group_of(candidate, apart)
        if group is None:
            group = self._open(candidate)
        elif group.winner is not None:
            if group.winner.satellite != candidate.satellite:
                return False
            group.winner = candidate
            return True
        answer = group.enter(candidate, near)
        if group.complete:
            group.decide()
        try:
            return await answer
        except asyncio.CancelledError:
            self._withdraw(group, candidate)
            raise

    def forget(self, satellite: str) -> None:
        """Take back what a satellite won that is gone now: another one may answer."""
        self._groups = [
            group
            for group in self._groups
            if group.winner is None or group.winner.satellite != satellite
        ]

    def _forget(self) -> None:
        """Forget utterances that are over."""
        horizon = self._clock() - MEMORY_S
        self._groups = [
            group for group in self._groups if group.winner is None or group.spoken_at > horizon
        ]

    def _group_of(self, candidate: Candidate, apart: Collection[str]) -> "_Group | None":
        """Return the utterance this wake belongs to: the nearest in time, if not heard apart."""
        alike = [
            group
            for group in self._groups
            if group.wake_word == candidate.wake_word
            and not group.satellites <= set(apart)
            and abs(group.spoken_at - candidate.spoken_at) <= HOLD_S
        ]
        return min(
            alike, key=lambda group: abs(group.spoken_at - candidate.spoken_at), default=None
        )

    def _open(self, first: Candidate) -> "_Group":
        if len(self._groups) >= MAX_GROUPS:
            self._groups.pop(0).decide()
        group = _Group(first)
        wait_s = first.spoken_at + WINDOW_S - self._clock()
        group.timer = asyncio.get_running_loop().call_later(max(0.0, wait_s), group.decide)
        self._groups.append(group)
        return group

    def _withdraw(self, group: "_Group", candidate: Candidate) -> None:
        """Take a lost satellite out; an utterance without any other is as if never heard."""
        group.leave(candidate)
        if group.abandoned:
            group.close()
            self._groups = [other for other in self._groups if other is not group]


@dataclass(slots=True, eq=False)
class _Group:
    """Satellites that heard one utterance, until one of them is picked and for a while after."""

    first: Candidate
    satellites: set[str] = field(init=False)
    """All that heard it."""
    expected: set[str] = field(default_factory=set)
    """Satellites that are waited for."""
    entries: dict[str, tuple[Candidate, "asyncio.Future[bool]"]] = field(default_factory=dict)
    winner: Candidate | None = None
    timer: asyncio.TimerHandle | None = None

    def __post_init__(self) -> None:
        self.satellites = {self.first.satellite}

    @property
    def wake_word(self) -> str | None:
        return self.first.wake_word

    @property
    def spoken_at(self) -> float:
        return (self.winner or self.first).spoken_at

    @property
    def complete(self) -> bool:
        """Whether everybody who is waited for has asked."""
        return bool(self.entries) and self.expected <= self.entries.keys()

    @property
    def abandoned(self) -> bool:
        """Whether nobody is left who may answer."""
        return self.winner is None and not self.entries

    def enter(self, candidate: Candidate, near: Collection[str]) -> "asyncio.Future[bool]":
        """Take a satellite in; an earlier wake of the same one stands down."""
        earlier = self.entries.pop(candidate.satellite, None)
        if earlier is not None:
            _settle(earlier[1], answers=False)
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.entries[candidate.satellite] = (candidate, answer)
        self.satellites.add(candidate.satellite)
        self.expected.update(near)
        return answer

    def leave(self, candidate: Candidate) -> None:
        """Let a satellite go that was lost before it got its answer."""
        entry = self.entries.get(candidate.satellite)
        if entry is not None and entry[0] is candidate:
            del self.entries[candidate.satellite]
            self.expected.discard(candidate.satellite)
        if self.winner is candidate:
            self.winner = None

    def decide(self) -> None:
        """Pick the best, and tell everybody. Those whose cancelling is under way are out."""
        self.close()
        waiting = [candidate for candidate, answer in self.entries.values() if not answer.done()]
        if not waiting:
            return
        self.winner = min(waiting, key=_rank)
        for candidate, answer in self.entries.values():
            _settle(answer, answers=candidate is self.winner)
        self.entries.clear()

    def close(self) -> None:
        """Stop waiting."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


def _settle(answer: "asyncio.Future[bool]", *, answers: bool) -> None:
    if not answer.done():
        answer.set_result(answers)


def _rank(candidate: Candidate) -> tuple[float, float, float, str]:
    """Order from best to worst: loudness less noise, score, time, name; what is missing loses."""
    loudness, noise, score = candidate.loudness_dbfs, candidate.noise_dbfs, candidate.score
    return (
        math.inf
        if loudness is None or noise is None
        else NOISE_WEIGHT * max(noise, NOISE_FLOOR_DBFS) - loudness,
        math.inf if score is None else -score,
        candidate.spoken_at,
        candidate.satellite,
    )
