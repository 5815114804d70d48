"""Tools over the API, at a running hub with tools of the owner's and a server that is away."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.api.access import Role
from hub.origin import Origin
from hub.tools.audit import AuditEntry, Verdict
from hub.tools.stored_audit import StoredAudit
from tests.hub.api.kept_parts import kept_parts
from tests.hub.api.running_hub import running_hub

pytestmark = pytest.mark.timeout(120)

FILE = """
[[tools]]
name = "start_coffee"
description = "Starts the coffee machine."
topic = "kitchen/{{ machine }}/set"
payload = "{{ cups }}"
risk = "confirm"
[tools.parameters.machine]
type = "string"
[tools.parameters.cups]
type = "integer"
minimum = 1
maximum = 8
default = 2
[[when]]
device = "Bell"
type = "press"
command = "announce somebody is at the door"
[[tools]]
name = "Bad Name"
"""
PATHS = ("/v1/tools", "/v1/policies", "/v1/audit")


def more(folder: Path) -> list[str]:
    (folder / "mine.toml").write_text(FILE)
    return [
        f'[tools]\nfile = "{folder}/mine.toml"',
        '[mcp.servers.files]\ncommand = "no-such-program"\nargs = ["--key", "hunter2"]',
        '[mcp.servers.files.env]\nKEY = "hunter3"',
        '[[policy.rules]]\nthen = "refuse"\ndomains = ["lock"]\nhours = "22:00-06:00"',
    ]


async def test_the_owner_sees_tools_servers_rules_and_mistakes_but_no_secrets(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path / "hub", more=more(tmp_path)) as api:
        async with api.client() as client:
            answer = await client.get("/v1/tools")
            assert "hunter" not in answer.text
            found = answer.json()
            kinds = {tool["name"]: tool["kind"] for tool in found["tools"]}
            assert kinds["get_time"] == "home"
            assert kinds["set_appointment"] == "time"
            assert kinds["start_coffee"] == "mqtt"
            coffee = next(tool for tool in found["tools"] if tool["name"] == "start_coffee")
            assert coffee["asks"]
            [server] = found["servers"]
            assert (server["where"], server["ready"]) == ("no-such-program", False)
            assert server["problem"]
            assert found["whens"][0]["device"] == "Bell"
            assert any("Bad Name" in problem for problem in found["problems"])
            rules = (await client.get("/v1/policies")).json()["rules"]
            assert [(rule["then"], rule["hours"]) for rule in rules] == [("refuse", "22:00-06:00")]
        for role, status in ((None, 401), (Role.PANEL, 403), (Role.GUEST, 403), (Role.MEMBER, 403)):
            async with api.client(role) as client:
                for path in PATHS:
                    assert (await client.get(path)).status_code == status
                tried = await client.post("/v1/tools/start_coffee/rehearsal", json={})
                assert tried.status_code == status


async def test_a_tool_is_tried_without_anything_being_sent(tmp_path: Path) -> None:
    with kept_parts() as kept:
        async with (
            running_hub(tmp_path / "hub", more=more(tmp_path)) as api,
            api.client() as client,
        ):
            sent: list[str] = []
            link = kept[0].household.link
            link.subscribe("kitchen/#", lambda topic, _payload, _retained: sent.append(topic))
            path = "/v1/tools/start_coffee/rehearsal"
            shown = await client.post(path, json={"arguments": {"machine": "big"}})
            assert shown.json() == {
                "topic": "kitchen/big/set",
                "payload": "2",
                "qos": 1,
                "retain": False,
                "reply_topic": None,
            }
            for arguments in ({}, {"machine": "a/b"}, {"machine": "big", "cups": 99}, {"x": 1}):
                refused = await client.post(path, json={"arguments": arguments})
                assert (refused.status_code, refused.json()["code"]) == (422, "bad-arguments")
            missing = await client.post("/v1/tools/get_time/rehearsal", json={})
            assert missing.status_code == 404
            await link.publish("kitchen/end", "")
            while sent[-1:] != ["kitchen/end"]:
                await client.get("/health")
            assert sent == ["kitchen/end"]


async def test_the_audit_comes_in_pages_and_can_be_searched(tmp_path: Path) -> None:
    with kept_parts() as kept:
        async with running_hub(tmp_path) as api, api.client() as client:
            audit = StoredAudit(kept[0].store)
            await audit.add([_entry(number) for number in range(25)])
            seen: list[str] = []
            after = ""
            while True:
                page = (await client.get(f"/v1/audit?limit=10{after}")).json()
                seen += [entry["arguments"] for entry in page["items"]]
                if page["next"] is None:
                    break
                after = f"&after={page['next']}"
            assert seen == [f'{{"n":"{number}%"}}' for number in reversed(range(25))]

            async def count(query: str) -> int:
                return len((await client.get(f"/v1/audit?limit=100&{query}")).json()["items"])

            assert await count("q=17%25") == 1
            assert await count("q=%25") == 25
            assert await count("q=_") == 25, "the tool's name holds one"
            assert await count("q=anna") == 25
            assert await count("q=nothing") == 0
            assert await count("verdict=refused") == 5
            assert await count("failed=true") == 5
            assert await count("tool=open_gate&room=Kitchen") == 25
            assert await count("since=2030-01-01T00:00:00Z") == 0
            for wrong in ("after=%25%25", "verdict=maybe", "limit=0", "colour=red"):
                assert (await client.get(f"/v1/audit?{wrong}")).status_code == 422


def _entry(number: int) -> AuditEntry:
    who = Origin("Kitchen", "en", "pi", "Anna", "c1", number)
    verdict: Verdict = "refused" if number % 5 == 0 else "allowed"
    code = "hour" if verdict == "refused" else "ok"
    arguments = f'{{"n":"{number}%"}}'
    return AuditEntry(datetime.now(UTC), who, "open_gate", arguments, verdict, code, 1.0)
