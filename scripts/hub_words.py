"""Prints web_dashboard/src/i18n/en/hub.json: all that the hub says and a page can show.

It is found in the code itself; `make docs` writes it. The other languages are written by hand.
"""

import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
HUB = ROOT / "hub"
ELSEWHERE = {"demo", "mqtt", "sentence_check"}
"""Folders whose errors no page shows."""
ERRORS = {
    "Problem": (1, ""),
    "ControlError": (0, ""),
    "AccountError": (0, ""),
    "StoreError": (0, "store-"),
    "EngineError": (0, ""),
    "Misfit": (0, ""),
    "NotHeard": (0, ""),
    "Fault": (0, ""),
    "_fault": (0, ""),
    "document": (1, ""),
}
"""By what is called: which argument is the code, and what the page sees before it."""
LOOKED_AT = {"machine_check.py", "models_check.py", "model_needs.py", "findings.py"}
"""Where the findings of Health come from; others are those of the command line."""
LOUD = {"warning", "error", "critical", "exception"}


def said() -> dict[str, dict[str, str]]:
    """Return the English texts by their names, by kind."""
    words: dict[str, str] = {}
    codes: dict[str, set[str | None]] = defaultdict(set)
    names: set[str] = set()
    log: set[str] = set()
    for file in sorted(HUB.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        shown = file.relative_to(HUB).parts[0] not in ELSEWHERE
        for function, call in _calls(tree):
            name = _name(call.func)
            if name == "worded" and len(call.args) > 1:
                _put(words, call, tree, file)
            elif name in ERRORS and shown:
                at, before = ERRORS[name]
                given = call.args or [keyword.value for keyword in call.keywords]
                for code in _strings(given[at]) if len(given) > at else ():
                    codes[before + code].add(_plain(given[at + 1 :]))
            elif name in {"Finding", "Wanted"} and file.name in LOOKED_AT:
                names.update(_strings(call.args[0], tree) if call.args else ())
            elif _tells(function):
                log.update(_strings(call.args[0]) if call.args else ())
    return {
        "words": dict(sorted(words.items())),
        "codes": {code: _only(texts) for code, texts in sorted(codes.items())},
        "names": {name: name for name in sorted(names)},
        "log": {line: line for line in sorted(log) if "%" not in line},
    }


def _calls(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func, node


def _tells(function: ast.expr) -> bool:
    """Return whether this is how something loud gets into the log."""
    match function:
        case ast.Attribute(value=ast.Name(id="log"), attr=level):
            return level in LOUD
        case ast.Name(id=name):
            return name == "tell"
        case _:
            return False


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _put(words: dict[str, str], call: ast.Call, tree: ast.AST, file: Path) -> None:
    """Take a text in; a name stands for one text alone."""
    (key,) = _strings(call.args[0])
    texts = list(_strings(call.args[1], tree, before=call.lineno))
    if not texts:
        raise SystemExit(f"{file}:{call.lineno}: the text of {key!r} must stand there")
    text = re.sub(r"\{(\w+)[^}]*\}", r"{{\1}}", texts[-1])
    if words.setdefault(key, text) != text:
        raise SystemExit(f"{file}:{call.lineno}: {key!r} is the name of another text already")


def _strings(
    value: ast.expr, tree: ast.AST | None = None, *, before: int | None = None
) -> Iterator[str]:
    """Yield the strings that a value may be; with a tree, also by the name of a variable."""
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from _strings(value.body, tree)
            yield from _strings(value.orelse, tree)
        case ast.Name(id=name) if tree is not None:
            for node in sorted(ast.walk(tree), key=lambda node: getattr(node, "lineno", 0)):
                match node:
                    case ast.Assign(targets=[ast.Name(id=target)]) if target == name:
                        if before is None or node.lineno < before:
                            yield from _strings(node.value)
                    case ast.For(target=ast.Tuple(elts=[_, ast.Name(id=target)])) if target == name:
                        yield from _values(node.iter, tree)


def _values(items: ast.expr, tree: ast.AST) -> Iterator[str]:
    """Yield the strings of a dict over whose `items()` somebody goes."""
    match items:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="items")):
            for node in ast.walk(tree):
                match node:
                    case ast.Assign(
                        targets=[ast.Name(id=target)], value=ast.Dict(values=values)
                    ) if target == name:
                        for value in values:
                            yield from _strings(value)


def _plain(arguments: list[ast.expr]) -> str | None:
    match arguments:
        case [ast.Constant(value=str(text)), *_]:
            return text
        case [ast.Call(func=ast.Name(id="worded")), *_]:
            return ""  # it has a name of its own
        case _:
            return None


def _only(texts: set[str | None]) -> str:
    """Return the text of a code that has no other; else whatever the hub says in English."""
    known = {text for text in texts if text != ""}
    first = next(iter(known), None)
    return first if len(known) == 1 and first is not None else "{{text}}"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(said(), indent=2, ensure_ascii=False) + "\n")
