"""What is found of the folder of models: well, or the one thing to do. Real folders."""

from pathlib import Path
from typing import Any

import pytest

from hub import machine_check, models_check
from hub.machine_check import Finding
from hub.model_needs import Need
from hub.settings import HubSettings
from tests.hub.engines.tiny_whisper import make_whisper

LACKING = Need("speech model", "whisper/base", True, False, "whisper/base is not here.")
HERE = Need("speech model", "whisper/base", True, True, "whisper/base is here.")
UNWRITABLE = Path("/proc/self/fdinfo")
"""Nobody can write there, root neither."""


async def found(place: Path, *needs: Need, **models: Any) -> Finding:
    settings = HubSettings.model_validate({"models": {"folder": place, **models}})
    return await models_check.folder(settings, needs)


async def test_a_folder_that_can_be_written_to_is_well_also_before_it_is_there(
    tmp_path: Path,
) -> None:
    finding = await found(tmp_path / "new" / "deeper", LACKING)
    assert finding.ok
    assert f"free at {tmp_path}" in finding.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", ["", "deeper"])
async def test_a_file_is_no_folder(below: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    finding = await found(file / below)
    assert not finding.ok
    assert finding.text == f"{file} is no folder: set models.folder to one."


async def test_a_folder_that_nothing_can_come_into_is_told() -> None:
    finding = await found(UNWRITABLE, LACKING)
    assert not finding.ok
    assert f"Nothing can be written to {UNWRITABLE}" in finding.text
    assert (await found(UNWRITABLE, HERE)).ok


async def test_a_folder_of_another_hub_need_only_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_whisper(tmp_path / "whisper" / "tiny", "yes")
    monkeypatch.setattr(models_check, "_can_be_written", lambda _: False)
    assert (await found(tmp_path, LACKING)).ok
    assert not (await found(tmp_path, LACKING, download=True)).ok
    assert (await found(tmp_path, HERE, download=True)).ok


async def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_check, "LEAST_DISK_BYTES", 1 << 80)
    finding = await found(tmp_path)
    assert not finding.ok
    assert "too little" in finding.text


async def test_a_folder_that_can_not_be_looked_at_is_told(tmp_path: Path) -> None:
    finding = await found(tmp_path / ("x" * 300))
    assert not finding.ok
    assert "set models.folder to another" in finding.text
