"""Engines and models over the API: a running hub, a model hub of the tests, tiny real models."""

import asyncio
import io
import json
import tarfile
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.api.access import Role
from hub.demo.runner import COMMANDS, demo_files
from hub.engine_choice import NAME
from tests.hub.api.running_hub import received, running_hub
from tests.hub.engines.model_hub import Fault, ModelHub, model_hub
from tests.hub.engines.tiny_whisper import make_whisper

LIMIT_S = 40.0
BASE = "Systran/faster-whisper-base"
WHISPER_SAYS = "bonjour tout le monde"
OWNERS = (
    ("GET", "/v1/engines"),
    ("PUT", "/v1/engines/choice"),
    ("POST", "/v1/engines/voice/try"),
    ("POST", "/v1/engines/hearing/try"),
    ("GET", "/v1/models"),
    ("DELETE", "/v1/models/whisper/tiny"),
    ("GET", "/v1/downloads"),
    ("POST", "/v1/downloads"),
    ("DELETE", "/v1/downloads/whisper/tiny"),
)

pytestmark = pytest.mark.timeout(LIMIT_S * 3)


async def test_engines_are_for_owners_alone(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api:
        for role, status in ((None, 401), (Role.PANEL, 403), (Role.GUEST, 403), (Role.MEMBER, 403)):
            async with api.client(role) as client:
                for method, path in OWNERS:
                    assert (await client.request(method, path)).status_code == status, (role, path)


async def test_a_voice_says_a_sentence_and_a_recording_is_heard(tmp_path: Path) -> None:
    async with running_hub(tmp_path, home=True) as api, api.client() as client:
        said = await client.post("/v1/engines/voice/try", json={"text": "Good morning."})
        assert said.headers["content-type"] == "audio/wav"
        assert said.headers["server-timing"].startswith("first;dur=")
        with wave.open(io.BytesIO(said.content)) as opened:
            assert opened.getnframes() / opened.getframerate() > 0.3
        wav = demo_files()[0].read_bytes()
        found: dict[str, Any] = {"text": ""}
        async with asyncio.timeout(LIMIT_S):
            while not found["text"]:  # the home is being learned
                found = (await client.post("/v1/engines/hearing/try", content=wav)).json()
        assert (found["text"], found["engine"]) == (COMMANDS[0], "phrases")
        assert 0 < found["took_ms"] < LIMIT_S * 1000
        assert -30 < found["loudest_dbfs"] <= 0

        for content, status, code in (
            (b"", 422, "no-audio"),
            (b"<script>", 422, "no-audio"),
            (_silence(31), 422, "too-long"),
        ):
            refused = await client.post("/v1/engines/hearing/try", content=content)
            assert (refused.status_code, refused.json()["code"]) == (status, code)
        large = await client.post("/v1/engines/hearing/try", content=bytes(12_500_000))
        assert large.status_code == 413
        for text in ("", "x" * 501):
            wrong = await client.post("/v1/engines/voice/try", json={"text": text})
            assert wrong.json()["code"] == "bad-request"
        nothing = await client.post("/v1/engines/voice/try", json={"text": " "})
        assert nothing.json()["code"] == "no-sound"


async def test_a_model_is_fetched_and_what_hears_is_changed_without_a_restart(
    tmp_path: Path,
) -> None:
    made = make_whisper(tmp_path / "made", WHISPER_SAYS)
    files = {file.name: file.read_bytes() for file in made.iterdir()}
    async with model_hub({BASE: files}) as models:
        go_on = asyncio.Event()
        models.faults["model.bin"] = [Fault(after=1000, hold=go_on)]
        async with (
            _hub(tmp_path / "hub", models) as api,
            api.client() as client,
            api.socket("/v1/live") as socket,
        ):
            seen: dict[str, dict[str, Any]] = {}

            async def shown(test: Callable[[], bool]) -> None:
                async with asyncio.timeout(LIMIT_S):
                    while not test():
                        _take(seen, json.loads(await received(socket, LIMIT_S)))

            await client.post("/v1/downloads", json={"model": "whisper/base"})
            await shown(lambda: _download(seen).get("done_bytes", 0) > 0)
            assert _download(seen)["step"] == "fetching"
            kept = await client.delete("/v1/models/whisper/base")
            assert kept.json()["code"] == "being-fetched"
            go_on.set()
            await shown(lambda: _download(seen).get("step") == "done")
            listed = (await client.get("/v1/models")).json()["items"]
            base = next(one for one in listed if one["name"] == "whisper/base")
            assert (base["here"], base["checked"]) == (True, True)

            choice = {"speech_to_text": "whisper", "whisper_model": "base"}
            chosen = await client.put("/v1/engines/choice", json=choice)
            assert chosen.status_code == 200
            await shown(lambda: _ready(seen, "speech-to-text", "whisper"))
            hearing = (await client.get("/v1/engines")).json()["engines"][0]
            assert (hearing["chosen"], hearing["in_use"]) == ("whisper", "whisper")
            assert hearing["memory_bytes"] > 10_000_000
            wav = demo_files()[0].read_bytes()
            heard = await client.post("/v1/engines/hearing/try", content=wav)
            assert heard.json()["text"] == WHISPER_SAYS
            refused = await client.delete("/v1/models/whisper/base")
            assert refused.json()["code"] == "in-use"

            back = await client.put("/v1/engines/choice", json={})
            assert back.json()["choice"]["speech_to_text"] is None
            hearing = back.json()["engines"][0]
            assert (hearing["in_use"], hearing["ready"]) == ("phrases", True)
            assert hearing["text"] == "phrases of this home"
            await shown(lambda: _ready(seen, "speech-to-text", "phrases"))
            assert (await client.delete("/v1/models/whisper/base")).status_code == 204
        assert json.loads((tmp_path / "hub" / NAME).read_text()) == {"voices": {}}


async def test_what_was_chosen_holds_after_a_restart(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api, api.client() as client:
        thinks = await client.put("/v1/engines/choice", json={"language_model": "ollama"})
        assert thinks.json()["waits_for_start"] == ["language_model"]
    async with running_hub(tmp_path) as api, api.client() as client:
        engines = (await client.get("/v1/engines")).json()
        assert engines["waits_for_start"] == []
        assert engines["engines"][2]["chosen"] == "ollama"
        assert not engines["engines"][2]["ready"]
        told = (await client.get("/v1/settings")).json()
        assert told["file"] == str(tmp_path / "hub.toml")
        found = {one["name"]: (one["value"], one["source"]) for one in told["settings"]}
        assert found["engines.language_model"] == ("ollama", "dashboard")
        assert found["engines.text_to_speech"] == ("espeak", "file")
        backup = await client.get("/v1/backup")
        with tarfile.open(fileobj=io.BytesIO(backup.content)) as archive:
            assert {"hub.db", "hub.toml"} < set(archive.getnames())


async def test_a_choice_that_the_settings_do_not_allow_changes_nothing(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api, api.client() as client:
        refused = await client.put("/v1/engines/choice", json={"text_to_speech": "elevenlabs"})
        assert (refused.status_code, refused.json()["code"]) == (409, "can-not-be-chosen")
        assert "needs a key" in refused.json()["detail"]
        for wrong in ({"text_to_speech": "siri"}, {"colour": "red"}, {"voices": {"../..": "x"}}):
            answer = await client.put("/v1/engines/choice", json=wrong)
            assert answer.status_code == 422
        engines = (await client.get("/v1/engines")).json()
        assert engines["choice"]["text_to_speech"] is None
        assert not (tmp_path / NAME).exists()


async def test_names_of_models_that_are_none_are_refused(tmp_path: Path) -> None:
    more = [f'[models]\nfolder = "{tmp_path}/m"']
    async with running_hub(tmp_path, more=more) as api, api.client() as client:
        for name in ("whisper/../../etc", "piper/nobody", "ollama/a b", "../x"):
            answer = await client.post("/v1/downloads", json={"model": name})
            assert answer.status_code == 422, name
        near = await client.post("/v1/downloads", json={"model": "whisper/bse"})
        assert near.status_code in {202, 422}
        missing = await client.delete("/v1/downloads/whisper/medium")
        assert missing.status_code == 404


def _hub(folder: Path, models: ModelHub) -> Any:
    more = f'[models]\nfolder = "{folder}/models"\nendpoint = "{models.url}"'
    return running_hub(folder, more=[more])


def _take(seen: dict[str, dict[str, Any]], message: dict[str, Any]) -> None:
    if message["type"] == "snapshot":
        seen.update(message["state"])
    elif message["value"] is None:
        seen[message["topic"]].pop(message["id"], None)
    else:
        seen.setdefault(message["topic"], {})[message["id"]] = message["value"]


def _download(seen: dict[str, dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = seen.get("downloads", {}).get("whisper/base", {})
    return found


def _ready(seen: dict[str, dict[str, Any]], role: str, engine: str) -> bool:
    told = seen.get("engines", {}).get(role, {})
    return (told.get("engine"), told.get("ready")) == (engine, True)


def _silence(seconds: float) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(int(seconds * 8000) * 2))
    return file.getvalue()
