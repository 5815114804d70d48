"""What the doctor finds: well, or the one thing to do. Real embedded engines, real ports."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from hub import doctor
from hub.machine_check import Finding
from hub.settings import HubSettings
from tests.hub.engines.model_service import Answer, serving
from tests.hub.engines.test_smart_turn import write_model
from tests.hub.test_main import closed_port, folder, run

__all__ = ["folder"]

TOKEN = "a-token-that-is-long-enough"


def examined(folder: Path, *arguments: str, **settings: str) -> tuple[int, dict[str, Any]]:
    free = {"SOTTO_HUB_MQTT__EMBEDDED_PORT": "0", "SOTTO_HUB_SATELLITES__PORT": "0"}
    result = run(folder, "doctor", "--json", *arguments, **{**free, **settings})
    assert result.stderr == ""
    return result.returncode, {entry["name"]: entry for entry in json.loads(result.stdout)}


def made(**sections: Any) -> HubSettings:
    return HubSettings.model_validate(sections)


def test_a_hub_without_settings_is_well(folder: Path) -> None:
    code, found = examined(folder)
    assert [entry for entry in found.values() if not entry["ok"]] == []
    assert code == 0
    better = {"speech model", "voice model"}  # the voice's only where Piper is installed
    assert [name for name in found if name not in better] == [
        "Python", "CPU", "memory", "disk", "clock", "audio", "settings", "secrets", "permissions",
        "GPU", "satellites.port", "mqtt.embedded_port", "models folder", "broker", "recogniser",
        "voice", "language model", "zeroconf",
    ]  # fmt: skip
    for name, engine in (("recogniser", "phrases"), ("voice", "espeak")):
        assert re.fullmatch(rf"{engine} is ready \(.* \d+ MB\)", found[name]["text"])


def test_each_thing_has_a_line_and_what_is_wrong_says_what_to_do(folder: Path) -> None:
    model, broker = closed_port(), closed_port()
    result = run(
        folder,
        "doctor",
        SOTTO_HUB_SATELLITES__PORT="0",
        SOTTO_HUB_MQTT__URL=f"mqtt://sam:hush-hush@127.0.0.1:{broker}",
        SOTTO_HUB_ENGINES__LANGUAGE_MODEL="ollama",
        SOTTO_HUB_OLLAMA__URL=f"http://127.0.0.1:{model}",
        SOTTO_HUB_ENGINES__TEXT_TO_SPEECH="openai",
        SOTTO_HUB_OPENAI_TEXT_TO_SPEECH__URL=f"http://127.0.0.1:{closed_port()}/v1",
    )
    assert result.returncode == 1
    assert result.stderr == ""
    assert "hush-hush" not in result.stdout
    wrong = [line for line in result.stdout.splitlines() if line.startswith("WRONG ")]
    assert [line.split()[1] for line in wrong] == ["broker", "voice", "language"]
    assert str(broker) in wrong[0]
    assert "ollama serve" in wrong[2]
    lines = [line for line in result.stdout.splitlines() if " model " not in line[:24]]
    assert len(lines) == 16


def test_a_model_that_is_missing_has_a_line_with_the_command_that_fetches_it(folder: Path) -> None:
    code, found = examined(
        folder,
        SOTTO_HUB_ENGINES__TEXT_TO_SPEECH="piper",
        SOTTO_HUB_ENGINES__SPEECH_TO_TEXT="auto",
        SOTTO_HUB_WHISPER__MODEL="tiny",
        SOTTO_HUB_MODELS__FOLDER=str(folder / "models"),
        SOTTO_HUB_WHISPER__CACHE_DIR=str(folder / "cache"),
    )
    assert code == 1
    assert found["voice model"] == {
        "name": "voice model",
        "ok": False,
        "text": "piper/en_US-lessac-medium is not here: run `sotto-hub models pull "
        "piper/en_US-lessac-medium`.",
    }
    assert found["speech model"]["ok"]
    assert "sotto-hub models pull whisper/tiny" in found["speech model"]["text"]


def test_a_folder_of_models_that_can_not_be_looked_at_hides_nothing_else(folder: Path) -> None:
    code, found = examined(folder, SOTTO_HUB_MODELS__FOLDER=f"/{'x' * 300}")
    assert code == 1
    assert "set models.folder to another" in found["models folder"]["text"]
    assert "too long" in found["recogniser"]["text"]
    assert found["zeroconf"]["ok"]


def test_settings_that_can_not_be_used(folder: Path) -> None:
    (folder / "hub.toml").write_text("[satellites]\nport = 'loud'\n")
    code, found = examined(folder, "--config", "hub.toml", SOTTO_HUB_SATELLITES__PORT="")
    assert code == 1
    assert "satellites.port" in found["settings"]["text"]
    assert "recogniser" not in found


def test_all_that_is_wrong_with_the_settings_stands_in_one_readable_line(folder: Path) -> None:
    _, found = examined(folder, SOTTO_HUB_MQTT__EMBEDDED_PORT="x", SOTTO_HUB_SATELLITES__PORT="-1")
    assert found["settings"]["text"] == (
        "The settings can not be used (environment SOTTO_HUB_*, .env): "
        "satellites.port: input should be greater than or equal to 0 (it is '-1'); "
        "mqtt.embedded_port: input should be a valid integer, unable to parse string as an integer "
        "(it is 'x'). The rest is looked at when this is well."
    )
    _, found = examined(folder, SOTTO_HUB_ENGINES__TEXT_TO_SPEECH="coqui")
    assert found["settings"]["text"].startswith(
        "The settings can not be used (environment SOTTO_HUB_*, .env): engines.text_to_speech: "
    )


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (f'[satellites]\ntoken = "{TOKEN}"\n', True),
        (f'satellites = {{"token" = "{TOKEN}"}}\n', True),
        ('[mqtt]\nurl = "mqtt://sam:hush@broker"\n', True),
        ("# token = none\n", False),
        ('[mqtt]\nurl = "mqtt://broker"\n', False),
    ],
)
def test_a_file_with_secrets_is_for_its_owner_alone(
    tmp_path: Path, content: str, secret: bool
) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(content)
    file.chmod(0o640)
    finding = doctor._privacy(file, token_file=None)
    assert finding.ok is not secret
    assert (f"chmod 600 {file}" in finding.text) is secret
    file.chmod(0o600)
    assert doctor._privacy(file, token_file=None).ok


def test_a_token_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o604)
    assert not doctor._privacy(tmp_path / "absent.toml", token_file=file).ok


def test_a_secret_of_another_user_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    if file.stat().st_uid == 0:
        if os.getuid() != 0:
            pytest.skip("the folder is root's")
        os.chown(file, 4321, -1)
    monkeypatch.setattr(os, "getuid", lambda: 1234)
    assert "belongs to another user" in doctor._privacy(token_file=file).text


def test_a_folder_that_can_not_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor._folders(tmp_path / "new" / "deeper").ok
    monkeypatch.setattr(os, "access", lambda *_: False)
    finding = doctor._folders(tmp_path / "new")
    assert not finding.ok
    assert str(tmp_path) in finding.text


@pytest.mark.parametrize("tools", [True, False])
async def test_a_model_must_be_able_to_use_tools(tools: bool) -> None:
    card = Answer(json.dumps({"capabilities": ["tools"] if tools else ["completion"]}).encode())
    async with serving({"/api/show": [card]}) as service:
        settings = made(
            engines={"language_model": "ollama"}, ollama={"url": service.url, "model": "tiny"}
        )
        finding = await doctor._outcome("language model", doctor._language_model(settings))
    assert finding.ok is tools
    assert "tiny" in finding.text


async def test_a_turn_detector_is_tried(tmp_path: Path) -> None:
    file = write_model(tmp_path / "turn.onnx")
    chosen = made(listening={"turn_detector": file})
    finding = await doctor._outcome("turn detection", doctor._turn_detection(chosen))
    assert finding == Finding("turn detection", True, f"{file} is ready")
    file.write_bytes(b"not a model")
    finding = await doctor._outcome("turn detection", doctor._turn_detection(chosen))
    assert not finding.ok
    assert "can not be loaded" in finding.text


@pytest.mark.parametrize(
    ("detector", "name", "words"),
    [
        ("/absent.onnx", "turn detection", "mend listening.turn_detector"),
        ("smart-turn/v3", "turn detector", "sotto-hub models pull smart-turn/v3"),
    ],
)
def test_a_turn_detector_that_is_set_and_not_here_has_one_line(
    detector: str, name: str, words: str, folder: Path
) -> None:
    code, found = examined(folder, SOTTO_HUB_LISTENING__TURN_DETECTOR=detector)
    assert code == 1
    assert [entry["name"] for entry in found.values() if not entry["ok"]] == [name]
    assert words in found[name]["text"]


LACKS = Answer(b'{"error":"model not found"}', status=404)
BROKEN = Answer(b'{"error":"out of memory"}', status=500)


@pytest.mark.parametrize(("answer", "words"), [(LACKS, "ollama pull"), (BROKEN, "out of memory")])
async def test_an_ollama_that_is_there_and_can_not_think_is_not_well(
    answer: Answer, words: str
) -> None:
    async with serving({"/api/show": [answer], "/api/tags": [answer]}) as service:
        auto = made(ollama={"url": service.url, "model": "tiny"})
        finding = await doctor._outcome("language model", doctor._language_model(auto))
    assert not finding.ok
    assert words in finding.text


async def test_where_no_ollama_is_none_is_missed() -> None:
    auto = made(ollama={"url": f"http://127.0.0.1:{closed_port()}"})
    finding = await doctor._outcome("language model", doctor._language_model(auto))
    assert finding.ok
    assert "none is there" in finding.text


async def test_a_check_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECK_TIMEOUT_S", 0.0)
    finding = await doctor._outcome("broker", doctor._recogniser(made()))
    assert not finding.ok
    assert "took over" in finding.text


async def test_discovery_is_looked_at_only_where_it_is_used() -> None:
    assert "not needed" in await doctor._zeroconf(made())
    assert await doctor._zeroconf(made(satellites={"discoverable": False})) == "switched off"
