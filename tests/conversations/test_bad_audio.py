"""Sound that stops, comes late, in bursts, twice, with holes: named, and survived."""

import asyncio
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import pytest

from hub.engines.base import Transcript
from protocol.schema import Message
from protocol.wyoming_audio import AudioChunk
from tests.conversations.scenes import (
    FRAME_S,
    ask,
    commits,
    ended_turn,
    first_heard,
    next_turn_works,
    texts,
    virtual,
)
from tests.virtual_house import Engines, VirtualSatellite, house, now, pause

GAP_S = 2.0
SLACK_S = FRAME_S + 0.002
ON_TIME_S = 0.2 + SLACK_S


def chunks_only(
    change: Callable[[AudioChunk], Iterable[AudioChunk]],
) -> Callable[[Message], Iterable[Message]]:
    """Change the sound on its way, and nothing else."""
    return lambda message: change(message) if isinstance(message, AudioChunk) else [message]


def mend(sat: VirtualSatellite) -> None:
    sat.filter = lambda message: [message]


@virtual
async def test_sound_that_stops_in_mid_word_is_answered_by_what_was_said() -> None:
    async with house(Engines(commands={"turn on the lamp": "Done.", "turn on": "On."})) as h:
        sat = await h.add()
        stop_at = now() + 0.32 + 2.5 * 0.32
        sat.filter = chunks_only(lambda chunk: [chunk] if now() <= stop_at else [])
        await ask(sat, "turn on the lamp")
        turn = await ended_turn(h, sat)
        assert commits(sat)[0] - stop_at == pytest.approx(GAP_S, abs=SLACK_S)
        assert turn.details["ending"] == "gap"
        assert (turn.outcome, turn.transcript) == ("answered", "turn on")
        assert texts(h.engines.acts) == ["turn on"]
        mend(sat)
        await next_turn_works(h, sat)


@virtual
async def test_sound_that_stops_before_anything_was_understood_ends_in_a_sign() -> None:
    async with house() as h:
        sat = await h.add()
        stop_at = now() + 0.32 + 0.5 * 0.32
        sat.filter = chunks_only(lambda chunk: [chunk] if now() <= stop_at else [])
        await ask(sat, "turn on the lamp")
        turn = await ended_turn(h, sat)
        assert (turn.outcome, turn.details["ending"]) == ("not-understood", "gap")
        assert first_heard(sat) - stop_at <= GAP_S + 0.15
        mend(sat)
        await next_turn_works(h, sat)


@virtual
async def test_sound_that_never_comes_ends_the_turn() -> None:
    async with house() as h:
        sat = await h.add()
        sat.filter = chunks_only(lambda _: [])
        await ask(sat, "turn on the lamp")
        turn = await ended_turn(h, sat)
        assert turn.outcome == "nothing-heard"
        assert now() == pytest.approx(GAP_S, abs=0.1)
        mend(sat)
        await next_turn_works(h, sat)


@virtual
async def test_a_microphone_that_closes_in_mid_word_is_answered_at_once() -> None:
    async with house(Engines(commands={"turn on the lamp": "Done.", "turn on": "On."})) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        stop_at = 0.32 + 2.5 * 0.32
        await sat.until(lambda: now() >= stop_at)
        sat.satellite.press_button()
        turn = await ended_turn(h, sat)
        assert (turn.outcome, turn.transcript) == ("answered", "turn on")
        assert first_heard(sat) - stop_at <= 0.15
        sat.microphone.hush()
        await next_turn_works(h, sat)


@virtual
async def test_sound_that_comes_late_costs_what_it_is_late() -> None:
    async with house() as h:
        sat = await h.add()
        loop = asyncio.get_running_loop()

        def late(chunk: AudioChunk) -> list[AudioChunk]:
            loop.call_later(0.3, sat.link.inbox.put_nowait, chunk)
            return []

        sat.filter = chunks_only(late)
        ended = await ask(sat, "turn on the lamp")
        turn = await ended_turn(h, sat)
        assert 0.5 <= commits(sat)[0] - ended <= 0.3 + ON_TIME_S
        assert (turn.outcome, turn.transcript) == ("answered", "turn on the lamp")
        assert turn.heard == "Done."
        assert "lost_ms" not in turn.details
        mend(sat)
        await next_turn_works(h, sat)


@dataclass
class Bursts:
    """Sound that comes a second at a time."""

    sat: VirtualSatellite
    waiting: list[AudioChunk] = field(default_factory=list)
    first_at: float = 0.0

    def __call__(self, chunk: AudioChunk) -> list[AudioChunk]:
        if not self.waiting:
            self.first_at = now()
        self.waiting.append(chunk)
        if now() - self.first_at < 1.0:
            return []
        burst, self.waiting = self.waiting, []
        return burst


@pytest.mark.parametrize("rest", ["", "in the kitchen"])
@virtual
async def test_sound_that_comes_in_bursts_is_understood_whole(rest: str) -> None:
    command = f"turn on the lamp {rest}".strip()
    async with house(Engines(commands={command: "Done.", "turn on the lamp": "Done."})) as h:
        sat = await h.add()
        sat.filter = chunks_only(Bursts(sat))
        ended = await ask(sat, command)
        turn = await ended_turn(h, sat)
        assert commits(sat)[0] - ended <= 1.1 + ON_TIME_S
        assert (turn.outcome, turn.transcript) == ("answered", command)
        assert len(h.engines.acts) == 1
        mend(sat)
        await next_turn_works(h, sat)


@virtual
async def test_sound_that_comes_twice_is_heard_once() -> None:
    async with house() as h:
        sat = await h.add()
        sat.filter = chunks_only(lambda chunk: [chunk, chunk])
        ended = await ask(sat, "turn on the lamp")
        turn = await ended_turn(h, sat)
        assert 0.2 <= commits(sat)[0] - ended <= ON_TIME_S
        assert texts(h.engines.heard) == ["turn on the lamp"]
        assert turn.details["repeated_ms"] >= (4 * 320)
        assert (turn.outcome, turn.heard) == ("answered", "Done.")
        mend(sat)
        await next_turn_works(h, sat)


@virtual
async def test_sound_with_holes_keeps_its_time() -> None:
    async with house(Engines(hear=lambda _: Transcript("turn on the lamp", "en"))) as h:
        sat = await h.add()
        chance = random.Random(3)
        lost: list[float] = []

        def drop(chunk: AudioChunk) -> list[AudioChunk]:
            if chance.random() < 0.1 and now() > 0.1:
                lost.append(now())
                return []
            return [chunk]

        sat.filter = chunks_only(drop)
        ended = await ask(sat, "turn on the lamp now please do it")
        turn = await ended_turn(h, sat)
        assert len(lost) >= 5
        in_time = [at for at in lost if at <= commits(sat)[0]]
        assert turn.details["lost_ms"] >= 32 * (len(in_time) - 2)
        # Silence stands where sound was lost: what comes after it is not early.
        assert 0.2 - FRAME_S <= commits(sat)[0] - ended <= 0.2 + 3 * FRAME_S
        assert (turn.outcome, turn.transcript) == ("answered", "turn on the lamp")
        mend(sat)
        h.engines.hear = None
        await next_turn_works(h, sat)


@pytest.mark.parametrize(("lost_ms", "told_ms"), [(512, 512), (1600, 0)])
@virtual
async def test_sound_lost_in_mid_sentence_is_a_pause_and_no_end(lost_ms: int, told_ms: int) -> None:
    async with house() as h:
        sat = await h.add()
        begin = now() + 0.32 + 2 * 0.32 + 0.01

        def hole(chunk: AudioChunk) -> list[AudioChunk]:
            return [] if begin <= now() < begin + lost_ms / 1000 else [chunk]

        sat.filter = chunks_only(hole)
        await ask(sat, "turn on", pause(lost_ms), "the lamp")
        turn = await ended_turn(h, sat)
        assert turn.details.get("lost_ms", 0) == pytest.approx(told_ms, abs=33)
        assert texts(h.engines.acts) == ["turn on the lamp"]
        mend(sat)
        await next_turn_works(h, sat)


@pytest.mark.parametrize("turn", [None, 0, 99])
@virtual
async def test_sound_of_another_turn_is_not_heard(turn: int | None) -> None:
    async with house() as h:
        sat = await h.add()
        sat.filter = chunks_only(lambda chunk: [replace(chunk, turn=turn)])
        await ask(sat, "turn on the lamp")
        ended = await ended_turn(h, sat)
        assert ended.outcome == "nothing-heard"
        assert h.engines.heard == []
        assert now() <= GAP_S + 0.1
        mend(sat)
        await next_turn_works(h, sat)


@virtual
async def test_empty_sound_between_the_rest_changes_nothing() -> None:
    async with house() as h:
        sat = await h.add()
        sat.filter = chunks_only(lambda chunk: [replace(chunk, audio=b""), chunk])
        ended = await ask(sat, "turn on the lamp")
        turn = await ended_turn(h, sat)
        assert 0.2 <= commits(sat)[0] - ended <= ON_TIME_S
        assert (turn.outcome, turn.heard) == ("answered", "Done.")
        mend(sat)
        await next_turn_works(h, sat)


@virtual
async def test_nothing_but_empty_sound_is_no_sound() -> None:
    async with house() as h:
        sat = await h.add()
        sat.filter = chunks_only(lambda chunk: [replace(chunk, audio=b"")])
        await ask(sat, "turn on the lamp")
        turn = await ended_turn(h, sat)
        assert turn.outcome == "nothing-heard"
        assert turn.details["lost_ms"] == pytest.approx(5000, abs=2 * 32)
        assert now() <= 5.0 + 2 * FRAME_S
        mend(sat)
        await next_turn_works(h, sat)


@virtual
async def test_half_a_sample_at_the_end_of_a_piece_is_left_out_and_the_rest_heard() -> None:
    async with house() as h:
        sat = await h.add()
        odd: list[float] = []

        def halve(chunk: AudioChunk) -> list[AudioChunk]:
            if 0.1 < now() < 0.6:
                odd.append(now())
                return [replace(chunk, audio=chunk.audio[:-1])]
            return [chunk]

        sat.filter = chunks_only(halve)
        ended = await ask(sat, "turn on the lamp")
        turn = await ended_turn(h, sat)
        assert len(odd) > 10
        assert "lost_ms" not in turn.details
        # The frames of the hub end a few samples later than those of the microphone now.
        assert 0.2 <= commits(sat)[0] - ended <= ON_TIME_S + FRAME_S
        assert (turn.outcome, turn.heard) == ("answered", "Done.")
        mend(sat)
        await next_turn_works(h, sat)
