"""A new satellite comes in: both ends show a code, an owner approves, and it keeps its token."""

from pathlib import Path
from typing import Any

import pytest

from hub.api.access import Role
from satellite import events
from satellite.own_token import read
from tests.hub.api.running_hub import running_hub
from tests.hub.api.test_satellites import TOKEN, connected, only, satellite, until


def waits(message: dict[str, Any]) -> bool:
    """Return whether a message tells of a satellite that wants to come in."""
    return message.get("topic") == "satellites_waiting" and message["value"] is not None


def shows_a_code(message: dict[str, Any]) -> bool:
    """Return whether a message tells of a code to be compared."""
    return waits(message) and message["value"]["pairing_code"] is not None


async def test_a_new_satellite_is_approved_by_its_code_and_comes_back_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    monkeypatch.setenv("STATE_DIRECTORY", str(state))
    told: list[events.Event] = []
    async with (
        running_hub(tmp_path, token=TOKEN) as api,
        api.client() as owner,
        api.socket("/v1/live") as socket,
    ):
        async with satellite(api, area="Kitchen", id="kitchen-1", told=told) as running:
            news = await until(socket, shows_a_code)
            code = news["value"]["pairing_code"]
            assert news["topic"] == "satellites_waiting"
            assert (news["value"]["name"], news["value"]["area"]) == ("Kitchen", "Kitchen")
            await running.until(lambda: [one for one in told if type(one) is events.PairingCode])
            assert [one.code for one in told if isinstance(one, events.PairingCode)] == [code]
            approve = "/v1/satellites/kitchen-1/approve"
            for wrong in ({}, {"code": "000000"}, {"code": None}):
                refused = await owner.post(approve, json=wrong)
                assert (refused.status_code, refused.json()["code"]) == (409, "other-code")
            approved = await owner.post(approve, json={"code": code})
            assert approved.json() == {"token": None, "handed": True, "setting": None}
            await until(socket, connected)
            assert (await only(owner))["own_token"] is True
            assert [one.kept for one in told if isinstance(one, events.Paired)] == [True]
        kept = state / "satellite-kitchen-1.token"
        token = read(kept)
        assert token is not None
        assert token != TOKEN
        assert kept.stat().st_mode & 0o777 == 0o600
        assert not any(token in repr(event) for event in told)
        told.clear()
        async with satellite(api, area="Kitchen", id="kitchen-1", told=told):
            await until(socket, connected)
        assert not [one for one in told if isinstance(one, events.PairingCode)]


async def test_who_is_turned_away_is_told_so_in_words(tmp_path: Path) -> None:
    told: list[events.Event] = []
    async with (
        running_hub(tmp_path, token=TOKEN) as api,
        api.client() as owner,
        api.socket("/v1/live") as socket,
        satellite(api, id="kitchen-1", told=told) as running,
    ):
        await until(socket, shows_a_code)
        waiting = "/v1/satellites/waiting/kitchen-1"
        async with api.client(Role.MEMBER) as member:
            assert (await member.delete(waiting)).status_code == 403
        assert (await owner.delete(waiting)).status_code == 204
        await until(socket, lambda m: m.get("topic") == "satellites_waiting" and not m["value"])
        await running.until(
            lambda: [
                one
                for one in told
                if isinstance(one, events.Disconnected) and one.code == "pairing-refused"
            ]
        )
        assert (await owner.delete(waiting)).status_code == 404


async def test_one_with_the_id_of_a_known_satellite_is_marked(tmp_path: Path) -> None:
    async with (
        running_hub(tmp_path, token=TOKEN) as api,
        api.client() as owner,
        api.socket("/v1/live") as socket,
    ):
        async with satellite(api, id="kitchen-1", token=TOKEN):
            await until(socket, connected)
        async with satellite(api, id="kitchen-1"):
            news = await until(socket, shows_a_code)
            assert news["value"]["known"] is True
            assert (await only(owner))["own_token"] is False


@pytest.mark.parametrize("own", [False, True])
async def test_one_that_is_removed_while_it_is_there_is_told_that_it_was_removed(
    tmp_path: Path, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    told: list[events.Event] = []
    given = {} if own else {"token": TOKEN}
    async with (
        running_hub(tmp_path, token=TOKEN) as api,
        api.client() as owner,
        api.socket("/v1/live") as socket,
        satellite(api, id="kitchen-1", told=told, **given) as running,
    ):
        if own:
            news = await until(socket, shows_a_code)
            code = {"code": news["value"]["pairing_code"]}
            await owner.post("/v1/satellites/kitchen-1/approve", json=code)
        await until(socket, connected)
        await owner.delete("/v1/satellites/kitchen-1")
        away = [events.Disconnected]
        await running.until(lambda: [one for one in told if type(one) in away])
        codes = [one.code for one in told if isinstance(one, events.Disconnected)]
        assert codes == ["removed"]
        news = await until(socket, waits)
        assert news["value"]["reason"] == "removed"
