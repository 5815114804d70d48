"""A conversation that is sent to another room."""

from hub.engines.base import EngineError
from protocol.sotto_messages import Listen
from protocol.wyoming_audio import AudioChunk
from satellite.state import State
from tests.conversations.heard import (
    LONG,
    Speaker,
    Voice,
    answering,
    answers,
    asked,
    virtual,
    wait,
)
from tests.virtual_house import house, now, pause, words

STATEMENT = "It is the red one."


@virtual
async def test_a_conversation_goes_on_in_the_room_it_is_sent_to() -> None:
    async with house(Voice(thoughts=answers(LONG, STATEMENT))) as h:
        hall, kitchen = await h.add("hall-1", "Hall"), await h.add()
        speaker = Speaker(kitchen)
        await answering(h, hall, 1.0)
        hall.say(words("continue in the kitchen"))
        await kitchen.speaking()
        assert hall.silent
        await kitchen.until(lambda: len(kitchen.sent(Listen)) == 2)
        rest = LONG.removeprefix("one two three four ")
        assert h.engines.spoken[-1][1] == rest, "what was not heard in the hall"
        assert speaker.sounds()[-1][1] <= kitchen.sent(Listen)[-1][0]
        assert hall.sent(AudioChunk)[-1][0] < kitchen.sent(AudioChunk)[0][0]
        kitchen.say(pause(500), words("and the weather"))
        await kitchen.at_rest()
        asked_with = h.engines.asked[-1].messages
        assert asked_with[0] == ("user", "what is it")
        assert asked_with[-1][1].endswith("and the weather")
        assert h.history("Kitchen")[0] == ("user", "what is it")
        assert h.history("Kitchen")[-1] == ("assistant", STATEMENT + " ")
        assert h.history("Hall") == []
        assert hall.satellite.state is State.IDLE


@virtual
async def test_what_was_heard_in_two_rooms_is_remembered_once() -> None:
    async with house(Voice(thoughts=answers(LONG, STATEMENT))) as h:
        hall, kitchen = await h.add("hall-1", "Hall"), await h.add()
        await answering(h, hall, 1.0)
        hall.say(words("continue in the kitchen"))
        await kitchen.until(lambda: len(kitchen.sent(Listen)) == 2)
        said = " ".join(text for role, text in h.history("Kitchen") if role == "assistant")
        assert said.split() == LONG.split()


@virtual
async def test_a_conversation_moves_without_an_answer_left_to_say() -> None:
    async with house(Voice(thoughts=answers(STATEMENT))) as h:
        hall, kitchen = await h.add("hall-1", "Hall"), await h.add()
        await asked(h, hall)
        await asked(h, hall, "continue in the kitchen")
        assert h.turns[1].outcome == "handed-over"
        await kitchen.until(lambda: len(kitchen.sent(Listen)) == 2)
        assert h.engines.spoken[-1][1] == "Sorry here."
        assert [text for _, text in h.history("Kitchen")][:2] == ["what is it", STATEMENT + " "]


@virtual
async def test_a_conversation_stays_where_it_is_when_the_other_room_has_no_satellite() -> None:
    async with house(Voice(thoughts=answers(STATEMENT))) as h:
        hall = await h.add("hall-1", "Hall")
        speaker = Speaker(hall)
        await asked(h, hall)
        began = now()
        await asked(h, hall, "continue in the attic")
        await hall.until(lambda: len(h.turns) == 3)
        assert h.engines.spoken[-1][1] == "Sorry no-room."
        assert speaker.sounds(began)
        await hall.at_rest()
        await asked(h, hall, "and the weather")
        assert h.engines.asked[-1].messages[0] == ("user", "what is it")


@virtual
async def test_a_conversation_sent_to_the_room_that_it_is_in_goes_on_there() -> None:
    async with house(Voice(thoughts=answers(LONG, STATEMENT))) as h:
        kitchen = await h.add()
        await answering(h, kitchen, 1.0)
        kitchen.say(words("continue in the kitchen"))
        await kitchen.until(lambda: len(kitchen.sent(Listen)) == 4)
        said = " ".join(text for role, text in h.history() if role == "assistant")
        assert said.split() == LONG.split()


@virtual
async def test_the_rest_of_an_answer_is_interrupted_in_the_other_room_as_well() -> None:
    async with house(Voice(thoughts=answers(LONG, STATEMENT))) as h:
        hall, kitchen = await h.add("hall-1", "Hall"), await h.add()
        await answering(h, hall, 0.6)
        hall.say(words("continue in the kitchen"))
        await kitchen.speaking()
        await wait(0.6)
        speaker_silent = now() + 0.38
        kitchen.say(words("turn on the lamp"))
        await kitchen.until(lambda: kitchen.silent)
        assert now() <= speaker_silent
        await kitchen.until(lambda: bool(h.engines.acts))
        await kitchen.at_rest()
        assert [text for _, text in h.engines.acts] == ["turn on the lamp"]
        said = [text for role, text in h.history("Kitchen") if role == "assistant"]
        assert " ".join(said[:2]).split() == LONG.split()[:6]


@virtual
async def test_what_is_said_while_the_other_room_begins_to_speak_is_not_lost() -> None:
    engines = Voice(thoughts=answers(LONG, STATEMENT), synthesize_s=0.8)
    async with house(engines) as h:
        hall, kitchen = await h.add("hall-1", "Hall"), await h.add()
        await answering(h, hall, 0.6)
        hall.say(words("continue in the kitchen"))
        await kitchen.until(lambda: h.turns[-1].outcome == "handed-over" if h.turns else False)
        await wait(0.1)
        kitchen.say(words("turn on the lamp"))
        await kitchen.until(lambda: bool(engines.acts))


@virtual
async def test_a_muted_satellite_speaks_the_rest_of_an_answer() -> None:
    async with house(Voice(thoughts=answers(LONG, STATEMENT))) as h:
        hall, kitchen = await h.add("hall-1", "Hall"), await h.add()
        kitchen.satellite.toggle_mute()
        await answering(h, hall, 0.6)
        hall.say(words("continue in the kitchen"))
        await kitchen.speaking()
        await kitchen.at_rest()
        said = " ".join(text for role, text in h.history("Kitchen") if role == "assistant")
        assert said.split() == LONG.split()


@virtual
async def test_a_satellite_without_barge_in_speaks_the_rest_and_then_listens() -> None:
    async with house(Voice(thoughts=answers(LONG, STATEMENT))) as h:
        hall = await h.add("hall-1", "Hall")
        kitchen = await h.add(features=["flush", "playback"])
        await answering(h, hall, 0.6)
        hall.say(words("continue in the kitchen"))
        await kitchen.until(lambda: bool(kitchen.sent(Listen)))
        assert len(kitchen.sent(Listen)) == 1
        assert kitchen.sent(Listen)[0][0] >= kitchen.sent(AudioChunk)[-1][0]
        kitchen.say(pause(500), words("turn on the lamp"))
        await kitchen.until(lambda: bool(h.engines.acts))


@virtual
async def test_the_other_room_hears_a_sound_where_there_is_no_voice() -> None:
    async def fault(_: int) -> None:
        raise EngineError("engine-failed", "no voice")

    async with house(Voice(tts_fault=fault)) as h:
        hall, kitchen = await h.add("hall-1", "Hall"), await h.add()
        speaker = Speaker(kitchen)
        await hall.ask("continue in the kitchen")
        await kitchen.until(lambda: len(h.turns) == 2)
        await kitchen.at_rest()
        assert [turn.outcome for turn in h.turns] == ["handed-over", "failed"]
        assert speaker.sounds()


@virtual
async def test_what_the_home_knows_by_such_words_is_no_move() -> None:
    async with house(Voice(commands={"go on to the next song": "Done."})) as h:
        hall = await h.add("hall-1", "Hall")
        await asked(h, hall, "go on to the next song")
        assert [(turn.outcome, turn.heard) for turn in h.turns] == [("answered", "Done.")]


@virtual
async def test_a_conversation_stays_where_it_is_while_the_other_room_is_busy() -> None:
    async with house(Voice(thoughts=answers(LONG))) as h:
        hall, kitchen = await h.add("hall-1", "Hall"), await h.add()
        await answering(h, kitchen, 0.2)
        hall.wake()
        hall.say(pause(320), words("continue in the kitchen"))
        await kitchen.until(lambda: len(h.turns) == 3)
        outcomes = [(turn.satellite, turn.outcome, turn.heard) for turn in h.turns]
        assert ("kitchen-1", "answered", LONG + " ") in outcomes
        assert ("hall-1", "answered", "Sorry busy.") in outcomes
        assert h.history("Kitchen") == [("user", "what is it"), ("assistant", LONG + " ")]
        await hall.at_rest()
        hall.wake()
        hall.say(pause(320), words("continue in the kitchen"))
        await kitchen.until(lambda: len(h.turns) == 5)
        assert (h.turns[-1].satellite, h.turns[-1].heard) == ("kitchen-1", "Sorry here.")
