"""Servers as they are shown: without their secrets, and made whole again when they come back.

`***` stands for what is kept and not shown, as a whole value or as the end of an argument.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from hub.tools.additions import NamedServer
from hub.tools.mistakes import Mistake, Mistaken
from hub.words import worded

MASK = "***"
_SECRET = re.compile(r"pass|secret|token|key|pin|credential|auth", re.IGNORECASE)
_GIVEN = re.compile(r"[=:]\s*")
_BEARER = re.compile(r"\bbearer\s+", re.IGNORECASE)
_NAME = re.compile(r"[\w-]*\Z")


def shown(server: NamedServer) -> dict[str, Any]:
    """Return a server without its secrets."""
    return {
        **server.model_dump(exclude={"args", "env", "headers", "token"}),
        "args": _shown_args(server.args),
        "env": dict.fromkeys(server.env, MASK),
        "headers": dict.fromkeys(server.headers, MASK),
        "token": None if server.token is None else MASK,
    }


def made_whole(entry: Mapping[str, Any], before: NamedServer | None) -> dict[str, Any]:
    """Return an entry with the secrets of the server that it replaces in place of `***`.

    Raises Mistaken where there is none, and where the entry is of another address: nobody gets
    what was meant for somebody else.
    """
    whole = dict(entry)
    same = before is not None and _where(before.url) == _where(entry.get("url"))
    kept = before if same else None
    why = worded("nothing-kept", "*** stands for nothing that is kept here: type it anew")
    if before is not None and not same:
        why = worded("other-address", "the address is another: type it anew")
    wrong: list[Mistake] = []
    if entry.get("token") == MASK:
        whole["token"] = None if kept is None else kept.token
        if whole["token"] is None:
            wrong.append(Mistake("token", why))
    for key in ("env", "headers"):
        known: Mapping[str, Any] = {} if kept is None else getattr(kept, key)
        values = entry.get(key)
        if isinstance(values, Mapping):
            whole[key] = {name: known.get(name) if one == MASK else one
                          for name, one in values.items()}  # fmt: skip
            wrong += [
                Mistake(f"{key}.{name}", why)
                for name, one in values.items()
                if one == MASK and name not in known
            ]
    args = entry.get("args")
    if isinstance(args, Sequence) and not isinstance(args, str):
        whole["args"] = _whole_args(args, () if kept is None else kept.args)
        if any(isinstance(one, str) and one.endswith(MASK) for one in whole["args"]):
            wrong.append(Mistake("args", why))
    if wrong:
        raise Mistaken(*wrong)
    return whole


def _shown_args(args: Sequence[str]) -> list[str]:
    found: list[str] = []
    for number, one in enumerate(args):
        begins = _secret_begins(one)
        flag = args[number - 1] if number > 0 else ""
        if begins is not None:
            found.append(f"{one[:begins]}{MASK}")
        elif flag.startswith("-") and _SECRET.search(flag) and not one.startswith("-"):
            found.append(one if _GIVEN.search(flag) else MASK)
        else:
            found.append(one)
    return found


def _secret_begins(text: str) -> int | None:
    """Return where the secret of an argument begins, such as `--token=...`; None: it has none."""
    bearer = _BEARER.search(text)
    for given in _GIVEN.finditer(text):
        name = _NAME.search(text[: given.start()].rstrip()[-100:])
        if name is not None and _SECRET.search(name[0]) and given.end() < len(text):
            return given.end()
    return bearer.end() if bearer is not None and bearer.end() < len(text) else None


def _whole_args(args: Sequence[Any], before: Sequence[str]) -> list[Any]:
    """Return arguments with what they hid before, each once and in its order."""
    hidden: dict[str, list[str]] = {}
    for text, one in zip(_shown_args(before), before, strict=True):
        hidden.setdefault(text, []).append(one)
    return [
        hidden[one].pop(0)
        if isinstance(one, str) and one.endswith(MASK) and hidden.get(one)
        else one
        for one in args
    ]


def _where(url: Any) -> tuple[str, str] | None:
    """Return who an address leads to; None for a program."""
    if not isinstance(url, str) or not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return ("", url)
    return (parts.scheme, parts.netloc.casefold())
