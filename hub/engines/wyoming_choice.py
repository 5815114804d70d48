"""What a Wyoming service is asked to use, from what it says of itself: program, model, voice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hub.engines.base import EngineError
from hub.engines.speech_bounds import one_line, primary_language
from hub.words import worded
from protocol.wyoming_info import Artifact, AsrProgram, Info, LanguageModel, TtsProgram, TtsVoice
from protocol.wyoming_speech import SynthesizeVoice

_Artifact = TypeVar("_Artifact", bound=Artifact)


@dataclass(frozen=True, slots=True)
class HearingChoice:
    """How to ask for a transcript."""

    program: str | None
    """The program to select, where the service has several."""
    language: str
    """The language as the service names it."""


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """How to ask for speech."""

    program: str | None
    """The program to select, where the service has several."""
    voice: SynthesizeVoice | None
    """The voice; absent where the service names none."""
    streaming: bool
    """Whether the text may come in pieces."""


def choose_hearing(info: Info, model: str | None, language: str) -> HearingChoice:
    """Choose a program by model, else by language. Raises EngineError."""
    if not info.asr:
        raise EngineError(
            "engine-missing",
            worded("wyoming-without-ears", "The Wyoming service has no speech to text."),
        )
    for program in _usable(info.asr):
        if not program.models and model is None:
            return HearingChoice(_select(program, info.asr), primary_language(language))
        for known in _usable(program.models):
            if model in (None, known.name) and (name := _named(known, language)) is not None:
                return HearingChoice(_select(program, info.asr), name)
    models = [known for program in info.asr for known in program.models]
    if model is not None and all(known.name != model for known in models):
        raise _missing(worded("a-model", "model"), model, (known.name for known in models))
    languages = {name for known in models for name in known.languages}
    raise _missing(worded("a-model-for", "model for the language"), language, languages)


def choose_voice(info: Info, voice: str | None, language: str) -> VoiceChoice:
    """Choose a voice by name ("name" or "name#speaker"), else leave it to the service by language.

    Raises EngineError.
    """
    if not info.tts:
        raise EngineError(
            "engine-missing",
            worded("wyoming-without-voice", "The Wyoming service has no text to speech."),
        )
    voices = [(program, known) for program in _usable(info.tts) for known in program.voices]
    if not voices and voice is None:
        program = _usable(info.tts)[0]
        return _voice(info, program, None)
    if voice is not None:
        return _by_name(info, voices, voice)
    for exactly in (True, False):
        able = [pair for pair in voices if _named(pair[1], language, exactly=exactly) is not None]
        if able:
            program, known = able[0]
            tag = _named(known, language, exactly=exactly)
            # Many offer every voice there is and load what is named: let those choose.
            alone = len(able) == 1
            wanted = SynthesizeVoice(known.name) if alone else SynthesizeVoice(language=tag)
            return _voice(info, program, wanted)
    languages = {name for _, known in voices for name in known.languages}
    raise _missing(worded("a-voice-for", "voice for the language"), language, languages)


def _by_name(info: Info, voices: Sequence[tuple[TtsProgram, TtsVoice]], voice: str) -> VoiceChoice:
    for program, known in voices:
        if known.name == voice:
            return _voice(info, program, SynthesizeVoice(known.name))
    name, _, speaker = voice.rpartition("#")
    for program, known in voices:
        if known.name == name:
            speakers = [one.name for one in known.speakers or ()]
            if speaker not in speakers:
                what = worded("a-speaker-of", "speaker in the voice '{voice}'", voice=name)
                raise _missing(what, speaker, speakers)
            return _voice(info, program, SynthesizeVoice(known.name, speaker=speaker))
    raise _missing(worded("a-voice", "voice"), voice, (known.name for _, known in voices))


def _voice(info: Info, program: TtsProgram, voice: SynthesizeVoice | None) -> VoiceChoice:
    return VoiceChoice(_select(program, info.tts), voice, program.supports_synthesize_streaming)


def _usable(things: Sequence[_Artifact]) -> Sequence[_Artifact]:
    """Return those that are installed; all of them where a service says that none is."""
    return [thing for thing in things if thing.installed] or things


def _select(
    program: AsrProgram | TtsProgram, programs: Sequence[AsrProgram | TtsProgram]
) -> str | None:
    return program.name if len(programs) > 1 else None


def _named(known: LanguageModel, language: str, *, exactly: bool = False) -> str | None:
    """Return the model's own name for a language; None where it does not know it."""
    wanted = language.replace("_", "-").lower()
    for name in known.languages:
        if name.replace("_", "-").lower() == wanted:
            return name
    if exactly:
        return None
    if not known.languages:
        return primary_language(language)
    same = (name for name in known.languages if primary_language(name) == primary_language(wanted))
    return next(same, None)


def _missing(what: str, name: str, there: Iterable[str]) -> EngineError:
    names = one_line(", ".join(sorted(there))) or "-"
    text = "The Wyoming service has no {what} '{name}'. There are: {names}."
    return EngineError(
        "bad-request", worded("wyoming-has-no", text, what=what, name=name, names=names)
    )
