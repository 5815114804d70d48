"""Rooms and devices, over the real broker and a simulated home."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection

from hub.api.access import Role
from hub.demo.simulated_home_devices import HOME
from hub.origin import Origin
from tests.hub.api.running_hub import Api, received, running_hub

LIMIT_S = 40.0
LAMP = "light.sotto_home_bed_light"
CEILING = "light.sotto_home_ceiling_light"
LOCK = "lock.sotto_home_front_door"
PARTY = "script.sotto_home_party_time"
FILE = (
    '[home.rooms.Attic]\naliases = ["Loft"]',
    f'[home.devices."{PARTY}"]\nname = "Feast"',
    '[[policy.rules]]\nthen = "refuse"\ndevices = ["Standing Light"]\nwords = "Not that light."',
)


class Seen:
    """What a client of the live socket has seen."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.state: dict[str, dict[str, Any]] = {}
        self.changes: list[dict[str, Any]] = []

    async def until(self, test: Callable[[dict[str, dict[str, Any]]], bool]) -> None:
        """Wait until what was seen passes a test."""
        async with asyncio.timeout(LIMIT_S):
            while not (self.state and test(self.state)):
                message = json.loads(await received(self._socket, LIMIT_S))
                if message["type"] == "snapshot":
                    self.state = message["state"]
                    continue
                self.changes.append(message)
                topic = self.state.setdefault(message["topic"], {})
                topic.pop(message["id"], None)
                if message["value"] is not None:
                    topic[message["id"]] = message["value"]


@asynccontextmanager
async def home(folder: Path, role: Role = Role.PANEL) -> AsyncGenerator[tuple[Api, Seen]]:
    """A hub with a home that is learned."""
    async with (
        running_hub(folder, home=True, more=FILE) as api,
        api.socket("/v1/live", role) as socket,
    ):
        seen = Seen(socket)
        await seen.until(
            lambda state: (
                len(state["devices"]) == len(HOME)
                and state["devices"][LAMP]["state"] == "off"
                and all(one["state"] != "unavailable" for one in state["devices"].values())
            )
        )
        yield api, seen


async def id_of(client: httpx2.AsyncClient, name: str) -> str:
    found = (await client.get("/v1/devices", params={"q": name})).json()["items"]
    return next(str(one["id"]) for one in found if one["name"] == name)


async def told(
    client: httpx2.AsyncClient, name: str, verb: str, **more: Any
) -> tuple[int, dict[str, Any]]:
    path = f"/v1/devices/{await id_of(client, name)}/actions"
    answer = await client.post(path, json={"verb": verb, **more})
    return answer.status_code, answer.json()


async def say(api: Api, text: str) -> bool:
    """Have the hub do what a text says; return whether it understood, and did."""
    assert api.hub._thinker is not None
    understanding = api.hub._thinker.mind.understand(text, Origin())
    if understanding is None:
        return False
    return (await api.hub._thinker.mind.act(understanding, Origin())).ok


async def test_a_device_does_what_it_is_told_and_its_state_comes_live(tmp_path: Path) -> None:
    async with home(tmp_path) as (api, seen), api.client(Role.GUEST) as client:
        assert seen.state["home"] == {"home": {"reachable": True}}
        assert {"kitchen", "attic"} <= seen.state["areas"].keys()
        assert "hidden_devices" not in seen.state, "that is not for a panel"
        # What devices tell comes in the order in which it was told: all of it is here after this.
        for verb, state in (("turn_on", "on"), ("turn_off", "off")):
            await told(client, "Bed Light", verb)
            await seen.until(lambda found, state=state: found["devices"][LAMP]["state"] == state)  # type: ignore[misc]
        seen.changes.clear()
        status, outcome = await told(client, "Bed Light", "turn_on", arguments={"brightness": 40})
        assert (status, outcome["confirmed"], outcome["device"]["state"]) == (200, True, "on")
        assert outcome["device"]["attributes"]["brightness"] == 40
        await seen.until(lambda state: state["devices"][LAMP]["state"] == "on")
        assert seen.state["devices"][LAMP]["changed"] is not None
        assert {change["id"] for change in seen.changes} == {LAMP}, "only what is another travels"
        # What a device tells beside may say where somebody is, or what a picture is opened with.
        assert (await client.get(f"/v1/devices/{LAMP}")).json()["all_attributes"] == {}
        async with api.client(Role.MEMBER) as member:
            details = (await member.get(f"/v1/devices/{LAMP}")).json()
            assert details["all_attributes"]["brightness"] == 40


async def test_a_command_for_later_is_no_way_around_rules_for_rooms_and_persons(
    tmp_path: Path,
) -> None:
    rules = (
        '[[policy.rules]]\nthen = "refuse"\ndevices = ["Bed Light"]\nrooms = ["!Kitchen"]',
        '[[policy.rules]]\nthen = "refuse"\ndevices = ["Ceiling Light"]\npersons = ["Guest"]',
    )
    async with (
        running_hub(tmp_path, home=True, more=rules) as api,
        api.client(Role.GUEST) as client,
        api.socket("/v1/live", Role.OWNER) as socket,
    ):
        await Seen(socket).until(lambda state: len(state["devices"]) == len(HOME))
        where = {"kind": "command", "area": "Kitchen", "satellite": "kitchen-1"}
        for light, status in (("bed", 409), ("ceiling", 409), ("standing", 201)):
            command = {"text": f"turn on the {light} light", "after_s": 3600, **where}
            answer = await client.post("/v1/timers", json=command)
            assert answer.status_code == status, answer.text


async def test_what_can_not_or_may_not_be_done_is_told_with_a_reason(tmp_path: Path) -> None:
    async with home(tmp_path) as (api, _), api.client(Role.GUEST) as client:
        for name, verb, arguments, status, code in (
            ("Bed Light", "open", {}, 409, "unsupported"),
            ("Bed Light", "turn_on", {"brightness": "much"}, 422, "bad-arguments"),
            ("Bed Light", "turn_on", {"colour": "red"}, 422, "bad-arguments"),
            ("EcoBee", "set_temperature", {"temperature": 90}, 422, "out-of-range"),
            ("Standing Light", "turn_on", {}, 403, "refused"),
        ):
            found, problem = await told(client, name, verb, arguments=arguments)
            assert (found, problem["code"]) == (status, code)
            assert problem["detail"]
        assert problem["detail"] == "Not that light."
        missing = await client.post("/v1/devices/light.none/actions", json={"verb": "turn_on"})
        assert (missing.status_code, missing.json()["code"]) == (404, "unknown")


async def test_what_is_risky_is_done_after_a_yes_of_who_was_asked_and_once(tmp_path: Path) -> None:
    async with home(tmp_path) as (api, seen), api.client(Role.MEMBER) as client:
        _, asked = await told(client, "Front Door", "unlock")
        assert (asked["status"], asked["code"]) == (409, "needs-confirmation")
        assert asked["detail"] == "Shall I unlock the Front Door?"
        yes = {"confirm": asked["confirm"]}
        async with api.client(Role.GUEST) as other:
            _, problem = await told(other, "Front Door", "unlock", **yes)
            assert problem["code"] == "confirmation-expired", "somebody else was asked"
        _, problem = await told(client, "Front Door", "lock", **yes)
        assert problem["code"] == "confirmation-expired", "something else was asked"
        status, outcome = await told(client, "Front Door", "unlock", **yes)
        assert (status, outcome["confirmed"]) == (200, True)
        await seen.until(lambda state: state["devices"][LOCK]["state"] == "unlocked")
        _, again = await told(client, "Front Door", "unlock", **yes)
        assert again["code"] == "confirmation-expired"
        _, german = await told(client, "Front Door", "unlock", language="de")
        assert "aufschließen" in german["detail"]


async def test_a_device_is_called_and_placed_as_chosen_and_so_after_a_restart(
    tmp_path: Path,
) -> None:
    chosen = {"name": "Reading Lamp", "area": "attic", "aliases": ["Grandma", "grandma  two"]}
    async with home(tmp_path, Role.OWNER) as (api, seen), api.client() as client:
        before = (await client.get(f"/v1/devices/{CEILING}")).json()
        assert before["sources"]["name"] == "device"
        assert [verb["name"] for verb in before["can"]] == ["turn_off", "turn_on"]
        after = (await client.patch(f"/v1/devices/{CEILING}", json=chosen)).json()
        assert (after["name"], after["area"]) == ("Reading Lamp", "attic")
        assert after["aliases"] == ["Grandma", "grandma two"]
        assert after["sources"] == {
            "name": "dashboard",
            "area": "dashboard",
            "aliases": "dashboard",
            "exposed": "nobody",
        }
        assert after["told"]["name"] == "Ceiling Light"
        await seen.until(lambda state: state["devices"][CEILING]["name"] == "Reading Lamp")
        assert await say(api, "turn on grandma")
        await seen.until(lambda state: state["devices"][CEILING]["state"] == "on")
    async with home(tmp_path, Role.OWNER) as (api, seen), api.client() as client:
        assert seen.state["devices"][CEILING]["name"] == "Reading Lamp"
        assert seen.state["devices"][CEILING]["area"] == "attic"
        back = {"name": None, "area": None, "aliases": None}
        after = (await client.patch(f"/v1/devices/{CEILING}", json=back)).json()
        assert (after["name"], after["area"], after["aliases"]) == ("Ceiling Light", "kitchen", [])
        feast = (await client.get(f"/v1/devices/{PARTY}")).json()
        assert (feast["name"], feast["sources"]["name"]) == ("Feast", "settings")


async def test_a_hidden_device_is_not_spoken_of_but_can_be_switched_by_hand(tmp_path: Path) -> None:
    async with home(tmp_path, Role.MEMBER) as (api, seen), api.client() as client:
        await client.patch(f"/v1/devices/{LAMP}", json={"exposed": False})
        await seen.until(lambda state: LAMP in state["hidden_devices"])
        assert LAMP not in seen.state["devices"]
        assert not await say(api, "turn on the bed light")
        async with api.client(Role.GUEST) as guest:
            assert (await guest.get(f"/v1/devices/{LAMP}")).status_code == 404
            found = (await guest.get("/v1/devices", params={"exposed": False})).json()
            assert found["items"] == []
        async with api.client(Role.MEMBER) as member:
            status, outcome = await told(member, "Bed Light", "turn_on")
            assert (status, outcome["device"]["state"]) == (200, "on")
        await seen.until(lambda state: state["hidden_devices"][LAMP]["state"] == "on")
        await client.patch(f"/v1/devices/{LAMP}", json={"exposed": None})
        await seen.until(lambda state: LAMP in state["devices"])


async def test_rooms_are_made_renamed_and_removed(tmp_path: Path) -> None:
    async with home(tmp_path, Role.OWNER) as (api, seen), api.client() as client:
        made = (await client.post("/v1/areas", json={"name": "Study", "aliases": ["Den"]})).json()
        assert (made["id"], made["source"], made["devices"]) == ("study", "dashboard", 0)
        for name in ("study!", "DEN", "Loft"):
            taken = await client.post("/v1/areas", json={"name": name})
            assert (taken.status_code, taken.json()["code"]) == (409, "name-taken")
        assert (await client.post("/v1/areas", json={"name": "!"})).json()["code"] == "bad-value"
        await client.patch(f"/v1/devices/{LAMP}", json={"area": "study"})
        renamed = (await client.patch("/v1/areas/study", json={"name": "Library"})).json()
        assert (renamed["id"], renamed["name"], renamed["devices"]) == ("study", "Library", 1)
        cookery = (await client.patch("/v1/areas/kitchen", json={"name": "Cookery"})).json()
        assert cookery["devices"] == 5, "what tells of the kitchen is in it"
        assert (await client.delete("/v1/areas/study")).status_code == 204
        await seen.until(lambda state: "study" not in state["areas"])
        assert (await client.get(f"/v1/devices/{LAMP}")).json()["area"] is None
        for area_id in ("kitchen", "attic"):
            await client.delete(f"/v1/areas/{area_id}")
        areas = (await client.get("/v1/areas")).json()["items"]
        assert [area["name"] for area in areas] == ["Office"]
        again = (await client.post("/v1/areas", json={"name": "Kitchen"})).json()
        assert (again["id"], again["devices"]) == ("kitchen", 5)


async def test_rooms_are_put_on_floors_that_can_be_spoken_of(tmp_path: Path) -> None:
    async with home(tmp_path, Role.OWNER) as (api, seen), api.client() as client:
        new = {"name": "Study", "floor": "Upstairs"}
        assert (await client.post("/v1/areas", json=new)).json()["floor"] == "Upstairs"
        moved = await client.patch("/v1/areas/kitchen", json={"floor": " upstairs "})
        assert moved.json()["floor"] == "Upstairs", "floors that are said alike are one"
        await seen.until(lambda state: state["areas"]["kitchen"]["floor"] == "Upstairs")
        assert await say(api, "turn on the lights upstairs")
        await seen.until(
            lambda state: any(
                one["area"] == "kitchen" and one["kind"] == "light" and one["state"] == "on"
                for one in state["devices"].values()
            )
        )
        await client.delete("/v1/areas/study")
        nowhere = (await client.patch("/v1/areas/kitchen", json={"floor": ""})).json()
        assert nowhere["floor"] is None
        bad = await client.patch("/v1/areas/kitchen", json={"floor": "!"})
        assert (bad.status_code, bad.json()["code"]) == (422, "bad-value")
        assert not await say(api, "turn on the lights upstairs"), "there is no such floor any more"


async def test_devices_are_found_by_kind_room_and_words_in_pages(tmp_path: Path) -> None:
    async with home(tmp_path) as (api, _), api.client(Role.PANEL) as client:

        async def names(**wanted: Any) -> list[str]:
            found = (await client.get("/v1/devices", params=wanted)).json()
            return [str(one["name"]) for one in found["items"]]

        assert await names(kind="light", area="kitchen") == ["Ceiling Light"]
        assert await names(q="light bed") == ["Bed Light"]
        everything = await names()
        pages: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = (await client.get("/v1/devices", params={"limit": 4, **after})).json()
            pages += [one["name"] for one in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert pages == everything


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (None, set()),
        (Role.PANEL, {"see"}),
        (Role.GUEST, {"see", "switch"}),
        (Role.MEMBER, {"see", "switch"}),
        (Role.OWNER, {"see", "switch", "change"}),
    ],
)
async def test_each_role_may_do_so_much(tmp_path: Path, role: Role | None, may: set[str]) -> None:
    async with home(tmp_path) as (api, _), api.client(role) as client:
        asked = {
            "see": [client.get("/v1/areas"), client.get("/v1/devices")],
            "switch": [client.post(f"/v1/devices/{LAMP}/actions", json={"verb": "turn_on"})],
            "change": [
                client.patch(f"/v1/devices/{LAMP}", json={"name": "Other"}),
                client.post("/v1/areas", json={"name": "Study"}),
                client.patch("/v1/areas/attic", json={"name": "Top"}),
                client.delete("/v1/areas/attic"),
            ],
        }
        for what, requests in asked.items():
            for request in requests:
                status = (await request).status_code
                if what in may:
                    assert status < 300, what
                else:
                    assert status == (401 if role is None else 403), what
