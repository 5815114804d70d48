"""An engine that does as the request's words say; for tests of the engine processes."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, Transcript


class ScriptedEngine:
    """Audio that is text is a script: `echo ...`, `begin ...`, `crash-once FILE`, `crash`,
    `hang FILE` (which, if told, is there from then on), `hold FILE ...` (until it is there),
    `fail`, `raise`.
    """

    def __init__(self) -> None:
        self.configuration: dict[str, Any] = {}

    def load(self) -> None:
        pass

    def configure(self, values: dict[str, Any]) -> None:
        while "hold" in values and not Path(values["hold"]).exists():
            time.sleep(0.001)
        if values.get("bad"):
            raise EngineError("bad-request", "a bad configuration")
        self.configuration = values

    def transcribe(self, audio: bytes, language: str) -> Transcript:
        words = audio.decode().split()
        match words[0]:
            case "crash-once":
                if not Path(words[1]).exists():
                    Path(words[1]).touch()
                    os.kill(os.getpid(), signal.SIGKILL)
            case "begin":
                return Transcript("", language, partial=" ".join(words[1:]))
            case "crash":
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                for file in words[1:]:
                    Path(file).touch()
                time.sleep(3600)
            case "hold":
                while not Path(words[1]).exists():
                    time.sleep(0.001)
            case "fail":
                raise EngineError("bad-request", "as the script says")
            case "raise":
                raise RuntimeError("out of luck")
        return Transcript(
            f"{' '.join(words[1:])} {self.configuration.get('word', '')}", language, 0.5
        )

    def synthesize(self, request: SpeechRequest) -> Iterator[SpeechChunk]:
        if request.text == "crash in the middle":
            yield SpeechChunk(b"\x01\x00", 16_000)
            os.kill(os.getpid(), signal.SIGKILL)
        for word in request.text.split():
            yield SpeechChunk(word.encode() * 2, 22_050)


class SlowEngine(ScriptedEngine):
    """Loads until the file that SLOW_ENGINE names is there."""

    def load(self) -> None:
        while not Path(os.environ["SLOW_ENGINE"]).exists():
            time.sleep(0.001)


class BrokenEngine(ScriptedEngine):
    """Can not be loaded."""

    def load(self) -> None:
        raise EngineError("engine-missing", "a library is missing; install it")
