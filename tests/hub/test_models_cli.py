"""`sotto-hub models` as people meet it, against a hub and an Ollama of the tests."""

import asyncio
import json
import os
import pty
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.hub.engines.model_hub import Fault, ModelHub, model_hub
from tests.hub.engines.model_service import Answer, serving
from tests.hub.test_main import closed_port, environment, folder

__all__ = ["folder"]

pytestmark = pytest.mark.timeout(120)

MIB = 1 << 20
VOICE = "en_US-lessac-medium"
SOURCE = "en/en_US/lessac/medium"
TINY = {
    "config.json": b"{}",
    "tokenizer.json": b"{}",
    "vocabulary.txt": b"a\n",
    "model.bin": b"0123456789" * 200_000,
}
REPOSITORIES = {
    "rhasspy/piper-voices": {
        f"{SOURCE}/{VOICE}.onnx": b"voice" * 300_000,
        f"{SOURCE}/{VOICE}.onnx.json": b"{}",
    },
    "Systran/faster-whisper-tiny": TINY,
}


class Done(NamedTuple):
    code: int
    out: str
    complaint: str


class Cli(NamedTuple):
    hub: ModelHub
    folder: Path

    @property
    def voice(self) -> Path:
        return self.folder / "models" / "piper" / f"{VOICE}.onnx"

    def environment(self, **settings: str) -> dict[str, str]:
        given = {
            "SOTTO_HUB_MODELS__FOLDER": str(self.folder / "models"),
            "SOTTO_HUB_MODELS__ENDPOINT": self.hub.url,
            "SOTTO_HUB_OLLAMA__URL": f"http://127.0.0.1:{closed_port()}",
        }
        return environment(self.folder, **{**given, **settings})

    async def run(self, *arguments: str, **settings: str) -> Done:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hub", "models", *arguments),
            cwd=self.folder,
            env=self.environment(**settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, complaint = await process.communicate()
        assert process.returncode is not None
        assert b"Traceback" not in complaint
        assert b"\x1b" not in out + complaint, "no control characters without a terminal"
        return Done(process.returncode, out.decode(), complaint.decode())


@pytest.fixture
async def cli(folder: Path) -> AsyncIterator[Cli]:
    async with model_hub({name: dict(files) for name, files in REPOSITORIES.items()}) as hub:
        yield Cli(hub, folder)


async def test_a_model_is_fetched_listed_checked_and_removed(cli: Cli) -> None:
    name = f"piper/{VOICE}"
    assert await cli.run("pull", name) == Done(
        0, f"{name}: fetching, 2 MB\n{name}: here, 2 MB\n", ""
    )
    (line,) = [row for row in (await cli.run("list")).out.splitlines() if name in row]
    assert line.split()[-2:] == ["MB", "yes"]
    assert await cli.run("verify") == Done(0, f"{name}: as it was fetched\n", "")
    assert await cli.run("rm", name) == Done(0, f"{name}: removed\n", "")
    assert not list(cli.voice.parent.parent.glob("piper/*"))
    assert (await cli.run("verify")).out.startswith("There are no models in ")


async def test_the_list_tells_what_the_settings_use(cli: Cli) -> None:
    done = await cli.run(
        "list",
        "--json",
        SOTTO_HUB_ENGINES__SPEECH_TO_TEXT="whisper",
        SOTTO_HUB_WHISPER__MODEL="turbo",
        SOTTO_HUB_ENGINES__TEXT_TO_SPEECH="piper",
        SOTTO_HUB_PIPER__VOICES='{"en": "en_GB-cori-high"}',
        SOTTO_HUB_ENGINES__LANGUAGE_MODEL="ollama",
        SOTTO_HUB_LISTENING__TURN_DETECTOR="smart-turn/v3",
    )
    entries = {entry["name"]: entry for entry in json.loads(done.out)}
    used = {name for name, entry in entries.items() if entry["used"]}
    assert used == {
        "whisper/large-v3-turbo", "piper/en_GB-cori-high", "smart-turn/v3", "ollama/qwen3:4b"
    }  # fmt: skip
    assert entries["piper/en_GB-cori-high"]["size_bytes"] == 114_000_000
    assert not any(entry["here"] for entry in entries.values())
    assert entries["whisper/tiny"]["size_bytes"] == 75_000_000
    assert "Ollama does not answer" in done.complaint


async def test_ollamas_models_are_in_the_list(cli: Cli) -> None:
    tags = {"models": [{"name": "qwen3:latest", "size": 5_200_000_000}]}
    async with serving({"/api/tags": [Answer(json.dumps(tags).encode())]}) as ollama:
        done = await cli.run(
            "list",
            SOTTO_HUB_OLLAMA__URL=ollama.url,
            SOTTO_HUB_OLLAMA__MODEL="qwen3",
            SOTTO_HUB_ENGINES__LANGUAGE_MODEL="ollama",
        )
    (line,) = [row for row in done.out.splitlines() if row.startswith("ollama")]
    assert line.split() == ["ollama/qwen3:latest", "thinks", "5.2", "GB", "yes", "yes"]


async def test_of_ollamas_models_it_is_not_said_that_they_were_compared(cli: Cli) -> None:
    tags = {"models": [{"name": "qwen3:4b", "size": 5}]}
    async with serving({"/api/tags": [Answer(json.dumps(tags).encode())]}) as ollama:
        done = await cli.run("verify", "ollama/qwen3:4b", SOTTO_HUB_OLLAMA__URL=ollama.url)
    told = "ollama/qwen3:4b: here, and Ollama itself checks what it holds\n"
    assert done == Done(0, told, "")


async def test_without_names_what_the_settings_name_is_fetched(cli: Cli) -> None:
    done = await cli.run(
        "pull",
        SOTTO_HUB_ENGINES__SPEECH_TO_TEXT="whisper",
        SOTTO_HUB_WHISPER__MODEL="tiny",
        SOTTO_HUB_ENGINES__TEXT_TO_SPEECH="piper",
    )
    assert done.code == 0
    assert "whisper/tiny: here, 2 MB" in done.out
    assert f"piper/{VOICE}: here, 2 MB" in done.out
    assert "ollama/qwen3:4b: left out, for there is no Ollama" in done.out


async def test_settings_that_name_no_model_are_told(cli: Cli) -> None:
    done = await cli.run(
        "pull",
        SOTTO_HUB_ENGINES__SPEECH_TO_TEXT="phrases",
        SOTTO_HUB_ENGINES__TEXT_TO_SPEECH="espeak",
        SOTTO_HUB_ENGINES__LANGUAGE_MODEL="none",
    )
    assert done == Done(0, "The settings name no model that could be fetched.\n", "")


@pytest.mark.parametrize("command", ["pull", "rm", "verify"])
async def test_a_slip_is_answered_and_the_others_are_done(command: str, cli: Cli) -> None:
    await cli.run("pull", f"piper/{VOICE}")
    done = await cli.run(command, "whisper/tinny", f"piper/{VOICE}")
    assert done.code == 1
    assert "Did you mean whisper/tiny" in done.complaint
    assert done.complaint.startswith("sotto-hub: There is no model 'whisper/tinny'.")
    assert done.out


async def test_a_damaged_model_is_found_and_mended(cli: Cli) -> None:
    name = f"piper/{VOICE}"
    await cli.run("pull", name)
    content = bytearray(cli.voice.read_bytes())
    content[1000] ^= 1
    cli.voice.write_bytes(content)
    done = await cli.run("verify", name)
    assert done.code == 1
    assert f"{VOICE}.onnx has another content" in done.out
    assert f"sotto-hub models pull {name}" in done.out
    assert (await cli.run("pull", name)).code == 0
    assert (await cli.run("verify", name)).code == 0


async def test_offline_says_what_to_do_instead(cli: Cli) -> None:
    done = await cli.run("pull", "whisper/tiny", SOTTO_HUB_MODELS__OFFLINE="true")
    assert done.code == 1
    assert "models.offline is set. Copy it to" in done.complaint
    assert cli.hub.asked == []


async def test_a_terminal_shows_a_bar_and_ctrl_c_ends_it(cli: Cli) -> None:
    cli.hub.faults[f"{VOICE}.onnx"] = [Fault(after=MIB, stall=True)]
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hub", "models", "pull", f"piper/{VOICE}"),
        cwd=cli.folder,
        env=cli.environment(TERM="xterm", COLUMNS="120"),
        stdout=theirs,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(theirs)
    shown = ""
    while not ("1.0/1.5 MB" in shown and "MB/s" in shown):  # what is drawn may come in pieces
        shown += (await asyncio.to_thread(os.read, ours, 65536)).decode(errors="replace")
    process.send_signal(signal.SIGINT)
    _, complaint = await process.communicate()
    os.close(ours)
    assert process.returncode == 1
    assert f"sotto-hub models pull piper/{VOICE}` goes on from here" in complaint.decode()


@pytest.mark.parametrize("command", ["list", "pull", "rm", "verify"])
async def test_every_command_has_help(command: str, cli: Cli) -> None:
    done = await cli.run(command, "--help")
    assert done.code == 0
    assert "--config" in done.out
