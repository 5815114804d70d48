"""Tools, rules, automations and servers are made over the API, at a running hub."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest

from hub.api.access import Role
from tests.hub.api.kept_parts import kept_parts
from tests.hub.api.running_hub import Api, received, running_hub

pytestmark = pytest.mark.timeout(120)

SERVER = str(Path(__file__).parents[1] / "tools" / "small_mcp_server.py")
LIMIT_S = 60.0
COFFEE: dict[str, Any] = {
    "name": "start_coffee",
    "description": "Starts the coffee machine.",
    "topic": "kitchen/coffee/set",
    "payload": "{{ cups }}",
    "parameters": {"cups": {"type": "integer", "minimum": 1, "maximum": 8, "default": 2}},
    "risk": "confirm",
}
FILE = '[[when]]\ndevice = "Bell"\ntype = "press"\ncommand = "turn on the bed light"\n'


def more(folder: Path) -> list[str]:
    (folder / "mine.toml").write_text(FILE)
    return [
        f'[tools]\nfile = "{folder}/mine.toml"',
        '[[policy.rules]]\nthen = "refuse"\ndomains = ["lock"]',
    ]


async def made(client: httpx2.AsyncClient, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/v1/additions", json={"kind": kind, "value": value})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def until(
    client: httpx2.AsyncClient, path: str, holds: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    async with asyncio.timeout(LIMIT_S):
        while not holds(found := (await client.get(path)).json()):
            await asyncio.sleep(0.02)
    result: dict[str, Any] = found
    return result


async def test_a_tool_is_made_tried_changed_switched_off_removed_and_back(tmp_path: Path) -> None:
    with kept_parts() as kept:
        async with (
            running_hub(tmp_path / "hub", more=more(tmp_path)) as api,
            api.client() as client,
        ):
            wrong = {**COFFEE, "payload": "{{ sugar }}"}
            refused = await client.post("/v1/additions", json={"kind": "tool", "value": wrong})
            assert refused.status_code == 422
            assert refused.json()["errors"] == [
                {
                    "where": "payload",
                    "what": "there is no parameter 'sugar'",
                    "words": {"key": "no-parameter", "values": {"name": "sugar"}},
                }
            ]
            draft = {"value": COFFEE, "arguments": {"cups": 3}}
            shown = (await client.post("/v1/rehearsal", json=draft)).json()
            assert (shown["topic"], shown["payload"]) == ("kitchen/coffee/set", "3")

            done = await made(client, "tool", COFFEE)
            id_ = done["item"]["id"]
            tools = (await client.get("/v1/tools")).json()
            assert any(tool["name"] == "start_coffee" for tool in tools["tools"])
            assert tools["mqtt"] == [], "what stands in the file is told apart"

            sent: list[str] = []
            link = kept[0].household.link
            link.subscribe("kitchen/#", lambda _topic, payload, _: sent.append(payload.decode()))
            asks = await client.post("/v1/tools/start_coffee/use", json={})
            assert (asks.status_code, asks.json()["code"]) == (409, "needs-confirmation")
            used = await client.post("/v1/tools/start_coffee/use", json={"sure": True})
            assert used.status_code == 200, used.text
            await until(client, "/health", lambda _: sent == ["2"])

            off = await client.patch(f"/v1/additions/{id_}", json={"enabled": False})
            assert off.json()["item"]["enabled"] is False
            missing = await client.post("/v1/tools/start_coffee/use", json={"sure": True})
            assert missing.status_code == 404
            await client.post(f"/v1/additions/undo/{off.json()['undo']}")
            gone = await client.delete(f"/v1/additions/{id_}")
            assert gone.json()["item"] is None
            assert (await client.get("/v1/additions")).json()["items"] == []
            back = await client.post(f"/v1/additions/undo/{gone.json()['undo']}")
            assert back.json()["item"]["value"]["topic"] == "kitchen/coffee/set"
            again = await client.post(f"/v1/additions/undo/{gone.json()['undo']}")
            assert (again.status_code, again.json()["code"]) == (409, "changed")

            found = await until(
                client, "/v1/audit?tool=edit_tool", lambda page: len(page["items"]) == 5
            )
            assert {entry["person"] for entry in found["items"]} == {"Owner"}


async def test_a_server_that_is_a_program_is_tried_kept_and_its_tools_hidden(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as api, api.client() as client:
        value = {
            "name": "small",
            "command": sys.executable,
            "args": [SERVER, "stdio"],
            "env": {"SMALL_SECRET": "hunter2"},
            "tools": ["add", "secret", "water"],
        }
        tried = (await client.post("/v1/servers/trial", json={"value": value})).json()
        assert [tool["name"] for tool in tried["tools"]] == ["add", "secret", "water"]
        wrong = {**value, "command": "/nowhere/at-all"}
        failed = await client.post("/v1/servers/trial", json={"value": wrong})
        assert failed.status_code == 502
        assert "/nowhere/at-all" in failed.json()["detail"]
        assert (await client.get("/v1/additions")).json()["items"] == []

        item = (await made(client, "server", value))["item"]
        assert item["value"]["env"] == {"SMALL_SECRET": "***"}
        found = await until(client, "/v1/tools", lambda all_: all_["servers"][0]["ready"])
        assert found["servers"][0]["source"] == "dashboard"
        kept = {**item["value"], "timeout_s": 3.0}
        changed = await client.patch(f"/v1/additions/{item['id']}", json={"value": kept})
        assert changed.status_code == 200, changed.text
        await until(client, "/v1/tools", lambda all_: len(all_["servers"][0]["tools"]) == 3)
        secret = await client.post("/v1/tools/small_secret/use", json={})
        assert secret.json()["result"] == "hunter2", "the secret is still there"

        hidden = {"tools": ["secret"]}
        undo = (await client.put("/v1/servers/small/hidden", json=hidden)).json()["undo"]
        assert (await client.post("/v1/tools/small_secret/use", json={})).status_code == 404
        [server] = (await client.get("/v1/tools")).json()["servers"]
        assert [one["name"] for one in server["offers"] if one["hidden"]] == ["secret"]
        await client.post(f"/v1/additions/undo/{undo}")
        assert (await client.post("/v1/tools/small_secret/use", json={})).status_code == 200
        for path in ("/v1/additions", "/v1/tools"):
            assert "hunter2" not in (await client.get(path)).text
        found = await until(client, "/v1/audit?q=edit_", lambda page: len(page["items"]) == 4)
        assert "hunter2" not in str([one for one in found["items"] if "edit" in one["tool"]])


async def test_a_program_is_started_for_owners_and_tokens_of_admins_alone(tmp_path: Path) -> None:
    mark = tmp_path / "started"
    value = {"name": "evil", "command": "touch", "args": [str(mark)]}
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/v1/servers/trial", {"value": value}),
        ("POST", "/v1/additions", {"kind": "server", "value": value}),
        ("PATCH", "/v1/additions/x", {"enabled": True}),
        ("DELETE", "/v1/additions/x", {}),
        ("PUT", "/v1/additions/order", {"kind": "rule", "ids": []}),
        ("POST", "/v1/additions/undo/x", {}),
        ("PUT", "/v1/servers/evil/hidden", {"tools": []}),
        ("POST", "/v1/tools/get_time/use", {}),
        ("POST", "/v1/automations/trial", {"value": {}}),
        ("POST", "/v1/policies/trial", {}),
        ("POST", "/v1/rehearsal", {"value": {}}),
        ("GET", "/v1/additions", {}),
        ("GET", "/v1/happenings", {}),
    ]
    async with running_hub(tmp_path / "hub") as api:
        token = await read_token(api)
        others: list[tuple[Any, int]] = [(None, 401), (Role.PANEL, 403), (Role.MEMBER, 403)]
        for role, status in others:
            async with api.client(role) as client:
                for method, path, body in calls:
                    answer = await client.request(method, path, json=body or None)
                    assert answer.status_code == status, (role, path)
        async with api.client(None) as client:
            headers = {"Authorization": f"Bearer {token}"}
            for method, path, body in calls:
                answer = await client.request(method, path, json=body or None, headers=headers)
                assert answer.status_code == 403, path
        assert not mark.exists()


async def read_token(api: Api) -> str:
    """Return a token of an owner that is for everything but administering."""
    async with api.client(None) as client:
        code = api.setup_link.rpartition("=")[2] or api.setup_link.rpartition("#")[2]
        ada = {"name": "Ada", "password": "correct horse battery"}
        answer = await client.post("/v1/setup", json={"code": code, **ada})
        assert answer.status_code < 300, answer.text
        origin = {"Origin": api.url}
        scopes = ["read", "talk", "home", "satellites"]
        new = {"name": "tablet", "scopes": scopes}
        made_ = await client.post("/v1/tokens", json=new, headers=origin)
        assert made_.status_code == 201, made_.text
        return str(made_.json()["token"])


async def test_rules_and_automations_are_tried_without_waiting_for_night(tmp_path: Path) -> None:
    async with (
        running_hub(tmp_path / "hub", home=True, more=more(tmp_path)) as api,
        api.client() as client,
    ):
        devices = (await client.get("/v1/devices?limit=200")).json()["items"]
        lock = next(one["id"] for one in devices if one["kind"] == "lock")
        wanted = {"device": lock, "verb": "unlock", "room": "Kids"}
        before = (await client.post("/v1/policies/trial", json=wanted)).json()
        assert (before["ruling"], before["id"], before["number"]) == ("refuse", None, 0)
        rule = {"then": "confirm", "rooms": ["Kids"], "hours": "22:00-06:00"}
        item = (await made(client, "rule", rule))["item"]
        night = {**wanted, "at": "2026-01-10T23:00:00"}
        at_night = (await client.post("/v1/policies/trial", json=night)).json()
        assert (at_night["ruling"], at_night["id"]) == ("confirm", item["id"])
        noon = {**wanted, "at": "2026-01-10T12:00:00"}
        assert (await client.post("/v1/policies/trial", json=noon)).json()["number"] == 0
        odd = await client.post("/v1/policies/trial", json={**wanted, "verb": "eat"})
        assert odd.status_code == 422

        value = {"device": "No Such Remote", "type": "press", "command": "turn on the bed light"}
        trial = await client.post("/v1/automations/trial", json={"value": value})
        assert trial.json()["ok"], trial.text
        found = (await made(client, "when", value))["item"]
        assert "No Such Remote" in found["problem"]
        wrong = await client.post("/v1/automations/trial", json={"value": {"device": "x"}})
        assert wrong.status_code == 422
        listens = {"device": "Bell", "type": "press", "listen": True, "room": "Attic"}
        nobody = await client.post("/v1/automations/trial", json={"value": listens})
        assert nobody.status_code == 409
        assert "Attic" in nobody.json()["detail"]


async def test_whoever_looks_is_told_that_something_is_another(tmp_path: Path) -> None:
    async with (
        running_hub(tmp_path) as api,
        api.client() as client,
        api.socket("/v1/live") as socket,
    ):
        await received(socket)
        await made(client, "rule", {"then": "confirm", "tools": ["never"]})
        async with asyncio.timeout(LIMIT_S):
            while True:
                message = orjson.loads(await received(socket))
                if message.get("topic") == "tools":
                    break
        assert message["value"]["version"] > 0
