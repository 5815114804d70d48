"""How loud it is at a satellite: told while somebody looks, and never otherwise."""

import wave
from pathlib import Path

import numpy as np

from hub.api.access import Role
from tests.hub.api.running_hub import running_hub
from tests.hub.api.test_satellites import connected, satellite, until


def hum(file: Path) -> Path:
    """Write a minute of a hum of -20 dBFS."""
    at = np.arange(16_000 * 60) / 16_000
    samples = (np.sin(2 * np.pi * 200 * at) * 32_768 * 0.1 * 2**0.5).astype("<i2")
    with wave.open(str(file), "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(16_000)
        written.writeframes(samples.tobytes())
    return file


async def test_the_level_is_shown_while_somebody_looks_and_gone_when_nobody_does(
    tmp_path: Path,
) -> None:
    microphone = f"wav:{hum(tmp_path / 'hum.wav')}"
    async with (
        running_hub(tmp_path) as api,
        api.client(Role.MEMBER) as client,
        api.socket("/v1/live", Role.MEMBER) as socket,
        satellite(api, id="kitchen-1", microphone=microphone, wake_words=("okay_nabu",)),
    ):
        await until(socket, connected)
        assert (await client.post("/v1/satellites/watch")).status_code == 204
        news = await until(socket, lambda m: m.get("topic") == "satellite_levels" and _loud(m))
        assert news["id"] == "kitchen-1"
        assert -24 < news["value"]["level_dbfs"] < -16
        place = "/v1/satellites/kitchen-1/settings"
        await client.put(place, json={"muted": True})
        await until(
            socket,
            lambda m: m.get("topic") == "satellite_levels" and m["value"]["level_dbfs"] is None,
        )
        # What was asked for ends by itself, and the page is told that nothing is known any more.
        await until(socket, lambda m: m.get("topic") == "satellite_levels" and m["value"] is None)


async def test_who_may_not_look_is_not_told(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api:
        for role in Role:
            async with api.client(role) as client:
                answer = await client.post("/v1/satellites/watch")
                assert (answer.status_code == 204) == (role >= Role.MEMBER), role


def _loud(message: dict[str, object]) -> bool:
    value = message["value"]
    return isinstance(value, dict) and value["level_dbfs"] is not None and value["level_dbfs"] > -60
