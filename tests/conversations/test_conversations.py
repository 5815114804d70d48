"""Conversations: listening on after an answer, moving to another room, joining by text."""

import asyncio

import pytest

from hub.conversation.attempt import Setting
from hub.conversation.mind import Thought
from hub.conversation.written import WrittenTurn
from hub.origin import Origin
from hub.rooms.house import FollowUp, FollowUps
from protocol.sotto_messages import Listen, Playback
from satellite import events
from satellite.state import State
from tests.conversations.heard import (
    FRAME_S,
    LONG,
    Speaker,
    Voice,
    answering,
    answers,
    asked,
    speak,
    virtual,
    wait,
)
from tests.virtual_house import VirtualSatellite, house, noise, now, pause, words

WINDOW_S = 7.0
QUESTION = "Which one do you mean?"
STATEMENT = "It is the red one."


def finished_at(satellite: VirtualSatellite) -> list[float]:
    """Watch a satellite; the list gets the times at which it reports the end of playback."""
    times: list[float] = []

    def watch(message: object) -> list[object]:
        if isinstance(message, Playback) and message.finished:
            times.append(now())
        return [message]

    satellite.filter = watch  # type: ignore[assignment]
    return times


@pytest.mark.parametrize(
    ("when", "answer", "listens"),
    [
        (FollowUp.QUESTION, QUESTION, True),
        (FollowUp.QUESTION, STATEMENT, False),
        (FollowUp.ALWAYS, QUESTION, True),
        (FollowUp.ALWAYS, STATEMENT, True),
        (FollowUp.NEVER, QUESTION, False),
        (FollowUp.NEVER, STATEMENT, False),
    ],
)
def test_the_hub_listens_on_after_a_question_or_always_or_never(
    when: FollowUp, answer: str, listens: bool
) -> None:
    @virtual
    async def run() -> None:
        async with house(Voice(thoughts=answers(answer)), follow_ups=FollowUps(when)) as h:
            satellite = await h.add()
            await asked(h, satellite)
            await wait(0.5)
            assert (satellite.satellite.state is State.LISTENING) is listens
            assert len(satellite.sent(Listen)) == 1 + listens

    run()


@virtual
async def test_the_microphone_opens_only_after_playback_has_ended() -> None:
    async with house(Voice(thoughts=answers(QUESTION))) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        finished = finished_at(satellite)
        await asked(h, satellite)
        await satellite.until(lambda: len(satellite.sent(Listen)) == 2)
        assert finished
        assert satellite.sent(Listen)[1][0] >= finished[0] >= speaker.sounds()[-1][1]
        assert satellite.sent(Listen)[1][0] <= speaker.sounds()[-1][1] + 2 * FRAME_S
        opened = [e.at for e in satellite.events if isinstance(e, events.Listening)]
        assert opened[1] >= finished[0]


@virtual
async def test_nobody_is_listened_to_who_did_not_hear_the_question_to_its_end() -> None:
    async with house(Voice(thoughts=answers(QUESTION))) as h:
        satellite = await h.add()
        satellite.filter = lambda m: [] if isinstance(m, Playback) else [m]
        await satellite.ask("what is it")
        await satellite.until(lambda: bool(h.turns))
        await wait(1)
        assert len(satellite.sent(Listen)) == 1


@virtual
async def test_the_window_of_a_follow_up_ends_silently() -> None:
    async with house(Voice(thoughts=answers(QUESTION))) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await asked(h, satellite)
        await satellite.until(lambda: len(satellite.sent(Listen)) == 2)
        opened_at = now()
        over_at = await satellite.at_rest()
        assert over_at == pytest.approx(opened_at + WINDOW_S, abs=2 * FRAME_S)
        await wait(3)
        assert [turn.outcome for turn in h.turns] == ["answered", "nothing-heard"]
        assert speaker.sounds(opened_at) == []
        assert h.history() == [("user", "what is it"), ("assistant", QUESTION + " ")]


@virtual
async def test_the_window_of_a_follow_up_can_be_set() -> None:
    follow_ups = FollowUps(FollowUp.QUESTION, window_ms=2000)
    async with house(Voice(thoughts=answers(QUESTION)), follow_ups=follow_ups) as h:
        satellite = await h.add()
        await asked(h, satellite)
        await satellite.until(lambda: len(satellite.sent(Listen)) == 2)
        opened_at = now()
        assert await satellite.at_rest() == pytest.approx(opened_at + 2.0, abs=2 * FRAME_S)


@virtual
async def test_sound_without_words_in_a_follow_up_is_let_pass_silently() -> None:
    async with house(Voice(thoughts=answers(QUESTION))) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await asked(h, satellite)
        await satellite.until(lambda: len(satellite.sent(Listen)) == 2)
        began = await speak(satellite, pause(500), noise(900))
        await satellite.at_rest()
        await wait(3)
        assert h.turns[1].outcome == "nothing-heard"
        assert speaker.sounds(began) == []
        assert len(h.history()) == 2


@virtual
async def test_side_talk_that_nobody_understands_is_let_pass_silently() -> None:
    engines = Voice(commands={"turn on the lamp": QUESTION})
    async with house(engines) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await asked(h, satellite, "turn on the lamp")
        await satellite.until(lambda: len(satellite.sent(Listen)) == 2)
        began = await speak(satellite, pause(500), words("pass me the salt"))
        await satellite.at_rest()
        await wait(3)
        assert h.turns[1].outcome == "nothing-heard"
        assert speaker.sounds(began) == []


@virtual
async def test_a_yes_in_a_follow_up_reaches_the_model() -> None:
    async with house(Voice(thoughts=answers(QUESTION, STATEMENT))) as h:
        satellite = await h.add()
        await asked(h, satellite)
        await satellite.until(lambda: len(satellite.sent(Listen)) == 2)
        satellite.say(pause(500), words("yes"))
        await satellite.at_rest()
        assert h.engines.asked[-1].messages == (
            ("user", "what is it"),
            ("assistant", QUESTION),
            ("user", "yes"),
        )
        assert h.history()[2:] == [("user", "yes"), ("assistant", STATEMENT + " ")]


@virtual
async def test_after_the_idle_limit_a_new_conversation_begins() -> None:
    async with house(Voice(thoughts=answers(STATEMENT)), idle_limit_s=30) as h:
        satellite = await h.add()
        await asked(h, satellite)
        first = h.conversation().id
        await asyncio.sleep(25)
        await asked(h, satellite, "and the weather")
        assert h.conversation().id == first
        assert len(h.engines.asked[1].messages) == 3
        await asyncio.sleep(35)
        await asked(h, satellite, "and the time")
        assert h.conversation().id != first
        assert list(h.engines.asked[2].messages) == [("user", "and the time")]


@virtual
async def test_a_long_answer_does_not_count_as_idle() -> None:
    longer = " ".join(["word"] * 40)
    async with house(Voice(thoughts=answers(longer)), idle_limit_s=8) as h:
        satellite = await h.add()
        await asked(h, satellite)
        assert now() > 12
        await satellite.ask("and the weather")
        await satellite.until(lambda: len(h.engines.asked) == 2)
        assert len(h.engines.asked[-1].messages) == 3


@virtual
async def test_who_speaks_in_another_room_does_not_end_a_conversation_in_a_long_answer() -> None:
    longer = " ".join(["word"] * 40)
    async with house(Voice(thoughts=answers(longer)), idle_limit_s=8) as h:
        kitchen, bedroom = await h.add(), await h.add("bed-1", "Bedroom")
        await answering(h, kitchen, 9.0)
        await asked(h, bedroom, "turn on the lamp")
        await kitchen.at_rest()
        assert [role for role, _ in h.history()] == ["user", "assistant"]


@virtual
async def test_each_room_and_each_person_has_a_conversation_of_its_own() -> None:
    async with house(Voice(thoughts=answers(STATEMENT))) as h:
        kitchen, bedroom = await h.add(), await h.add("bed-1", "Bedroom")
        await asked(h, kitchen)
        await asked(h, bedroom, "and the weather")
        assert h.engines.asked[-1].messages == (("user", "and the weather"),)
        assert [text for _, text in h.history("Kitchen")] == ["what is it", STATEMENT + " "]
        conversations = h.house.conversations
        assert len({conversations.here("Kitchen", who).id for who in (None, "Ann", "Bob")}) == 3
        assert conversations.here("Kitchen", "Ann") is conversations.here("Kitchen", "Ann")


@virtual
async def test_two_satellites_of_a_room_share_its_conversation() -> None:
    async with house(Voice(thoughts=answers(STATEMENT))) as h:
        one, other = await h.add(), await h.add("kitchen-2")
        await asked(h, one)
        await asked(h, other, "and the weather")
        assert len(h.engines.asked[-1].messages) == 3


@virtual
async def test_a_conversation_by_voice_is_joined_by_text_and_goes_on_by_voice() -> None:
    async with house(Voice(thoughts=answers(LONG, STATEMENT))) as h:
        satellite = await h.add()
        await answering(h, satellite, 1.0)
        satellite.say(words("stop"))
        await satellite.at_rest()
        joined = h.house.conversations.join(h.conversation().id)
        assert joined is not None
        setting = Setting(Origin("Kitchen", "en"))
        written = WrittenTurn(99, h.engines, joined, setting, now)
        assert [part async for part in written.answer("and then")] == [
            f"{word} " for word in STATEMENT.split()
        ]
        by_text = h.engines.asked[-1].messages
        assert by_text[:2] == (("user", "what is it"), ("assistant", "one two three four—"))
        assert by_text[2][1].endswith("and then")
        await asked(h, satellite, "thank you for that")
        assert [content for _, content in h.engines.asked[-1].messages][3:] == [
            STATEMENT,
            "thank you for that",
        ]


@virtual
async def test_who_stops_reading_has_read_no_more() -> None:
    def think(_: Thought) -> list[tuple[float, str]]:
        return [(0.1, "One "), (0.1, "two "), (0.1, "three.")]

    async with house(Voice(thoughts=think)) as h:
        await h.add()
        written = WrittenTurn(
            99, h.engines, h.conversation(), Setting(Origin("Kitchen", "en")), now
        )
        parts = written.answer("count")
        assert await anext(parts) == "One "
        await parts.aclose()
        assert h.history() == [("user", "count"), ("assistant", "One ")]
        assert h.conversation().history.prompt("on")[1] == ("assistant", "One—")
        assert h.house.conversations.join("c99") is None
