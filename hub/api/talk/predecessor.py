"""The words of the predecessor's clients, which speak without a hello and are always heard.

They send 16 kHz audio of any length, and play 24 kHz audio as it comes. They tell nothing of their
speakers.
"""

import time
import uuid
from collections.abc import Sequence
from typing import Any

import orjson

from audio.resample import Resampler
from hub.api.talk import messages as words

RATE_HZ = 24_000


class Predecessor:
    """How one of them writes."""

    features: Sequence[str] = ()

    def __init__(self, language: str | None = None) -> None:
        self.conversation = uuid.uuid4().hex
        hello = {
            "type": "hello",
            "version": words.TALK_VERSION,
            "device": f"client-{self.conversation[:12]}",
            "name": "Client",
            "language": language,
            "microphone": True,
            "echo_cancelled": True,
        }
        begin = {"type": "begin", "mode": "hands-free"}
        self.opening: Sequence[str] = tuple(orjson.dumps(one).decode() for one in (hello, begin))
        self._resampler: Resampler | None = None
        self._chunks = 0
        self._saying = ""
        self._tools: dict[str, str] = {}

    def heard(self, text: str) -> Sequence[str]:
        """Return nothing: they tell what they can do, and the hub asks nothing of them."""
        del text
        return ()

    def said(self, message: words.Down) -> str | None:
        """Return a message in their words; None: they have none for it."""
        match message:
            case words.Welcome():
                return self._event("system_event", event="conversation_started")
            case words.Transcript(text=text, final=final):
                name = "final_transcript" if final else "partial_transcript"
                now_ms = round(time.time() * 1000)
                return self._event(
                    name, transcript=text, text=text, timestamp_ms=now_ms, is_final=final
                )
            case words.Answer(text=text):
                return self._event("token", role="assistant", content=text)
            case words.Tool():
                return self._tool(message)
            case words.Saying(text=text):
                self._saying = text
                return None
            case words.AudioBegins(rate=rate):
                return self._audio(rate)
            case words.AudioEnds():
                return self._event("audio_stream_end", chunk_count=self._chunks)
            case words.Cancel():
                now_ms = round(time.time() * 1000)
                return self._event("barge_in_notification", timestamp_ms=now_ms)
            case words.Fault(text=text, code=code):
                return self._event("audio_stream_error", error=text, code=code)
            case _:
                return None

    def played(self, turn: int, before: int, audio: bytes) -> bytes:
        """Return audio at their rate."""
        del turn, before
        self._chunks += 1
        return audio if self._resampler is None else self._resampler.process(audio)

    def _audio(self, rate_hz: int) -> str:
        self._resampler = None if rate_hz == RATE_HZ else Resampler(rate_hz, RATE_HZ)
        self._chunks = 0
        return self._event(
            "audio_stream_start",
            text_synthesized=self._saying,
            format="pcm_s16le",
            sample_rate=RATE_HZ,
            channels=1,
            sample_width=2,
        )

    def _tool(self, tool: words.Tool) -> str:
        if tool.status == "running":
            self._tools[tool.call] = tool.tool
        name = (
            self._tools.get(tool.call, "")
            if tool.status == "running"
            else self._tools.pop(tool.call, "")
        )
        status = "completed" if tool.status == "done" else tool.status
        return self._event("tool", name=name, status=status, tool_id=tool.call, result=tool.result)

    def _event(self, kind: str, **fields: Any) -> str:
        return orjson.dumps({"type": kind, "conversation_id": self.conversation, **fields}).decode()
