"""Every Wyoming event as our message and as the wyoming package's own object, full and bare."""

from dataclasses import dataclass
from typing import Any

from wyoming import (
    asr,
    audio,
    error,
    handle,
    info,
    intent,
    ping,
    pipeline,
    satellite,
    snd,
    timer,
    tts,
    user_event,
    vad,
    wake,
)
from wyoming.event import Eventable

from protocol import wyoming_messages as ours
from protocol.schema import Message

CONTEXT: dict[str, Any] = {"conversation_id": "c-1", "depth": {"list": [1, 2.5, None, True, "ä"]}}


@dataclass(frozen=True)
class Pair:
    """The same event twice."""

    ours: Message
    theirs: Eventable

    @property
    def name(self) -> str:
        return self.ours.type_name


_ARTIFACT: dict[str, Any] = {"name": "n", "installed": True, "description": "d", "version": "1.2"}
_BARE: dict[str, Any] = {"name": "n", "installed": False, "description": None, "version": None}
_OURS: dict[str, Any] = {**_ARTIFACT, "attribution": ours.Attribution("who", "where")}
_THEIRS: dict[str, Any] = {**_ARTIFACT, "attribution": info.Attribution("who", "where")}
_OURS_BARE: dict[str, Any] = {**_BARE, "attribution": ours.Attribution("", "")}
_THEIRS_BARE: dict[str, Any] = {**_BARE, "attribution": info.Attribution("", "")}
_MODEL = ours.LanguageModel(**_OURS, languages=("en", "de"))
_FORMAT, _THEIR_FORMAT = ours.AudioFormat(48_000, 3, 2), audio.AudioFormat(48_000, 3, 2)


def _info() -> Pair:
    return Pair(
        ours.Info(
            asr=(
                ours.AsrProgram(
                    **_OURS,
                    models=(_MODEL,),
                    supports_transcript_streaming=True,
                    requires_external_vad=False,
                    prefers_auto_gain_enabled=False,
                    prefers_noise_reduction_enabled=False,
                ),
                ours.AsrProgram(**_OURS_BARE, models=()),
            ),
            tts=(
                ours.TtsProgram(
                    **_OURS,
                    voices=(
                        ours.TtsVoice(
                            **_OURS, languages=("en",), speakers=(ours.TtsVoiceSpeaker("s"),)
                        ),
                        ours.TtsVoice(**_OURS_BARE, languages=()),
                    ),
                    supports_synthesize_streaming=True,
                ),
            ),
            handle=(
                ours.HandleProgram(
                    **_OURS,
                    models=(_MODEL,),
                    supports_handled_streaming=True,
                    supports_home_control=True,
                ),
            ),
            intent=(ours.IntentProgram(**_OURS, models=(_MODEL,)),),
            wake=(
                ours.WakeProgram(
                    **_OURS,
                    models=(
                        ours.WakeModel(**_OURS, languages=("en",), phrase="okay nabu"),
                        ours.WakeModel(**_OURS_BARE, languages=()),
                    ),
                ),
            ),
            mic=(ours.MicProgram(**_OURS, mic_format=_FORMAT),),
            snd=(ours.SndProgram(**_OURS, snd_format=_FORMAT),),
            satellite=ours.SatelliteProgram(
                **_OURS,
                area="Kitchen",
                has_vad=True,
                active_wake_words=("okay_nabu",),
                max_active_wake_words=2,
                supports_trigger=True,
            ),
        ),
        info.Info(
            asr=[
                info.AsrProgram(
                    **_THEIRS,
                    models=[info.AsrModel(**_THEIRS, languages=["en", "de"])],
                    supports_transcript_streaming=True,
                    requires_external_vad=False,
                    prefers_auto_gain_enabled=False,
                    prefers_noise_reduction_enabled=False,
                ),
                info.AsrProgram(**_THEIRS_BARE, models=[]),
            ],
            tts=[
                info.TtsProgram(
                    **_THEIRS,
                    voices=[
                        info.TtsVoice(
                            **_THEIRS, languages=["en"], speakers=[info.TtsVoiceSpeaker("s")]
                        ),
                        info.TtsVoice(**_THEIRS_BARE, languages=[]),
                    ],
                    supports_synthesize_streaming=True,
                )
            ],
            handle=[
                info.HandleProgram(
                    **_THEIRS,
                    models=[info.HandleModel(**_THEIRS, languages=["en", "de"])],
                    supports_handled_streaming=True,
                    supports_home_control=True,
                )
            ],
            intent=[
                info.IntentProgram(
                    **_THEIRS, models=[info.IntentModel(**_THEIRS, languages=["en", "de"])]
                )
            ],
            wake=[
                info.WakeProgram(
                    **_THEIRS,
                    models=[
                        info.WakeModel(**_THEIRS, languages=["en"], phrase="okay nabu"),
                        info.WakeModel(**_THEIRS_BARE, languages=[], phrase=None),
                    ],
                )
            ],
            mic=[info.MicProgram(**_THEIRS, mic_format=_THEIR_FORMAT)],
            snd=[info.SndProgram(**_THEIRS, snd_format=_THEIR_FORMAT)],
            satellite=info.Satellite(
                **_THEIRS,
                area="Kitchen",
                has_vad=True,
                active_wake_words=["okay_nabu"],
                max_active_wake_words=2,
                supports_trigger=True,
            ),
        ),
    )


_TRANSCRIBE: dict[str, Any] = {"name": "base", "language": "en", "context": CONTEXT}
_RUN: dict[str, Any] = {"wake_word_name": "w", "restart_on_end": True, "announce_text": "hi"}
_TIMER: dict[str, Any] = {
    "id": "t1",
    "total_seconds": 3723,
    "name": "tea",
    "start_hours": 1,
    "start_minutes": 2,
    "start_seconds": 3,
}

FULL: tuple[Pair, ...] = (
    Pair(ours.Describe(), info.Describe()),
    _info(),
    Pair(ours.SelectProgram("whisper"), info.SelectProgram("whisper")),
    Pair(ours.AudioStart(22_050, 2, 1, 17), audio.AudioStart(22_050, 2, 1, 17)),
    Pair(
        ours.AudioChunk(16_000, 2, 1, b"\x00\n\xff\x7f" * 512, 42),
        audio.AudioChunk(16_000, 2, 1, b"\x00\n\xff\x7f" * 512, 42),
    ),
    Pair(ours.AudioStop(99), audio.AudioStop(99)),
    Pair(ours.Played(), snd.Played()),
    Pair(
        ours.Transcribe(
            **_TRANSCRIBE,
            vad_sensitivity="relaxed",
            transcript_names=("Anna", "Ben"),
            transcript_terms=("lamp",),
        ),
        asr.Transcribe(
            **_TRANSCRIBE,
            vad_sensitivity=asr.VadSensitivity.RELAXED,
            transcript_names=["Anna", "Ben"],
            transcript_terms=["lamp"],
        ),
    ),
    Pair(
        ours.Transcript("grüß dich", language="de", context=CONTEXT),
        asr.Transcript("grüß dich", language="de", context=CONTEXT),
    ),
    Pair(
        ours.TranscriptStart(language="en", context=CONTEXT),
        asr.TranscriptStart(language="en", context=CONTEXT),
    ),
    Pair(ours.TranscriptChunk("turn"), asr.TranscriptChunk("turn")),
    Pair(ours.TranscriptStop(), asr.TranscriptStop()),
    Pair(
        ours.Synthesize(
            "hello",
            voice=ours.SynthesizeVoice(name="v", speaker="s"),
            text_format="ssml",
            context=CONTEXT,
        ),
        tts.Synthesize(
            "hello",
            voice=tts.SynthesizeVoice(name="v", speaker="s"),
            text_format=tts.SynthesizeTextFormat.SSML,
            context=CONTEXT,
        ),
    ),
    Pair(
        ours.SynthesizeStart(
            voice=ours.SynthesizeVoice(language="en"), text_format="text", context=CONTEXT
        ),
        tts.SynthesizeStart(
            voice=tts.SynthesizeVoice(language="en"),
            text_format=tts.SynthesizeTextFormat.TEXT,
            context=CONTEXT,
        ),
    ),
    Pair(ours.SynthesizeChunk("hel"), tts.SynthesizeChunk("hel")),
    Pair(ours.SynthesizeStop(), tts.SynthesizeStop()),
    Pair(ours.SynthesizeStopped(), tts.SynthesizeStopped()),
    Pair(
        ours.Detect(names=("okay_nabu", "alexa"), context=CONTEXT),
        wake.Detect(names=["okay_nabu", "alexa"], context=CONTEXT),
    ),
    Pair(
        ours.Detection("okay_nabu", 123, "anna", CONTEXT),
        wake.Detection("okay_nabu", 123, "anna", CONTEXT),
    ),
    Pair(ours.NotDetected(CONTEXT), wake.NotDetected(CONTEXT)),
    Pair(ours.VoiceStarted(5), vad.VoiceStarted(5)),
    Pair(ours.VoiceStopped(6), vad.VoiceStopped(6)),
    Pair(ours.Recognize("lights on", CONTEXT), intent.Recognize("lights on", CONTEXT)),
    Pair(
        ours.Intent(
            "HassTurnOn",
            (ours.Entity("name", "lamp"), ours.Entity("brightness", 50), ours.Entity("none")),
            "done",
            CONTEXT,
        ),
        intent.Intent(
            "HassTurnOn",
            [
                intent.Entity("name", "lamp"),
                intent.Entity("brightness", 50),
                intent.Entity("none"),
            ],
            "done",
            CONTEXT,
        ),
    ),
    Pair(ours.NotRecognized("what?", CONTEXT), intent.NotRecognized("what?", CONTEXT)),
    Pair(ours.IntentsStart(CONTEXT), intent.IntentsStart(CONTEXT)),
    Pair(ours.IntentsStop(CONTEXT), intent.IntentsStop(CONTEXT)),
    Pair(ours.Handled("done", CONTEXT), handle.Handled("done", CONTEXT)),
    Pair(ours.NotHandled("no", CONTEXT), handle.NotHandled("no", CONTEXT)),
    Pair(ours.HandledStart(CONTEXT), handle.HandledStart(CONTEXT)),
    Pair(ours.HandledChunk("do"), handle.HandledChunk("do")),
    Pair(ours.HandledStop(), handle.HandledStop()),
    Pair(
        ours.RunPipeline("wake", "tts", **_RUN, wake_word_names=("a", "b")),
        pipeline.RunPipeline(
            pipeline.PipelineStage.WAKE,
            pipeline.PipelineStage.TTS,
            **_RUN,
            wake_word_names=["a", "b"],
        ),
    ),
    Pair(ours.RunSatellite(), satellite.RunSatellite()),
    Pair(ours.PauseSatellite(), satellite.PauseSatellite()),
    Pair(ours.StreamingStarted(), satellite.StreamingStarted()),
    Pair(ours.StreamingStopped(), satellite.StreamingStopped()),
    Pair(ours.SatelliteConnected(), satellite.SatelliteConnected()),
    Pair(ours.SatelliteDisconnected(), satellite.SatelliteDisconnected()),
    Pair(ours.TimerStarted(**_TIMER), timer.TimerStarted(**_TIMER)),
    Pair(
        ours.TimerUpdated("t1", is_active=False, total_seconds=9),
        timer.TimerUpdated("t1", False, 9),
    ),
    Pair(ours.TimerCancelled("t1"), timer.TimerCancelled("t1")),
    Pair(ours.TimerFinished("t1"), timer.TimerFinished("t1")),
    Pair(ours.Ping("are you there"), ping.Ping("are you there")),
    Pair(ours.Pong("are you there"), ping.Pong("are you there")),
    Pair(ours.Error("it broke", "broken"), error.Error("it broke", "broken")),
    Pair(
        ours.UserEvent("party", {"at": [1, 2]}, CONTEXT),
        user_event.UserEvent("party", {"at": [1, 2]}, CONTEXT),
    ),
)
"""Every event type once, with every field set."""

BARE: tuple[Pair, ...] = (
    Pair(ours.Info(), info.Info()),
    Pair(ours.AudioStart(1_000, 1, 1), audio.AudioStart(1_000, 1, 1)),
    Pair(ours.AudioChunk(16_000, 2, 2, b""), audio.AudioChunk(16_000, 2, 2, b"")),
    Pair(ours.AudioStop(), audio.AudioStop()),
    Pair(ours.Transcribe(), asr.Transcribe()),
    Pair(ours.Transcript(""), asr.Transcript("")),
    Pair(ours.TranscriptStart(), asr.TranscriptStart()),
    Pair(ours.Synthesize(""), tts.Synthesize("")),
    Pair(ours.SynthesizeStart(), tts.SynthesizeStart()),
    Pair(ours.Detect(), wake.Detect()),
    Pair(ours.Detection(), wake.Detection()),
    Pair(ours.NotDetected(), wake.NotDetected()),
    Pair(ours.VoiceStarted(), vad.VoiceStarted()),
    Pair(ours.VoiceStopped(), vad.VoiceStopped()),
    Pair(ours.Recognize(""), intent.Recognize("")),
    Pair(ours.Intent(""), intent.Intent("")),
    Pair(ours.NotRecognized(), intent.NotRecognized()),
    Pair(ours.IntentsStart(), intent.IntentsStart()),
    Pair(ours.IntentsStop(), intent.IntentsStop()),
    Pair(ours.Handled(), handle.Handled()),
    Pair(ours.NotHandled(), handle.NotHandled()),
    Pair(ours.HandledStart(), handle.HandledStart()),
    Pair(
        ours.RunPipeline("asr", "asr"),
        pipeline.RunPipeline(pipeline.PipelineStage.ASR, pipeline.PipelineStage.ASR),
    ),
    Pair(ours.TimerStarted("", 0), timer.TimerStarted("", 0)),
    Pair(ours.Ping(), ping.Ping()),
    Pair(ours.Pong(), ping.Pong()),
    Pair(ours.Error(""), error.Error("")),
    Pair(ours.UserEvent(""), user_event.UserEvent("")),
)
"""Every event type that has optional fields, with none of them set."""
