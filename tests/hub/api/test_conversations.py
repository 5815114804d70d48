"""Conversations over the API of a running hub."""

import asyncio
import io
import json
import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hub.api.access import Role
from hub.api.paging import cursor
from hub.events import TurnEnded, TurnStarted
from hub.store.database import Store
from hub.turns.stored_turns import StoredTurns
from tests.hub.accounts.accounts_bench import bench
from tests.hub.api.running_hub import Api, received, running_hub
from tests.hub.api.test_satellites import until
from tests.hub.turns.made import STAGES, turn

BAD = {
    "conversations?after=nonsense": "bad-cursor",
    "conversations?from=2026-03-01T00:00:00": "no-zone",
    "conversations/" + "c" * 65: "bad-request",
    "turns/" + "t" * 65: "bad-request",
    "conversations?limit=0": "bad-request",
    "health/latency?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z": "no-time",
    "health/latency?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z&width_s=60": "too-many",
}
"""Requests that make no sense, and the codes of what they get."""

TOOL = {
    "tool": "HassTurnOn",
    "arguments": '{"name":"lamp"}',
    "ok": True,
    "text": "Turned on the lamp.",
    "start_ms": 1730.0,
    "took_ms": 70.0,
}


async def keep(folder: Path) -> datetime:
    """Keep six turns from before the hub began, two a conversation; return when the newest was."""
    now = datetime.now(UTC).replace(microsecond=0)
    async with Store(f"sqlite:///{folder}/hub.db") as store:
        await StoredTurns(store).add(
            [
                turn(
                    n,
                    conversation=f"c{n // 2}",
                    started=now - timedelta(hours=6 - n),
                    area=("Kitchen", "Bath", "Attic")[n // 2],
                    details={"tries": 1, "tools": [TOOL]},
                )
                for n in range(6)
            ]
        )
    return now - timedelta(hours=1)


async def test_conversations_are_listed_looked_into_and_deleted(tmp_path: Path) -> None:
    newest = await keep(tmp_path)
    async with running_hub(tmp_path) as api, api.client(Role.OWNER) as client:

        async def get(path: str, **query: Any) -> Any:
            answer = await client.get(f"/v1/{path}", params=query)
            assert answer.status_code == 200, answer.text
            return answer.json()

        first = await get("conversations", limit=2)
        assert [one["id"] for one in first["items"]] == ["c2", "c1"]
        rest = await get("conversations", limit=2, after=first["next"])
        assert [one["id"] for one in rest["items"]] == ["c0"]
        assert rest["next"] is None
        assert len((await get("conversations", q="light 3"))["items"]) == 1
        assert (await get("conversations", room="Bath"))["items"][0]["id"] == "c1"
        late = await get("conversations", **{"from": newest.isoformat()})
        assert [one["id"] for one in late["items"]] == ["c2"]

        turns = (await get("conversations/c1"))["turns"]
        assert [one["id"] for one in turns] == ["run-2", "run-3"]
        assert turns[0]["response_ms"] == 400.0

        detail = await get("turns/run-3")
        assert [stage["name"] for stage in detail["stages"]] == [one.name for one in STAGES]
        assert detail["tools"] == [
            {**{name: TOOL[name] for name in TOOL if name != "took_ms"}, "end_ms": 1800.0}
        ]
        assert "tools" not in detail["details"]
        assert {"endpoint", "transcript", "intent", "action", "voice", "response"} <= {
            one["code"] for one in detail["reasons"]
        }

        spoken = await client.get("/v1/turns/run-3/speech")
        assert spoken.headers["content-type"] == "audio/wav"
        with wave.open(io.BytesIO(spoken.content)) as sound:
            assert sound.getnchannels() == 1
        assert len(spoken.content) > 20_000, "over half a second"
        assert (await client.get("/v1/turns/run-3/audio")).json()["code"] == "no-recording"

        latency = await get("health/latency")
        assert latency["turns"] == 6
        assert len(latency["spans"]) == 6
        assert latency["total"]["response"] == {
            "count": 6,
            "p50_ms": 400.0,
            "p95_ms": 400.0,
            "max_ms": 400.0,
        }

        assert (await client.delete("/v1/turns/run-0")).json() == {"turns": 1}
        assert (await client.delete("/v1/turns/run-0")).status_code == 404
        assert (await client.delete("/v1/conversations/c1")).json() == {"turns": 2}
        assert (await client.delete("/v1/conversations")).status_code == 422
        gone = await client.delete("/v1/conversations", params={"before": newest.isoformat()})
        assert gone.json() == {"turns": 2}
        assert (await client.delete("/v1/conversations?all=true")).json() == {"turns": 1}
        assert (await get("conversations"))["items"] == []
        for path, code in BAD.items():
            answer = await client.get(f"/v1/{path}")
            assert (answer.status_code, answer.json()["code"]) == (422, code), path
        await _retention(api)
        await _live(api)


async def _retention(api: Api) -> None:
    """The owner chooses, a member looks."""
    async with api.client(Role.MEMBER) as member:
        assert (await member.get("/v1/conversations/retention")).json()["days"] == 30
        assert (await member.put("/v1/conversations/retention", json={})).status_code == 403
        assert (await member.delete("/v1/conversations?all=true")).status_code == 403
        assert (await member.delete("/v1/turns/x")).status_code == 403
    async with api.client(Role.GUEST) as guest:
        for path in ("conversations", "conversations/c1", "turns/run-1", "health/latency"):
            assert (await guest.get(f"/v1/{path}")).status_code == 403
    async with api.client(Role.OWNER) as owner:
        held = await owner.put("/v1/conversations/retention", json={"days": 7, "audio": True})
        assert held.json() == {
            "days": 7,
            "audio": True,
            "settings_days": 30,
            "settings_audio": False,
            "chosen": True,
        }
        bad = await owner.put("/v1/conversations/retention", json={"days": -1})
        assert bad.status_code == 422


async def _live(api: Api) -> None:
    """Members see turns as they happen."""

    def told(message: dict[str, Any]) -> bool:
        return message.get("topic") == "turns"

    async with api.socket("/v1/live", Role.MEMBER) as socket:
        assert json.loads(await received(socket))["state"]["turns"] == {}
        api.hub._bus.publish(TurnStarted("kitchen", 90, name="Kitchen"))
        begun = await until(socket, told)
        assert begun["value"]["running"] is True
        api.hub._bus.publish(TurnEnded("kitchen", 90, "answered", "lights on", "en", "Done."))
        over = await until(socket, told)
        assert (over["id"], over["value"]["answer"]) == (begun["id"], "Done.")
    async with api.client(Role.MEMBER) as member, asyncio.timeout(30):
        while not (await member.get("/v1/conversations?q=lights")).json()["items"]:
            await asyncio.sleep(0.02)


async def test_what_is_written_to_the_hub_is_in_the_log_with_where_and_how(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api, api.client(Role.MEMBER) as member:
        async with api.socket("/v1/talk", Role.MEMBER) as socket:
            await socket.send(
                json.dumps(
                    {
                        "type": "hello",
                        "version": 1,
                        "device": "tab-1",
                        "name": "Ann's phone",
                        "area": "Kitchen",
                        "language": "en",
                        "microphone": False,
                        "echo_cancelled": False,
                    }
                )
            )
            await socket.send(json.dumps({"type": "text", "text": "set a timer for ten minutes"}))
            async with asyncio.timeout(60):
                while True:
                    heard = await received(socket, 60.0)
                    if isinstance(heard, str) and json.loads(heard)["type"] == "turn-ended":
                        break
                while not (
                    found := (await member.get("/v1/conversations?q=timer")).json()["items"]
                ):
                    await asyncio.sleep(0.02)
        (one,) = found
        assert (one["area"], one["satellite_name"]) == ("Kitchen", "Ann's phone")
        detail = (await member.get(f"/v1/turns/{one['turn']}")).json()
        assert (detail["opening"], detail["intent"]) == ("text", "HassStartTimer")
        assert [tool["ok"] for tool in detail["tools"]] == [True]


FAR = (
    "conversations?from=0001-01-01T00:00:00%2B14:00",
    "conversations?to=9999-12-31T23:59:59-14:00",
    f"conversations?after={cursor('2026-03-01T00:00:00', 'c1')}",
    f"conversations/c1?after={cursor('2026-03-01T00:00:00', 'run-2')}",
    "health/latency?from=0001-01-01T00:00:00%2B14:00",
    "health/latency?to=0001-01-01T00:00:00Z",
)
"""Times that no turn is of, or that have no zone where only the hub writes them."""


async def test_a_conversation_comes_in_pages_and_odd_times_are_no_failure(tmp_path: Path) -> None:
    await keep(tmp_path)
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as client:
        first = (await client.get("/v1/conversations/c1?limit=1")).json()
        assert [one["id"] for one in first["turns"]] == ["run-2"]
        rest = (await client.get(f"/v1/conversations/c1?limit=1&after={first['next']}")).json()
        assert [one["id"] for one in rest["turns"]] == ["run-3"]
        assert rest["next"] is None
        for path in FAR:
            answer = await client.get(f"/v1/{path}")
            assert answer.status_code == 200, (path, answer.text)
        far = cursor("0001-01-01T00:00:00+14:00", "c1")
        for path in ("conversations", "conversations/c1"):
            answer = await client.get(f"/v1/{path}?after={far}")
            assert answer.json()["code"] == "bad-cursor"
