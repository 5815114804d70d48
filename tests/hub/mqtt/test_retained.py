from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hub.mqtt.retained import Retained, RetainedFile

MESSAGES = {"a/b": Retained(b"one", 1), "c": Retained(b"\x00\xff", 0)}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = RetainedFile(tmp_path / "deep" / "file")
    file.write(MESSAGES)
    assert file.read() == MESSAGES
    assert file.path.stat().st_mode & 0o077 == 0
    file.write({})
    assert file.read() == {}


def test_a_file_that_is_not_there_is_empty_without_a_word(tmp_path: Path) -> None:
    with capture_logs() as logs:
        assert RetainedFile(tmp_path / "none").read() == {}
    assert logs == []


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\xff\x00", b'{"format":"other"}\n["a","eA==",0]']
)
def test_a_file_of_something_else_is_left_out_and_told(tmp_path: Path, content: bytes) -> None:
    file = RetainedFile(tmp_path / "file")
    file.path.write_bytes(content)
    with capture_logs() as logs:
        assert file.read() == {}
    assert [log["event"] for log in logs] == ["retained messages can not be read"]


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b'["x", "?", 0]', b'["x", "eA==", "no"]', b'[1, "eA==", 0]', b"null"]
)
def test_a_damaged_line_costs_itself_alone(tmp_path: Path, line: bytes) -> None:
    file = RetainedFile(tmp_path / "file")
    file.write(MESSAGES)
    file.path.write_bytes(file.path.read_bytes() + line)
    with capture_logs() as logs:
        assert file.read() == MESSAGES
    assert [log.get("lost") for log in logs] == [1]


def test_a_folder_that_can_not_be_written_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("a file", encoding="utf-8")
    file = RetainedFile(tmp_path / "plain" / "file")
    with capture_logs() as logs:
        file.write(MESSAGES)
        file.write(MESSAGES)
    assert [log["event"] for log in logs] == ["retained messages can not be kept"]
