"""More of a sentence after the hub has begun to answer, and before anything was done or heard."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from hub.conversation.barge_in import BargeIn, Interruption, Verdict
from hub.conversation.mind import Thought
from hub.rooms.house import FollowUp, FollowUps
from protocol.sotto_messages import Flush
from satellite.state import State
from tests.conversations.heard import LONG, Speaker, Voice, answers, speak, virtual, wait
from tests.virtual_house import Engines, house, noise, now, pause, words


def slow(_: Thought) -> list[tuple[float, str]]:
    return [(1.5, "Yes.")]


@virtual
async def test_a_cough_while_the_model_thinks_costs_nothing_but_time() -> None:
    async with house(Voice(thoughts=slow)) as h:
        satellite = await h.add()
        await satellite.ask("what is it")
        await satellite.until(lambda: bool(h.engines.asked))
        await wait(0.5)
        satellite.say(noise(400))
        await satellite.at_rest()
        assert h.history() == [("user", "what is it"), ("assistant", "Yes.")]
        assert [turn.outcome for turn in h.turns] == ["answered"]


@virtual
async def test_an_okay_while_the_model_thinks_is_no_turn_of_its_own() -> None:
    async with house(Voice(thoughts=slow)) as h:
        satellite = await h.add()
        await satellite.ask("what is it")
        await satellite.until(lambda: bool(h.engines.asked))
        await wait(0.5)
        satellite.say(words("okay"))
        await satellite.at_rest()
        assert [turn.outcome for turn in h.turns] == ["answered"]
        assert h.history() == [("user", "what is it okay"), ("assistant", "Yes.")]


@virtual
async def test_a_stop_while_the_model_thinks_ends_the_turn_without_an_answer() -> None:
    async with house(Voice(thoughts=slow)) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await satellite.ask("what is it")
        await satellite.until(lambda: bool(h.engines.asked))
        await wait(0.5)
        began = await speak(satellite, words("stop"))
        over_at = await satellite.at_rest()
        await wait(5)
        assert over_at <= began + 1.5
        assert speaker.sounds() == []
        assert h.engines.thinking == 0


@virtual
async def test_the_model_is_asked_once_more_with_the_whole_sentence_and_answers_that() -> None:
    async with house(Voice(thoughts=slow)) as h:
        satellite = await h.add()
        await satellite.ask("what is it")
        await satellite.until(lambda: bool(h.engines.asked))
        await wait(0.5)
        satellite.say(words("and where"))
        await satellite.at_rest()
        assert h.engines.asked[-1].messages == (("user", "what is it and where"),)
        assert [text for _, text in h.engines.spoken] == ["Yes."]
        assert h.turns[0].answer == "Yes."


@virtual
async def test_an_act_is_not_done_twice_when_somebody_goes_on_talking() -> None:
    async with house(Voice(thoughts=answers("Yes."), act_s=1.0)) as h:
        satellite = await h.add()
        await satellite.ask("turn on the lamp")
        await satellite.until(lambda: bool(h.engines.acts))
        satellite.say(words("in the evening"))
        await satellite.at_rest()
        await wait(2)
        assert len(h.engines.acts) == 1
        assert [turn.outcome for turn in h.turns] == ["interrupted", "answered"]


@virtual
async def test_who_goes_on_in_the_moment_in_which_the_turn_is_over_does_not_keep_it_open() -> None:
    async with house(Voice(), follow_ups=FollowUps(FollowUp.ALWAYS)) as h:
        satellite = await h.add()
        await satellite.ask("turn on the lamp")
        await satellite.until(lambda: len(h.turns) == 1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BargeIn, "watch", _goes_on)
            satellite.say(pause(500), words("tell me more"))
            await satellite.until(lambda: len(h.turns) == 2)
            await asyncio.sleep(0.1)
        assert h.turns[1].outcome == "nothing-heard"
        assert satellite.satellite.state is State.IDLE


async def _goes_on(_: BargeIn) -> Interruption:
    return Interruption(Verdict.REOPENED, 0.0)


@virtual
async def test_a_turn_in_which_a_model_has_used_a_tool_is_not_reopened() -> None:
    class Doing(Engines):
        def think(self, thought: Thought) -> AsyncIterator[str] | None:
            self.asked.append(thought)
            return self._do(thought)

        async def _do(self, thought: Thought) -> AsyncIterator[str]:
            await thought.committed.wait()
            thought.acted.set()
            self.acts.append((now(), "tool"))
            await asyncio.sleep(2.0)
            yield "It is done."

    async with house(Doing()) as h:
        satellite = await h.add()
        await satellite.ask("what is it")
        await satellite.until(lambda: bool(h.engines.acts))
        satellite.say(words("and the kitchen too"))
        await satellite.at_rest()
        assert len(h.engines.acts) == len(h.turns) == 2, "one tool a turn: none was used twice"
        assert h.turns[0].outcome == "interrupted"


@virtual
async def test_a_tool_that_begins_as_the_turn_is_about_to_be_reopened_is_used_once() -> None:
    goes_on = asyncio.Event()

    class Doing(Engines):
        def think(self, thought: Thought) -> AsyncIterator[str] | None:
            return self._do(thought)

        async def _do(self, thought: Thought) -> AsyncIterator[str]:
            await thought.committed.wait()
            await goes_on.wait()
            thought.acted.set()
            self.acts.append((now(), "tool"))
            await asyncio.sleep(2.0)
            yield "It is done."

    async def goes_on_once(barge_in: BargeIn) -> Interruption:
        if goes_on.is_set():
            await asyncio.Event().wait()
        await asyncio.sleep(0.5)
        goes_on.set()
        return Interruption(Verdict.REOPENED, 2000.0)

    async with house(Doing()) as h:
        satellite = await h.add()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BargeIn, "watch", goes_on_once)
            await satellite.ask("what is it")
            await satellite.until(lambda: len(h.turns) == 2)
        assert len(h.engines.acts) == 1
        assert [turn.outcome for turn in h.turns] == ["interrupted", "nothing-heard"]


@virtual
async def test_an_answer_that_sounds_as_the_turn_is_about_to_be_reopened_falls_silent() -> None:
    async def goes_on_at_the_first_sound(barge_in: BargeIn) -> Interruption:
        while barge_in._playout.started_at is None:
            await asyncio.sleep(0)
        return Interruption(Verdict.REOPENED, 2000.0)

    async with house(Voice(thoughts=answers(LONG))) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BargeIn, "watch", goes_on_at_the_first_sound)
            await satellite.ask("what is it")
            await satellite.until(lambda: len(h.turns) == 2)
        assert h.turns[0].outcome == "interrupted"
        assert len(satellite.sent(Flush)) == 1
        assert sum(end - start for start, end in speaker.sounds()) < 0.1
