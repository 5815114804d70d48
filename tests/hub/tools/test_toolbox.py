import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from hub.engines.base import ToolError, ToolSpec
from hub.home.confirmations import Confirmations
from hub.home.gate import PolicyGate
from hub.home.policy import Policy, Rule
from hub.home.verbs import Risk
from hub.origin import Origin
from hub.tools import toolbox
from hub.tools.audit import Audit
from hub.tools.home_tools import to_be_asked
from hub.tools.toolbox import MAX_TOOLS, JoinedToolbox
from tests.hub.home.small_home import small_home
from tests.hub.tools.audit_in_memory import AuditInMemory

WHO = Origin("Kitchen", "en", conversation="c1", turn=1)


def spec(name: str, text: str = "does it") -> ToolSpec:
    return ToolSpec(name, text, {"type": "object", "properties": {}})


class Box:
    """Tools that do nothing but count."""

    def __init__(self, *specs: ToolSpec, risk: Risk = "low", fails: str = "") -> None:
        self.offered: Sequence[ToolSpec] = specs
        self.used: list[tuple[str, Mapping[str, Any]]] = []
        self._risk: Risk = risk
        self._fails = fails

    def specs(self) -> Sequence[ToolSpec]:
        return self.offered

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        del origin
        if self._fails:
            raise ToolError(self._fails)
        self.used.append((name, arguments))
        return f"{name} done"

    def risk(self, name: str) -> Risk:
        return self._risk

    def question(self, name: str, arguments: Mapping[str, Any], language: str) -> str:
        return ""


def joined(*boxes: Box, rules: Sequence[Rule] = ()) -> tuple[JoinedToolbox, Confirmations, Audit]:
    home = small_home()
    confirmations, audit = Confirmations(), Audit(AuditInMemory())
    gate = PolicyGate(home, Policy(home, rules), confirmations, noted=audit.stopped)
    return JoinedToolbox(boxes, gate, audit), confirmations, audit


async def verdicts(audit: Audit) -> list[tuple[str, str, str]]:
    writing = asyncio.create_task(audit.run())
    await asyncio.sleep(0.01)
    writing.cancel()
    await asyncio.wait([writing])
    return [(one.tool, one.verdict, one.code) for one in reversed(await audit.recent())]


def names(box: JoinedToolbox) -> list[str]:
    return [one.name for one in box.specs()]


async def test_each_tool_is_used_in_its_own_box_and_audited() -> None:
    first, second = Box(spec("a")), Box(spec("b"))
    box, _, audit = joined(first, second)
    assert await box.call("b", {"x": 1}, WHO) == "b done"
    assert (first.used, second.used) == ([], [("b", {"x": 1})])
    assert await verdicts(audit) == [("b", "allowed", "ok")]


def test_the_order_is_that_of_the_boxes_and_a_name_belongs_to_the_first() -> None:
    box, *_ = joined(Box(spec("b"), spec("a")), Box(spec("a", "another"), spec("c")))
    assert names(box) == ["b", "a", "c"]
    assert [one.description for one in box.specs()] == ["does it"] * 3


@pytest.mark.parametrize(
    "bad",
    [
        spec("with space"),
        spec(""),
        spec("a" * 65),
        spec("long", "x" * 9_000),
        ToolSpec("odd", "", {"a": {1: float("nan")}, "b": "y" * 9_000}),
    ],
)
def test_a_tool_that_no_model_could_read_is_left_out(bad: ToolSpec) -> None:
    box, *_ = joined(Box(bad, spec("good")))
    assert names(box) == ["good"]


def test_too_many_tools_are_left_out_and_those_before_stay() -> None:
    many = Box(*(spec(f"t{number}") for number in range(MAX_TOOLS + 5)))
    box, *_ = joined(Box(spec("mine")), many)
    assert len(names(box)) == MAX_TOOLS
    assert names(box)[0] == "mine"


async def test_a_tool_that_is_not_offered_can_not_be_used() -> None:
    box, *_ = joined(Box(spec("a")))
    with pytest.raises(ToolError, match="no tool b"):
        await box.call("b", {}, WHO)


async def test_a_risky_tool_waits_for_a_yes() -> None:
    risky = Box(spec("open_gate"), risk="confirm")
    box, confirmations, audit = joined(risky)
    told = await box.call("open_gate", {"n": 1}, WHO)
    assert "Shall I really do that: open gate?" in told
    assert risky.used == []
    pending = confirmations.open(Origin("Kitchen", "en", conversation="c1", turn=2))
    assert pending is not None
    result = await pending.deed()
    assert (result.speech, result.ok) == ("open_gate done", True)
    assert risky.used == [("open_gate", {"n": 1})]
    assert await verdicts(audit) == [("open_gate", "asked", "confirm")]


async def test_a_rule_can_refuse_a_tool_and_the_model_is_told_what_to_say() -> None:
    plain = Box(spec("news"))
    box, _, audit = joined(plain, rules=[Rule("refuse", tools=("new*",), rooms=("kitchen",))])
    with pytest.raises(ToolError, match="not allowed from this room"):
        await box.call("news", {}, WHO)
    assert plain.used == []
    assert await verdicts(audit) == [("news", "refused", "refused")]


async def test_a_rule_can_let_a_risky_tool_through() -> None:
    risky = Box(spec("open_gate"), risk="confirm")
    box, *_ = joined(risky, rules=[Rule("allow", tools=("open_gate",))])
    assert await box.call("open_gate", {}, WHO) == "open_gate done"


async def test_a_tool_that_fails_after_a_yes_says_so() -> None:
    risky = Box(spec("open_gate"), risk="confirm", fails="The gate is jammed")
    box, confirmations, _ = joined(risky)
    await box.call("open_gate", {}, WHO)
    pending = confirmations.open(Origin("Kitchen", "en", conversation="c1", turn=2))
    assert pending is not None
    result = await pending.deed()
    assert (result.speech, result.ok) == ("The gate is jammed", False)


async def test_a_failure_is_audited() -> None:
    box, _, audit = joined(Box(spec("a"), fails="no route"))
    with pytest.raises(ToolError):
        await box.call("a", {}, WHO)
    assert await verdicts(audit) == [("a", "allowed", "failed: no route")]


async def test_the_list_is_the_same_from_turn_to_turn() -> None:
    box, *_ = joined(Box(spec("a")), Box(spec("b")))
    before = list(box.specs())
    await box.call("a", {}, WHO)
    assert list(box.specs()) == before


async def test_a_call_that_only_asked_is_audited_as_such() -> None:
    class Asking(Box):
        async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
            return to_be_asked("Shall I unlock the door?")

    box, _, audit = joined(Asking(spec("control_device")))
    await box.call("control_device", {}, WHO)
    assert await verdicts(audit) == [("control_device", "asked", "confirm")]


def test_the_size_of_a_tool_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def size(one: ToolSpec) -> int:
        sizes.append(one.name)
        return 10

    monkeypatch.setattr(toolbox, "_size", size)
    tool = Box(spec("a"), spec("b"))
    box, *_ = joined(tool)
    for _ in range(3):
        assert names(box) == ["a", "b"]
    assert sizes == ["a", "b"]
    tool.offered = [spec("a", "It does something else now")]
    assert names(box) == ["a"]
    assert sizes == ["a", "b", "a"]
