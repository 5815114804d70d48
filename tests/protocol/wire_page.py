"""What `docs/protocol.md` must say about messages and states, made from the code."""

import ast
import dataclasses
import inspect
import textwrap
import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from protocol import wyoming_info
from protocol.messages import MESSAGES
from protocol.schema import Between, Message, OneOf, Part, plan_of
from protocol.sotto_messages import SOTTO_MESSAGES
from protocol.state import TABLE, LinkState, Role
from protocol.wyoming_messages import WYOMING_MESSAGES

Row = tuple[str, ...]

MESSAGE_HEADER: Row = ("message", "satellite", "hub", "plain Wyoming", "payload")
FIELD_HEADER: Row = ("field", "type", "needed", "meaning")
STATE_HEADER: Row = ("state", "sender", "messages", "then")
_PLAIN = {str: "text", int: "integer", float: "number", bool: "boolean", Any: "anything"}


def message_rows(messages: Iterable[type[Message]]) -> Iterator[Row]:
    """Yield who may send each message once a link is ready, or before."""
    for cls in messages:
        cells = []
        for role in (Role.SATELLITE, Role.HUB, Role.WYOMING):
            states = {rule.state for rule in TABLE if rule.message is cls and role in rule.senders}
            ready = LinkState.READY in states
            when = "always" if ready and len(states) > 1 else "ready" if ready else "greeting"
            cells.append(when if states else "")
        yield (f"`{cls.type_name}`", *cells, "audio" if plan_of(cls).payload else "")


def field_rows(cls: type[Part]) -> Iterator[Row]:
    """Yield the fields of a message or a part: name, type, whether it is needed, meaning."""
    hints = get_type_hints(cls, include_extras=True)
    meanings = dict(field_texts(cls))
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        hint = hints[field.name]
        if hint is bytes:
            continue
        yield (f"`{field.name}`", type_text(hint), needed_text(field, hint), meanings[field.name])


def field_texts(cls: type) -> Iterator[tuple[str, str]]:
    """Yield each field with the line of text below it, also of the classes above."""
    for base in cls.__mro__[1:]:
        if dataclasses.is_dataclass(base):
            yield from field_texts(base)
            break
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(node, ast.ClassDef)
    for field, text in zip(node.body, [*node.body[1:], ast.Pass()], strict=True):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            assert isinstance(field.target, ast.Name)
            assert isinstance(text.value, ast.Constant)
            yield field.target.id, " ".join(str(text.value.value).split())


def type_text(hint: Any) -> str:
    """Return the type of a field in the words of the page."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, rule = get_args(hint)
        return f"{type_text(base)}{_rule_text(rule)}"
    if origin in {Union, types.UnionType}:
        (base,) = (arg for arg in get_args(hint) if arg is not types.NoneType)
        return type_text(base)
    if origin is tuple:
        return f"list of {type_text(get_args(hint)[0])}"
    if origin is dict:
        return "object"
    if inspect.isclass(hint) and issubclass(hint, Part):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return _PLAIN[hint]


def _rule_text(rule: Between | OneOf) -> str:
    if isinstance(rule, OneOf):
        return ": " + ", ".join(f"`{value}`" for value in rule.values)
    greatest = "2^53" if rule.greatest == 2**53 else f"{rule.greatest:g}"
    if isinstance(rule.greatest, int) and rule.greatest != 2**53:
        greatest = str(rule.greatest)
    return f", {rule.least} to {greatest}"


def needed_text(field: dataclasses.Field[Any], hint: Any) -> str:
    """Return `yes`, or what an absent field means."""
    if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
        return "no" if types.NoneType in get_args(hint) else "yes"
    known: dict[Any, str] = {None: "no", False: "`false`", True: "`true`", (): "`[]`"}
    # A count of 0 would be found as false.
    return f"`{field.default}`" if type(field.default) is int else known[field.default]


def parts() -> list[type[Part]]:
    """Return every nested object of every message, in the order of the code."""
    found: list[type[Part]] = []

    def visit(cls: type[Part]) -> None:
        for hint in get_type_hints(cls, include_extras=True).values():
            for part in _parts_in(hint):
                if part not in found:
                    found.append(part)
                    visit(part)

    for cls in MESSAGES.values():
        visit(cls)
    return sorted(found, key=lambda part: (part.__module__ != wyoming_info.__name__, part.__name__))


def _parts_in(hint: Any) -> list[type[Part]]:
    if inspect.isclass(hint) and issubclass(hint, Part):
        return [hint]
    return [part for arg in get_args(hint) for part in _parts_in(arg)]


def state_rows() -> Iterator[Row]:
    """Yield the table of states: one row for each state, sender and next state."""
    for state in LinkState:
        for role in (Role.SATELLITE, Role.HUB):
            for then in LinkState:
                names = [
                    f"`{rule.message.type_name}`"
                    for rule in TABLE
                    if rule.state is state and role in rule.senders and rule.then is then
                ]
                if names:
                    yield (state.value, role.value, ", ".join(sorted(names)), then.value)


def render(header: Row, rows: Iterable[Row]) -> str:
    """Return a Markdown table."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def sections() -> Iterator[tuple[str, str, str]]:
    """Yield title, description and table of every message, then of every part."""
    for cls in (*WYOMING_MESSAGES, *SOTTO_MESSAGES):
        rows = list(field_rows(cls))
        table = render(FIELD_HEADER, rows) if rows else "No fields."
        yield cls.type_name, inspect.getdoc(cls) or "", table
    for part in parts():
        table = render(FIELD_HEADER, field_rows(part))
        yield part.__name__, inspect.getdoc(part) or "", table
