"""The pipe to the program that speaks with Piper: one request, one answer, each under a limit."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hub.engines import failures
from hub.engines.base import EngineError
from hub.words import worded

START_TIMEOUT_S = 20.0
"""Importing onnxruntime from a slow disk."""
LOAD_TIMEOUT_S = 20.0
SAY_TIMEOUT_S = 8.0
"""Less than an engine process is given for a piece, so that it need not be ended, too."""
END_TIMEOUT_S = 2.0
MAX_HEADER_BYTES = 1024 * 1024
"""A line about 200 characters of text; more is no answer of ours."""
MAX_AUDIO_BYTES = 16 * 1024 * 1024
"""Three minutes for 200 characters; a voice that speaks longer is broken."""

_READ_BYTES = 65_536
_PROGRAM = Path(__file__).with_name("piper_voice.py")


def command(python: str | None = None, threads: int = 1, *, cuda: bool = False) -> list[str]:
    """Return how the program is started, by the Python that has Piper; None: by this one."""
    return [python or sys.executable, str(_PROGRAM), str(threads), "cuda" if cuda else "cpu"]


class _Ended(EngineError):
    """The program has died. It may not have been for what it was asked."""


class PiperProcess:
    """The program. It is started when it is needed, and again after it has died. Blocking.

    What it died of is asked once more: an answer is handed out whole, so that nobody has heard
    of it.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = list(arguments)
        self._process: subprocess.Popen[bytes] | None = None
        self._received = bytearray()
        self._voices: dict[str, dict[str, Any]] = {}

    def ready(self) -> None:
        """Start the program unless it runs. Raises EngineError."""
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._start()

    def load(self, model: Path) -> dict[str, Any]:
        """Have a voice loaded, unless it was, and return what the program says of it.

        Raises EngineError.
        """
        try:
            return self._load(model)
        except _Ended:
            return self._load(model)

    def say(
        self, model: Path, text: str, words: Sequence[str], speaker: int | None, speed: float
    ) -> tuple[dict[str, Any], bytes]:
        """Have a text spoken; return the answer's header and its audio. Raises EngineError."""
        request: dict[str, Any] = {"do": "say", "model": str(model), "text": text}
        request |= {"words": list(words), "speaker": speaker, "speed": speed}
        try:
            self._load(model)
            return self._ask(request, SAY_TIMEOUT_S)
        except _Ended:
            self._load(model)
            return self._ask(request, SAY_TIMEOUT_S)

    def close(self) -> None:
        """End the program. It may be used again."""
        process, self._process = self._process, None
        self._voices.clear()
        self._received.clear()
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        process.kill()
        with suppress(subprocess.TimeoutExpired):  # stuck in the kernel
            process.wait(END_TIMEOUT_S)
        process.stdout.close()
        with suppress(OSError):  # what was not written is not wanted any more
            process.stdin.close()

    def _load(self, model: Path) -> dict[str, Any]:
        self.ready()
        name = str(model)
        if name not in self._voices:
            self._voices[name], _ = self._ask({"do": "load", "model": name}, LOAD_TIMEOUT_S)
        return self._voices[name]

    def _start(self) -> "subprocess.Popen[bytes]":
        try:
            process = subprocess.Popen(
                self._arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
        except OSError as error:
            raise EngineError(
                "engine-missing",
                worded(
                    "piper-no-start", "Piper's program can not be started: {why}", why=str(error)
                ),
            ) from error
        self._process = process
        self._answer(process, time.monotonic() + START_TIMEOUT_S)
        return process

    def _ask(self, request: dict[str, Any], limit_s: float) -> tuple[dict[str, Any], bytes]:
        process = self._process or self._start()
        deadline = time.monotonic() + limit_s
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(request).encode() + b"\n")
        except OSError as error:
            self.close()
            raise _Ended(
                "engine-failed",
                worded("piper-gone", "Piper's program has ended: {why}", why=str(error)),
            ) from error
        return self._answer(process, deadline)

    def _answer(
        self, process: "subprocess.Popen[bytes]", deadline: float
    ) -> tuple[dict[str, Any], bytes]:
        try:
            while (end := self._received.find(b"\n")) < 0:
                if len(self._received) > MAX_HEADER_BYTES:
                    raise ValueError("an endless line")
                self._receive(process, deadline)
            header = json.loads(bytes(self._received[:end]))
            if not isinstance(header, dict):
                raise TypeError("a line that is no object")
            size = int(header.get("bytes", 0))
            if not 0 <= size <= MAX_AUDIO_BYTES:
                raise ValueError(f"{size} bytes of audio")
            del self._received[: end + 1]
            while len(self._received) < size:
                self._receive(process, deadline)
        except EngineError:
            self.close()
            raise
        except (TypeError, ValueError) as error:
            self.close()
            raise EngineError(
                "engine-failed",
                worded("piper-answers", "Piper's program answers {why}", why=str(error)),
            ) from error
        audio = bytes(self._received[:size])
        del self._received[:size]
        if not header.get("ok"):
            raise _failure(header)
        return header, audio

    def _receive(self, process: "subprocess.Popen[bytes]", deadline: float) -> None:
        assert process.stdout is not None
        descriptor = process.stdout.fileno()
        left_s = max(0.0, deadline - time.monotonic())
        if not select.select([descriptor], [], [], left_s)[0]:
            raise EngineError(
                "engine-timeout", worded("piper-slow", "Piper did not answer in time.")
            )
        data = os.read(descriptor, _READ_BYTES)
        if not data:
            raise _Ended(
                "engine-failed", worded("piper-ended", "Piper's program has ended in the middle.")
            )
        self._received += data


def _failure(header: dict[str, Any]) -> EngineError:
    """Return what the program says went wrong, in the hub's words for what is known."""
    code = str(header.get("code", "engine-failed"))
    about = {name: str(header.get(name, "")) for name in ("file", "why")}
    match header.get("kind"):
        case "no-piper":
            text = "{file} has no Piper ({why}): install piper-tts."
            return EngineError(code, worded("python-without-piper", text, **about))
        case "voice-missing":
            text = "The voice's file {file} is not there."
            return EngineError(code, worded("voice-file-missing", text, file=about["file"]))
        case "voice-damaged":
            text = "The voice {file} can not be read ({why}): fetch it again."
            return EngineError(code, worded("voice-damaged", text, **about))
    return failures.says("Piper", str(header.get("text", "no reason")), code=code)
