"""Text-to-speech with Piper's voices: natural, offline; each voice is a download.

Piper runs in a program of its own (`hub/engines/piper_voice.py`), which this file never imports.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub.engines import failures
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, WordTime
from hub.engines.model_catalog import recommended_voice
from hub.engines.piper_process import PiperProcess, command
from hub.engines.piper_text import pieces, word_times
from hub.words import worded

MIN_SPEED, MAX_SPEED = 0.5, 2.0
"""Beyond these no voice can be understood."""
CHUNK_BYTES = 128 * 1024
"""Audio of a piece goes out in parts of this size: 3 s at 22,050 Hz."""
MAX_VOICES = 4
"""As many as the program keeps loaded."""

_SUFFIX = ".onnx"


class PiperEngine:
    """Piper behind the engine port.

    `configure` takes `folder` (where voices are, as NAME.onnx and NAME.onnx.json), `voices` (a
    voice's name or path per language), `load` (what will be asked for, the likeliest first, each
    as [LANGUAGE, VOICE or null]; all of `voices` where it is left out), `speed` (1.0: as the voice
    was trained), `speaker` (name or number, of voices that have several), `python` (of the
    environment that has Piper; this one's where it is left out), `threads` and `cuda`; all may be
    left out. A voice may carry its speaker: "NAME#SPEAKER".
    """

    def __init__(self) -> None:
        self._process: PiperProcess | None = None
        self._arguments: list[str] = []
        self._folder = Path()
        self._voices: dict[str, str] = {}
        self._speed = 1.0
        self._speaker = ""

    def load(self) -> None:
        """Do nothing: which Python has Piper is not known yet."""

    def configure(self, values: dict[str, Any]) -> None:
        """Start the program, if it is another one, and load the voices that will be asked for.

        One that can not be had is left to whoever asks for it, unless there is no other. Raises
        EngineError; then the last configuration stays, but the program may be another.
        """
        try:
            folder = Path(values.get("folder") or ".").expanduser()
            voices = {_tag(tag): str(voice) for tag, voice in (values.get("voices") or {}).items()}
            speed = min(MAX_SPEED, max(MIN_SPEED, float(values.get("speed") or 1.0)))
            threads = max(1, int(values.get("threads") or 1))
            load = [(str(tag), voice) for tag, voice in values.get("load") or voices.items()]
        except (AttributeError, TypeError, ValueError) as error:
            raise failures.not_configuration("Piper", error) from error
        arguments = command(values.get("python"), threads, cuda=bool(values.get("cuda")))
        process = self._process
        if process is None or arguments != self._arguments:
            if process is not None:
                process.close()
            process = PiperProcess(arguments)
            self._process, self._arguments = process, arguments
        process.ready()
        _load(process, load, voices, folder)
        speaker = values.get("speaker")
        self._speaker = "" if speaker is None else str(speaker)
        self._folder, self._voices, self._speed = folder, voices, speed

    def synthesize(self, request: SpeechRequest) -> Iterator[SpeechChunk]:
        """Yield audio, a sentence or part of one after the other, with word times if the voice has
        them. Leaving off between two chunks cancels. Raises EngineError.
        """
        if self._process is None:
            raise failures.not_loaded("Piper")
        voice = request.voice or _voice_for(request.language, self._voices, self._folder)
        name, _, speaker = voice.partition("#")
        path = _path(name, self._folder)
        number = _speaker_number(self._process.load(path), speaker or self._speaker, name)
        spoken_ms = 0.0
        for piece in pieces(request.text):
            words = piece.words()
            header, audio = self._process.say(
                path,
                piece.text,
                [request.text[begin:end] for begin, end in words],
                number,
                self._speed,
            )
            rate_hz = int(header["rate"])
            times = word_times(words, header["phonemes"], header["alone"], rate_hz)
            for begin in range(0, len(audio), CHUNK_BYTES):
                part = audio[begin : begin + CHUNK_BYTES]
                starts_ms = begin * 500 / rate_hz
                ends_ms = starts_ms + len(part) * 500 / rate_hz
                last = begin + CHUNK_BYTES >= len(audio)
                here = tuple(
                    WordTime(time.start, time.end, spoken_ms + time.offset_ms)
                    for time in times
                    if starts_ms <= time.offset_ms and (last or time.offset_ms < ends_ms)
                )
                yield SpeechChunk(part, rate_hz, here)
            spoken_ms += len(audio) * 500 / rate_hz


def _load(
    process: PiperProcess, load: list[tuple[str, Any]], voices: dict[str, str], folder: Path
) -> None:
    """Load as many voices as the program keeps. Raises EngineError if none of them can be."""
    missing: list[EngineError] = []
    loaded: set[Path] = set()
    for language, voice in load:
        try:
            name = str(voice or _voice_for(language, voices, folder))
            path = _path(name.partition("#")[0], folder)
            if path not in loaded and len(loaded) < MAX_VOICES:
                process.load(path)
                loaded.add(path)
        except EngineError as error:
            if error.code != "bad-request":
                raise
            missing.append(error)
    if missing and not loaded:
        raise missing[0]


def _voice_for(language: str, voices: dict[str, str], folder: Path) -> str:
    """Return the voice of a language, or of its region if there is one. Raises EngineError."""
    tag = _tag(language)
    base = tag.split("-")[0]
    configured = voices.get(tag) or voices.get(base)
    if configured:
        return configured
    known = _known(folder)
    for prefix in (tag.replace("-", "_"), f"{base}_", f"{base}-"):
        for name in known:
            if name.lower().startswith(prefix):
                return name
    raise EngineError(
        "bad-request",  # the other languages have theirs
        worded(
            "no-voice-for",
            "There is no Piper voice for '{language}' in {folder}: run `sotto-hub models pull "
            "piper/{voice}`.",
            language=language,
            folder=str(folder),
            voice=recommended_voice(base) or "NAME",
        ),
    )


def _tag(language: str) -> str:
    return str(language).replace("_", "-").lower()


def _known(folder: Path) -> list[str]:
    return sorted(path.name.removesuffix(_SUFFIX) for path in folder.glob(f"*{_SUFFIX}"))


def _path(name: str, folder: Path) -> Path:
    """Return the file of a voice. Raises EngineError "bad-request" if there is none."""
    path = Path(name).expanduser() if name.endswith(_SUFFIX) else folder / f"{name}{_SUFFIX}"
    path = path if path.is_absolute() else path.absolute()
    if not path.is_file():
        there = ", ".join(_known(folder)) or "none"
        raise EngineError(
            "bad-request",
            worded(
                "no-such-voice",
                "There is no Piper voice '{voice}'; in {folder} there are: {names}. `sotto-hub "
                "models pull piper/NAME` fetches one.",
                voice=name,
                folder=str(folder),
                names=there,
            ),
        )
    return path


def _speaker_number(voice: dict[str, Any], speaker: str, name: str) -> int | None:
    """Return a speaker's number, None for the voice's own. Raises EngineError "bad-request"."""
    count, speakers = int(voice["count"]), voice["speakers"]
    if not speaker or count <= 1:
        return None
    number = speakers.get(speaker, int(speaker) if speaker.isdecimal() else -1)
    if not 0 <= number < count:
        some = ", ".join(list(speakers)[:10])
        raise EngineError(
            "bad-request",
            worded(
                "voice-no-speaker",
                "The voice '{voice}' has no speaker '{speaker}', but {count}: {names}.",
                voice=name,
                speaker=speaker,
                count=count,
                names=some,
            ),
        )
    return int(number)
