"""A turn goes on in the language that was spoken."""

import pytest

from hub.engines.base import Transcript
from satellite.state import Trigger
from tests.conversations.scenes import LEAD_MS, ask, ends, tell, virtual
from tests.virtual_house import Engines, house, pause, words

FRENCH = "raconte une histoire"


def hear(text: str) -> Transcript:
    return Transcript(text, "fr" if text == FRENCH else "en")


@virtual
async def test_an_answer_is_thought_and_spoken_in_the_language_that_was_heard() -> None:
    engines = Engines(hear=hear, thoughts=lambda _: [(0.1, "Il était une fois.")])
    async with house(engines) as running:
        sat = await running.add()
        await ask(sat, FRENCH)
        await ends(sat)
        assert [thought.origin.language for thought in engines.asked] == ["fr"]
        assert [request.language for request in engines.requests] == ["fr"]
        assert running.turns[0].language == "fr"


@virtual
async def test_the_next_sentence_of_a_conversation_is_expected_in_the_same_language() -> None:
    engines = Engines(hear=hear, thoughts=lambda _: [(0.1, "Oui.")])
    async with house(engines) as running:
        sat = await running.add()
        await ask(sat, FRENCH)
        await ends(sat)
        await ask(sat, "tell me more")
        await ends(sat)
        expected = [utterance.language for utterance in engines.utterances]
        assert expected[0] == "en"
        assert "fr" in expected
        assert running.turns[1].language == "en"


@virtual
async def test_an_apology_is_in_the_language_of_the_turn() -> None:
    engines = Engines(hear=hear)
    async with house(engines) as running:
        sat = await running.add()
        await ask(sat, FRENCH)
        await ends(sat)
        assert running.turns[0].outcome == "not-understood"
        assert engines.remarks == [("not-understood", "fr")]
        assert [request.language for request in engines.requests] == ["fr"]


@virtual
async def test_rooms_and_people_are_answered_in_their_own_voice() -> None:
    engines = Engines()
    async with house(engines) as running:
        running.house.voice = lambda area, person, language: f"{person or area}-{language}"
        kitchen = await running.add()
        study = await running.add("study-1", "Study", person="Anna")
        for sat in (kitchen, study):
            await ask(sat, "turn on the lamp")
            await ends(sat)
        assert [request.voice for request in engines.requests] == ["Kitchen-en", "Anna-en"]


@virtual
async def test_two_people_in_one_room_have_conversations_of_their_own() -> None:
    engines = Engines(thoughts=lambda _: [(0.1, "Indeed.")])
    async with house(engines) as running:
        for name, person in (("a", "Anna"), ("b", "Ben")):
            sat = await running.add(name, "Study", person=person)
            await ask(sat, f"i am {person.lower()}")
            await ends(sat)
        conversations = running.house.conversations
        said = {
            person: [m.text for m in conversations.here("Study", person).history]
            for person in ("Anna", "Ben")
        }
        assert [thought.origin.person for thought in engines.asked] == ["Anna", "Ben"]
        assert said == {"Anna": ["i am anna", "Indeed."], "Ben": ["i am ben", "Indeed."]}


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", "fr"), ("it", "en"), (None, "en")], ids=str
)
@virtual
async def test_a_wake_word_can_have_a_language_of_its_own(
    language: str | None, expected: str
) -> None:
    engines = Engines(thoughts=lambda _: [(0.1, "Oui.")])
    async with house(engines, languages=("en", "fr")) as running:
        sat = await running.add()
        sat.wake(Trigger("wake-word", wake_word="hey_jarvis", score=0.9, language=language))
        await tell(sat, pause(LEAD_MS), words("what now"))
        await ends(sat)
        assert engines.utterances[0].language == expected
