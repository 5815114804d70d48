"""Timers and lists over the API of a running hub."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from hub.api.access import Role
from tests.hub.api.running_hub import running_hub
from tests.hub.api.test_satellites import until


async def made(client: httpx2.AsyncClient, **fields: Any) -> dict[str, Any]:
    """Set a timer; return it."""
    answer = await client.post("/v1/timers", json=fields)
    assert answer.status_code == 201, answer.text
    one: dict[str, Any] = answer.json()
    return one


async def refused(client: httpx2.AsyncClient, **fields: Any) -> str:
    """Return the code that a timer is refused with."""
    answer = await client.post("/v1/timers", json=fields)
    assert answer.status_code in {409, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["code"])


async def test_a_timer_is_set_paused_lengthened_and_cancelled(tmp_path: Path) -> None:
    async with (
        running_hub(tmp_path) as api,
        api.client(Role.GUEST) as client,
        api.socket("/v1/live", Role.PANEL) as socket,
    ):
        one = await made(client, after_s=480, name="  pasta ", area="Kitchen")
        place = f"/v1/timers/{one['id']}"
        news = await until(socket, lambda m: m.get("topic") == "timers")
        assert (news["id"], news["value"]["name"]) == (one["id"], "pasta")
        listed = (await client.get("/v1/timers")).json()
        left = datetime.fromisoformat(one["due"]) - datetime.fromisoformat(listed["now"])
        assert timedelta(seconds=470) < left <= timedelta(seconds=480)

        paused = (await client.patch(place, json={"paused": True})).json()
        assert paused["state"] == "paused"
        assert 470 < paused["left_s"] <= 480
        more = (await client.patch(place, json={"add_s": 60})).json()
        assert 530 < more["left_s"] <= 540
        going = (await client.patch(place, json={"paused": False})).json()
        assert (going["state"], going["left_s"]) == ("waiting", None)

        assert (await client.delete(place)).json() == going
        gone = await until(socket, lambda m: m.get("topic") == "timers" and not m["value"])
        assert gone["id"] == one["id"]
        assert (await client.delete(place)).json()["code"] == "unknown-timer"
        # What was cancelled is set again as it was.
        again = await made(client, after_s=100, duration_s=480, name="pasta", paused=True)
        assert (again["duration_s"], again["state"], again["left_s"]) == (480, "paused", 100)


async def test_a_timer_that_rings_is_put_off_and_stopped(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api, api.client(Role.GUEST) as client:
        async with api.socket("/v1/live") as socket:
            one = await made(client, after_s=0.05)
            place = f"/v1/timers/{one['id']}"
            quiet = await client.post(f"{place}/snooze", json={"seconds": 60})
            assert quiet.status_code in {200, 409}, "it may ring already"
            if quiet.status_code == 409:
                await until(socket, lambda m: (m.get("value") or {}).get("state") == "ringing")
                put_off = await client.post(f"{place}/snooze", json={"seconds": 60})
                assert put_off.json()["state"] == "waiting"
        async with api.socket("/v1/live") as socket:
            two = await made(client, after_s=0.01)
            await until(socket, lambda m: (m.get("value") or {}).get("state") == "ringing")
            assert (await client.post(f"/v1/timers/{two['id']}/stop")).status_code == 204
            names = {item["id"] for item in (await client.get("/v1/timers")).json()["items"]}
            assert two["id"] not in names


async def test_alarms_reminders_and_commands_are_set_and_refused_in_words(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api, api.client(Role.GUEST) as client:
        alarm = await made(client, kind="alarm", at="07:00", weekdays=[0, 1, 2, 3, 4])
        assert (alarm["at"], alarm["weekdays"]) == ("07:00", [0, 1, 2, 3, 4])
        tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
        reminder = await made(client, kind="reminder", at="12:30", on=tomorrow, text="call Ada")
        assert (reminder["on"], reminder["text"]) == (tomorrow, "call Ada")
        assert await refused(client, kind="reminder", after_s=60) == "bad-text"
        assert await refused(client, kind="timer") == "bad-time"
        assert await refused(client, after_s=60, at="07:00") == "bad-time"
        assert await refused(client, kind="alarm", at="07:00", on="2020-01-01") == "bad-time"
        assert await refused(client, kind="command", after_s=60, text="mumble") == "not-understood"
        assert await refused(client, after_s=-1) == "bad-request"
        assert await refused(client, after_s=1e12) == "bad-request"


async def test_things_are_put_on_a_list_checked_off_and_taken_off(tmp_path: Path) -> None:
    async with (
        running_hub(tmp_path, lists=["hardware store"]) as api,
        api.client(Role.MEMBER) as client,
        api.socket("/v1/live", Role.PANEL) as socket,
    ):
        names = [one["id"] for one in (await client.get("/v1/lists")).json()["items"]]
        assert names == ["shopping", "todo:usual", "todo:hardware store"]
        items = "/v1/lists/shopping/items"
        added = await client.post(items, json={"items": ["milk", " dark  bread ", "Milk"]})
        assert [item["text"] for item in added.json()["items"]] == ["milk", "dark bread", "milk"]
        await until(socket, lambda m: (m.get("value") or {}).get("text") == "dark bread")
        listed = (await client.get(items)).json()["items"]
        assert [item["text"] for item in listed] == ["milk", "dark bread"]

        milk = f"{items}/{listed[0]['id']}"
        assert (await client.patch(milk, json={"done": True})).json()["done"] is True
        news = await until(socket, lambda m: (m.get("value") or {}).get("done") is True)
        assert news["id"] == listed[0]["id"]
        renamed = await client.patch(milk, json={"done": False, "text": "oat milk"})
        assert renamed.json() == {"id": listed[0]["id"], "text": "oat milk", "done": False}
        elsewhere = milk.replace("shopping", "todo:usual")
        assert (await client.patch(elsewhere, json={"done": True})).status_code == 404
        assert (await client.delete(milk)).status_code == 204
        assert (await client.delete(milk)).json()["code"] == "unknown-item"
        await client.patch(f"{items}/{listed[1]['id']}", json={"done": True})
        assert (await client.delete(items)).status_code == 204
        assert (await client.get(items)).json()["items"] == []
        assert (await client.get("/v1/lists/wishes/items")).json()["code"] == "unknown-list"
        too_long = await client.post(items, json={"items": ["x" * 201]})
        assert too_long.status_code == 422
        hardware = "/v1/lists/todo:hardware store/items"
        assert (await client.post(hardware, json={"items": ["nails"]})).status_code == 201


async def test_each_role_does_with_timers_and_lists_what_it_may_and_no_more(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as api:
        wants: tuple[tuple[Role, str, str, Any], ...] = (
            (Role.PANEL, "GET", "/v1/timers", None),
            (Role.PANEL, "GET", "/v1/timers/x", None),
            (Role.GUEST, "POST", "/v1/timers", {"after_s": 500}),
            (Role.GUEST, "PATCH", "/v1/timers/x", {"paused": True}),
            (Role.GUEST, "POST", "/v1/timers/x/stop", None),
            (Role.GUEST, "POST", "/v1/timers/x/snooze", {}),
            (Role.GUEST, "DELETE", "/v1/timers/x", None),
            (Role.PANEL, "GET", "/v1/lists", None),
            (Role.PANEL, "GET", "/v1/lists/shopping/items", None),
            (Role.MEMBER, "POST", "/v1/lists/shopping/items", {"items": ["tea"]}),
            (Role.MEMBER, "PATCH", "/v1/lists/shopping/items/x", {"done": True}),
            (Role.MEMBER, "DELETE", "/v1/lists/shopping/items/x", None),
            (Role.MEMBER, "DELETE", "/v1/lists/shopping/items", None),
            (Role.MEMBER, "POST", "/v1/announcements", {"text": ""}),
            (Role.MEMBER, "GET", "/v1/announcements", None),
            (Role.MEMBER, "GET", "/v1/announcements/x", None),
            (Role.MEMBER, "DELETE", "/v1/announcements/x", None),
            (Role.MEMBER, "POST", "/v1/questions", {"satellite": "x", "text": "y"}),
        )
        for role in Role:
            async with api.client(role) as client:
                for least, method, path, body in wants:
                    answer = await client.request(method, path, json=body)
                    may = answer.status_code != 403
                    assert may == (role >= least), (role, method, path, answer.text)
                    assert answer.status_code < 500, answer.text
        async with api.client(None) as nobody:
            for _, method, path, body in wants:
                answer = await nobody.request(method, path, json=body)
                assert answer.status_code == 401, (method, path)
        async with api.socket("/v1/live", Role.GUEST) as socket:
            snapshot = json.loads(await socket.recv())
            assert "announcements" not in snapshot["state"]
            assert "satellite_words" not in snapshot["state"]
            assert "satellites_waiting" not in snapshot["state"]
