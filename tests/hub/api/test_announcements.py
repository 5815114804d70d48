"""Announcements over the API, at a real satellite."""

import wave
from pathlib import Path

import numpy as np
import pytest

from hub.api.access import Role
from tests.hub.api.running_hub import running_hub
from tests.hub.api.test_satellites import connected, satellite, until

DOOR = "The door of the garage is open, and it has been open for more than an hour by now."
"""Long enough for whoever looks whether it is being said."""


async def test_an_announcement_is_said_and_what_became_of_it_is_told(tmp_path: Path) -> None:
    async with (
        running_hub(tmp_path) as api,
        api.client(Role.MEMBER) as client,
        api.socket("/v1/live", Role.MEMBER) as socket,
        satellite(api, area="Kitchen", speaker=f"wav:{tmp_path}/said/"),
    ):
        await until(socket, connected)
        said = await client.post("/v1/announcements", json={"text": "Tea.", "rooms": ["kitchen"]})
        assert said.status_code == 202, said.text
        key = said.json()["id"]
        over = await until(
            socket, lambda m: m.get("topic") == "announcements" and m["value"]["over"]
        )
        assert over["id"] == key
        assert list(over["value"]["fates"].values()) == ["heard"]
        kept = (await client.get(f"/v1/announcements/{key}")).json()
        assert (kept["text"], kept["over"], kept["fates"]) == (
            "Tea.",
            True,
            over["value"]["fates"],
        )
        assert (await client.delete(f"/v1/announcements/{key}")).json()["code"] == "over"

        # Nobody is there, so it waits, and can be taken back.
        for text in ("one", "two", "three"):
            body = {"text": text, "satellites": [], "rooms": ["kitchen"], "within_s": 60}
            await client.post("/v1/announcements", json=body)
        page = (await client.get("/v1/announcements?limit=2")).json()
        assert [one["text"] for one in page["items"]] == ["three", "two"]
        following = await client.get("/v1/announcements", params={"after": page["next"]})
        assert [one["text"] for one in following.json()["items"]] == ["one", "Tea."]
        last = page["items"][0]["id"]
        assert (await client.delete(f"/v1/announcements/{last}")).status_code == 204
        assert (await client.get(f"/v1/announcements/{last}")).json()["over"] is True


async def test_what_can_not_be_announced_is_refused_in_words(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api, api.client(Role.MEMBER) as client:
        for body, code in (
            ({"text": "  "}, "bad-text"),
            ({"text": "Tea.", "rooms": ["attic"]}, "unknown-room"),
            ({"text": "Tea.", "satellites": ["attic-1"]}, "unknown-satellite"),
            ({"text": "x" * 2001}, "bad-request"),
            ({"text": "Tea.", "volume": 7}, "bad-request"),
            ({"text": "Tea.", "times": 21}, "bad-request"),
            ({"text": "Tea.", "loudness": 0.5}, "bad-request"),
        ):
            answer = await client.post("/v1/announcements", json=body)
            assert (answer.status_code, answer.json()["code"]) == (
                404 if code.startswith("unknown") else 422,
                code,
            )
        asked = await client.post("/v1/questions", json={"satellite": "attic-1", "text": "Tea?"})
        assert (asked.status_code, asked.json()["code"]) == (404, "not-connected")


async def test_what_is_said_again_and_again_ends_when_somebody_confirms_it(tmp_path: Path) -> None:
    async with (
        running_hub(tmp_path) as api,
        api.client(Role.MEMBER) as client,
        api.socket("/v1/live", Role.MEMBER) as socket,
        satellite(api, area="Kitchen", speaker=f"wav:{tmp_path}/said/"),
    ):
        await until(socket, connected)
        body = {"text": DOOR, "times": 5, "pause_s": 60, "within_s": 600, "volume": 0.3}
        said = (await client.post("/v1/announcements", json=body)).json()
        assert said["times"] == 5
        place = f"/v1/announcements/{said['id']}/confirm"
        async with api.client(Role.GUEST) as guest:
            assert (await guest.post(place)).status_code == 403
        await until(
            socket,
            lambda m: m.get("topic") == "satellites" and m["value"]["state"] == "speaking",
        )
        assert (await client.post(place)).status_code == 204
        over = await until(
            socket, lambda m: m.get("topic") == "announcements" and m["value"]["over"]
        )
        assert list(over["value"]["fates"].values()) == ["confirmed"]
        assert (await client.post(place)).json()["code"] == "over"
        listed = (await client.get("/v1/announcements")).json()["items"]
        assert [(one["text"], one["times"], one["over"]) for one in listed] == [(DOOR, 5, True)]


async def test_an_announcement_sounds_as_loud_as_it_is_to_and_the_volume_stays(
    tmp_path: Path,
) -> None:
    async with (
        running_hub(tmp_path) as api,
        api.client(Role.MEMBER) as client,
        api.socket("/v1/live", Role.MEMBER) as socket,
    ):
        said = tmp_path / "said"
        said.mkdir()
        async with satellite(api, area="Kitchen", speaker=f"wav:{said}/", volume=1.0):
            await until(socket, connected)
            for volume in (None, 0.5):
                body = {"text": "", "chime": "alarm", "volume": volume}
                await client.post("/v1/announcements", json=body)
                await until(
                    socket, lambda m: m.get("topic") == "announcements" and m["value"]["over"]
                )
            (one,) = (await client.get("/v1/satellites")).json()["items"]
            assert one["volume"] == 1.0
        own, half = (_loudest(file) for file in sorted(said.iterdir()))
        assert half / own == pytest.approx(0.25, rel=0.1), "a volume is squared"


def _loudest(file: Path) -> int:
    with wave.open(str(file)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
    return int(np.abs(samples.astype(int)).max())
