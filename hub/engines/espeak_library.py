"""The espeak-ng library: text to audio with word times, and text to phonemes.

The C library keeps one global state per process (voice, rate, buffers), so every call here holds
one lock; calls of several threads wait for each other for at most LOCK_TIMEOUT_S.
"""

import ctypes
import re
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hub.engines.base import EngineError, WordTime
from hub.words import worded

# A sentence takes single milliseconds: whoever waits longer than this waits for a hung call.
LOCK_TIMEOUT_S = 5.0

# Audio of one call is gathered before it is handed on, so long texts go in pieces; 300 characters
# are about 20 s of speech, 15 ms of work and 1 MiB.
MAX_PIECE_CHARS = 300

SLOWEST_WPM = 80
FASTEST_WPM = 450
NORMAL_WPM = 175

# From espeak-ng's speak_lib.h.
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_DONT_EXIT = 0x8000
_CHARS_UTF8 = 1
_PHONEMES_IPA = 0x02
_PARAMETER_RATE = 1
_EVENT_LIST_TERMINATED = 0
_EVENT_WORD = 1
_OK = 0
_NOT_FOUND = 2

_lock = threading.Lock()
_sentence_end = re.compile(r"(?<=[.!?;:])\s+")


class _EventId(ctypes.Union):
    _fields_ = (
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    )


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True, slots=True)
class SpokenPiece:
    """Audio of a piece of the text, with the words that start in it."""

    audio: bytes
    """PCM, 16 bit signed little-endian, mono, at `EspeakLibrary.rate_hz`."""
    words: tuple[WordTime, ...]
    """Places are those in the whole text, times count from the start of its audio."""


class EspeakLibrary:
    """The one espeak-ng of this process; making a second object shares it.

    Raises EngineError "engine-missing" when the library or its data can not be loaded.
    """

    rate_hz: int
    """Sample rate of all audio."""

    _library: ctypes.CDLL | None = None
    _shared_rate_hz = 0

    def __init__(self) -> None:
        with _locked():
            if EspeakLibrary._library is None:
                library, rate_hz = _load()
                EspeakLibrary._library, EspeakLibrary._shared_rate_hz = library, rate_hz
            self._espeak = EspeakLibrary._library
        self.rate_hz = EspeakLibrary._shared_rate_hz

    def synthesize(
        self, text: str, *, voice: str = "en-us", rate_wpm: int = NORMAL_WPM
    ) -> Generator[bytes]:
        """Yield the audio of `text`, piece by piece. Errors are those of `speak`."""
        for piece in self.speak(text, voice=voice, rate_wpm=rate_wpm):
            yield piece.audio

    def speak(
        self, text: str, *, voice: str = "en-us", rate_wpm: int = NORMAL_WPM
    ) -> Generator[SpokenPiece]:
        """Yield the audio of `text` with word times, one piece per stretch of sentences.

        Words that are said as one, as "on the" is, have the time of the first; so have the words
        of a number.
        Closing the iterator cancels what is not made yet. A rate beyond the library's is brought
        into its range. Raises EngineError: "bad-request" for a voice that does not exist,
        "engine-failed" when the library fails.
        """
        rate_wpm = min(max(rate_wpm, SLOWEST_WPM), FASTEST_WPM)
        done_samples = 0
        for position, piece in _pieces(text):
            with _locked():
                self._set_voice(voice)
                _check(self._espeak.espeak_SetParameter(_PARAMETER_RATE, rate_wpm, 0), "set rate")
                audio, words = self._synthesize_piece(piece)
            done_ms = done_samples * 1000 / self.rate_hz
            done_samples += len(audio) // 2
            if audio:
                times = (
                    WordTime(position + at, position + at + length, done_ms + ms)
                    for at, length, ms in words
                )
                yield SpokenPiece(audio, tuple(times))

    def phonemes(self, text: str, *, voice: str = "en-us") -> str:
        """Return the IPA of `text`, with a space between words. Errors are those of `speak`."""
        data = ctypes.create_string_buffer(_clean(text).encode())
        pointer = ctypes.c_void_p(ctypes.addressof(data))
        clauses: list[str] = []
        with _locked():
            self._set_voice(voice)
            # The library moves the pointer past each clause it has read and nulls it at the end.
            while pointer.value is not None:
                before = pointer.value
                found: bytes | None = self._espeak.espeak_TextToPhonemes(
                    ctypes.byref(pointer), _CHARS_UTF8, _PHONEMES_IPA
                )
                clauses.append((found or b"").decode())
                if pointer.value == before:
                    raise EngineError(
                        "engine-failed",
                        worded("espeak-stuck", "espeak-ng does not advance in the text."),
                    )
        return " ".join(clause.strip() for clause in clauses if clause.strip())

    def has_voice(self, name: str) -> bool:
        """Return whether there is a voice of this name. Raises EngineError."""
        with _locked():
            code = self._espeak.espeak_SetVoiceByName(_clean(name).encode())
        if code != _NOT_FOUND:
            _check(code, "select the voice")
        return bool(code == _OK)

    def _set_voice(self, voice: str) -> None:
        """Select `voice`; the caller holds the lock."""
        code = self._espeak.espeak_SetVoiceByName(_clean(voice).encode())
        if code == _NOT_FOUND:
            raise EngineError(
                "bad-request",
                worded("espeak-no-voice", "espeak-ng has no voice named '{voice}'.", voice=voice),
            )
        _check(code, "select the voice")

    def _synthesize_piece(self, piece: str) -> tuple[bytes, list[tuple[int, int, int]]]:
        """Return audio and (position, length, ms) of each word; the caller holds the lock."""
        chunks: list[bytes] = []
        words: list[tuple[int, int, int]] = []

        def gather(samples: Any, count: int, events: Any) -> int:
            if samples and count:
                chunks.append(ctypes.string_at(samples, count * 2))
            index = 0
            while events and events[index].type != _EVENT_LIST_TERMINATED:
                event = events[index]
                # The library counts characters from one. The later words of a number, "seventy
                # five", have places within it.
                at = event.text_position - 1
                if event.type == _EVENT_WORD and at >= sum(words[-1][:2] if words else (0,)):
                    words.append((at, event.length, event.audio_position))
                index += 1
            return 0

        callback = _Callback(gather)
        self._espeak.espeak_SetSynthCallback(callback)
        data = _clean(piece).encode() + b"\0"
        code = self._espeak.espeak_Synth(data, len(data), 0, 1, 0, _CHARS_UTF8, None, None)
        _check(code, "speak")
        return b"".join(chunks), words


@contextmanager
def _locked() -> Iterator[None]:
    if not _lock.acquire(timeout=LOCK_TIMEOUT_S):
        raise EngineError(
            "engine-busy",
            worded("espeak-held", "espeak-ng is held by a call that does not return."),
        )
    try:
        yield
    finally:
        _lock.release()


def _load() -> tuple[ctypes.CDLL, int]:
    """Load and start the library; return it with its sample rate."""
    try:
        import espeakng_loader

        library = ctypes.CDLL(espeakng_loader.get_library_path())
        data_path = str(espeakng_loader.get_data_path())
    except (ImportError, OSError) as error:
        raise EngineError(
            "engine-missing",
            worded(
                "espeak-missing",
                "espeak-ng can not be loaded ({why}): install espeakng-loader.",
                why=str(error),
            ),
        ) from error
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_int)
    library.espeak_SetSynthCallback.restype = None
    library.espeak_SetSynthCallback.argtypes = (_Callback,)
    library.espeak_SetVoiceByName.argtypes = (ctypes.c_char_p,)
    library.espeak_Synth.argtypes = (
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_uint,
        ctypes.c_void_p,
        ctypes.c_void_p,
    )
    rate_hz: int = library.espeak_Initialize(
        _AUDIO_OUTPUT_SYNCHRONOUS, 0, data_path.encode(), _INITIALIZE_DONT_EXIT
    )
    if rate_hz <= 0:
        raise EngineError(
            "engine-missing",
            worded("espeak-no-data", "espeak-ng finds no data in {folder}.", folder=data_path),
        )
    return library, rate_hz


def _clean(text: str) -> str:
    """Return `text` as the library can take it: no NUL, no lone surrogates."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield (position, stretch) of `text`: whole sentences of at most MAX_PIECE_CHARS in all.

    A longer sentence is cut at a space, and a longer word wherever it must be.
    """
    ends = [match.end() for match in _sentence_end.finditer(text)] + [len(text)]
    start = 0
    while start < len(text):
        limit = start + MAX_PIECE_CHARS
        end = max((end for end in ends if start < end <= limit), default=0)
        if not end:
            space = text.rfind(" ", start + 1, limit)
            end = space + 1 if space > start else limit
        piece = text[start:end]
        if piece.strip():
            yield start, piece
        start = end


def _check(code: int, doing: str) -> None:
    if code != _OK:
        raise EngineError(
            "engine-failed",
            worded(
                "espeak-failed",
                "espeak-ng could not {doing} (code {code}).",
                doing=doing,
                code=code,
            ),
        )
