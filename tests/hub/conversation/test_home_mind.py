import asyncio

import pytest

from hub.conversation.home_mind import HomeMind
from hub.conversation.mind import Reply, Thought
from hub.home.actions import Actions
from hub.home.intents import IntentRecognizer
from hub.origin import Origin
from tests.hub.home.small_home import ObedientSink, small_home


def new_mind(*, failing: str = "") -> tuple[HomeMind, ObedientSink]:
    home = small_home()
    sink = ObedientSink(home, failing=failing)
    actions = Actions(home, sink, confirm_timeout_s=0.02)
    return HomeMind(home, [IntentRecognizer(home), IntentRecognizer(home, "de")], actions), sink


async def do(mind: HomeMind, text: str, area: str | None = "Kitchen") -> Reply:
    understanding = mind.understand(text, Origin(area, "en"))
    assert understanding is not None
    return await mind.act(understanding, Origin(area, "en"))


async def test_a_command_is_understood_done_and_told() -> None:
    mind, sink = new_mind()
    reply = await do(mind, "turn on the bed light")
    assert (reply.text, reply.ok) == ("Turned on the light", True)
    assert [command.device for command in sink.commands] == ["bed"]
    assert reply.details["commands"] == 1
    assert reply.details["confirmed"] == 1


def test_to_understand_does_nothing() -> None:
    mind, sink = new_mind()
    understanding = mind.understand("turn on the bed light", Origin(None, "en"))
    assert understanding is not None
    assert understanding.intent == "HassTurnOn"
    assert sink.commands == []


@pytest.mark.parametrize("text", ["", "turn on the", "tell me a story"])
def test_what_is_no_command_means_nothing(text: str) -> None:
    mind, _ = new_mind()
    assert mind.understand(text, Origin("Kitchen", "en")) is None


@pytest.mark.parametrize(("area", "device"), [("Kitchen", "lamp1"), ("office", "lamp2")])
async def test_a_name_that_two_rooms_have_means_the_one_in_the_room_of_the_speaker(
    area: str, device: str
) -> None:
    mind, sink = new_mind()
    await do(mind, "turn on the lamp", area)
    assert [command.device for command in sink.commands] == [device]


async def test_a_home_that_refuses_is_told_in_the_reply() -> None:
    mind, _ = new_mind(failing="timeout")
    reply = await do(mind, "turn on the bed light")
    assert not reply.ok
    assert reply.text
    assert reply.details["code"]


async def test_what_is_said_in_another_language_of_the_household_is_done_and_told_in_it() -> None:
    mind, sink = new_mind()
    text = "schalte bed light ein"
    assert mind.understand(text, Origin(None, "en")) is None
    understanding = mind.understand(text, Origin(None, "de"))
    assert understanding is not None
    reply = await mind.act(understanding, Origin(None, "de"))
    assert [command.device for command in sink.commands] == ["bed"]
    assert reply.text == "Licht eingeschaltet"


def test_nobody_thinks() -> None:
    mind, _ = new_mind()
    assert mind.think(Thought((("user", "hello"),), Origin(None, "en"), asyncio.Event())) is None


def test_every_remark_of_the_port_has_words_of_its_own() -> None:
    mind, _ = new_mind()
    codes = ("not-understood", "failed", "no-room", "busy", "here")
    remarks = {mind.remark(code, "en") for code in codes}
    assert len(remarks) == len(codes)
    assert all(remarks)


def test_in_a_language_without_own_sentences_there_are_words_all_the_same() -> None:
    mind, _ = new_mind()
    assert mind.remark("no-room", "xx")
