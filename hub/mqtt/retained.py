"""What the broker of our own retains, kept over a restart: a file of a line for each message."""

import base64
import binascii
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import structlog

log = structlog.get_logger(__name__)

MAX_MESSAGES = 20_000
"""Some thousand entities, three messages for each."""
MAX_MESSAGE_BYTES = 262_144
MAX_FILE_BYTES = 67_108_864
"""What is beyond this is not kept over a restart; reading it all would delay the start."""
_HEAD = {"format": "sotto-retained", "version": 1}


@dataclass(frozen=True, slots=True)
class Retained:
    """One retained message."""

    data: bytes
    qos: int


class RetainedFile:
    """The file. What goes wrong with it is logged and costs only what was to be kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._complained = False
        self._writing = threading.Lock()

    def read(self) -> dict[str, Retained]:
        """Return what was kept, by topic; lines that make no sense are left out."""
        try:
            if self.path.stat().st_size > 2 * MAX_FILE_BYTES:
                raise OSError("it is too large")
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return {}
        except OSError as error:
            log.warning("retained messages can not be read", file=str(self.path), reason=str(error))
            return {}
        if not lines or _json(lines[0]) != _HEAD:
            log.warning("retained messages can not be read", file=str(self.path), reason="no head")
            return {}
        messages: dict[str, Retained] = {}
        for line in lines[1:]:
            parts = _json(line)
            with suppress(ValueError, TypeError, binascii.Error):
                topic, data, qos = parts
                message = Retained(base64.b64decode(data, validate=True), int(qos))
                if isinstance(topic, str) and message.data and len(messages) < MAX_MESSAGES:
                    messages[topic] = message
        if len(messages) < len(lines) - 1:
            log.warning(
                "some retained messages can not be read",
                file=str(self.path),
                lost=len(lines) - 1 - len(messages),
            )
        return messages

    def write(self, messages: Mapping[str, Retained]) -> None:
        """Put these in place of what was kept, whole or not at all. For any thread."""
        with self._writing:
            self._write(messages)

    def _write(self, messages: Mapping[str, Retained]) -> None:
        fresh = self.path.with_name(f"{self.path.name}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(number, "wb") as file:
                file.writelines(_lines(messages))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
        except OSError as error:
            if not self._complained:
                log.warning(
                    "retained messages can not be kept", file=str(self.path), reason=str(error)
                )
            self._complained = True
        else:
            self._complained = False


def _lines(messages: Mapping[str, Retained]) -> Iterator[bytes]:
    yield orjson.dumps(_HEAD) + b"\n"
    size_bytes = 0
    for topic, message in messages.items():
        data = base64.b64encode(message.data).decode()
        line = orjson.dumps([topic, data, message.qos]) + b"\n"
        size_bytes += len(line)
        if size_bytes <= MAX_FILE_BYTES:
            yield line


def _json(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
