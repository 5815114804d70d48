"""Locks and alarm panels with a code, from what is said to what a broker carries."""

import asyncio
import json
import re
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import structlog

from hub.clockwork import SentencePerformer
from hub.conversation.attempt import Setting
from hub.conversation.conversation import Conversation
from hub.conversation.home_mind import HomeMind
from hub.conversation.mind import Understanding
from hub.conversation.written import WrittenTurn
from hub.home.actions import Actions
from hub.home.confirmations import Confirmations
from hub.home.gate import PolicyGate
from hub.home.intents import IntentMatch, IntentRecognizer
from hub.home.keypad import LOCKED_S
from hub.home.model import Home
from hub.home.policy import Policy, Rule
from hub.home_settings import OwnHome
from hub.household import Household
from hub.mqtt.broker import EmbeddedBroker
from hub.origin import Origin
from hub.owner_home import OwnerHome
from hub.settings import SettingsError
from hub.tools.audit import Audit
from tests.hub.living_home import LIMIT_S, QUICKLY, PatientLink, connected, running
from tests.hub.tools.audit_in_memory import AuditInMemory

CHECKED = {"code": "1234", "code_arm_required": False}
REMOTE = {
    "code": "REMOTE_CODE",
    "command_template": '{"do": "{{ action }}", "code": "{{ code }}"}',
}
LANGUAGES = ("en", "de", "fr", "es")


@dataclass
class House:
    """A home with an alarm panel and a lock, and who speaks to it."""

    mind: HomeMind
    actions: Actions
    later: SentencePerformer
    audit: Audit
    repository: AuditInMemory
    sent: list[tuple[str, str]]
    origin: Origin
    now_s: float = 0.0

    async def say(self, text: str, language: str = "en", **changes: Any) -> str | None:
        self.origin = replace(
            self.origin, turn=(self.origin.turn or 0) + 1, language=language, **changes
        )
        self.kept = self.mind.kept(text, self.origin)
        understanding = self.mind.understand(text, self.origin)
        if understanding is None:
            return None
        return (await self.mind.act(understanding, self.origin)).text

    async def arrived(self, count: int) -> None:
        """Wait until the devices were told so many things."""
        async with asyncio.timeout(LIMIT_S):
            while len(self.sent) < count:
                await asyncio.sleep(0)

    async def audited(self) -> list[tuple[str, str, str]]:
        async with running(self.audit.run()):
            await asyncio.sleep(0.01)
        return [(one.verdict, one.code, one.arguments) for one in self.repository.entries]


@asynccontextmanager
async def house(
    panel: Mapping[str, Any],
    said: Mapping[str, Any] | None = None,
    *,
    opens_with: str = "1234",
    rules: tuple[Rule, ...] = (),
    reacts: bool = True,
) -> AsyncIterator[House]:
    """A household that has learned a panel and a lock with a code, which obey.

    What `reacts` is waited for; else there is nothing to wait for.
    """
    sent: list[tuple[str, str]] = []
    async with EmbeddedBroker(port=0) as broker, connected(broker.url, "device") as device:

        async def announce(component: str, config: Mapping[str, Any]) -> None:
            topic = f"homeassistant/{component}/{config['unique_id']}/config"
            await device.publish(topic, json.dumps(config), qos=1, retain=True)

        async def obey(topic: str, payload: str) -> None:
            if payload.startswith("{") and json.loads(payload)["code"] != opens_with:
                return
            state = {"panel/set": "disarmed", "door/set": "UNLOCKED"}[topic]
            await device.publish(topic.removesuffix("/set"), state, qos=1)

        obeying: set[asyncio.Task[None]] = set()

        def take(topic: str, payload: bytes, _retained: bool) -> None:
            sent.append((topic, payload.decode()))
            obeying.add(asyncio.create_task(obey(topic, payload.decode())))

        for topic in ("panel/set", "door/set"):
            device.subscribe(topic, take)
        assert await device.wait_subscribed(LIMIT_S)
        await announce("alarm_control_panel", {
            "name": "Alarm", "unique_id": "alarm", "state_topic": "panel",
            "command_topic": "panel/set", **panel,
        })  # fmt: skip
        await announce("lock", {
            "name": "Front Door", "unique_id": "door", "state_topic": "door",
            "command_topic": "door/set", "code_format": "^[0-9]{4}$",
            "command_template": '{"do": "{{ value }}", "code": "{{ code }}"}',
        })  # fmt: skip
        await device.publish("panel", "armed_away", qos=1, retain=True)
        await device.publish("door", "LOCKED", qos=1, retain=True)
        link = PatientLink(broker.own_address, client_id="hub", backoff=QUICKLY)
        owner = OwnerHome(OwnHome.model_validate(said or {}))
        household = Household(Home(), link, owner=owner)
        async with running(link.run(), household.run()):
            assert await household.settled(LIMIT_S)
            home, repository = household.home, AuditInMemory()
            audit, confirmations = Audit(repository), Confirmations()
            gate = PolicyGate(home, Policy(home, rules), confirmations, noted=audit.stopped)
            made: House

            def clock() -> float:
                return made.now_s

            limit_s = LIMIT_S if reacts else 0.1
            actions = Actions(home, household, clock=clock, confirm_timeout_s=limit_s, gate=gate)
            recognizers = [IntentRecognizer(home, one) for one in LANGUAGES]
            mind = HomeMind(home, recognizers, actions, confirmations=confirmations, audit=audit)
            later = SentencePerformer()
            later.bind(mind, actions)
            origin = Origin(None, "en", "pi", None, "c1", 0)
            made = House(mind, actions, later, audit, repository, sent, origin)
            try:
                yield made
            finally:
                await asyncio.gather(*obeying)


async def test_a_code_that_the_owner_has_given_is_used_after_the_yes() -> None:
    said = {"devices": {"alarm_control_panel.alarm": {"code": "1234"}}}
    async with house(CHECKED, said) as one:
        assert await one.say("disarm the alarm") == "Shall I disarm the Alarm?"
        assert one.sent == []
        await one.say("yes")
        assert one.sent == [("panel/set", "DISARM")]


async def test_the_owners_code_goes_to_a_panel_that_checks_it_itself(tmp_path: Path) -> None:
    file = tmp_path / "alarm-code"
    file.write_text("1234\n")
    said = {"devices": {"alarm_control_panel.alarm": {"code_file": str(file)}}}
    async with house(REMOTE, said) as one:
        await one.say("disarm the alarm")
        await one.say("yes")
        assert one.sent == [("panel/set", '{"do": "DISARM", "code": "1234"}')]


def test_a_code_file_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    said = {"devices": {"lock.door": {"code_file": str(tmp_path / "none")}}}
    with pytest.raises(SettingsError, match=r"home.devices, lock.door, code_file: .*none can not"):
        OwnerHome(OwnHome.model_validate(said))


@pytest.mark.parametrize("code", [{"code": " "}, {"code": "1", "code_file": "x"}])
def test_a_code_of_the_settings_is_one_and_not_empty(code: Mapping[str, str]) -> None:
    with pytest.raises(ValueError, match="code"):
        OwnHome.model_validate({"devices": {"lock.door": code}})
    assert "1234" not in repr(OwnHome.model_validate({"devices": {"lock.d": {"code": "1234"}}}))


@pytest.mark.parametrize(
    ("language", "command", "question", "code"),
    [
        ("en", "disarm the alarm", "What is the code of the Alarm?", "one two three four"),
        ("de", "schalte Alarm unscharf", "Wie lautet der Code: Alarm?", "zwölf vierunddreißig"),
        ("fr", "désarme Alarm", "Quel est le code : Alarm ?", "mille deux cent trente-quatre"),
        ("es", "desactiva Alarm", "¿Cuál es el código: Alarm?", "doce treinta y cuatro"),
    ],
)
async def test_a_code_is_asked_for_and_what_is_said_next_is_the_code(
    language: str, command: str, question: str, code: str
) -> None:
    async with house(CHECKED) as one:
        assert await one.say(command, language) == question
        assert one.sent == []
        await one.say(code, language)
        assert one.kept == "****"
        assert one.sent == [("panel/set", "DISARM")]


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", "disarm the alarm with code one two three four",
         "disarm the alarm with code ****"),
        ("de", "schalte Alarm mit dem Code 12 34 unscharf",
         "schalte Alarm mit dem Code **** unscharf"),
        ("fr", "désarme Alarm avec le code douze trente-quatre",
         "désarme Alarm avec le code ****"),
        ("es", "desactiva Alarm con el código 1 2 3 4", "desactiva Alarm con el código ****"),
    ],
)  # fmt: skip
async def test_a_code_in_the_sentence_counts_as_the_yes(
    language: str, text: str, kept: str
) -> None:
    async with house(CHECKED) as one:
        await one.say(text, language)
        assert one.sent == [("panel/set", "DISARM")]
        assert one.kept == kept


async def test_a_lock_wants_its_code_for_locking_too() -> None:
    async with house(CHECKED) as one:
        assert await one.say("lock the front door") == "What is the code of the Front Door?"
        await one.say("1234")
        await one.arrived(1)
        assert one.sent == [("door/set", '{"do": "LOCK", "code": "1234"}')]


async def test_a_no_drops_the_question_for_a_code_and_a_yes_asks_once_more() -> None:
    async with house(CHECKED) as one:
        question = await one.say("disarm the alarm")
        assert await one.say("yes") == question
        assert await one.say("no") == "All right, I leave it"
        assert await one.say("1234") is None
        assert one.sent == []
        assert one.kept == "****"


async def test_three_wrong_codes_lock_the_device_for_some_minutes() -> None:
    async with house(CHECKED) as one:
        await one.say("disarm the alarm with code 1111")
        assert await one.say("2222") == "That code is wrong. What is the code of the Alarm?"
        locked = "That was the wrong code three times: I take no code for Alarm for five minutes"
        assert await one.say("3333") == locked
        assert await one.say("disarm the alarm with code 1234") == locked
        assert await one.say("disarm the alarm") == locked
        assert one.sent == []
        assert await one.say("unlock the front door with code 1234") != locked
        one.now_s += LOCKED_S
        await one.say("disarm the alarm with code 1234")
        assert one.sent[-1] == ("panel/set", "DISARM")


async def test_codes_to_which_a_panel_does_not_react_count_as_wrong() -> None:
    async with house(REMOTE, reacts=False) as one:
        for _ in range(3):
            assert await one.say("disarm the alarm with code 9999") == "Alarm did not react"
        assert "three times" in (await one.say("disarm the alarm with code 1234") or "")
        await one.arrived(3)
        assert len(one.sent) == 3


async def test_a_command_that_changes_nothing_forgets_no_wrong_code() -> None:
    async with house(CHECKED, opens_with="none", reacts=False) as one:
        for text in ("unlock", "unlock", "lock", "unlock"):  # it is locked
            await one.say(f"{text} the front door with code 9999")
        assert "three times" in (await one.say("unlock the front door with code 9999") or "")


async def test_a_right_code_forgets_the_wrong_ones() -> None:
    async with house(CHECKED) as one:
        for code in ("1111", "2222", "1234", "1111", "2222"):
            answer = await one.say(f"disarm the alarm with code {code}")
        assert answer == "That code is wrong. What is the code of the Alarm?"


async def test_a_said_code_must_be_the_owners_where_there_is_one() -> None:
    said = {"devices": {"lock.door": {"code": "1234"}}}
    async with house(CHECKED, said) as one:
        answer = await one.say("unlock the front door with code 4321")
        assert answer == "That code is wrong. What is the code of the Front Door?"
        assert one.sent == []


async def test_a_rule_that_refuses_is_not_opened_by_a_code() -> None:
    rule = Rule("refuse", verbs=("disarm",))
    async with house(CHECKED, rules=(rule,)) as one:
        assert await one.say("disarm the alarm") == "Sorry, I am not allowed to do that"
        answer = await one.say("disarm the alarm with code 1234")
        assert answer == "Sorry, I am not allowed to do that"
        assert one.sent == []


async def test_what_wants_a_code_is_not_done_later() -> None:
    async with house(CHECKED) as one:
        assert one.later.needs_yes("lock the front door", one.origin)
        assert one.later.needs_yes("lock the front door with code 1234", one.origin)


async def test_who_can_not_be_asked_is_told_that_there_is_no_code() -> None:
    async with house(CHECKED) as one:
        answer = await one.say("lock the front door", conversation=None)
        assert answer == "I have no code for Front Door"


async def test_a_code_is_in_no_log_audit_and_conversation() -> None:
    async with house(CHECKED, reacts=False) as one:
        with structlog.testing.capture_logs() as logs:
            await one.say("disarm the alarm with code 7319")
            await one.say("seven three one nine")
            await one.say("unlock the front door with code 7319")
            conversation = Conversation("c2", "text", None, 0.0)
            for number, text in enumerate(("unlock the front door", "7319")):
                turn = WrittenTurn(
                    number, one.mind, conversation, Setting(Origin(None, "en")), lambda: 0.0
                )
                _ = [part async for part in turn.answer(text)]
        history = [message.text for message in conversation.history]
        assert history[2] == "****"
        kept = f"{logs} {await one.audited()} {history}"
        assert "7319" not in kept
        assert "seven" not in kept
        assert ("refused", "wrong-code") in {entry[:2] for entry in await one.audited()}


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", "unlock the front door one two three four", "unlock the front door ****"),
        ("de", "entriegle Front Door 1234", "entriegle Front Door ****"),
    ],
)
async def test_a_code_that_is_not_called_one_is_taken_and_not_shown(
    language: str, text: str, kept: str
) -> None:
    async with house(CHECKED) as one:
        await one.say(text, language)
        assert one.kept == kept
        await one.arrived(1)
        assert one.sent == [("door/set", '{"do": "UNLOCK", "code": "1234"}')]
        begun = replace(one.origin, language="en")
        assert one.mind.kept("unlock the front door one two", begun) == "unlock the front door ****"
        assert "20" in one.mind.kept("set a timer for 20 minutes", begun)


async def test_codes_that_are_tried_all_at_once_are_no_more_than_three() -> None:
    async with house(REMOTE, reacts=False) as one:
        origins = [replace(one.origin, turn=1, conversation=f"c{n}") for n in range(20)]

        async def tries(number: int) -> None:
            text = f"disarm the alarm with code {1000 + number}"
            understanding = one.mind.understand(text, origins[number])
            assert understanding is not None
            await one.mind.act(understanding, origins[number])

        await asyncio.gather(*map(tries, range(20)))
        await one.arrived(3)
        assert len(one.sent) == 3
        assert "three times" in (await one.say("disarm the alarm with code 1234") or "")


async def test_a_try_that_nobody_waits_for_counts() -> None:
    async with house(REMOTE) as one:
        for number in range(4):
            trying = asyncio.create_task(one.say(f"disarm the alarm with code 999{number}"))
            async with asyncio.timeout(LIMIT_S):
                while len(one.sent) <= number and not trying.done():
                    await asyncio.sleep(0)
            trying.cancel()
            await asyncio.gather(trying, return_exceptions=True)
        assert len(one.sent) == 3


async def test_the_audit_tells_no_code_that_free_words_tell() -> None:
    async with house(CHECKED) as one:
        slots = {"message": "the code of the alarm is 7319", "area": "hall"}
        match = IntentMatch("HassBroadcast", slots, "default", "broadcast")
        await one.mind.act(Understanding("HassBroadcast", match), one.origin)
        [(_, _, arguments)] = await one.audited()
        assert "7319" not in arguments
        assert "the code of the alarm is ****" in arguments


async def test_the_page_tells_how_codes_are_given_and_said() -> None:
    page = (Path(__file__).parents[2] / "docs" / "tools.md").read_text("utf-8")
    [table] = [one for one in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if "code_" in one]
    devices = OwnHome.model_validate(tomllib.loads(table)["home"]).devices
    assert devices["alarm_control_panel.hall"].code_file is not None
    dialogues = re.findall(r'^> "(Disarm .*)"$', page, re.MULTILINE)
    async with house(CHECKED) as one:
        for dialogue in dialogues:
            said, *others = dialogue.split('" — "')
            for number, line in enumerate(others):
                if number % 2 == 0:
                    assert await one.say(said) == line
                else:
                    said = line
            if len(others) % 2 == 0:
                await one.say(said)
        await one.arrived(len(dialogues))
    assert one.sent == [("panel/set", "DISARM")] * len(dialogues)
    assert len(dialogues) == 2


async def test_numbers_that_are_no_codes_are_kept() -> None:
    async with house(CHECKED) as one:
        await one.say("set a timer for 1234 seconds")
        assert one.kept == "set a timer for 1234 seconds"
        await one.say("disarm the alarm")
        await one.say("well it is twelve thirty")
        assert one.kept == "****"
