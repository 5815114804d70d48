"""Making tools, automations, rules and servers in the dashboard, and taking it back."""

import asyncio
import re
import uuid
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Protocol

from hub.controlling import ControlError
from hub.origin import Origin
from hub.tooling import Tooling
from hub.tools.additions import (
    MOST,
    Addition,
    Additions,
    Changes,
    Kind,
    NamedServer,
    Step,
    Value,
    parsed,
)
from hub.tools.masking import made_whole, shown
from hub.tools.mistakes import Mistake, Mistaken
from hub.tools.mqtt_tool_file import MqttTool
from hub.words import worded

_UNDO = re.compile(r'\{"undo":"([0-9a-f]{32})",')
"""How the audit's arguments of a change begin."""


class Kept(Protocol):
    """Keeps additions, and how they were. All raise what keeps it from being kept."""

    async def save(self, step: Step, *, undone: str | None = None) -> None:
        """Keep what is another now; `undone` is the step that this one takes back."""

    async def step(self, id_: str) -> Step | None:
        """Return a change; None: it can not be taken back any more."""

    async def steps(self) -> AbstractSet[str]:
        """Return which changes can be taken back."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What was done."""

    addition: Addition | None
    """As it is now; None: it is no more."""
    undo: str
    """With what it is taken back."""


class Adding:
    """Changes additions one after the other: checked, kept, and then in force. Each is audited.

    All raise ControlError, Mistaken for an entry that can not be used, and StoreError.
    """

    def __init__(self, tooling: Tooling, kept: Kept) -> None:
        self._tooling = tooling
        self._kept = kept
        self._one_at_a_time = asyncio.Lock()

    @property
    def all(self) -> Additions:
        """Return what there is."""
        return self._tooling.additions

    def get(self, id_: str) -> Addition:
        """Return one of them."""
        found = self.all.items.get(id_)
        if found is None:
            raise ControlError(
                "unknown",
                worded("not-there-any-more", "It is not there any more. Load the page again."),
            )
        return found

    async def add(
        self, kind: Kind, entry: Mapping[str, Any], who: Origin, *, enabled: bool = True
    ) -> Changed:
        """Make one; it is the last of its kind, and is in force at once."""
        async with self._one_at_a_time:
            value = self.checked(kind, entry)
            there = self.all.of_kind(kind)
            if len(there) >= MOST[kind]:
                raise ControlError(
                    "full",
                    worded(
                        "that-many-already", "There are {count} of these already.", count=MOST[kind]
                    ),
                )
            place = max((one.place for one in there), default=-1) + 1
            made = Addition(uuid.uuid4().hex, kind, value, enabled, place)
            return await self._change("added", {made.id: made}, who)

    async def change(
        self, id_: str, who: Origin, *, entry: Mapping[str, Any] | None, enabled: bool | None
    ) -> Changed:
        """Change what it is, or whether it is in force. None: as it is."""
        async with self._one_at_a_time:
            before = self.get(id_)
            value = before.value if entry is None else self.checked(before.kind, entry, before)
            on = before.enabled if enabled is None else enabled
            did = "changed"
            if entry is None and on != before.enabled:
                did = "switched on" if on else "switched off"
            return await self._change(did, {id_: replace(before, value=value, enabled=on)}, who)

    async def remove(self, id_: str, who: Origin) -> Changed:
        """Remove one."""
        async with self._one_at_a_time:
            self.get(id_)
            return await self._change("removed", {id_: None}, who)

    async def arrange(self, kind: Kind, ids: Sequence[str], who: Origin) -> Changed:
        """Put all of a kind into this order."""
        async with self._one_at_a_time:
            there = {one.id: one for one in self.all.of_kind(kind)}
            if sorted(ids) != sorted(there):
                raise ControlError(
                    "changed",
                    worded("others-by-now", "There are others by now. Load the page again."),
                )
            moved: Changes = {
                id_: replace(there[id_], place=place)
                for place, id_ in enumerate(ids)
                if there[id_].place != place
            }
            return await self._change("arranged", moved, who)

    async def hide(self, server: str, tools: Sequence[str], who: Origin) -> Changed:
        """Offer all tools of a server but these."""
        async with self._one_at_a_time:
            if not any(link.name == server for link in self._tooling.mcp.links):
                raise ControlError(
                    "unknown",
                    worded("no-server", "There is no server '{server}'.", server=server[:100]),
                )
            value = parsed("hidden", {"server": server, "tools": sorted(set(tools))})
            known = [one for one in self.all.of_kind("hidden") if one.name == server]
            one = known[0] if known else Addition(uuid.uuid4().hex, "hidden", value)
            made = replace(one, value=value) if tools else None
            return await self._change("changed", {one.id: made}, who)

    async def undo(self, step: str, who: Origin) -> Changed:
        """Take a change back, if nobody has changed the same since."""
        async with self._one_at_a_time:
            done = await self._kept.step(step)
            if done is None:
                raise ControlError(
                    "changed", worded("undo-over", "This can not be undone any more.")
                )
            if any(self.all.items.get(id_) != one for id_, one in done.after.items()):
                raise ControlError(
                    "changed",
                    worded("changed-since", "It was changed since, so it stays as it is."),
                )
            for one in done.before.values():
                if one is not None:
                    self._check_names(one.kind, one.value, one.id)
            return await self._change("undone", done.before, who, undone=step)

    async def undoable(self) -> AbstractSet[str]:
        """Return which changes can be taken back."""
        return await self._kept.steps()

    def checked(
        self, kind: Kind, entry: Mapping[str, Any], before: Addition | None = None
    ) -> Value:
        """Return an entry as it would be kept in the place of `before`. Raises Mistaken."""
        if kind == "server":
            known = before.value if before is not None else None
            entry = made_whole(entry, known if isinstance(known, NamedServer) else None)
        value = parsed(kind, entry)
        self._check_names(kind, value, None if before is None else before.id)
        return value

    def _check_names(self, kind: Kind, value: Value, own: str | None) -> None:
        """Raise Mistaken for a name that something else has."""
        if not isinstance(value, MqttTool | NamedServer):
            return
        tooling = self._tooling
        mine = self.all.items.get(own or "")
        others = {one.name for one in self.all.of_kind(kind) if one.id != own}
        if isinstance(value, NamedServer):
            others |= tooling.in_settings.keys()
        else:
            offered = {spec.name for spec in tooling.toolbox.specs()}
            others |= {tool.name for tool in tooling.in_file.tools}
            others |= offered - ({mine.name} if mine is not None else set())
        if value.name in others:
            raise Mistaken(
                Mistake(
                    "name",
                    worded("name-is-taken", "'{name}' is taken: choose another", name=value.name),
                )
            )

    async def _change(
        self, did: str, changes: Changes, who: Origin, *, undone: str | None = None
    ) -> Changed:
        """Keep changes, have them in force, and take note of them."""
        before = {id_: self.all.items.get(id_) for id_ in changes}
        step = Step(uuid.uuid4().hex, before, changes)
        await self._kept.save(step, undone=undone)
        self._tooling.put(self.all.after(changes))
        for id_, now in changes.items():
            one = now or before[id_]
            if one is None:
                continue
            told = {"undo": step.id, "did": did, "was": _told(before[id_]), "is": _told(now)}
            self._tooling.audit.note(who, f"edit_{one.kind}", told, "allowed")
        last = next(reversed([*changes.values()]), None)
        return Changed(last, step.id)


def undo_of(tool: str, arguments: str) -> tuple[str | None, str]:
    """Return with what an entry of the audit is taken back, and its arguments without that."""
    found = _UNDO.match(arguments) if tool.startswith("edit_") else None
    return (None, arguments) if found is None else (found[1], f"{{{arguments[found.end() :]}")


def _told(one: Addition | None) -> dict[str, Any] | None:
    """Return what is said of an addition, without its secrets."""
    if one is None:
        return None
    value = one.value
    said = shown(value) if isinstance(value, NamedServer) else value.model_dump(mode="json")
    kept = {key: said[key] for key in value.model_fields_set}
    return {**kept, "enabled": one.enabled}
