"""The names that the rest of the program, and others, may count on."""

import inspect
import pkgutil
import types

import protocol
from protocol import messages, sotto_messages, wyoming_messages

PUBLIC = """
AUDIO_LIMITS Artifact AsrProgram Attribution AudioChunk AudioFormat AudioStart AudioStop
AuthenticationFailed Cancel Challenge Connection Describe Detect Detection DiscoveryFailed Duck
Entity Error Event Flush FrameDecoder FrameError HandleProgram Handled HandledChunk HandledStart
HandledStop Hello Identify IllegalSend Info Intent IntentProgram IntentsStart IntentsStop KEEP_ALIVE
KeepAlive LanguageModel Limits Link LinkClosed LinkState Listen LiveSetting LocalError MESSAGES
Message MessageDecoder MessageError Meter MicProgram NONCE_BYTES NO_KEEP_ALIVE NotDetected
NotHandled NotRecognized PROTOCOL_VERSION Pair Paired Part Pause PauseSatellite PeerError PeerSilent
PeerStalled PeerTimeout Ping Playback Played Pong Proof Recognize Refused Resume Role Rule
RunPipeline RunSatellite SOTTO_MESSAGES STAGES SatelliteConnected SatelliteDisconnected
SatelliteProgram SelectProgram Server Settings SettingsTaken SndProgram SottoError StandDown
StateError Status StreamingStarted StreamingStopped Synthesize SynthesizeChunk SynthesizeStart
SynthesizeStop SynthesizeStopped SynthesizeVoice TABLE TimerCancelled TimerFinished TimerStarted
TimerUpdated TooLarge Transcribe Transcript TranscriptChunk TranscriptStart TranscriptStop
TtsProgram TtsVoice TtsVoiceSpeaker TurnEnded TurnVolume Unknown Unreachable UserEvent VoiceStarted
VoiceStopped WYOMING_MESSAGES WYOMING_VERSION Wake WakeModel WakeProgram Watch Welcome WireError
connect encode encode_audio_chunk encode_message hub_mac new_nonce new_token open_link parse
satellite_mac serve to_event verify
"""


def test_the_public_names_are_these() -> None:
    assert sorted(protocol.__all__) == sorted(PUBLIC.split())


def test_every_public_name_is_there_and_no_other() -> None:
    names = {
        name
        for name, value in vars(protocol).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert names == set(protocol.__all__)


def test_every_message_is_public() -> None:
    assert {cls.__name__ for cls in messages.MESSAGES.values()} <= set(protocol.__all__)
    assert set(wyoming_messages.__all__) <= set(protocol.__all__)
    assert sotto_messages.PROTOCOL_VERSION == protocol.PROTOCOL_VERSION == 1


def test_everything_public_says_what_it_is() -> None:
    for name in protocol.__all__:
        value = getattr(protocol, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), name


def test_discovery_is_imported_only_by_who_needs_it() -> None:
    modules = {module.name for module in pkgutil.iter_modules(protocol.__path__)}
    assert "discovery" in modules
    assert "find_hub" not in protocol.__all__
