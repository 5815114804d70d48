"""Servers are shown without their secrets, and made whole again when they come back."""

from typing import Any

import pytest

from hub.tools.additions import NamedServer, dumped, parsed
from hub.tools.masking import made_whole, shown
from hub.tools.mistakes import Mistaken

PROGRAM: dict[str, Any] = {
    "name": "files",
    "command": "serve",
    "args": ["--root", "/srv", "--api-key", "k1", "--token=t1", "PASSWORD=p1", "X: Bearer b1"],
    "env": {"MODE": "e1"},
}
WEB: dict[str, Any] = {
    "name": "web",
    "url": "http://127.0.0.1:9/mcp",
    "token": "t1",
    "headers": {"X-Key": "h1"},
}


def server(entry: dict[str, Any]) -> NamedServer:
    found = parsed("server", entry)
    assert isinstance(found, NamedServer)
    return found


def test_no_secret_is_shown() -> None:
    program = shown(server({**PROGRAM, "args": [*PROGRAM["args"], "http://a/?pin=1", "Auth: x y"]}))
    assert program["args"] == [
        "--root", "/srv", "--api-key", "***", "--token=***", "PASSWORD=***", "X: Bearer ***",
        "http://a/?pin=***", "Auth: ***",
    ]  # fmt: skip
    assert program["env"] == {"MODE": "***"}
    web = shown(server(WEB))
    assert (web["token"], web["headers"]) == ("***", {"X-Key": "***"})
    assert shown(server({**WEB, "token": None}))["token"] is None


@pytest.mark.parametrize("entry", [PROGRAM, WEB])
def test_what_comes_back_as_it_was_shown_is_as_it_was(entry: dict[str, Any]) -> None:
    before = server(entry)
    again = server(made_whole(shown(before), before))
    assert again == before
    assert b"t1" in dumped(again)


def test_what_is_typed_anew_counts_and_what_is_left_out_is_gone() -> None:
    before = server(PROGRAM)
    entry = {**shown(before), "args": ["--token=***", "--fast"], "env": {"MODE": "e2"}}
    again = server(made_whole(entry, before))
    assert again.args == ("--token=t1", "--fast")
    assert again.env["MODE"].get_secret_value() == "e2"


def test_a_secret_is_not_given_to_another_address() -> None:
    before = server(WEB)
    entry = {**shown(before), "url": "http://elsewhere.example/mcp"}
    with pytest.raises(Mistaken) as refused:
        made_whole(entry, before)
    assert {one.key for one in refused.value.mistakes} == {"token", "headers.X-Key"}
    assert "another" in str(refused.value)
    longer = {**shown(before), "url": "http://127.0.0.1:9/other"}
    assert server(made_whole(longer, before)).token == before.token


def test_nothing_is_made_of_stars_where_nothing_is_kept() -> None:
    with pytest.raises(Mistaken, match="args"):
        made_whole({"name": "x", "command": "a", "args": ["***"]}, None)
    with pytest.raises(Mistaken, match="type it anew"):
        made_whole({"name": "x", "url": "http://a/", "token": "***"}, None)
    before = server(PROGRAM)
    twice = {**shown(before), "args": ["--token=***", "--token=***"]}
    with pytest.raises(Mistaken):
        made_whole(twice, before)


def test_long_arguments_take_no_longer() -> None:
    long = ["keykey" * 600, "token " * 600, "a=:" * 1_300, "bearer" + " " * 3_000]
    assert shown(server({**PROGRAM, "args": long}))["args"][:2] == long[:2]
