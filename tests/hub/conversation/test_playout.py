import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from hub.conversation.answer_speech import Piece
from hub.conversation.playout import FLUSH_TIMEOUT_S, PLAYBACK_TIMEOUT_S, Playout
from hub.conversation.sentences import Sentence
from hub.engines.base import EngineError, WordTime
from hub.events import SpokenWord
from tests.virtual_time import run_virtual

RATE_HZ = 1000
"""A sample is a millisecond, and its value says which one of the answer."""
WORD_MS = 300
LATE_S = 0.02
"""What sending and noticing may take."""
EVERYTHING = ("flush", "pause", "playback", "duck")


def now() -> float:
    return asyncio.get_running_loop().time()


class Satellite:
    """An output: a satellite with a speaker that plays a sample a millisecond."""

    away_s = 0.0

    def __init__(self, *features: str, acknowledges: bool = True) -> None:
        self.sent: list[tuple[float, int]] = []
        """When audio came, and how much: ms."""
        self.heard: list[int] = []
        """Every millisecond of the answer that was played, in the order in which it was."""
        self.paused = False
        self.gains: list[tuple[float, int]] = []
        self.starts = 0
        self._features = features
        self._acknowledges = acknowledges
        self._buffer: list[int] = []
        self._at = 0.0
        self._silent = asyncio.Event()

    def _play_until_now(self) -> None:
        due = int((now() - self._at) * 1000 + 0.5)
        self._at += due / 1000
        if self.paused:
            return
        self.heard += self._buffer[:due]
        del self._buffer[:due]

    @property
    def position_ms(self) -> float | None:
        self._play_until_now()
        return float(len(self.heard)) if "playback" in self._features and self.sent else None

    @property
    def buffered_ms(self) -> int:
        self._play_until_now()
        return len(self._buffer)

    async def show_speech(self, *, started: bool) -> None: ...

    async def show_partial(self, text: str) -> None: ...

    async def show_transcript(self, text: str) -> None: ...

    async def show_answer(self, text: str) -> None: ...

    def show_written(self, text: str) -> None: ...

    def show_words(self, words: Sequence[SpokenWord]) -> None: ...

    async def start_audio(self, rate_hz: int) -> None:
        assert rate_hz == RATE_HZ
        self.starts += 1

    async def play(self, audio: bytes, rate_hz: int) -> None:
        assert rate_hz == RATE_HZ
        self._play_until_now()
        samples = np.frombuffer(audio, dtype="<i2").tolist()
        self._silent.clear()
        self._buffer += samples
        self.sent.append((now(), len(samples)))

    async def end_audio(self) -> None: ...

    async def wait_played(self) -> None:
        if not self._acknowledges:
            await asyncio.Event().wait()
        # As soon as it is silent it says so, also when that is because of a flush.
        while self.buffered_ms and not self._silent.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(0.001):
                    await self._silent.wait()

    async def duck(self, gain_db: float, ramp_ms: int) -> None:
        self.gains.append((gain_db, ramp_ms))

    async def pause(self) -> None:
        self._play_until_now()
        self.paused = "pause" in self._features

    async def flush(self) -> float | None:
        self._play_until_now()
        if "flush" not in self._features:
            return None
        self._buffer.clear()
        self._silent.set()
        self.paused = False
        return self.position_ms


TEXT = "one two three four five six seven eight nine ten"
SENTENCE = Sentence(TEXT, TEXT)


def words(text: str = TEXT) -> tuple[WordTime, ...]:
    times, at = [], 0
    for number, word in enumerate(text.split()):
        times.append(WordTime(at, at + len(word), number * WORD_MS))
        at += len(word) + 1
    return tuple(times)


def ms(start: int, end: int) -> bytes:
    return np.arange(start, end, dtype="<i2").tobytes()


async def answer(
    error: EngineError | None = None, *, length_ms: int = 3000, pause_s: float = 0.0
) -> AsyncIterator[Piece]:
    """Yield TEXT, a second at a time; an error after that, where there is one."""
    for start in range(0, length_ms, 1000):
        end = min(start + 1000, length_ms)
        times = tuple(word for word in words() if start <= word.offset_ms < end)
        yield Piece(SENTENCE, ms(start, end), RATE_HZ, times)
        await asyncio.sleep(pause_s)
    if error is not None:
        raise error


@dataclass
class Result:
    """What came of it."""

    over: float
    confirmed: bool
    started_at: float | None
    heard_ms: float
    heard: str
    rest: str


def result(playout: Playout) -> Result:
    heard, rest = playout.heard(TEXT)
    return Result(now(), playout.confirmed, playout.started_at, playout.heard_ms, heard, rest)


def play(
    satellite: Satellite,
    *steps: tuple[float, Callable[[Playout], Coroutine[Any, Any, None]]],
    pieces: AsyncIterator[Piece] | None = None,
) -> Result:
    """Play an answer with something done at some times."""

    async def main() -> Result:
        playout = Playout(satellite, now)

        async def do() -> None:
            for at, step in steps:
                await asyncio.sleep(at - now())
                await step(playout)

        doing = asyncio.create_task(do())
        await playout.run(answer() if pieces is None else pieces)
        played = result(playout)
        await doing
        return played

    return run_virtual(main())


def jumps(heard: list[int]) -> list[tuple[int, int]]:
    """Return where what was heard did not go on: the last and the next millisecond."""
    return [(a, b) for a, b in pairwise(heard) if b != a + 1]


@pytest.mark.parametrize("features", [(), ("playback",), EVERYTHING])
def test_an_answer_is_played_whole_and_once(features: Iterable[str]) -> None:
    satellite = Satellite(*features)
    played = play(satellite)
    assert satellite.heard == list(range(3000))
    assert satellite.starts == 1
    assert played.over == pytest.approx(3.0, abs=LATE_S)
    assert played.confirmed
    assert played.started_at == pytest.approx(0, abs=LATE_S)
    assert (played.heard, played.rest) == (TEXT, "")


def test_a_burst_goes_out_at_once_and_then_audio_is_never_far_ahead() -> None:
    satellite = Satellite()
    play(satellite)
    burst = sum(length for at, length in satellite.sent if at < 0.01)
    assert 256 <= burst <= 300
    ahead = sent = 0
    for at, length in satellite.sent:
        sent += length
        ahead = max(ahead, sent - int(at * 1000))
    assert ahead <= 400


def test_a_voice_that_is_slower_than_speech_leaves_gaps_and_no_jumps() -> None:
    satellite = Satellite()
    played = play(satellite, pieces=answer(pause_s=2.0))
    assert satellite.heard == list(range(3000))
    assert played.over == pytest.approx(6.0, abs=LATE_S)


def test_an_answer_that_is_held_falls_silent_and_goes_on_with_the_word_that_was_cut_off() -> None:
    satellite = Satellite(*EVERYTHING)
    played = play(satellite, (0.75, Playout.hold), (1.75, Playout.resume))
    [(cut, next_ms)] = jumps(satellite.heard)
    assert cut == pytest.approx(750, abs=20)
    assert next_ms == 600
    assert satellite.heard[-1] == 2999
    assert played.over == pytest.approx(3.0 + 1.0 + 0.15, abs=LATE_S)
    assert played.confirmed


def test_nothing_is_sent_while_the_answer_is_held() -> None:
    satellite = Satellite(*EVERYTHING)
    play(satellite, (0.75, Playout.hold), (1.75, Playout.resume))
    assert not [at for at, _ in satellite.sent if 0.76 < at < 1.74]


def test_a_satellite_that_can_not_pause_plays_what_it_has_and_misses_nothing() -> None:
    satellite = Satellite()
    played = play(satellite, (0.75, Playout.hold), (1.75, Playout.resume))
    assert not [at for at, _ in satellite.sent if 0.8 < at < 1.74]
    [(cut, next_ms)] = jumps(satellite.heard)
    assert cut <= 750 + 300
    assert next_ms == 900
    assert set(satellite.heard) == set(range(3000))
    assert played.confirmed


def test_a_satellite_that_can_not_flush_is_never_sent_more_after_a_short_hold() -> None:
    satellite = Satellite()
    ahead: list[int] = []

    async def note(_: Playout) -> None:
        ahead.append(satellite.buffered_ms)

    play(satellite, (0.75, Playout.hold), (0.80, Playout.resume), (0.81, note), (1.5, note))
    assert max(ahead) <= 300
    assert set(satellite.heard) == set(range(3000))


def test_an_answer_that_is_held_over_and_over_is_heard_to_its_end() -> None:
    satellite = Satellite(*EVERYTHING)
    heard: list[tuple[float, str]] = []

    async def note(playout: Playout) -> None:
        heard.append((playout.heard_ms, playout.heard(TEXT)[0]))

    played = play(
        satellite,
        (0.75, Playout.hold),
        (1.00, Playout.resume),  # goes on from 600
        (1.10, note),
        (1.50, Playout.hold),  # at 1100
        (2.00, Playout.resume),  # goes on from 900
        (2.70, Playout.hold),  # at 1600
        (2.75, note),
        (3.00, Playout.resume),  # goes on from 1500
    )
    assert [next_ms for _, next_ms in jumps(satellite.heard)] == [600, 900, 1500]
    # What was heard once is not unheard by going back.
    assert [at for at, _ in heard] == pytest.approx([750, 1600], abs=25)
    assert [text for _, text in heard] == ["one two three", "one two three four five"]
    assert set(satellite.heard) == set(range(3000))
    assert played.heard_ms == 3000


def test_an_answer_that_is_held_near_its_end_is_played_to_its_end_all_the_same() -> None:
    satellite = Satellite(*EVERYTHING)
    played = play(satellite, (2.85, Playout.hold), (3.35, Playout.resume))
    assert [next_ms for _, next_ms in jumps(satellite.heard)] == [2700]
    assert satellite.heard[-1] == 2999
    assert played.confirmed


def test_an_answer_that_is_held_before_it_began_begins_when_it_may() -> None:
    satellite = Satellite(*EVERYTHING)

    async def main() -> Playout:
        playout = Playout(satellite, now)
        await playout.hold()
        asyncio.get_running_loop().call_later(2, lambda: asyncio.ensure_future(playout.resume()))
        await playout.run(answer())
        return playout

    assert run_virtual(main()).started_at == pytest.approx(2, abs=LATE_S)
    assert satellite.heard == list(range(3000))


@pytest.mark.parametrize("features", [(), ("playback",)])
def test_a_satellite_that_never_says_that_it_has_played_is_not_waited_for(
    features: Iterable[str],
) -> None:
    satellite = Satellite(*features, acknowledges=False)
    played = play(satellite)
    assert played.over == pytest.approx(3.0 + PLAYBACK_TIMEOUT_S, abs=0.05)
    assert not played.confirmed
    assert (played.heard, played.rest) == (TEXT, "")


def test_a_voice_that_dies_in_the_middle_is_told_after_what_there_was_was_played() -> None:
    satellite = Satellite(*EVERYTHING)
    error = EngineError("engine-failed", "mute")

    async def main() -> Result:
        playout = Playout(satellite, now)
        with pytest.raises(EngineError, match="mute"):
            await playout.run(answer(error, length_ms=1200))
        return result(playout)

    played = run_virtual(main())
    assert satellite.heard == list(range(1200))
    assert played.over == pytest.approx(1.2, abs=LATE_S)
    assert not played.confirmed
    # It is not known what more of the sentence would have come.
    assert played.heard + played.rest == TEXT


def test_a_voice_that_dies_at_once_plays_nothing() -> None:
    satellite = Satellite(*EVERYTHING)
    with pytest.raises(EngineError):
        play(satellite, pieces=answer(EngineError("engine-failed", "mute"), length_ms=0))
    assert (satellite.sent, satellite.starts) == ([], 0)


def test_an_answer_without_audio_plays_nothing() -> None:
    satellite = Satellite(*EVERYTHING)
    played = play(satellite, pieces=answer(length_ms=0))
    assert (satellite.starts, played.started_at) == (0, None)
    assert played.over == pytest.approx(0, abs=LATE_S)
    assert not played.heard


def test_what_comes_in_a_second_run_is_played_after_the_first() -> None:
    satellite = Satellite(*EVERYTHING)

    async def later() -> AsyncIterator[Piece]:
        yield Piece(Sentence("", ""), ms(3000, 3500), RATE_HZ, ())

    async def main() -> Playout:
        playout = Playout(satellite, now)
        await playout.run(answer())
        await playout.run(later())
        return playout

    assert run_virtual(main()).confirmed
    assert satellite.heard == list(range(3500))


def cut_short(satellite: Satellite, at: float) -> Result:
    """Stop an answer."""

    async def main() -> Result:
        playout = Playout(satellite, now)
        running = asyncio.create_task(playout.run(answer()))
        await asyncio.sleep(at)
        running.cancel()
        await asyncio.wait([running])
        await playout.stop()
        played = result(playout)
        await asyncio.sleep(5)
        assert satellite.buffered_ms == 0
        return played

    return run_virtual(main())


def test_an_answer_that_is_stopped_was_heard_as_far_as_the_satellite_says() -> None:
    satellite = Satellite(*EVERYTHING)
    played = cut_short(satellite, 0.8)
    assert satellite.heard[-1] == pytest.approx(800, abs=20)
    assert played.heard_ms == len(satellite.heard)
    assert (played.heard, played.rest) == ("one two three", " four five six seven eight nine ten")
    assert not played.confirmed


def test_a_satellite_that_can_not_flush_will_have_heard_what_it_was_sent() -> None:
    satellite = Satellite()
    played = cut_short(satellite, 0.8)
    assert satellite.heard[-1] <= 1100
    assert played.heard_ms == len(satellite.heard)
    assert played.heard == "one two three four"


def test_a_satellite_that_flushes_and_tells_no_position_may_have_heard_what_it_was_sent() -> None:
    satellite = Satellite("flush")
    played = cut_short(satellite, 0.8)
    assert len(satellite.heard) == pytest.approx(800, abs=20)
    assert len(satellite.heard) <= played.heard_ms <= len(satellite.heard) + 300


def test_a_satellite_that_does_not_answer_a_flush_is_not_waited_for() -> None:
    class Deaf(Satellite):
        async def flush(self) -> float | None:
            await asyncio.Event().wait()
            return None

    played = cut_short(Deaf("playback"), 0.8)
    assert played.over == pytest.approx(0.8 + FLUSH_TIMEOUT_S, abs=LATE_S)
    assert 780 <= played.heard_ms <= 1100


def test_the_words_that_are_being_played_are_known() -> None:
    said = []

    async def note(playout: Playout) -> None:
        said.append(playout.saying(0, 0))

    play(Satellite(*EVERYTHING), (0.05, note), (1.05, note), (2.95, note))
    assert said == ["one", "four", "ten"]


def test_only_an_answer_that_is_played_is_ducked() -> None:
    satellite = Satellite(*EVERYTHING)

    async def main() -> None:
        playout = Playout(satellite, now)
        await playout.duck(-12, 50)
        assert satellite.gains == []
        running = asyncio.create_task(playout.run(answer()))
        await asyncio.sleep(1)
        await playout.duck(-12, 50)
        await playout.duck(0, 50)
        await running

    run_virtual(main())
    assert satellite.gains == [(-12, 50), (0, 50)]
