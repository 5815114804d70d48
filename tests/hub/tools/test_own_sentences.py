"""The owner's sentences: files become commands, and what is wrong is told with its line."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from hub.conversation.home_mind import HomeMind
from hub.home.actions import ActionResult, Actions
from hub.home.confirmations import Confirmations
from hub.home.gate import PolicyGate
from hub.home.intents import IntentRecognizer
from hub.home.own_commands import OwnCommands
from hub.home.policy import Policy
from hub.origin import Origin
from hub.tools.audit import Audit
from hub.tools.own_sentences import OwnSentences
from hub.tools.sentence_files import read_sentences
from hub.tools.toolbox import JoinedToolbox
from tests.hub.home.small_home import ObedientSink, small_home
from tests.hub.living_home import running
from tests.hub.tools.audit_in_memory import AuditInMemory
from tests.hub.tools.test_toolbox import Box, spec

WHO = Origin("Kitchen", "en", conversation="c1", turn=1)
FILE = """
language: en
intents:
  MovieNight:
    data:
      - sentences: ["<start> movie night [in [the] {area}]", "film time"]
    action:
      - command: "turn off the counter light"
      - device: TV
        verb: turn_on
  Dim:
    data:
      - sentences: ["make [the] {name} cosy at {level} percent"]
        response: cosy
    action:
      - device: "{{ slots.name }}"
        verb: turn_on
        values: {brightness: "{{ slots.level }}"}
  Joke:
    data:
      - sentences: ["tell [me] a joke about {topic}"]
  Feed:
    data:
      - sentences: ["feed the cat"]
    action:
      - tool: feeder
        arguments: {grams: 20}
  OpenUp:
    data:
      - sentences: ["let them in"]
    action:
      - device: Front Door
        verb: unlock
  Circle:
    data:
      - sentences: ["round and round"]
    action:
      - command: "round and round"
lists:
  level: {range: {from: 1, to: 100}}
  topic: {wildcard: true}
expansion_rules:
  start: "(start|begin|let's have)"
responses:
  intents:
    MovieNight: {default: "Enjoy the film"}
    Dim: {cosy: "{{ slots.name }} is at {{ slots.level }}"}
    Joke: {default: "{{ slots.topic }} is no laughing matter"}
"""


LEAVING = """
language: en
intents:
  Leave:
    data:
      - sentences: ["i am leaving"]
        response: bye
    action:
      - {device: TV, verb: turn_on}
      - {device: Front Door, verb: unlock}
      - command: "turn off the counter light"
responses:
  intents:
    Leave: {bye: "Goodbye"}
"""


class House:
    """A home that knows the sentences of a folder."""

    def __init__(self, folder: Path) -> None:
        self.home = small_home()
        self.sink = ObedientSink(self.home)
        self.feeder = Box(spec("feeder"))
        self.confirmations = Confirmations()
        self.repository = AuditInMemory()
        self.audit = Audit(self.repository)
        gate = PolicyGate(
            self.home, Policy(self.home), self.confirmations, noted=self.audit.stopped
        )
        actions = Actions(self.home, self.sink, confirm_timeout_s=0.02, gate=gate)
        recognizer = IntentRecognizer(self.home)

        async def perform(text: str, origin: Origin) -> ActionResult | None:
            own = self.commands.recognize(text, origin)
            if own is not None:
                return await self.commands.perform(own, origin)
            match = recognizer.recognize(text, area=None)
            return None if match is None else await actions.perform(match, origin)

        self.commands = OwnCommands(self.home, lambda _: "It broke")
        own = OwnSentences(
            self.home, actions, JoinedToolbox([self.feeder]), perform, self.confirmations
        )
        self.mind = HomeMind(
            self.home,
            [recognizer],
            actions,
            confirmations=self.confirmations,
            own=self.commands,
            audit=self.audit,
        )
        self.read = read_sentences(folder)
        self.commands.put("sentences", own.commands(self.read.sentences))

    async def say(self, text: str, origin: Origin = WHO) -> str | None:
        match = self.commands.recognize(text, origin)
        return None if match is None else (await self.commands.perform(match, origin)).speech

    async def answer(self, text: str, turn: int) -> str:
        """Say something in a later turn."""
        origin = replace(WHO, turn=turn)
        understanding = self.mind.understand(text, origin)
        assert understanding is not None
        return (await self.mind.act(understanding, origin)).text

    async def audited(self) -> list[tuple[str, str, str]]:
        async with running(self.audit.run()):
            await asyncio.sleep(0.01)
        return [(one.tool, one.verdict, one.code) for one in self.repository.entries]

    @property
    def done(self) -> list[tuple[str, str]]:
        return [(one.device, one.verb) for one in self.sink.commands]


def house(folder: Path, text: str = FILE, language: str = "en") -> House:
    (folder / language).mkdir(exist_ok=True)
    (folder / language / "mine.yaml").write_text(text, encoding="utf-8")
    return House(folder)


async def test_a_sentence_does_its_steps_and_says_its_answer(tmp_path: Path) -> None:
    home = house(tmp_path)
    assert home.read.problems == ()
    assert await home.say("Let's have movie night in the kitchen!") == "Enjoy the film"
    assert home.done == [("counter", "turn_off"), ("tv", "turn_on")]


async def test_words_of_the_sentence_fill_in_devices_values_and_answers(tmp_path: Path) -> None:
    home = house(tmp_path)
    assert await home.say("make the bed light cosy at forty percent") == "Bed Light is at 40"
    assert home.sink.commands[0].values == {"brightness": 40}


async def test_each_list_has_its_own_multiplier_and_a_rule_may_name_itself(tmp_path: Path) -> None:
    home = house(
        tmp_path,
        """
language: en
intents:
  Alarm:
    data: [{sentences: ["move it (back by {less:minutes}|on by {more:minutes}) <and>"]}]
lists:
  less: {range: {from: 0, to: 30, multiplier: -1}}
  more: {range: {from: 0, to: 30}}
expansion_rules:
  and: "[now] [and <and>]"
responses:
  intents:
    Alarm: {default: "{{ slots.minutes }} minutes"}
""",
    )
    assert home.read.problems == ()
    for _ in "once", "and again":
        assert await home.say("move it back by twenty three now") == "-23 minutes"
        assert await home.say("move it on by twenty three and now") == "23 minutes"
        assert await home.say("move it back by 23") == "-23 minutes"


async def test_a_sentence_may_only_answer(tmp_path: Path) -> None:
    home = house(tmp_path)
    assert await home.say("tell me a joke about the moon") == "the moon is no laughing matter"
    assert home.done == []


async def test_a_sentence_may_use_a_tool(tmp_path: Path) -> None:
    home = house(tmp_path)
    assert await home.say("feed the cat") == "Done"
    assert home.feeder.used == [("feeder", {"grams": 20})]


async def test_what_guards_the_house_is_asked_about_here_too(tmp_path: Path) -> None:
    home = house(tmp_path)
    assert await home.say("let them in") == "Shall I unlock the Front Door?"
    assert home.done == []
    await home.answer("yes", 2)
    assert home.done == [("front", "unlock")]


async def test_after_a_yes_the_rest_of_a_sentence_is_done_as_well(tmp_path: Path) -> None:
    home = house(tmp_path, LEAVING)
    assert await home.say("i am leaving") == "Shall I unlock the Front Door?"
    assert home.done == [("tv", "turn_on")]
    assert await home.answer("yes", 2) == "Goodbye"
    assert home.done == [("tv", "turn_on"), ("front", "unlock"), ("counter", "turn_off")]


async def test_a_sentence_that_calls_itself_ends(tmp_path: Path) -> None:
    home = house(tmp_path)
    said = await home.say("round and round")
    assert said is not None
    assert "went wrong" in said.casefold() or "error" in said.casefold()


async def test_what_is_no_sentence_of_the_owner_means_nothing(tmp_path: Path) -> None:
    home = house(tmp_path)
    assert await home.say("turn on the light") is None
    assert await home.say("feed the cat", Origin("Kitchen", "de")) is None
    assert await home.say("") is None
    assert await home.say("feed the cat " * 100) is None


async def test_other_languages_have_folders_of_their_own(tmp_path: Path) -> None:
    text = "intents:\n  Gute:\n    data: [{sentences: ['gute nacht zusammen']}]\n"
    text += "responses: {intents: {Gute: {default: 'Schlaft gut'}}}\n"
    home = house(tmp_path, text, "de")
    assert home.read.problems == ()
    assert await home.say("Gute Nacht zusammen", Origin("Kitchen", "de")) == "Schlaft gut"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("language: en", "language: de", ":2: the language is not that of its folder"),
        ("verb: unlock", "verb: explode", ":28: OpenUp: action.0: there is no verb 'explode'"),
        ("      - tool: feeder\n", "      - toll: feeder\n", ":22: Feed: action.0.toll: "),
        ('["let them in"]', '["let {them} in"]', ":28: OpenUp: 'let {them} in' speaks of a list"),
        ('["let them in"]', '["let (them in"]', ":28: OpenUp: 'let (them in' can not be read"),
        ('["let them in"]', '["{name}"]', ":28: OpenUp: '{name}' has no word of its own"),
        ("response: cosy", "response: warm", ":11: Dim: there is no response 'warm'"),
        ("    Joke: {default:", "    Joke2: {default:", ":19: Joke: it has neither an action nor"),
        ("{{ slots.topic }}", "{{ slots.topic", ":19: Joke: responses: "),
        ("{from: 1, to: 100}", "{from: 1}", ":11: Dim: the list 'level' needs values, a range"),
        ("lists:", "list:", "there is no key 'list'"),
        ("intents:\n  MovieNight", "intents: [\n  MovieNight", "it is not valid YAML"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_costs_no_other_file(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    assert old in FILE
    other = "intents:\n  Hi: {data: [{sentences: ['hi house']}]}\n"
    other += "responses: {intents: {Hi: {default: 'Hi'}}}\n"
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "other.yaml").write_text(other, encoding="utf-8")
    read = house(tmp_path, FILE.replace(old, new)).read
    assert any(problem in line for line in read.problems), read.problems
    assert all("mine.yaml:" in line for line in read.problems)
    assert any(one.command.name == "Hi" for one in read.sentences)


def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    for text, problem in (
        ("a: &x 1\nb: *x\n", "aliases"),
        ("- 1\n", "needs `intents:`"),
        ("x" * 300_000, "larger than"),
    ):
        assert problem in house(tmp_path, text).read.problems[0]


LOCKING_UP = """
language: en
intents:
  Leaving:
    data:
      - sentences: ["i am leaving"]
        response: bye
    action:
      - command: "turn off the bed light"
      - command: "unlock the front door"
      - device: TV
        verb: turn_off
      - device: Front Door
        verb: unlock
responses:
  intents:
    Leaving: {bye: "Goodbye"}
"""


async def test_after_a_yes_the_rest_of_a_sentence_is_done_and_each_guarded_step_asks(
    tmp_path: Path,
) -> None:
    home = house(tmp_path, LOCKING_UP)
    assert await home.say("i am leaving") == "Shall I unlock the Front Door?"
    assert home.done == [("bed", "turn_off")]
    assert await home.answer("yes", 2) == "Shall I unlock the Front Door?"
    assert home.done[1:] == [("front", "unlock"), ("tv", "turn_off")]
    assert await home.answer("yes", 3) == "Goodbye"
    assert home.done[3:] == [("front", "unlock")]


async def test_each_step_that_got_its_yes_is_in_the_audit(tmp_path: Path) -> None:
    home = house(tmp_path, LOCKING_UP)
    await home.answer("i am leaving", 1)
    await home.answer("yes", 2)
    await home.answer("yes", 3)
    assert await home.audited() == [
        ("HassTurnOff", "asked", "confirm"),
        ("HassTurnOff", "confirmed", "ok"),
        ("Leaving", "asked", "confirm"),
        ("Leaving", "confirmed", "ok"),
        ("Leaving", "allowed", "ok"),
    ]


async def test_without_a_yes_the_rest_of_a_sentence_is_not_done(tmp_path: Path) -> None:
    home = house(tmp_path, LOCKING_UP)
    await home.say("i am leaving")
    home.confirmations.drop(WHO)
    assert home.done == [("bed", "turn_off")]
