"""MQTT tools over a real broker: by a model and by a sentence."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub.engines.base import ToolError
from hub.home.confirmations import Confirmations
from hub.home.gate import PolicyGate
from hub.home.own_commands import OwnCommands
from hub.home.policy import Policy
from hub.mqtt.broker import EmbeddedBroker
from hub.mqtt.link import MqttLink
from hub.origin import Origin
from hub.tools.mqtt_tool_file import MqttTool, read_tools
from hub.tools.mqtt_tools import MqttTools
from hub.tools.spoken_tools import mqtt_commands
from hub.tools.toolbox import JoinedToolbox
from hub.words import told
from tests.hub.home.small_home import small_home
from tests.hub.living_home import LIMIT_S, connected, witness

WHO = Origin("Kitchen", "en", conversation="c1", turn=1)

FILE = """
[[tools]]
name = "water_garden"
description = "Waters a part of the garden for some minutes."
topic = "garden/{{ zone }}/set"
payload = '{"minutes": {{ minutes }}, "id": "{{ correlation }}"}'
reply_topic = "garden/reply"
reply_match = "meta.id"
result = "{{ value_json.message }}"
timeout_s = 4.5
[tools.parameters.zone]
enum = ["front", "back"]
[tools.parameters.minutes]
type = "integer"
minimum = 1
maximum = 30
default = 10
[tools.sentences]
en = ["water the {zone} garden [for {minutes} (minute|minutes)]"]
de = ["gieße den {zone} garten"]
[tools.answers]
en = "The {{ zone }} garden gets {{ minutes }} minutes: {{ result }}"

[[tools]]
name = "open_gate"
description = "Opens the gate to the street."
topic = "gate/command"
payload = "OPEN"
risk = "confirm"
questions = { en = "Shall I open the gate to the street?" }
sentences = { en = ["open the street gate"] }
answers = { en = "The gate opens" }

[[tools]]
name = "shout"
description = "Shows a text on the wall."
topic = "wall/text"
[tools.parameters.text]
type = "string"
maxLength = 40
[tools.sentences]
en = ["write {text} on the wall"]
"""


def tools(folder: Path, text: str = FILE) -> tuple[MqttTool, ...]:
    file = folder / "tools.toml"
    file.write_text(text, encoding="utf-8")
    read = read_tools(file)
    assert read.problems == ()
    return read.tools


class House:
    """Tools, what can be said, and what came over the broker."""

    def __init__(self, link: MqttLink, found: tuple[MqttTool, ...]) -> None:
        home = small_home()
        self.link = link
        self.box = MqttTools(link)
        self.box.put(found)
        self.confirmations = Confirmations()
        gate = PolicyGate(home, Policy(home), self.confirmations)
        self.toolbox = JoinedToolbox([self.box], gate)
        self.commands = OwnCommands(home)
        self.commands.put(
            "mqtt", mqtt_commands(found, self.box, self.toolbox, lambda _: "That did not work")
        )

    async def say(self, text: str, origin: Origin = WHO) -> str | None:
        match = self.commands.recognize(text, origin)
        if match is None:
            return None
        return (await self.commands.perform(match, origin)).speech


@asynccontextmanager
async def house(folder: Path, text: str = FILE) -> AsyncIterator[tuple[House, str]]:
    async with EmbeddedBroker(port=0) as broker, connected(broker.url) as link:
        running = House(link, tools(folder, text))
        assert await link.wait_subscribed(LIMIT_S)
        yield running, broker.url


@asynccontextmanager
async def gardener(url: str) -> AsyncIterator[list[dict[str, Any]]]:
    """Answers each message to the garden."""
    heard: list[dict[str, Any]] = []
    async with connected(url, "gardener") as link:

        def on_message(_: str, payload: bytes, _retained: bool) -> None:
            told = json.loads(payload)
            heard.append(told)
            answer = {"meta": {"id": told["id"]}, "message": f"{told['minutes']} it is"}
            replies = ({"meta": {"id": "another"}, "message": "no"}, "rubbish", answer)
            sending.extend(
                asyncio.create_task(link.publish("garden/reply", json.dumps(one), qos=0))
                for one in replies
            )

        sending: list[asyncio.Task[None]] = []
        link.subscribe("garden/+/set", on_message)
        assert await link.wait_subscribed(LIMIT_S)
        yield heard
        await asyncio.gather(*sending)


async def test_a_model_uses_a_tool_and_gets_its_own_answer(tmp_path: Path) -> None:
    async with house(tmp_path) as (running, url), gardener(url) as heard:
        told = await asyncio.gather(
            running.toolbox.call("water_garden", {"zone": "front", "minutes": 5}, WHO),
            running.toolbox.call("water_garden", {"zone": "back"}, WHO),
        )
        assert list(told) == ["5 it is", "10 it is"]
        assert sorted(one["minutes"] for one in heard) == [5, 10]


async def test_a_sentence_uses_the_same_tool_and_says_its_answer(tmp_path: Path) -> None:
    async with house(tmp_path) as (running, url), gardener(url):
        said = await running.say("water the front garden for five minutes")
        assert said == "The front garden gets 5 minutes: 5 it is"
        german = Origin("Kitchen", "de", conversation="c1", turn=1)
        assert await running.say("gieße den back garten", german) == "10 it is"
        assert await running.say("water the moon") is None


async def test_a_risky_tool_is_asked_about_in_its_own_words(tmp_path: Path) -> None:
    async with house(tmp_path) as (running, url), witness(url, "gate/#") as seeing:
        assert await running.say("open the street gate") == "Shall I open the gate to the street?"
        pending = running.confirmations.open(Origin("Kitchen", "en", conversation="c1", turn=2))
        assert pending is not None
        assert (await pending.deed()).speech == "The gate opens"
        await seeing.wait_for(lambda seen: seen == [("gate/command", "OPEN")])


async def test_free_text_becomes_the_arguments_as_json(tmp_path: Path) -> None:
    async with house(tmp_path) as (running, url), witness(url, "wall/#") as seeing:
        assert await running.say('write say "hi" on the wall') == "Done"
        await seeing.wait_for(
            lambda seen: [json.loads(text) for _, text in seen] == [{"text": 'say "hi"'}]
        )


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({}, "'zone' is a required property"),
        ({"zone": "roof"}, "zone: 'roof' is not one of"),
        ({"zone": "front", "minutes": 99}, "minutes: 99 is greater than the maximum"),
        ({"zone": "front", "more": 1}, "Additional properties"),
    ],
)
async def test_arguments_that_do_not_fit_are_told_and_nothing_is_sent(
    tmp_path: Path, arguments: dict[str, Any], why: str
) -> None:
    async with house(tmp_path) as (running, url), gardener(url) as heard:
        with pytest.raises(ToolError, match=why):
            await running.toolbox.call("water_garden", arguments, WHO)
        assert heard == []


async def test_silence_ends_in_time_and_says_that_nothing_is_known(tmp_path: Path) -> None:
    text = FILE.replace("timeout_s = 4.5", "timeout_s = 0.1")
    async with house(tmp_path, text) as (running, _):
        with pytest.raises(ToolError, match="It is not known whether it was done"):
            await running.toolbox.call("water_garden", {"zone": "front"}, WHO)
        assert await running.say("water the front garden") == "That did not work"


async def test_an_answer_that_is_not_what_was_expected_is_an_error(tmp_path: Path) -> None:
    text = FILE.replace('"{{ value_json.message }}"', '"{{ value_json.message + 1 }}"')
    async with house(tmp_path, text) as (running, url), gardener(url):
        with pytest.raises(ToolError, match="not what was expected"):
            await running.toolbox.call("water_garden", {"zone": "front"}, WHO)


async def test_a_word_can_not_become_a_level_of_the_topic(tmp_path: Path) -> None:
    text = FILE.replace('enum = ["front", "back"]', 'type = "string"')
    async with house(tmp_path, text) as (running, _):
        for zone in ("a/b", "+", "#"):
            with pytest.raises(ToolError, match=r"must not contain / \+ or #"):
                await running.toolbox.call("water_garden", {"zone": zone}, WHO)


async def test_a_retained_answer_of_yesterday_is_none(tmp_path: Path) -> None:
    text = """
[[tools]]
name = "ask"
description = "Asks."
topic = "ask"
payload = "?"
reply_topic = "answer"
timeout_s = 0.3
"""
    async with EmbeddedBroker(port=0) as broker, connected(broker.url, "other") as other:
        await other.publish("answer", "yesterday", retain=True)
        async with connected(broker.url) as link, witness(broker.url, "ask") as seeing:
            running = House(link, tools(tmp_path, text))
            asking = asyncio.create_task(running.toolbox.call("ask", {}, WHO))
            await seeing.wait_for(lambda seen: seen == [("ask", "?")])
            with pytest.raises(ToolError, match="no answer"):
                await asking


async def test_without_a_broker_it_is_told_at_once(tmp_path: Path) -> None:
    async with EmbeddedBroker(port=0) as broker:
        url = broker.url
        async with connected(url) as link:
            running = House(link, tools(tmp_path))
    with pytest.raises(ToolError, match="it was not sent"):
        await running.toolbox.call("shout", {"text": "hi"}, WHO)


def said_whole(problem: str) -> bool:
    """Return whether another language can say all of it, however deep it is."""
    named = told(problem)
    while named is not None and named["key"] == "at-place":
        what = named["values"]["what"]
        named = what if isinstance(what, dict) else None
    return named is not None


GOOD = '[[tools]]\nname = "good"\ndescription = "d"\ntopic = "t"\n'


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("[[tools]]\n", "tool number 2: name: this is missing"),
        ('[[tools]]\nname = "x"\ndescription = "d"\n', "tool x: topic: this is missing"),
        (
            '[[tools]]\nname = "X y"\ndescription = "d"\ntopic = "t"\n',
            "tool X y: name: small letters",
        ),
        (
            '[[tools]]\nname = "x"\ndescription = ""\ntopic = "t"\n',
            "tool x: description: this may not be empty",
        ),
        (GOOD, "tool good: name: another tool has it"),
        ('[[tools]]\nname = "x"\ndescription = "d"\ntopic = "a/#"\n', "must not contain + or #"),
        ('[[tools]]\nname = "x"\ndescription = "d"\ntopic = "{{ a"\n', "tool x: topic: "),
        (
            '[[tools]]\nname = "x"\ndescription = "d"\ntopic = "a/{{ zone }}"\n',
            "topic: there is no parameter 'zone'",
        ),
        (
            '[[tools]]\nname = "x"\ndescription = "d"\ntopic = "t"\ncolour = 1\n',
            "tool x: colour: there is no such key",
        ),
        (
            '[[tools]]\nname = "x"\ndescription = "d"\ntopic = "t"\n'
            '[tools.parameters.a]\ntype = "strin"\n',
            "parameters.a: it is no JSON schema",
        ),
        (
            '[[tools]]\nname = "x"\ndescription = "d"\ntopic = "t"\n'
            '[tools.sentences]\nen = ["do {thing}"]\n',
            "sentences.en: 'do {thing}' speaks of a list {thing}",
        ),
        (
            '[[tools]]\nname = "x"\ndescription = "d"\ntopic = "t"\n'
            '[tools.parameters.a]\ntype = "string"\n[tools.sentences]\nen = ["{a}"]\n',
            "has no word of its own",
        ),
        (
            '[[tools]]\nname = "x"\ndescription = "d"\ntopic = "t"\n'
            '[tools.sentences]\nen = ["do (this"]\n',
            "sentences.en: 'do (this' can not be read",
        ),
        (
            '[[tools]]\nname = "x"\ndescription = "d"\ntopic = "t"\nreply_match = "id"\n',
            "reply_match: it needs a reply_topic",
        ),
    ],
)
def test_what_is_wrong_costs_one_tool_and_is_told_with_its_key(
    tmp_path: Path, bad: str, problem: str
) -> None:
    file = tmp_path / "tools.toml"
    file.write_text(GOOD + bad, encoding="utf-8")
    read = read_tools(file)
    assert [tool.name for tool in read.tools] == ["good"]
    assert any(problem in line for line in read.problems), read.problems
    assert all(line.startswith(f"{file}: ") for line in read.problems)
    assert all(said_whole(line) for line in read.problems)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "tools.toml"
    assert "can not be read" in read_tools(file).problems[0]
    file.write_text("[[tools]\n", encoding="utf-8")
    assert "not valid TOML" in read_tools(file).problems[0]
    file.write_bytes(b"\xff\xfe")
    assert "can not be read" in read_tools(file).problems[0]


AFTER_A_YES = """
[[tools]]
name = "ring"
description = "Rings the bell."
topic = "bell/{{ which }}/ring"
payload = "{{ words }}"
risk = "confirm"
[tools.parameters.which]
type = ["string", "array", "object", "number"]
[tools.parameters.words]
type = "string"
default = "on/off"
"""


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Done"), ("de", "Erledigt"), ("fr", "C'est fait"), ("es", "Hecho")],
)
async def test_after_a_yes_a_tool_without_answer_is_told_done_in_the_speakers_language(
    tmp_path: Path, language: str, said: str
) -> None:
    async with house(tmp_path, AFTER_A_YES) as (running, url), witness(url, "bell/#") as seeing:
        origin = Origin("Kitchen", language, conversation="c1", turn=1)
        await running.toolbox.call("ring", {"which": "front"}, origin)
        pending = running.confirmations.open(replace(origin, turn=2))
        assert pending is not None
        assert (await pending.deed()).speech == said
        await seeing.wait_for(lambda seen: seen == [("bell/front/ring", "on/off")])


@pytest.mark.parametrize("which", ["a/b", "a+b", ["a/b"], {"a": "b#"}, 1e20])
async def test_no_argument_of_whatever_type_adds_levels_to_a_topic(
    tmp_path: Path, which: object
) -> None:
    text = AFTER_A_YES.replace('risk = "confirm"', "")
    async with house(tmp_path, text) as (running, _):
        with pytest.raises(ToolError, match="which: it must not contain"):
            await running.toolbox.call("ring", {"which": which}, WHO)


async def test_no_argument_makes_a_topic_of_the_broker(tmp_path: Path) -> None:
    text = AFTER_A_YES.replace('risk = "confirm"', "").replace("bell/{{ which }}", "{{ which }}")
    async with house(tmp_path, text) as (running, _):
        with pytest.raises(ToolError, match=r"must not begin with \$"):
            await running.toolbox.call("ring", {"which": "$SYS"}, WHO)
