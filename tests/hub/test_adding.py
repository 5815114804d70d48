"""Tools, rules and automations made in the dashboard: in force at once, kept, and taken back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.acting import Acting
from hub.adding import undo_of
from hub.controlling import ControlError
from hub.home.confirmations import ASKED
from hub.household import Household
from hub.mqtt.broker import EmbeddedBroker
from hub.origin import Origin
from hub.settings import HubSettings
from hub.store.additions import AdditionRow
from hub.store.database import Store
from hub.store.errors import StoreError
from hub.tools.additions import Addition, Step, parsed
from hub.tools.mistakes import Mistaken
from hub.tools.stored_additions import MOST_STEPS, STEPS_KEPT, StoredAdditions
from tests.hub.home.small_home import small_home
from tests.hub.living_home import LIMIT_S, connected, witness

ADA = Origin(person="Ada")
COFFEE: dict[str, Any] = {
    "name": "start_coffee",
    "description": "Starts the coffee machine.",
    "topic": "kitchen/coffee/set",
    "payload": "{{ cups }}",
    "parameters": {"cups": {"type": "integer", "minimum": 1, "maximum": 8, "default": 2}},
    "sentences": {"en": ["make [{cups} cups of] coffee"]},
    "answers": {"en": "Coffee for {{ cups }}"},
}
BELL = {"device": "Bell", "type": "press", "command": "turn on the lamp"}
IN_FILE = """
[[tools]]
name = "water_garden"
description = "Waters the garden."
topic = "garden/set"
"""


@asynccontextmanager
async def acting(
    folder: Path, *, changed: Callable[[], None] = lambda: None, **sections: Any
) -> AsyncIterator[tuple[Acting, str]]:
    """What acts in a small home, with its broker; what was kept in the folder is there again."""
    (folder / "tools.toml").write_text(IN_FILE)
    settings = HubSettings.model_validate({"tools": {"file": folder / "tools.toml"}, **sections})
    home = small_home()
    async with (
        Store(f"sqlite:///{folder / 'hub.db'}") as store,
        EmbeddedBroker(port=0) as broker,
        connected(broker.url) as link,
    ):
        household = Household(home, link, prefix="homeassistant")
        yield (
            await Acting.opened(
                settings, home, household, store,
                deeds={}, sentences={}, answers={}, changed=changed,
            ),
            broker.url,
        )  # fmt: skip


async def said(acts: Acting, text: str) -> str | None:
    origin = Origin("Kitchen", conversation="c")
    understanding = acts.mind.understand(text, origin)
    return None if understanding is None else (await acts.mind.act(understanding, origin)).text


def names(acts: Acting) -> set[str]:
    return {spec.name for spec in acts.tooling.toolbox.specs()}


async def test_a_tool_can_be_used_and_said_at_once_and_after_a_restart(tmp_path: Path) -> None:
    told: list[None] = []
    async with acting(tmp_path, changed=lambda: told.append(None)) as (acts, url):
        assert await said(acts, "make 3 cups of coffee") is None
        made = await acts.adding.add("tool", COFFEE, ADA)
        assert made.addition is not None
        assert told, "a model is told of the tool"
        async with witness(url, "kitchen/#") as seen:
            assert await said(acts, "make 3 cups of coffee") == "Coffee for 3"
            await seen.wait_for(lambda all_: ("kitchen/coffee/set", "3") in all_)
        await acts.adding.change(made.addition.id, ADA, entry=None, enabled=False)
        assert await said(acts, "make 3 cups of coffee") is None
        assert "start_coffee" not in names(acts)
        other = {**COFFEE, "name": "brew"}
        await acts.adding.change(made.addition.id, ADA, entry=other, enabled=True)
        assert {"brew", "water_garden"} <= names(acts)
    async with acting(tmp_path) as (acts, _):
        assert {"brew", "water_garden"} <= names(acts)
        assert await said(acts, "make coffee") == "Coffee for 2"


@pytest.mark.parametrize(
    ("kind", "entry", "key"),
    [
        ("tool", {**COFFEE, "name": "No Name"}, "name"),
        ("tool", {**COFFEE, "name": "water_garden"}, "name"),
        ("tool", {**COFFEE, "name": "get_time"}, "name"),
        ("tool", {**COFFEE, "topic": "a/#"}, "topic"),
        ("tool", {**COFFEE, "payload": "{{ sugar }}"}, "payload"),
        ("tool", {**COFFEE, "sentences": {"en": ["make [coffee"]}}, "sentences.en"),
        ("tool", {**COFFEE, "parameters": {"cups": {"type": "cup"}}}, "parameters.cups"),
        ("tool", {**COFFEE, "colour": "red"}, "colour"),
        ("when", {"device": "Bell", "type": "press"}, ""),
        ("when", {**BELL, "satellite": "pi"}, "satellite"),
        ("rule", {"then": "perhaps"}, "then"),
        ("rule", {"then": "allow", "hours": "25:00-26:00"}, "hours"),
        ("server", {"name": "Files", "command": "x"}, "name"),
        ("server", {"name": "files"}, ""),
        ("server", {"name": "known", "command": "x"}, "name"),
    ],
)
async def test_what_is_wrong_is_told_by_its_key_and_changes_nothing(
    tmp_path: Path, kind: Any, entry: dict[str, Any], key: str
) -> None:
    mcp = {"servers": {"known": {"command": "no-such-program"}}}
    async with acting(tmp_path, mcp=mcp) as (acts, _):
        with pytest.raises(Mistaken) as refused:
            await acts.adding.add(kind, entry, ADA)
        assert key in {one.key for one in refused.value.mistakes}
        assert acts.adding.all.items == {}


async def test_a_rule_of_the_dashboard_comes_before_those_of_the_file(tmp_path: Path) -> None:
    policy = {"rules": [{"then": "refuse", "tools": ["start_coffee"], "words": "no"}]}
    async with acting(tmp_path, policy=policy) as (acts, _):
        await acts.adding.add("tool", COFFEE, ADA)

        async def code() -> str | None:
            origin = Origin("Kitchen", conversation="c")
            result = await acts.tooling.toolbox.use("start_coffee", {}, origin)
            return None if result.stopped is None else result.stopped.code

        assert await code() == "refused"
        first = await acts.adding.add("rule", {"then": "allow", "rooms": ["Kitchen"]}, ADA)
        assert await code() is None
        second = await acts.adding.add("rule", {"then": "confirm"}, ADA)
        assert await code() is None, "the first one that fits decides"
        assert first.addition
        assert second.addition
        order = [second.addition.id, first.addition.id]
        moved = await acts.adding.arrange("rule", order, ADA)
        assert await code() == ASKED
        await acts.adding.undo(moved.undo, ADA)
        assert await code() is None
        with pytest.raises(ControlError, match="others by now"):
            await acts.adding.arrange("rule", order[:1], ADA)


async def test_automations_come_and_go(tmp_path: Path) -> None:
    async with acting(tmp_path) as (acts, _):
        looked: list[int] = []
        acts.tooling.on_rules(lambda: looked.append(len(acts.tooling.whens)))
        done = await acts.adding.add("when", BELL, ADA)
        assert [rule.device for rule in acts.tooling.whens] == ["Bell"]
        await acts.adding.undo(done.undo, ADA)
        assert acts.tooling.whens == ()
        assert looked == [0, 1, 0]


async def test_every_change_is_taken_back_once_and_not_over_somebody_elses(tmp_path: Path) -> None:
    async with acting(tmp_path) as (acts, _):
        adding = acts.adding
        made = await adding.add("tool", COFFEE, ADA)
        assert made.addition is not None
        id_ = made.addition.id
        gone = await adding.remove(id_, ADA)
        assert "start_coffee" not in names(acts)
        back = await adding.undo(gone.undo, ADA)
        assert back.addition == made.addition
        assert "start_coffee" in names(acts)
        with pytest.raises(ControlError, match="can not be undone"):
            await adding.undo(gone.undo, ADA)
        changed = await adding.change(id_, ADA, entry={**COFFEE, "retain": True}, enabled=None)
        await adding.change(id_, ADA, entry=None, enabled=False)
        with pytest.raises(ControlError, match="changed since"):
            await adding.undo(changed.undo, ADA)


async def test_a_change_can_be_taken_back_after_a_restart_with_its_secrets(tmp_path: Path) -> None:
    server = {"name": "web", "url": "http://127.0.0.1:9/mcp", "token": "hunter2"}
    async with acting(tmp_path) as (acts, _):
        made = await acts.adding.add("server", server, ADA)
        assert made.addition is not None
        gone = await acts.adding.remove(made.addition.id, ADA)
    async with acting(tmp_path) as (acts, _):
        assert await acts.adding.undoable() == {made.undo, gone.undo}
        back = await acts.adding.undo(gone.undo, ADA)
        assert back.addition == made.addition
        assert acts.adding.get(made.addition.id) == made.addition
        assert await acts.adding.undoable() == {made.undo, back.undo}


async def test_the_last_changes_can_be_taken_back_for_a_month(tmp_path: Path) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    bell = Addition("a", "when", parsed("when", BELL))
    async with Store(f"sqlite:///{tmp_path / 'hub.db'}") as store:
        kept = StoredAdditions(store, now=lambda: now)
        for number in range(MOST_STEPS + 2):
            now += timedelta(seconds=1)
            await kept.save(Step(f"{number}", {"a": None}, {"a": bell}))
        assert await kept.steps() == {f"{number}" for number in range(2, MOST_STEPS + 2)}
        now += STEPS_KEPT - timedelta(seconds=1)
        assert await kept.steps() == {f"{number}" for number in (MOST_STEPS, MOST_STEPS + 1)}
        now -= timedelta(days=400)  # a clock that was wrong before
        await kept.save(Step("last", {"a": bell}, {"a": None}))
        assert await kept.step("last") == Step("last", {"a": bell}, {"a": None})


async def test_a_name_that_was_taken_meanwhile_does_not_come_back(tmp_path: Path) -> None:
    async with acting(tmp_path) as (acts, _):
        made = await acts.adding.add("tool", COFFEE, ADA)
        assert made.addition is not None
        gone = await acts.adding.remove(made.addition.id, ADA)
        await acts.adding.add("tool", COFFEE, ADA)
        with pytest.raises(Mistaken, match="taken"):
            await acts.adding.undo(gone.undo, ADA)


async def test_what_can_not_be_kept_is_not_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with acting(tmp_path) as (acts, _):

        async def full(*_: Any, **__: Any) -> None:
            raise StoreError("full", "The disk is full.")

        monkeypatch.setattr(StoredAdditions, "save", full)
        with pytest.raises(StoreError):
            await acts.adding.add("tool", COFFEE, ADA)
        assert "start_coffee" not in names(acts)


async def test_the_audit_tells_of_changes_and_holds_no_secret(tmp_path: Path) -> None:
    async with acting(tmp_path) as (acts, _):
        server = {"name": "web", "url": "http://127.0.0.1:9/mcp", "token": "hunter2"}
        made = await acts.adding.add("server", server, ADA)
        assert made.addition is not None
        await acts.adding.change(made.addition.id, ADA, entry=None, enabled=False)
        running = asyncio.create_task(acts.tooling.audit.run())
        async with asyncio.timeout(LIMIT_S):
            while len(entries := (await acts.tooling.audit.recent())[::-1]) < 2:
                await asyncio.sleep(0)
        running.cancel()
        await asyncio.wait([running])
        assert [(one.tool, one.origin.person) for one in entries] == [
            ("edit_server", "Ada"),
            ("edit_server", "Ada"),
        ]
        assert undo_of("edit_server", entries[0].arguments)[0] == made.undo
        assert '"did":"added"' in entries[0].arguments
        assert '"did":"switched off"' in entries[1].arguments
        assert "hunter2" not in str(entries)


async def test_what_a_newer_version_kept_is_left_alone(tmp_path: Path) -> None:
    async with acting(tmp_path) as (acts, _):
        await acts.adding.add("tool", COFFEE, ADA)
    async with Store(f"sqlite:///{tmp_path / 'hub.db'}") as store, store.session() as session:
        row = await session.get_one(AdditionRow, next(iter(acts.adding.all.items)))
        odd = AdditionRow(
            id="odd", kind="spell", place=0, enabled=True, value="{}", changed=row.changed
        )
        broken = AdditionRow(
            id="broken", kind="tool", place=0, enabled=True, value="{", changed=row.changed
        )
        session.add_all([odd, broken])
    async with acting(tmp_path) as (acts, _):
        assert [one.name for one in acts.adding.all.items.values()] == ["start_coffee"]
    async with Store(f"sqlite:///{tmp_path / 'hub.db'}") as store, store.session() as session:
        assert await session.get(AdditionRow, "odd") is not None
