"""Health over the API, at a running hub: each part's true state, figures, log and findings."""

import json
from pathlib import Path

import pytest

from hub.api.access import Role
from hub.events import Stage, TurnEnded
from hub.recent_log import recent_log
from tests.hub.api.kept_parts import kept_parts
from tests.hub.api.running_hub import received, running_hub

pytestmark = pytest.mark.timeout(120)

ANYONE = ("/health", "/v1/health")
PANELS = ("/ready", "/metrics", "/openapi.json")
MEMBERS = ("/v1/health/details",)
OWNERS = ("/v1/health/log", "/v1/health/findings")
ALL = (*ANYONE, *PANELS, *MEMBERS, *OWNERS)


async def test_each_role_sees_what_it_may_of_the_hubs_health(tmp_path: Path) -> None:
    may = {
        None: ANYONE,
        Role.PANEL: (*ANYONE, *PANELS),
        Role.GUEST: (*ANYONE, *PANELS),
        Role.MEMBER: (*ANYONE, *PANELS, *MEMBERS),
        Role.OWNER: ALL,
    }
    async with running_hub(tmp_path) as api:
        for role, allowed in may.items():
            async with api.client(role) as client:
                for path in ALL:
                    status = (await client.get(path)).status_code
                    refused = 401 if role is None else 403
                    assert status == (200 if path in allowed else refused), (role, path)


async def test_the_hub_is_not_ready_while_the_broker_is_away(tmp_path: Path) -> None:
    with kept_parts() as kept:
        async with running_hub(tmp_path) as api, api.client() as client:
            ready = await client.get("/ready")
            assert (ready.status_code, ready.json()["ready"]) == (200, True)
            states = {part["name"]: part["state"] for part in ready.json()["parts"]}
            assert states == dict.fromkeys(
                ("mqtt", "store", "speech-to-text", "text-to-speech", "satellites"), "well"
            )
            link = kept[0].household.link
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(link, "_client", None)
                down = await client.get("/ready")
            assert down.status_code == 503
            mqtt = next(part for part in down.json()["parts"] if part["name"] == "mqtt")
            assert (mqtt["state"], "is away" in mqtt["text"]) == ("down", True)


async def test_prometheus_reads_turns_stages_parts_and_queues(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api, api.client(Role.PANEL) as client:
        stages = (Stage("transcript", 100.0, 180.0), Stage("endpoint", 0.0, 100.0))
        api.hub._bus.publish(TurnEnded("pi", 1, "answered", stages=stages))
        await client.get("/health")
        answer = await client.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        lines = answer.text.splitlines()
        assert 'sotto_turns_total{outcome="answered"} 1.0' in lines
        assert 'sotto_stage_seconds_bucket{le="0.1",stage="transcript"} 1.0' in lines
        assert 'sotto_part_up{part="store"} 1.0' in lines
        assert 'sotto_queue_waiting{queue="audit"} 0.0' in lines
        assert 'sotto_engine_ready{engine="espeak",role="text-to-speech"} 1.0' in lines


async def test_what_goes_wrong_is_told_to_members_in_short_and_to_owners_in_full(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as api:
        async with api.socket("/v1/live") as socket:
            await received(socket)
            for number in (1, 2):
                record = {"event": "the lamp burst", "level": "error", "lamp": f"<b>{number}</b>"}
                recent_log(None, "error", record)
            told = json.loads(await received(socket))
            while told["topic"] != "log":  # the house goes on meanwhile
                told = json.loads(await received(socket))
            assert (told["topic"], told["value"]["text"]) == ("log", "the lamp burst")
        async with api.client(Role.MEMBER) as client:
            details = (await client.get("/v1/health/details")).json()
            error = next(one for one in details["errors"] if one["text"] == "the lamp burst")
            assert (error["count"], error["last"]) == (2, None)
            assert details["machine"]["cores"] >= 1
            assert {queue["name"] for queue in details["queues"]} >= {"audit", "turns"}
        async with api.client(Role.OWNER) as client:
            details = (await client.get("/v1/health/details")).json()
            error = next(one for one in details["errors"] if one["text"] == "the lamp burst")
            assert error["last"]["values"] == {"lamp": "<b>2</b>"}
            lines = (await client.get("/v1/health/log?level=error&limit=1")).json()
            assert [line["values"]["lamp"] for line in lines] == ["<b>2</b>"]
        async with api.socket("/v1/live", Role.MEMBER) as socket:
            assert "log" not in json.loads(await received(socket))["state"]


async def test_the_doctor_looks_within_the_running_hub_and_says_what_to_do(tmp_path: Path) -> None:
    more = ['[listening]\nturn_detector = "smart-turn/v3"', f'[models]\nfolder = "{tmp_path}/m"']
    async with running_hub(tmp_path, more=more) as api, api.client() as client:
        found = {one["name"]: one for one in (await client.get("/v1/health/findings")).json()}
        assert found["broker"]["ok"]
        assert (found["voice"]["ok"], found["voice"]["text"]) == (True, "espeak")
        assert found["broker"]["words"]["key"] == "broker-reached"
        assert found["turn detector"]["words"] == {
            "key": "model-missing",
            "values": {"model": "smart-turn/v3"},
        }
        assert not found["turn detector"]["ok"]
        assert "sotto-hub models pull smart-turn/v3" in found["turn detector"]["text"]


async def test_the_api_describes_itself_without_scripts_to_whoever_is_logged_in(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as api:
        async with api.client(None) as client:
            closed = await client.get("/docs")
            assert closed.status_code == 401
            assert "/v1/engines" not in closed.text
        async with api.client(Role.PANEL) as client:
            page = (await client.get("/docs")).text
            assert "/v1/engines/voice/try" in page
            assert "The light in the kitchen is on." in page
            assert "<script" not in page
            assert "http://" not in page.replace("http://www.w3.org", "")
