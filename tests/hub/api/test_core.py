"""What all of the API has in common, at a running hub."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.api.access import Role
from hub.api.live import Live
from hub.api.paging import cursor, place
from hub.api.problems import Problem
from tests.hub.api.running_hub import received, running_hub


async def test_a_hub_is_alive_answers_with_problems_and_pushes_changes(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api:
        async with api.client(None) as client:
            assert (await client.get("/health")).json() == {"status": "ok"}
            assert (await client.get("/v1/health")).json() == {"status": "ok"}
            missing = await client.get("/v1/nothing")
            assert missing.status_code == 404
            assert missing.headers["content-type"] == "application/problem+json"
            assert missing.json()["code"] == "not-found"
            assert missing.headers["x-content-type-options"] == "nosniff"
            assert (await client.post("/v1/nothing")).json()["code"] == "not-found"
            wrong = await client.put("/v1/setup")
            assert wrong.status_code == 405
            assert wrong.json()["detail"].startswith("PUT can not be done here.")
            only_head = await client.head("/health")
            assert (only_head.status_code, only_head.content) == (200, b"")
            assert (await client.head("/v1/users")).status_code == 401
        async with api.socket("/v1/live", None) as socket:
            assert json.loads(await received(socket))["code"] == "not-logged-in"
        async with api.socket("/v1/live", Role.PANEL) as socket:
            snapshot = json.loads(await received(socket))
            assert snapshot["type"] == "snapshot"
            assert is_now(snapshot["now"])
        again = f"/v1/live?epoch={snapshot['epoch']}&since={snapshot['seq']}"
        async with api.socket(again, Role.PANEL) as socket:
            resumed = json.loads(await received(socket))
            assert (resumed["type"], resumed["seq"]) == ("resumed", snapshot["seq"])
            assert is_now(resumed["now"])


def is_now(told: str) -> bool:
    """Whether a time was told within the last minute."""
    return abs(datetime.now(UTC) - datetime.fromisoformat(told)) < timedelta(minutes=1)


async def test_a_problem_tells_the_name_of_its_text_for_other_languages(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api, api.client() as client:
        missing = (await client.get("/v1/areas/attic")).json()
        assert missing["detail"] == "There is no room 'attic'."
        assert missing["words"] == {"key": "no-room", "values": {"room": "attic"}}
        refused = (await client.post("/v1/timers", json={"kind": "reminder", "after_s": 60})).json()
        assert refused["words"]["key"] == "needs-text"
    async with running_hub(tmp_path) as api, api.client(Role.PANEL) as client:
        problem = (await client.post("/v1/timers", json={"after_s": 60})).json()
        assert problem["words"]["values"]["role"]["key"] == "role-guest"


def test_a_client_that_was_away_gets_what_it_missed_and_nothing_else() -> None:
    live = Live(kept=3)
    lamps = live.topic("lamps")
    lamps.put("a", {"on": True})
    seen = live.number
    lamps.put("a", {"on": True})
    assert live.number == seen, "nothing is another"
    lamps.put("a", {"on": False})
    lamps.put("b", {"on": True})
    missed = live.since(seen, Role.PANEL)
    assert missed is not None
    assert [(change.id, change.value) for change in missed] == [
        ("a", {"on": False}),
        ("b", {"on": True}),
    ]
    lamps.drop("a")
    lamps.drop("b")
    assert live.since(seen, Role.PANEL) is None, "too much was missed"
    assert live.since(live.number, Role.PANEL) == []


def test_changes_of_what_a_role_may_not_see_are_not_told_to_it() -> None:
    live = Live()
    live.topic("turns", Role.MEMBER).put("1", {"text": "secret"})
    assert live.snapshot(Role.GUEST)["state"] == {}
    assert live.since(0, Role.GUEST) == []
    assert live.snapshot(Role.MEMBER)["state"] == {"turns": {"1": {"text": "secret"}}}


def test_a_client_that_lags_gets_the_last_change_of_each_thing() -> None:
    live = Live()
    lamps = live.topic("lamps")
    for level in range(5):
        lamps.put("a", {"level": level})
        lamps.put("b", {"level": level})
    changes = live.since(0, Role.PANEL)
    assert changes is not None
    assert [(c.id, c.value) for c in live.latest(changes)] == [
        ("a", {"level": 4}),
        ("b", {"level": 4}),
    ]


def test_what_is_fleeting_pushes_nothing_out_and_is_not_missed_either() -> None:
    live = Live(kept=2)
    lamps, levels = live.topic("lamps"), live.topic("levels", fleeting=True)
    seen = live.number
    lamps.put("a", {"on": True})
    for level in range(100):
        levels.put("kitchen", {"level": level})
    lamps.put("a", {"on": False})
    changes = live.since(seen, Role.PANEL)
    assert changes is not None
    assert [(c.id, c.value) for c in live.latest(changes)] == [
        ("kitchen", {"level": 99}),
        ("a", {"on": False}),
    ]
    seen = live.number
    levels.drop("kitchen")
    (gone,) = live.since(seen, Role.PANEL) or []
    assert (gone.id, gone.value) == ("kitchen", None)
    lamps.put("b", {"on": True})
    lamps.put("c", {"on": True})
    lamps.put("d", {"on": True})
    assert live.since(seen, Role.PANEL) is None, "too much was missed"


def test_a_place_in_a_list_is_opaque_and_comes_back_whole() -> None:
    after = cursor("2026-01-01", "x/y z")
    assert place(after, 2) == ["2026-01-01", "x/y z"]
    for bad in ("", "%%%", "AAAA"):
        with pytest.raises(Problem):
            place(bad, 2)
