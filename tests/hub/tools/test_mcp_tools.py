"""A real server of the SDK's, over its input and output and over HTTP."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hub.engines.base import ToolError
from hub.origin import Origin
from hub.tools import mcp_connection, mcp_server
from hub.tools.mcp_tools import McpTools
from hub.tools_settings import McpServer
from tests.ports import free_port

SERVER = str(Path(__file__).with_name("small_mcp_server.py"))
WHO = Origin("Kitchen")
LIMIT_S = 30.0


def by_pipe(**more: Any) -> dict[str, Any]:
    return {"command": sys.executable, "args": (SERVER, "stdio"), **more}


@asynccontextmanager
async def tools(**servers: dict[str, Any]) -> AsyncIterator[tuple[McpTools, asyncio.Event]]:
    changed = asyncio.Event()
    box = McpTools(
        {name: McpServer.model_validate(one) for name, one in servers.items()}, changed.set
    )
    running = asyncio.create_task(box.run())
    try:
        yield box, changed
    finally:
        running.cancel()
        await asyncio.wait([running])


async def until(changed: asyncio.Event, holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not holds():
            changed.clear()
            if not holds():
                await changed.wait()


def names(box: McpTools) -> list[str]:
    return [spec.name for spec in box.specs()]


async def test_a_program_offers_its_tools_and_they_work() -> None:
    one = by_pipe(tools=("add", "water", "secret", "fail", "flood"), env={"SMALL_SECRET": "42"})
    async with tools(small=one) as (box, changed):
        await until(changed, lambda: bool(box.specs()))
        assert names(box) == [
            "small_add", "small_fail", "small_flood", "small_secret", "small_water",
        ]  # fmt: skip
        assert await box.call("small_add", {"a": 2, "b": 3}, WHO) == "5"
        assert await box.call("small_secret", {}, WHO) == "42"
        assert (box.risk("small_add"), box.risk("small_water")) == ("low", "confirm")
        with pytest.raises(ToolError, match="the moon is full"):
            await box.call("small_fail", {}, WHO)
        assert len(await box.call("small_flood", {}, WHO)) == mcp_connection.MAX_RESULT_CHARS
        with pytest.raises(ToolError, match="no tool small_hang"):
            await box.call("small_hang", {}, WHO)


def test_a_server_that_is_away_for_days_is_tried_every_minute() -> None:
    assert [mcp_server.retry_s(failures) for failures in (1, 2, 7, 2_000)] == [1, 2, 60, 60]


async def test_a_server_that_crashes_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_server, "FIRST_RETRY_S", 0.01)
    async with tools(small=by_pipe()) as (box, changed):
        await until(changed, lambda: bool(box.specs()))
        with pytest.raises(ToolError):
            await box.call("small_crash", {}, WHO)
        await until(changed, lambda: not box.specs())
        await until(changed, lambda: bool(box.specs()))
        assert await box.call("small_add", {"a": 2, "b": 3}, WHO) == "5"


async def test_a_server_that_hangs_costs_a_call_and_no_other() -> None:
    async with tools(small=by_pipe(timeout_s=0.5)) as (box, changed):
        await until(changed, lambda: bool(box.specs()))
        with pytest.raises(ToolError, match="not known whether it was done"):
            await box.call("small_hang", {}, WHO)
        # Of the other call it is asked that it is answered, not how fast the machine is.
        (link,) = box.links
        link.settings = link.settings.model_copy(update={"timeout_s": LIMIT_S})
        assert await box.call("small_add", {"a": 2, "b": 3}, WHO) == "5"


async def test_tools_that_come_later_are_offered_too() -> None:
    async with tools(small=by_pipe()) as (box, changed):
        await until(changed, lambda: bool(box.specs()))
        await box.call("small_grow", {}, WHO)
        await until(changed, lambda: "small_grown" in names(box))
        assert await box.call("small_grown", {}, WHO) == "new"


async def test_a_program_that_is_not_there_says_so_and_harms_nobody() -> None:
    absent = {"command": "/nowhere/at-all"}
    async with tools(absent=absent, small=by_pipe()) as (box, changed):
        await until(changed, lambda: bool(box.specs()))
        assert "/nowhere/at-all" in box.links[0].problem
        assert all(name.startswith("small_") for name in names(box))


async def test_the_owner_decides_on_risks() -> None:
    one = by_pipe(risk="low", risks={"add": "confirm"})
    async with tools(small=one) as (box, changed):
        await until(changed, lambda: bool(box.specs()))
        assert (box.risk("small_add"), box.risk("small_water")) == ("confirm", "low")


async def test_servers_come_and_go_while_others_go_on() -> None:
    async with tools(small=by_pipe()) as (box, changed):
        await until(changed, lambda: bool(box.specs()))
        stays = box.links[0]
        same = stays.settings
        other = McpServer.model_validate(by_pipe(tools=("add",)))
        box.put({"small": same, "other": other})
        await until(changed, lambda: "other_add" in names(box))
        assert box.links[0] is stays
        assert await box.call("small_add", {"a": 2, "b": 3}, WHO) == "5"
        box.put({"other": other})
        assert names(box) == ["other_add"]
        await until(changed, lambda: not stays.known())
        with pytest.raises(ToolError, match="no tool small_add"):
            await box.call("small_add", {"a": 2, "b": 3}, WHO)


async def test_a_hidden_tool_is_known_to_its_owner_and_to_nobody_else() -> None:
    async with tools(small=by_pipe(tools=("add", "water"))) as (box, changed):
        await until(changed, lambda: bool(box.specs()))
        box.put({"small": box.links[0].settings}, {"small": {"water"}})
        assert names(box) == ["small_add"]
        assert [one.name for one in box.links[0].known()] == ["add", "water"]
        with pytest.raises(ToolError, match="no tool small_water"):
            await box.call("small_water", {"plant": "fern"}, WHO)
        box.put({"small": box.links[0].settings})
        assert names(box) == ["small_add", "small_water"]


async def test_a_server_is_looked_at_once_and_leaves_nothing_behind() -> None:
    settings = McpServer.model_validate(by_pipe(tools=("add", "water")))
    found = await mcp_server.McpLink("small", settings).look()
    assert [(one.name, one.reads) for one in found] == [("add", True), ("water", False)]
    absent = McpServer.model_validate({"command": "/nowhere/at-all"})
    with pytest.raises(ToolError, match="no program '/nowhere/at-all'"):
        await mcp_server.McpLink("absent", absent).look()


async def test_a_server_over_http_works_and_is_found_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mcp_server, "FIRST_RETRY_S", 0.05)
    monkeypatch.setattr(mcp_server, "LONGEST_RETRY_S", 0.2)
    port = free_port()

    async def started() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, SERVER, str(port), stderr=asyncio.subprocess.DEVNULL
        )

    process = await started()
    try:
        url = f"http://127.0.0.1:{port}/mcp"
        async with tools(web={"url": url, "token": "t0ken"}) as (box, changed):
            await until(changed, lambda: bool(box.specs()))
            assert await box.call("web_add", {"a": 2, "b": 3}, WHO) == "5"
            process.kill()
            await process.wait()
            with pytest.raises(ToolError):
                await box.call("web_add", {"a": 2, "b": 3}, WHO)
            await until(changed, lambda: not box.specs())
            process = await started()
            await until(changed, lambda: bool(box.specs()))
            assert await box.call("web_add", {"a": 2, "b": 4}, WHO) == "6"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize(
    "settings", [{}, {"command": "a", "url": "http://127.0.0.1/mcp"}, {"url": "ftp://x"}]
)
def test_a_server_is_either_a_program_or_an_address(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        McpServer.model_validate(settings)


def test_the_library_is_not_imported_for_a_home_without_servers() -> None:
    program = "import sys, hub.tools.mcp_tools; sys.exit('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
