"""What a speech service is asked for at most, and what it may answer at most."""

from dataclasses import replace

from audio.pcm import SPEECH_RATE_HZ, size_bytes
from hub.engines.base import EngineError, SpeechRequest, Utterance
from hub.words import worded

MAX_TEXT_CHARS = 5_000
"""Five minutes of speech. What is longer was not meant to be spoken at one go."""
MAX_UTTERANCE_BYTES = size_bytes(300_000, rate_hz=SPEECH_RATE_HZ)
"""Five minutes: 30 times the longest sentence that is waited for."""
MAX_SPEECH_MS = 15 * 60_000
"""Three times what the longest text takes; a service that goes on is not speaking this text."""
MAX_TRANSCRIPT_CHARS = 20_000
"""Five minutes of the fastest talk."""
MAX_REASON_CHARS = 200


def check_text(request: SpeechRequest) -> None:
    """Raise EngineError "bad-request" for a text that is too long to be spoken."""
    if len(request.text) > MAX_TEXT_CHARS:
        raise EngineError(
            "bad-request",
            worded(
                "text-not-spoken",
                "The text has {count} characters; at most {most} are spoken.",
                count=len(request.text),
                most=MAX_TEXT_CHARS,
            ),
        )


def speakable(request: SpeechRequest) -> SpeechRequest:
    """Return a request that can be sent anywhere: characters that are none become "?".

    Places of words in the text stay what they are. Raises EngineError as `check_text` does.
    """
    check_text(request)
    return replace(request, text=sendable(request.text))


def sendable(text: str) -> str:
    """Return a text with "?" for half characters (lone surrogates), which no wire can carry."""
    return text.encode("utf-8", "replace").decode()


def check_utterance(utterance: Utterance) -> None:
    """Raise EngineError "bad-request" for audio that is too long or cut inside a sample."""
    if len(utterance.audio) > MAX_UTTERANCE_BYTES:
        raise EngineError(
            "bad-request",
            worded("recording-five-minutes", "The recording is too long: five minutes at most."),
        )
    if len(utterance.audio) % 2:
        raise EngineError(
            "bad-request", worded("half-sample", "The recording ends in the middle of a sample.")
        )


def one_line(text: str) -> str:
    """Return a service's own words as one short line for people, without control characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= MAX_REASON_CHARS else line[: MAX_REASON_CHARS - 1] + "…"


def primary_language(tag: str) -> str:
    """Return "en" of "en", "en-GB" or "en_US"."""
    return tag.replace("_", "-").split("-")[0].lower()
