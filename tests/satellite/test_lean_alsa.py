"""PortAudio begins without ALSA's encoder."""

import os
from pathlib import Path

import pytest

from satellite.lean_alsa import lean_alsa


@pytest.fixture
def alsa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.delenv("ALSA_CONFIG_PATH", raising=False)
    folder = tmp_path / "conf.d"
    folder.mkdir()
    for name in ("50-pulse.conf", "60-a52-encoder.conf"):
        (folder / name).touch()
    main = tmp_path / "alsa.conf"
    main.write_text(f'@hooks [ {{ func load files [ "{folder}" ] }} ]')
    return main, folder


def test_the_encoder_is_left_out_and_the_rest_is_read(alsa: tuple[Path, Path]) -> None:
    main, folder = alsa
    with lean_alsa(main, folder):
        text = Path(os.environ["ALSA_CONFIG_PATH"]).read_text()
        assert f'"{folder}/50-pulse.conf"' in text
        assert "a52" not in text
    assert "ALSA_CONFIG_PATH" not in os.environ


def test_the_owners_own_configuration_is_left_alone(
    alsa: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALSA_CONFIG_PATH", "/mine")
    with lean_alsa(*alsa):
        assert os.environ["ALSA_CONFIG_PATH"] == "/mine"
    assert os.environ["ALSA_CONFIG_PATH"] == "/mine"


@pytest.mark.parametrize("lacking", ["main", "encoder"])
def test_where_there_is_nothing_to_leave_out_nothing_changes(
    alsa: tuple[Path, Path], lacking: str
) -> None:
    main, folder = alsa
    (main if lacking == "main" else folder / "60-a52-encoder.conf").unlink()
    with lean_alsa(main, folder):
        assert "ALSA_CONFIG_PATH" not in os.environ
