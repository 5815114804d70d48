"""What begins before it is sure that the sentence is over, and what becomes of it if it is not."""

import asyncio
from collections.abc import Iterable

import pytest

from hub.conversation.endpoint import Rules
from hub.conversation.listening import TENTATIVE_MS
from hub.conversation.mind import Thought
from hub.conversation.turn import Manner
from hub.engines.base import Transcript, Utterance
from protocol.wyoming_audio import AudioStart, VoiceStopped
from protocol.wyoming_speech import Synthesize
from tests.conversations.scenes import (
    FRAME_S,
    Detector,
    ask,
    commits,
    ends,
    next_turn_works,
    sent_ms,
    tell,
    texts,
    tokens,
    virtual,
)
from tests.virtual_house import VOICE_WORD_MS, Engines, house, now, pause, words

FIRST = "You said it, I heard it. "
SECOND = "That is all there is."


def echo(thought: Thought) -> Iterable[tuple[float, str]]:
    """Answer with the person's own words."""
    return tokens(f"You said {thought.messages[-1][1]} indeed. {SECOND}", 0.01, 0.05)


def slow(first_s: float) -> Engines:
    return Engines(thoughts=lambda _: [(first_s, FIRST), (0.05, SECOND)])


@virtual
async def test_all_that_can_be_taken_back_begins_before_the_commit() -> None:
    engines = Engines(thoughts=echo)
    async with house(engines, detector=Detector(0.2)) as h:
        sat = await h.add()
        ended = await ask(sat, "tell me more")
        await ends(sat)
        commit = commits(sat)[0]
        assert commit - ended > 1.0
        transcribing = engines.heard[0][0]
        tentative_s = TENTATIVE_MS / 1000
        assert tentative_s <= transcribing - ended <= tentative_s + FRAME_S + 0.001
        assert transcribing + 0.05 == pytest.approx(h_intent_at(h.turns[0], sat), abs=0.001)
        first_spoken, second_spoken = (at for at, _ in engines.spoken)
        assert first_spoken - transcribing < 0.3
        assert first_spoken < commit <= second_spoken
        # The first sound was ready: it goes out with the commit.
        assert sat.audio_times[0] == pytest.approx(commit, abs=0.002)


def h_intent_at(turn: object, sat: object) -> float:
    stages = {stage.name: stage for stage in turn.stages}  # type: ignore[attr-defined]
    return float(stages["intent"].start_ms) / 1000


@virtual
async def test_nothing_is_done_shown_or_heard_before_the_commit() -> None:
    async with house(Engines(thoughts=echo), detector=Detector(0.0)) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await sat.until(lambda: len(h.engines.spoken) == 1)
        await ends(sat)
        commit = commits(sat)[0]
        for kind in (Synthesize, AudioStart):
            assert sat.sent(kind)[0][0] >= commit
        assert sat.audio_times[0] >= commit
        await ask(sat, "turn on the lamp")
        await ends(sat)
        assert h.engines.acts[0][0] >= commits(sat)[1]


@virtual
async def test_a_model_that_uses_tools_is_told_when_the_person_has_finished() -> None:
    committed_at: list[float] = []

    async def watch(thought: Thought) -> None:
        await thought.committed.wait()
        committed_at.append(now())

    watching: list[asyncio.Task[None]] = []

    def think(thought: Thought) -> Iterable[tuple[float, str]]:
        watching.append(asyncio.create_task(watch(thought)))
        return tokens(FIRST + SECOND)

    async with house(Engines(thoughts=think), detector=Detector(0.0, 1.0)) as h:
        sat = await h.add()
        await ask(sat, "tell me", pause(900), "a story")
        await ends(sat)
        assert len(watching) == 2
        assert committed_at == [pytest.approx(commits(sat)[0], abs=0.002)]
        assert not watching[0].done()
        watching[0].cancel()


@virtual
async def test_new_speech_drops_what_was_begun_everywhere() -> None:
    def endless(thought: Thought) -> Iterable[tuple[float, str]]:
        more = [] if "story" in thought.messages[-1][1] else [(60.0, " And so on.")]
        return [*echo(thought), *more]

    engines = Engines(thoughts=endless)
    async with house(engines, detector=Detector(0.0, 1.0)) as h:
        sat = await h.add()
        ended = asyncio.create_task(ask(sat, "tell me", pause(900), "a story"))
        await sat.until(lambda: len(engines.spoken) == 1)
        assert engines.thinking == 1
        dropped = engines.spoken[0][1]
        await ended
        # Two frames of new speech are enough to notice it.
        again = ended.result() - 2 * 0.32
        gone = await sat.until(lambda: engines.thinking == 0)
        assert again <= gone <= again + 3 * FRAME_S
        await ends(sat)
        assert engines.thinking == 0
        assert dropped == "You said tell me indeed."
        assert texts(engines.spoken) == [dropped, "You said tell me a story indeed.", SECOND]
        assert sent_ms(sat) == 12 * VOICE_WORD_MS
        shown = [m.text for _, m in sat.sent(Synthesize) if isinstance(m, Synthesize)]
        assert "".join(shown) == f"You said tell me a story indeed. {SECOND}"
        turn = h.turns[0]
        assert turn.transcript == "tell me a story"
        assert turn.answer == turn.heard == f"You said tell me a story indeed. {SECOND}"
        assert h.history() == [("user", "tell me a story"), ("assistant", turn.answer)]
        assert turn.details["tries"] == 2
        assert turn.details["thoughts"] == 2


@virtual
async def test_after_three_thoughts_the_rest_is_thought_after_the_commit() -> None:
    engines = Engines(thoughts=echo)
    async with house(engines, detector=Detector(0.0)) as h:
        sat = await h.add()
        said = ("one", pause(700), "two", pause(700), "three", pause(700), "four", pause(700), "go")
        await ask(sat, *said)
        await ends(sat)
        assert len(engines.asked) == 4
        assert [t.messages[-1][1] for t in engines.asked][-1] == "one two three four go"
        turn = h.turns[0]
        assert (turn.details["tries"], turn.details["thoughts"]) == (5, 3)
        assert turn.transcript == "one two three four go"
        assert h.history()[-1][1] == f"You said one two three four go indeed. {SECOND}"
        assert engines.thinking == 0
        await next_turn_works(h, sat)


@virtual
async def test_a_command_is_done_once_however_often_it_was_tried() -> None:
    commands = {"turn on the lamp": "Done.", "turn on": "All on."}
    async with house(Engines(commands=commands)) as h:
        sat = await h.add()
        # 150 ms is long enough to try "turn on", and too short to take it for all.
        await ask(sat, "turn on", pause(150), "the lamp")
        await ends(sat)
        assert h.turns[0].details["tries"] == 2
        assert texts(h.engines.acts) == ["turn on the lamp"]
        assert texts(h.engines.spoken) == ["Done."]


@virtual
async def test_the_record_tells_how_far_ahead_the_work_was() -> None:
    async with house(Engines(thoughts=echo), detector=Detector(0.5)) as h:
        sat = await h.add()
        ended = await ask(sat, "tell me more")
        await ends(sat)
        details = h.turns[0].details
        began = h.engines.heard[0][0]
        assert details["ahead_ms"] == pytest.approx((commits(sat)[0] - began) * 1000, abs=1)
        assert details["ahead_ms"] > 500
        assert details["paid"] is True
        assert (details["tries"], details["thoughts"]) == (1, 1)
        assert commits(sat)[0] - ended == pytest.approx(0.69, abs=FRAME_S + 0.001)


@virtual
async def test_a_recogniser_that_is_not_ready_yet_was_not_ahead() -> None:
    async with house(Engines(transcribe_s=1.15)) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        await ends(sat)
        assert h.turns[0].details["ahead_ms"] == 0
        assert h.turns[0].details["paid"] is False
        assert h.turns[0].outcome == "answered"


class Stubborn(Engines):
    """A recogniser that can not be stopped: its first answer comes late."""

    async def transcribe(self, utterance: Utterance) -> Transcript:
        if self.heard:
            return await super().transcribe(utterance)
        late = asyncio.create_task(self._late(await super().transcribe(utterance)))
        try:
            return await asyncio.shield(late)
        except asyncio.CancelledError:
            return await late

    async def _late(self, transcript: Transcript) -> Transcript:
        await asyncio.sleep(1.0)
        return transcript


@virtual
async def test_a_dropped_try_whose_recogniser_answers_late_changes_nothing() -> None:
    engines = Stubborn(commands={"turn on": "All on.", "turn on the lamp": "Done."})
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "turn on", pause(180), "the lamp")
        await ends(sat)
        await sat.until(lambda: now() > 6)
        assert texts(engines.acts) == ["turn on the lamp"]
        assert h.turns[0].transcript == "turn on the lamp"
        assert h.history() == [("user", "turn on the lamp"), ("assistant", "Done.")]
        await next_turn_works(h, sat)


@virtual
async def test_who_goes_on_before_anything_was_said_is_answered_as_a_whole() -> None:
    engines = Engines(
        thoughts=lambda thought: (
            [(3.0, FIRST)] if len(thought.messages[-1][1].split()) < 4 else [(0.1, SECOND)]
        )
    )
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        await ask(sat, "tell me", pause(1500), "a story")
        await sat.until(lambda: bool(commits(sat)))
        await ends(sat)
        assert len(commits(sat)) == 2
        assert len(h.turns) == 1
        assert engines.asked[-1].messages == (("user", "tell me a story"),)
        assert h.turns[0].transcript == "tell me a story"
        assert h.turns[0].answer == h.turns[0].heard == SECOND
        assert h.history() == [("user", "tell me a story"), ("assistant", SECOND)]
        assert texts(engines.spoken) == [SECOND]
        assert engines.thinking == 0


@virtual
async def test_who_goes_on_late_is_listened_to_as_long_as_before() -> None:
    engines = Engines(thoughts=lambda _: [(5.0, SECOND)])
    rules = Rules(max_ms=4000)
    async with house(engines, manner=Manner(rules), detector=Detector(1.0)) as h:
        sat = await h.add()
        # Between the first word and the last there is more than the longest sentence.
        await ask(sat, "tell me all", pause(3500), "about your new home")
        await sat.until(lambda: len(h.turns) == 1)
        assert h.turns[0].transcript == "tell me all about your new home"
        assert h.turns[0].details["ending"] == "silence"
        assert len(commits(sat)) == 2
        assert h.history() == [("user", "tell me all about your new home"), ("assistant", SECOND)]


@virtual
async def test_talk_that_does_not_end_does_not_keep_a_turn_open_for_ever() -> None:
    engines = Engines(thoughts=lambda _: [(5.0, SECOND)])
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        for number in range(8):
            sound = f"word number {number} is said", pause(1000)
            await (ask(sat, *sound) if not number else tell(sat, words(sound[0]), sound[1]))
        await sat.until(lambda: len(h.turns) >= 1)
        # The first sentence, and three times more of it.
        assert len((h.turns[0].transcript or "").split()) == 4 * 5
        stops = [stop.turn for _, stop in sat.sent(VoiceStopped) if isinstance(stop, VoiceStopped)]
        assert stops.count(1) == 4


@virtual
async def test_a_model_that_was_asked_after_the_commit_is_closed_when_the_person_goes_on() -> None:
    engines = Engines(thoughts=lambda _: [(2.0, FIRST)])
    async with house(engines, detector=Detector(0.0, 0.0, 0.0, 1.0)) as h:
        sat = await h.add()
        said = ("one", pause(600), "two", pause(600), "three", pause(600), "four")
        await ask(sat, *said)
        await sat.until(lambda: len(commits(sat)) == 1)
        await sat.until(lambda: engines.thinking == 1)
        assert len(engines.asked) == 4
        ended = await tell(sat, pause(320), words("five"))
        await sat.until(lambda: engines.thinking == 0)
        assert now() <= ended
        await ends(sat)
        assert len(h.turns) == 1
        assert engines.asked[-1].messages == (("user", "one two three four five"),)
        assert h.history() == [("user", "one two three four five"), ("assistant", FIRST)]


@virtual
async def test_what_is_said_after_a_command_was_done_does_not_undo_it() -> None:
    async with house(Engines(act_s=2.0, thoughts=echo)) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp", pause(600), "in the kitchen")
        await ends(sat)
        await sat.until(lambda: now() > 6)
        await ends(sat)
        assert texts(h.engines.acts) == ["turn on the lamp"]
        assert h.turns[0].transcript == "turn on the lamp"
        assert all(turn.transcript != "turn on the lamp in the kitchen" for turn in h.turns)
        await next_turn_works(h, sat)
