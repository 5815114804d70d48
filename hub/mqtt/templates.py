"""Templates that devices send along: a small part of Jinja2, with a bound on everything.

Jinja2's own sandbox keeps a template away from Python's insides, but lets it loop or build strings
for ever. So only what is listed here passes, and every loop and every string has a limit.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, cast

import orjson
from jinja2 import TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from hub.mqtt.errors import DiscoveryError
from hub.mqtt.template_filters import (
    FILTERS,
    FUNCTIONS,
    LIBRARY_FILTERS,
    LIBRARY_TESTS,
    LIMIT,
    TESTS,
    as_text,
    check_length,
    replace_bounded,
    size,
    sized,
)
from hub.words import worded

MAX_SOURCE_CHARS = 8_192
"""The longest template seen in the wild, a thermostat's mode table, has about 1,500."""
MAX_STEPS = 10_000
"""Rounds of all loops in one rendering."""
MAX_LOOPING_S = 0.05
"""Time for all loops in one rendering; the hub serves its rooms in the same thread."""

_ALLOWED_NODES: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign),
    *(nodes.Name, nodes.NSRef, nodes.Const, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair),
    *(nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Filter, nodes.Test, nodes.Call),
    *(nodes.Keyword, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.Concat),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos),
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow),
)
_ALLOWED_METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset(
        {
            *("lower", "upper", "title", "capitalize", "strip", "lstrip", "rstrip", "split"),
            *("rsplit", "replace", "startswith", "endswith", "isdigit", "isnumeric", "find"),
            "count",
        }
    ),
    dict: frozenset({"get", "keys", "values", "items"}),
    list: frozenset({"index", "count"}),
    tuple: frozenset({"index", "count"}),
    LoopContext: frozenset({"index", "index0", "first", "last", "length"}),
}


class Template:
    """A value template: what a device's payload means."""

    def __init__(self, source: str) -> None:
        """Compile. Raises DiscoveryError("bad-template")."""
        self.source = source
        try:
            self._template = _compile(source)
        except (TemplateError, RecursionError, SyntaxError, MemoryError) as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")
            raise DiscoveryError(
                "bad-template",
                worded("template-refused", "A template is refused: {why}.", why=reason),
            ) from None

    def render(self, value: Any, **named: Any) -> str:
        """Return what the template makes of a payload, or of the values of a command.

        Raises DiscoveryError("bad-template").
        """
        values: dict[str, Any] = {"value": value, **named}
        if "value_json" in self.source and isinstance(value, str):
            # Without JSON a template has only `value`, as in Home Assistant.
            with suppress(ValueError):
                values["value_json"] = orjson.loads(value)
        values[LIMIT] = _Limit()
        pieces: list[str] = []
        length = 0
        try:
            for piece in self._template.generate(values):
                length += len(piece)
                check_length(length)
                pieces.append(piece)
        except Exception as error:  # noqa: BLE001 (whatever it raises is the template's fault)
            reason = next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")
            raise DiscoveryError(
                "bad-template", worded("template-failed", "A template failed: {why}.", why=reason)
            ) from None
        return "".join(pieces).strip()


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            if not (abs(float(left)) <= 1e6 and abs(float(right)) <= 64):
                raise SecurityError("a power is too large")
        elif operator == "*":
            if isinstance(left, list | tuple) or isinstance(right, list | tuple):
                raise SecurityError("a list can not be repeated")
            for text, number in ((left, right), (right, left)):
                if isinstance(text, str):
                    check_length(len(text) * int(number))
        elif operator == "+" and isinstance(left, str | list | tuple):
            check_length(size(left) + size(right))
        elif operator == "%" and isinstance(left, str):
            raise SecurityError("text can not be formatted with %")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        # A device may well name a value "items" or "update".
        if isinstance(obj, dict):
            if attribute in obj:
                return obj[attribute]
            if attribute not in _ALLOWED_METHODS[dict]:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def wrap_str_format(self, value: Any) -> None:
        """Leave str.format to `is_safe_attribute`, which refuses it: it pads without bound."""

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        raise SecurityError(f"{attribute!r} of a {type(obj).__name__} is out of reach")

    def is_safe_attribute(self, obj: Any, attr: str, _value: Any) -> bool:
        return attr in _ALLOWED_METHODS.get(type(obj), frozenset())

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str) and getattr(obj, "__name__", "") == "replace" and len(args) >= 2:
            return replace_bounded(owner, *args[:2])
        return super().call(context, obj, *args, **kwargs)


class _Limit:
    """How much one rendering may still loop."""

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.deadline_s = time.thread_time() + MAX_LOOPING_S

    def count(self) -> None:
        self.steps -= 1
        if self.steps < 0 or time.thread_time() > self.deadline_s:
            raise SecurityError("it loops for too long")


class _Bounding(NodeTransformer):
    """Puts a check around whatever can grow."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 (the library's naming)
        self.generic_visit(node)
        node.iter = _filtered(node.iter, _COUNTED, nodes.Name(LIMIT, "load", lineno=node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "join")

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filtered(node, _SIZED)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filtered(node, _SIZED)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filtered(node, _SIZED) if node.ctx == "load" else node


def _filtered(node: nodes.Node, name: str, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(
        cast("nodes.Expr", node), name, list(args), [], None, None, lineno=node.lineno
    )


@lru_cache(maxsize=1024)  # devices of one kind send the same templates
def _compile(source: str) -> Any:
    if len(source) > MAX_SOURCE_CHARS:
        raise TemplateSyntaxError(f"it is longer than {MAX_SOURCE_CHARS} characters", 1)
    tree = _ENVIRONMENT.parse(source)
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED_NODES):
            raise TemplateSyntaxError(f"it uses {type(node).__name__}", node.lineno)
        if isinstance(node, nodes.Filter) and node.name not in _FILTER_NAMES:
            raise TemplateSyntaxError(f"it uses the filter {node.name!r}", node.lineno)
        if isinstance(node, nodes.Test) and node.name not in _TEST_NAMES:
            raise TemplateSyntaxError(f"it uses the test {node.name!r}", node.lineno)
        if isinstance(node, nodes.Name) and node.name == LIMIT:
            raise TemplateSyntaxError(f"it uses the name {LIMIT!r}", node.lineno)
        if isinstance(node, nodes.For) and node.recursive:
            raise TemplateSyntaxError("it loops recursively", node.lineno)
    code = _ENVIRONMENT.compile(_Bounding().visit(tree))
    return _ENVIRONMENT.template_class.from_code(_ENVIRONMENT, code, _ENVIRONMENT.globals)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        yield child
        yield from _walk(child)


def _counted(items: Iterable[Any], limit: _Limit) -> Iterator[Any]:
    for item in items:
        limit.count()
        yield item


_COUNTED = "sotto_counted"
_SIZED = "sotto_sized"
_FILTER_NAMES = frozenset([*LIBRARY_FILTERS, *FILTERS])
_TEST_NAMES = frozenset([*LIBRARY_TESTS, *TESTS])


def _environment() -> _Environment:
    environment = _Environment(autoescape=False, finalize=as_text, optimized=False)
    library = {name: environment.filters[name] for name in LIBRARY_FILTERS}
    environment.filters = {**library, **FILTERS, _COUNTED: _counted, _SIZED: sized}
    # Filters such as `select` find a test by its name while they run.
    environment.tests = {**{name: environment.tests[name] for name in LIBRARY_TESTS}, **TESTS}
    environment.globals = dict(FUNCTIONS)
    return environment


_ENVIRONMENT = _environment()
