import asyncio
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pytest

from hub.rooms.arbiter import HOLD_S, MAX_GROUPS, MEMORY_S, WINDOW_S, Arbiter, Candidate
from tests.virtual_time import run_virtual


@dataclass(frozen=True)
class Hearing:
    """A satellite that hears the wake word and asks `after_s` from the start of the test."""

    satellite: str
    after_s: float = 0.0
    snr: float | None = 20.0
    score: float | None = 0.9
    age_ms: float = 0.0
    near: Collection[str] = ()
    wake_word: str = "hey sotto"
    lost_after_s: float | None = None


@dataclass
class Outcome:
    answers: bool | None
    """None: lost before it was told."""
    at: float
    """When it was told."""


async def ask(arbiter: Arbiter, hearing: Hearing, number: int = 1) -> Outcome:
    loop = asyncio.get_running_loop()
    await asyncio.sleep(hearing.after_s)
    candidate = Candidate(
        hearing.satellite,
        number,
        loop.time(),
        age_ms=hearing.age_ms,
        score=hearing.score,
        loudness_dbfs=None if hearing.snr is None else hearing.snr - 60,
        noise_dbfs=-60.0,
        wake_word=hearing.wake_word,
    )
    answers: bool | None = None
    try:
        async with asyncio.timeout(hearing.lost_after_s):
            answers = await arbiter.ask(candidate, hearing.near)
    except TimeoutError:
        pass
    return Outcome(answers, loop.time())


def play(*hearings: Hearing) -> list[Outcome]:
    """Return what each satellite is told."""

    async def scene() -> list[Outcome]:
        arbiter = Arbiter(asyncio.get_running_loop().time)
        return await asyncio.gather(*(ask(arbiter, one) for one in hearings))

    return run_virtual(scene())


def told(outcomes: Sequence[Outcome]) -> list[bool | None]:
    return [outcome.answers for outcome in outcomes]


HOUSE = ("kitchen", "hall", "bath")


def test_a_satellite_with_no_other_near_answers_without_delay() -> None:
    [outcome] = play(Hearing("kitchen"))
    assert outcome.answers
    assert outcome.at == pytest.approx(0.0, abs=1e-6)


def test_a_satellite_with_others_near_waits_for_the_window_and_answers() -> None:
    [outcome] = play(Hearing("kitchen", near=HOUSE))
    assert outcome.answers
    assert outcome.at == pytest.approx(WINDOW_S)


def test_the_age_of_the_wake_counts_as_waiting() -> None:
    [outcome] = play(Hearing("kitchen", near=HOUSE, age_ms=100))
    assert outcome.at == pytest.approx(WINDOW_S - 0.1)


def test_a_wake_older_than_the_window_is_answered_at_once() -> None:
    [outcome] = play(Hearing("kitchen", near=HOUSE, age_ms=400))
    assert outcome.answers
    assert outcome.at == pytest.approx(0.0, abs=1e-6)


def test_the_window_does_not_start_again_with_each_candidate() -> None:
    outcomes = play(
        Hearing("kitchen", near=HOUSE, snr=10), Hearing("hall", 0.14, near=HOUSE, snr=30)
    )
    assert told(outcomes) == [False, True]
    assert [outcome.at for outcome in outcomes] == pytest.approx([WINDOW_S, WINDOW_S])


def test_when_all_who_are_near_have_asked_the_decision_is_made_at_once() -> None:
    outcomes = play(
        Hearing("kitchen", 0.00, near={"hall", "bath"}),
        Hearing("hall", 0.02, near={"kitchen"}, snr=25),
        Hearing("bath", 0.04, near={"kitchen"}),
    )
    assert told(outcomes) == [False, True, False]
    assert [outcome.at for outcome in outcomes] == pytest.approx([0.04, 0.04, 0.04])


def test_loudness_over_the_noise_decides_before_loudness_itself() -> None:
    async def scene() -> list[bool]:
        arbiter = Arbiter(asyncio.get_running_loop().time)
        loud = Candidate("fan", 1, 0.0, loudness_dbfs=-20, noise_dbfs=-30)
        clear = Candidate("desk", 1, 0.0, loudness_dbfs=-30, noise_dbfs=-70)
        return list(await asyncio.gather(arbiter.ask(loud, {"desk"}), arbiter.ask(clear, {"fan"})))

    assert run_virtual(scene()) == [False, True]


def picked(*heard: tuple[float, float]) -> int:
    """Return which of several with these loudnesses and noises answers."""

    async def scene() -> list[bool]:
        arbiter = Arbiter(asyncio.get_running_loop().time)
        names = [f"room-{number}" for number in range(len(heard))]
        return await asyncio.gather(
            *(
                arbiter.ask(
                    Candidate(name, 1, 0.0, score=0.9, loudness_dbfs=loud, noise_dbfs=noise), names
                )
                for name, (loud, noise) in zip(names, heard, strict=True)
            )
        )

    return run_virtual(scene()).index(True)


@pytest.mark.parametrize("noise", [-96.0, -80.0, -70.0, -60.0, -45.0])
@pytest.mark.parametrize("louder", [0, 1])
def test_of_two_that_hear_the_same_the_louder_answers_however_quiet_the_other_ones_noise(
    noise: float, louder: int
) -> None:
    heard = [(-28.0, noise - 8), (-28.0, noise - 8)]
    heard[louder] = (-20.0, noise)
    assert picked(*heard) == louder


def test_what_is_quieter_than_a_quiet_room_does_not_count() -> None:
    assert picked((-30.0, -96.0), (-29.0, -70.0)) == 1


def test_what_is_heard_alike_is_decided_by_name() -> None:
    assert picked((-30.0, -96.0), (-30.0, -66.0)) == picked((-30.0, -66.0), (-30.0, -96.0)) == 0


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (Hearing("a", snr=10, score=1.0), Hearing("b", snr=11, score=0.1)),
        (Hearing("a", snr=None, score=1.0), Hearing("b", snr=-5, score=0.1)),
        (Hearing("a", score=0.8), Hearing("b", score=0.9)),
        (Hearing("a", score=None), Hearing("b", score=0.1)),
        (Hearing("a"), Hearing("b", age_ms=30)),
        (Hearing("b"), Hearing("a")),
    ],
    ids=["loudness", "no loudness", "score", "no score", "time", "name"],
)
def test_loudness_then_score_then_time_then_name_decide(worse: Hearing, better: Hearing) -> None:
    def near(one: Hearing) -> Hearing:
        return Hearing(**{**vars(one), "near": ("a", "b")})

    assert told(play(near(worse), near(better))) == [False, True]
    assert told(play(near(better), near(worse))) == [True, False]


def test_in_any_order_of_arrival_one_answers_and_it_is_the_loudest() -> None:
    for seed in range(200):
        chance = random.Random(seed)
        names = [f"room-{n}" for n in range(chance.randint(2, 8))]
        loudness = chance.sample(range(5, 60), len(names))
        hearings = [
            Hearing(
                name,
                chance.uniform(0, WINDOW_S - 0.001),
                snr=snr,
                score=chance.random(),
                near=[*names, "one that does not hear"] if chance.random() < 0.5 else names,
            )
            for name, snr in zip(names, loudness, strict=True)
        ]
        chance.shuffle(hearings)
        outcomes = play(*hearings)
        winners = [one for one, each in zip(hearings, outcomes, strict=True) if each.answers]
        assert winners == [max(hearings, key=lambda one: one.snr or 0)], seed


def test_a_late_candidate_stands_down_however_loud_it_is() -> None:
    outcomes = play(
        Hearing("kitchen", near=HOUSE, snr=10), Hearing("hall", WINDOW_S + 0.1, near=HOUSE, snr=50)
    )
    assert told(outcomes) == [True, False]
    assert outcomes[1].at == pytest.approx(WINDOW_S + 0.1)


def test_a_wake_word_that_was_spoken_in_time_stands_down_though_its_message_is_late() -> None:
    outcomes = play(Hearing("kitchen"), Hearing("hall", 2.0, age_ms=1500))
    assert told(outcomes) == [True, False]


def test_the_satellite_that_answers_is_answered_again_when_woken_again() -> None:
    outcomes = play(Hearing("kitchen"), Hearing("kitchen", 0.5), Hearing("hall", 0.6))
    assert told(outcomes) == [True, True, False]


def test_a_satellite_that_asks_twice_before_the_decision_is_one_candidate() -> None:
    outcomes = play(
        Hearing("kitchen", near=HOUSE, snr=30), Hearing("kitchen", 0.05, near=HOUSE, snr=30)
    )
    assert told(outcomes) == [False, True]


def test_wakes_further_apart_than_the_hold_do_not_affect_each_other() -> None:
    outcomes = play(Hearing("kitchen"), Hearing("bath", HOLD_S + 0.05, snr=5))
    assert told(outcomes) == [True, True]


def test_different_wake_words_do_not_compete() -> None:
    outcomes = play(
        Hearing("kitchen", near=HOUSE, snr=30),
        Hearing("hall", near=HOUSE, snr=10, wake_word="okay nabu"),
    )
    assert told(outcomes) == [True, True]


def test_when_the_best_is_lost_the_best_of_the_others_answers() -> None:
    outcomes = play(
        Hearing("kitchen", near=HOUSE, snr=30, lost_after_s=0.05),
        Hearing("hall", near=HOUSE, snr=20),
        Hearing("bath", 0.1, near=["hall"], snr=10),
    )
    assert told(outcomes) == [None, True, False]


def test_nobody_waits_for_a_satellite_that_was_lost() -> None:
    outcomes = play(
        Hearing("kitchen", near={"hall", "bath"}),
        Hearing("hall", near={"kitchen"}, lost_after_s=0.05),
        Hearing("bath", 0.1, near={"kitchen"}, snr=10),
    )
    assert told(outcomes) == [True, None, False]
    assert outcomes[0].at == pytest.approx(0.1)


def test_when_everybody_is_lost_the_utterance_is_as_if_never_heard() -> None:
    outcomes = play(
        Hearing("kitchen", near=HOUSE, lost_after_s=0.05), Hearing("hall", 0.2, near=())
    )
    assert told(outcomes) == [None, True]


def test_a_satellite_lost_at_the_moment_of_decision_does_not_win() -> None:
    async def scene() -> list[bool | BaseException]:
        loop = asyncio.get_running_loop()
        arbiter = Arbiter(loop.time)
        best = Candidate("kitchen", 1, 0.0, score=0.9)
        lost = asyncio.create_task(arbiter.ask(best, HOUSE))
        # In one turn of the loop: the decision comes before the cancelled task runs.
        loop.call_at(WINDOW_S - 1e-12, lost.cancel)
        kept = arbiter.ask(Candidate("hall", 1, 0.0, score=0.1), HOUSE)
        return list(await asyncio.gather(lost, kept, return_exceptions=True))

    lost, kept = run_virtual(scene())
    assert isinstance(lost, asyncio.CancelledError)
    assert kept is True


def test_the_only_satellite_lost_at_the_moment_of_decision_leaves_nothing_behind() -> None:
    async def scene() -> tuple[int, bool]:
        loop = asyncio.get_running_loop()
        arbiter = Arbiter(loop.time)
        lost = asyncio.create_task(arbiter.ask(Candidate("kitchen", 1, 0.0), HOUSE))
        loop.call_at(WINDOW_S - 1e-12, lost.cancel)
        await asyncio.wait([lost])
        return len(arbiter), await arbiter.ask(Candidate("hall", 1, loop.time()), ())

    assert run_virtual(scene()) == (0, True)


def test_a_winner_lost_before_it_knows_does_not_silence_the_house() -> None:
    async def scene() -> bool:
        loop = asyncio.get_running_loop()
        arbiter = Arbiter(loop.time)
        lost = asyncio.create_task(arbiter.ask(Candidate("kitchen", 1, 0.0, score=0.9), {"hall"}))
        await asyncio.sleep(0)
        assert not await arbiter.ask(Candidate("hall", 1, 0.0, score=0.1), {"kitchen"})
        lost.cancel()
        await asyncio.wait([lost])
        return await arbiter.ask(Candidate("hall", 2, 0.0), ())

    assert run_virtual(scene())


def test_utterances_are_forgotten_when_they_are_over() -> None:
    async def scene() -> int:
        loop = asyncio.get_running_loop()
        arbiter = Arbiter(loop.time)
        for number in range(50):
            assert await arbiter.ask(Candidate("kitchen", number, loop.time()), ())
            await asyncio.sleep(HOLD_S + 0.1)
        return len(arbiter)

    assert run_virtual(scene()) <= MEMORY_S / HOLD_S + 1


def test_the_number_of_utterances_is_bounded_and_the_oldest_is_decided_early() -> None:
    async def scene() -> tuple[int, list[bool]]:
        arbiter = Arbiter(asyncio.get_running_loop().time)
        asks = [
            arbiter.ask(Candidate(f"room-{n}", 1, 0.0, wake_word=f"word-{n}"), {"another"})
            for n in range(MAX_GROUPS + 10)
        ]
        tasks = [asyncio.create_task(one) for one in asks]
        await asyncio.sleep(0)
        early = sum(task.done() for task in tasks)
        assert early == 0  # decided, and told on the next turn of the loop
        await asyncio.sleep(0)
        assert sum(task.done() for task in tasks) == 10
        return len(arbiter), await asyncio.gather(*tasks)

    count, answers = run_virtual(scene())
    assert count == MAX_GROUPS
    assert all(answers)


def test_what_a_lost_satellite_won_is_open_to_others_again() -> None:
    async def main() -> tuple[bool, bool, bool]:
        clock = asyncio.get_running_loop().time
        arbiter = Arbiter(clock)
        first = await arbiter.ask(Candidate("a", 1, clock()), ())
        before = await arbiter.ask(Candidate("b", 1, clock()), ())
        arbiter.forget("a")
        return first, before, await arbiter.ask(Candidate("b", 2, clock()), ())

    assert run_virtual(main()) == (True, False, True)
