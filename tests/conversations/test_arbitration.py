"""Several satellites hear the wake word: which one answers, and what the others do."""

import random
from dataclasses import dataclass

import pytest

from hub.conversation.endpoint import Rules
from hub.conversation.turn import Manner
from hub.rooms.neighbours import APART_AFTER
from protocol.sotto_messages import Listen, StandDown
from protocol.wyoming_audio import AudioChunk
from satellite import events
from satellite.state import State, Trigger
from tests.conversations.heard import LONG, Speaker, Voice, answering, answers, virtual, wait
from tests.virtual_house import (
    DEFAULT_FEATURES,
    VirtualHouse,
    VirtualSatellite,
    house,
    now,
    pause,
    words,
)

WINDOW_S = 0.150
AT_ONCE_S = 0.002
IMPATIENT = Manner(Rules(no_speech_ms=200))
"""For tests that only ask who listens."""


def heard(
    loudness_dbfs: float, noise_dbfs: float = -60, *, score: float = 0.9, age_ms: int = 0
) -> Trigger:
    return Trigger(
        "wake-word",
        wake_word="okay_nabu",
        score=score,
        loudness_dbfs=loudness_dbfs,
        noise_dbfs=noise_dbfs,
        age_ms=age_ms,
    )


def listens(satellite: VirtualSatellite) -> list[float]:
    return [at for at, _ in satellite.sent(Listen)]


def stood_down(satellite: VirtualSatellite) -> list[float]:
    return [at for at, _ in satellite.sent(StandDown)]


@dataclass
class Wake:
    satellite: VirtualSatellite
    after_s: float
    trigger: Trigger


async def wake(*wakes: Wake) -> float:
    """Let satellites hear the wake word, each after a time; return when the first one did."""
    began = now()
    for one in sorted(wakes, key=lambda one: one.after_s):
        await wait(max(0.0, began + one.after_s - now()))
        one.satellite.wake(one.trigger)
    await wait(0.5)
    return began


async def satellites(h: VirtualHouse, count: int) -> list[VirtualSatellite]:
    return [await h.add(f"sat-{number}", f"Room {number}") for number in range(count)]


@pytest.mark.parametrize("gap_s", [0.0, 0.03, 0.1, 0.14])
@pytest.mark.parametrize("louder", [0, 1])
def test_of_two_satellites_the_louder_over_its_noise_listens_whichever_was_first(
    gap_s: float, louder: int
) -> None:
    @virtual
    async def run() -> None:
        async with house(Voice(thoughts=answers("Yes."))) as h:
            both = await satellites(h, 2)
            loudness = [-30.0, -30.0]
            loudness[louder] += 8
            began = await wake(
                Wake(both[0], 0.0, heard(loudness[0])),
                Wake(both[1], gap_s, heard(loudness[1])),
            )
            best, other = both[louder], both[1 - louder]
            assert len(listens(best)) == 1
            assert listens(best)[0] <= began + WINDOW_S + AT_ONCE_S
            assert best.satellite.state is State.LISTENING
            assert (listens(other), len(stood_down(other))) == ([], 1)
            assert stood_down(other)[0] <= began + WINDOW_S + AT_ONCE_S
            assert other.satellite.state is State.IDLE
            assert [e for e in other.events if isinstance(e, events.StoodDown)]

    run()


@virtual
async def test_loudness_counts_over_the_noise_of_its_own_room() -> None:
    async with house() as h:
        noisy, quiet = await satellites(h, 2)
        await wake(
            Wake(noisy, 0.0, heard(-20, noise_dbfs=-35)),
            Wake(quiet, 0.05, heard(-30, noise_dbfs=-60)),
        )
        assert (len(listens(noisy)), len(listens(quiet))) == (0, 1)


@virtual
async def test_of_three_satellites_one_answers_and_only_it_is_heard() -> None:
    async with house(Voice(thoughts=answers("Yes."))) as h:
        three = await satellites(h, 3)
        for satellite in three:
            satellite.say(pause(500), words("what is it"))
        await wake(
            Wake(three[0], 0.0, heard(-30)),
            Wake(three[1], 0.06, heard(-20)),
            Wake(three[2], 0.12, heard(-25)),
        )
        await three[1].at_rest()
        assert [len(s.sent(AudioChunk)) > 0 for s in three] == [False, True, False]
        assert [turn.satellite for turn in h.turns] == ["sat-1"]
        assert [len(stood_down(s)) for s in three] == [1, 0, 1]


@virtual
async def test_all_have_asked_before_the_window_ends_and_nobody_waits_for_more() -> None:
    async with house() as h:
        both = await satellites(h, 2)
        began = await wake(Wake(both[0], 0.0, heard(-30)), Wake(both[1], 0.04, heard(-20)))
        assert listens(both[1])[0] <= began + 0.04 + 2 * AT_ONCE_S


@virtual
async def test_a_lone_satellite_is_not_delayed() -> None:
    async with house() as h:
        [satellite] = await satellites(h, 1)
        began = await wake(Wake(satellite, 0.0, heard(-30)))
        assert listens(satellite)[0] <= began + AT_ONCE_S


@virtual
async def test_another_satellite_that_may_be_near_delays_by_at_most_the_window() -> None:
    async with house() as h:
        first, _ = await satellites(h, 2)
        began = await wake(Wake(first, 0.0, heard(-30)))
        assert listens(first)[0] == pytest.approx(began + WINDOW_S, abs=2 * AT_ONCE_S)


@virtual
async def test_the_window_is_counted_from_the_wake_word_not_from_the_message() -> None:
    async with house() as h:
        first, _ = await satellites(h, 2)
        began = await wake(Wake(first, 0.0, heard(-30, age_ms=100)))
        assert listens(first)[0] == pytest.approx(began + 0.05, abs=2 * AT_ONCE_S)


@virtual
async def test_a_satellite_known_to_be_far_does_not_delay() -> None:
    async with house(manner=IMPATIENT) as h:
        first, _far = await satellites(h, 2)
        waits = []
        for _ in range(22):
            began = await wake(Wake(first, 0.0, heard(-30)))
            waits.append(listens(first)[-1] - began)
            await wait(0.7)
        assert waits[0] == pytest.approx(WINDOW_S, abs=2 * AT_ONCE_S)
        assert max(waits[20:]) <= AT_ONCE_S


@virtual
async def test_a_late_candidate_stands_down_even_if_it_is_louder() -> None:
    async with house() as h:
        both = await satellites(h, 2)
        await wake(
            Wake(both[0], 0.0, heard(-30)),
            Wake(both[1], 0.4, heard(-10, age_ms=380)),
        )
        assert both[0].satellite.state is State.LISTENING
        assert (len(listens(both[0])), listens(both[1])) == (1, [])
        assert both[1].satellite.state is State.IDLE


@virtual
async def test_another_wins_when_the_best_is_lost_before_the_decision() -> None:
    async with house() as h:
        both = await satellites(h, 3)
        began = now()
        both[0].wake(heard(-10))
        both[1].wake(heard(-30))
        await wait(0.05)
        await both[0].link.close("the cable was pulled")
        await wait(0.4)
        assert listens(both[0]) == []
        assert listens(both[1])[0] <= began + WINDOW_S + AT_ONCE_S


@virtual
async def test_a_winner_that_is_lost_while_listening_leaves_the_next_wake_to_others() -> None:
    async with house(Voice(thoughts=answers("Yes."))) as h:
        both = await satellites(h, 2)
        await wake(Wake(both[0], 0.0, heard(-10)), Wake(both[1], 0.0, heard(-30)))
        await both[0].link.close("the cable was pulled")
        await wait(2.0)
        both[1].wake(heard(-30))
        both[1].say(pause(320), words("what is it"))
        await both[1].until(lambda: len(h.turns) == 2)
        assert [turn.outcome for turn in h.turns] == ["cancelled", "answered"]


@virtual
async def test_a_muted_satellite_is_not_waited_for() -> None:
    async with house() as h:
        first, muted = await satellites(h, 2)
        muted.satellite.toggle_mute()
        await muted.until(lambda: not _hears(h, muted))
        began = await wake(Wake(first, 0.0, heard(-30)))
        assert listens(first)[0] <= began + AT_ONCE_S


def _hears(h: VirtualHouse, satellite: VirtualSatellite) -> bool:
    return satellite.hello.satellite in h.house.directory.hearing()


@virtual
async def test_a_disconnected_satellite_is_not_waited_for() -> None:
    async with house() as h:
        first, gone = await satellites(h, 2)
        session = h.house.directory._sessions[gone.hello.satellite]
        await gone.link.close("the cable was pulled")
        h.house.directory.leave(session)
        began = await wake(Wake(first, 0.0, heard(-30)))
        assert listens(first)[0] <= began + AT_ONCE_S


@virtual
async def test_buttons_do_not_compete() -> None:
    async with house() as h:
        both = await satellites(h, 2)
        began = await wake(
            Wake(both[0], 0.0, Trigger("button")), Wake(both[1], 0.01, Trigger("button"))
        )
        assert listens(both[0])[0] <= began + AT_ONCE_S
        assert listens(both[1])[0] <= began + 0.01 + 2 * AT_ONCE_S
        assert [s.satellite.state for s in both] == [State.LISTENING, State.LISTENING]


@virtual
async def test_a_button_is_not_silenced_by_a_wake_word_elsewhere() -> None:
    async with house() as h:
        both = await satellites(h, 2)
        await wake(Wake(both[0], 0.0, heard(-10)), Wake(both[1], 0.05, Trigger("button")))
        assert [len(listens(s)) for s in both] == [1, 1]


@virtual
async def test_different_wake_words_do_not_compete() -> None:
    async with house() as h:
        both = await satellites(h, 2)
        other = Trigger("wake-word", wake_word="hey_jarvis", loudness_dbfs=-10, noise_dbfs=-60)
        await wake(Wake(both[0], 0.0, heard(-30)), Wake(both[1], 0.05, other))
        assert [len(listens(s)) for s in both] == [1, 1]


def test_in_200_orders_of_arrival_exactly_one_listens_the_one_that_heard_best() -> None:
    @virtual
    async def run() -> None:
        rng = random.Random(8)
        async with house(manner=IMPATIENT) as h:
            three = await satellites(h, 3)
            for _ in range(200):
                before = [len(listens(s)) for s in three]
                over_noise = rng.sample(range(5, 50), 3)
                spoken_at = now()
                arrivals = [rng.randint(0, 140) for _ in three]
                wakes = [
                    Wake(s, ms / 1000, heard(-60.0 + snr, age_ms=ms))
                    for s, ms, snr in zip(three, arrivals, over_noise, strict=True)
                ]
                await wake(*wakes)
                counts = [len(listens(s)) - n for s, n in zip(three, before, strict=True)]
                best = over_noise.index(max(over_noise))
                assert counts == [int(n == best) for n in range(3)], (arrivals, over_noise)
                assert listens(three[best])[-1] <= spoken_at + WINDOW_S + AT_ONCE_S
                await wait(0.7)
                assert {s.satellite.state for s in three} == {State.IDLE}

    run()


@virtual
async def test_who_calls_in_a_room_far_away_at_nearly_the_same_time_is_answered_too() -> None:
    async with house(manner=IMPATIENT) as h:
        kitchen, attic = await satellites(h, 2)
        for satellite in (kitchen, attic):
            for _ in range(APART_AFTER):
                await wake(Wake(satellite, 0.0, heard(-20)))
                await wait(10)
        before = len(listens(kitchen)), len(listens(attic))
        began = await wake(Wake(kitchen, 0.0, heard(-20)), Wake(attic, 0.1, heard(-30)))
        assert (len(listens(kitchen)), len(listens(attic))) == (before[0] + 1, before[1] + 1)
        assert listens(attic)[-1] - began <= 0.1 + AT_ONCE_S
        assert stood_down(attic) == stood_down(kitchen) == []


@virtual
async def test_rooms_far_apart_that_hear_a_call_together_answer_once_more_and_then_as_one() -> None:
    async with house(manner=IMPATIENT) as h:
        both = await satellites(h, 2)
        for satellite in both:
            for _ in range(APART_AFTER):
                await wake(Wake(satellite, 0.0, heard(-20)))
                await wait(10)
        answered = []
        for _ in range(2):  # one was carried into the other's room
            before = [len(listens(satellite)) for satellite in both]
            await wake(Wake(both[0], 0.0, heard(-20)), Wake(both[1], 0.02, heard(-30)))
            await wait(10)
            answered.append([len(listens(s)) - n for s, n in zip(both, before, strict=True)])
        assert answered == [[1, 1], [1, 0]]


@pytest.mark.parametrize("features", [DEFAULT_FEATURES, ("flush", "playback")])
def test_an_answer_goes_on_where_a_call_to_another_satellite_was_faintly_heard(
    features: tuple[str, ...],
) -> None:
    @virtual
    async def run() -> None:
        async with house(Voice(thoughts=answers(LONG))) as h:
            kitchen = await h.add("kitchen-1", "Kitchen", features)
            hall = await h.add("hall-1", "Hall")
            speaker = Speaker(kitchen)
            called = await answering(h, kitchen, 1.0)
            hall.say(pause(500), words("turn on the lamp"))
            kitchen.wake(heard(-50))
            await wait(0.1)
            hall.wake(heard(-20))
            await kitchen.until(lambda: len(h.turns) == 2)
            turns = {turn.satellite: (turn.outcome, turn.heard) for turn in h.turns}
            assert turns == {"kitchen-1": ("answered", LONG + " "), "hall-1": ("answered", "Done.")}
            [(held, went_on)] = speaker.gaps(called)
            assert held - called <= 0.05
            assert went_on - held <= WINDOW_S + 0.05
            assert len(stood_down(kitchen)) == 1

    run()


@virtual
async def test_a_model_thinks_on_where_a_call_to_another_satellite_was_faintly_heard() -> None:
    async with house(Voice(thoughts=lambda _: [(2.0, "Yes.")])) as h:
        kitchen, hall = await satellites(h, 2)
        await kitchen.ask("what is it")
        await kitchen.until(lambda: kitchen.satellite.state is State.THINKING)
        await wake(Wake(kitchen, 0.0, heard(-50)), Wake(hall, 0.0, heard(-20)))
        await kitchen.until(lambda: bool(h.turns))
        assert (h.turns[0].satellite, h.turns[0].outcome) == ("sat-0", "answered")


@virtual
async def test_a_lone_satellite_is_called_anew_without_delay() -> None:
    async with house(Voice(thoughts=answers(LONG))) as h:
        satellite = await h.add()
        called = await answering(h, satellite, 1.0)
        satellite.wake(heard(-20))
        await satellite.until(lambda: len(listens(satellite)) == 2)
        assert listens(satellite)[1] - called <= 0.03
        assert h.turns[0].outcome == "cancelled"
