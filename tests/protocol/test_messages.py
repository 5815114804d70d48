"""Messages to and from events: strict about types, tolerant of what is new."""

import ast
import copy
import dataclasses
import inspect
import pickle
import sys
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest

from protocol.errors import MessageError, TooLarge
from protocol.frames import Event, encode
from protocol.limits import Limits
from protocol.messages import MESSAGES, MessageDecoder, Unknown, encode_message, parse, to_event
from protocol.schema import Message
from protocol.sotto_messages import Duck, Status, Wake
from protocol.wyoming_messages import (
    AudioChunk,
    AudioStart,
    Error,
    Info,
    Intent,
    RunPipeline,
    Synthesize,
    SynthesizeVoice,
    Transcript,
)
from tests.protocol.sotto_samples import SOTTO_SAMPLES
from tests.protocol.wyoming_samples import BARE, FULL

SAMPLES: list[Message] = [*(pair.ours for pair in (*FULL, *BARE)), *SOTTO_SAMPLES]


def wrong(type_name: str, data: dict[str, Any], payload: bytes = b"") -> tuple[str, str]:
    """Return code and text of the error that parsing must raise."""
    with pytest.raises(MessageError) as caught:
        parse(Event(type_name, data, payload))
    return caught.value.code, caught.value.text


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.type_name)
def test_a_message_survives_the_wire(message: Message) -> None:
    assert parse(to_event(message)) == message
    decoder = MessageDecoder()
    assert decoder.feed(encode_message(message)) == [message]


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.type_name)
def test_fast_and_plain_ways_write_the_same_bytes(message: Message) -> None:
    assert encode_message(message) == encode(to_event(message))


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.type_name)
def test_keys_from_the_future_are_ignored(message: Message) -> None:
    event = to_event(message)
    newer = Event(event.type, {**event.data, "from-the-future": [{}]}, event.payload)
    assert parse(newer) == message


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.type_name)
def test_null_counts_as_absent(message: Message) -> None:
    event = to_event(message)
    for field in dataclasses.fields(message):  # type: ignore[arg-type]
        if event.data.get(field.name) is None:
            data = {**event.data, field.name: None}
            assert parse(Event(event.type, data, event.payload)) == message


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.type_name)
def test_no_field_takes_a_value_of_another_type(message: Message) -> None:
    event = to_event(message)
    open_fields = {"context", "data", "settings", "values", "stages"}
    for name, good in event.data.items():
        hint = str(get_type_hints(type(message))[name])
        for value in ("x", 7, 7.5, True, [1], {"a": 1}):
            number_for_float = "float" in hint and type(value) is int
            same_kind = type(value) is type(good) or number_for_float
            if same_kind or (name in open_fields and isinstance(value, dict)):
                continue
            code, text = wrong(event.type, {**event.data, name: value}, event.payload)
            assert code == "bad-field"
            assert f"{event.type}: {name}" in text


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.type_name)
def test_a_missing_field_is_named_or_has_its_default(message: Message) -> None:
    event = to_event(message)
    fields = {field.name: field for field in dataclasses.fields(message)}  # type: ignore[arg-type]
    for name in event.data:
        data = {key: value for key, value in event.data.items() if key != name}
        default = fields[name].default
        if default is not dataclasses.MISSING:
            assert getattr(parse(Event(event.type, data, event.payload)), name) == default
        elif NoneType in get_args(get_type_hints(type(message))[name]):
            assert getattr(parse(Event(event.type, data, event.payload)), name) is None
        else:
            code, text = wrong(event.type, data, event.payload)
            assert code == "missing-field"
            assert text == f"{event.type}: {name} is missing"


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.type_name)
def test_messages_are_frozen_slotted_and_can_be_copied(message: Message) -> None:
    assert not hasattr(message, "__dict__")
    assert pickle.loads(pickle.dumps(message)) == copy.deepcopy(message) == message
    assert dataclasses.replace(message) == message  # type: ignore[type-var]
    with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
        message.text = "x"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("type_name", "data", "named"),
    [
        ("info", {"asr": [{"name": "a"}]}, "asr[0].attribution is missing"),
        (
            "info",
            {"wake": [{"name": "a", "installed": True, "attribution": {"name": 1}, "models": []}]},
            "wake[0].attribution.name must be text",
        ),
        ("info", {"satellite": []}, "satellite must be an object"),
        ("intent", {"name": "x", "entities": [{"name": "a"}, {}]}, "entities[1].name is missing"),
        ("intent", {"name": "x", "entities": {"a": 1}}, "entities must be a list"),
        ("detect", {"names": ["a", 1]}, "names[1] must be text"),
        ("audio-start", {"rate": 0, "width": 2, "channels": 1}, "rate must be from 1000"),
        ("audio-start", {"rate": 16000, "width": 9, "channels": 1}, "width must be from 1 to 4"),
        ("audio-start", {"rate": 16000, "width": 2, "channels": 0}, "channels must be from 1"),
        ("run-pipeline", {"start_stage": "x", "end_stage": "tts"}, "start_stage must be one of"),
        ("run-pipeline", {"start_stage": "tts", "end_stage": "asr"}, "end_stage asr is no stage"),
        ("sotto-listen", {"turn": -1, "max_ms": 1}, "turn must be from 0"),
        (
            "sotto-status",
            {"state": "a", "muted": True, "volume": 1.5},
            "volume must be from 0 to 1",
        ),
        ("sotto-status", {"state": "a", "muted": 1}, "muted must be true or false"),
        ("sotto-hello", {"version": "1"}, "version must be a whole number, not text"),
        ("sotto-wake", {"candidate": 1.0, "trigger": "b"}, "candidate must be a whole number"),
        ("sotto-wake", {"candidate": 1, "trigger": "b", "score": "1"}, "score must be a number"),
    ],
)
def test_a_wrong_field_is_named_with_its_path(
    type_name: str, data: dict[str, Any], named: str
) -> None:
    code, text = wrong(type_name, data)
    assert code in {"bad-field", "missing-field"}
    assert text.startswith(f"{type_name}: ")
    assert named in text


def test_audio_must_be_whole_samples() -> None:
    data = {"rate": 16_000, "width": 2, "channels": 2}
    assert parse(Event("audio-chunk", data, bytes(8))) == AudioChunk(16_000, 2, 2, bytes(8))
    assert wrong("audio-chunk", data, bytes(6))[0] == "bad-field"


def test_a_whole_number_may_stand_for_a_fraction_but_not_the_other_way() -> None:
    duck = parse(Event("sotto-duck", {"turn": 1, "gain_db": -12, "ramp_ms": 50}))
    assert isinstance(duck, Duck)
    assert type(duck.gain_db) is float
    assert wrong("sotto-duck", {"turn": 1, "gain_db": -12, "ramp_ms": 50.5})[0] == "bad-field"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_none_is_our_own_error(number: float) -> None:
    with pytest.raises(TooLarge, match="can not express"):
        encode_message(Wake(candidate=1, trigger="button", score=number))
    with pytest.raises(TooLarge):
        encode_message(Status(state="idle", muted=False, volume=number))


def test_nothing_is_sent_that_our_own_reader_would_refuse() -> None:
    limits = Limits(data_bytes=1000, payload_bytes=1000)
    for message in (
        AudioChunk(16_000, 2, 1, bytes(1002)),
        Transcript("x" * 1000),
        Unknown("x", payload=bytes(1001)),
    ):
        with pytest.raises(TooLarge) as caught:
            encode_message(message, limits)
        assert caught.value.code == "too-large"
    largest = AudioChunk(16_000, 2, 1, bytes(1000))
    assert MessageDecoder(limits).feed(encode_message(largest, limits)) == [largest]


def test_unknown_types_keep_their_data_and_payload() -> None:
    event = Event("from-the-future", {"a": [1]}, b"p")
    message = parse(event)
    assert message == Unknown("from-the-future", {"a": [1]}, b"p")
    assert to_event(message) == event


def test_a_payload_that_nobody_expects_is_dropped() -> None:
    assert parse(Event("transcript", {"text": "a"}, b"payload")) == Transcript("a")


def test_what_is_none_is_not_sent_but_programs_keep_every_key() -> None:
    assert to_event(Transcript("a")).data == {"text": "a"}
    assert to_event(AudioStart(16_000, 2, 1)).data == {"rate": 16_000, "width": 2, "channels": 1}
    assert to_event(FULL[1].ours).data["asr"][1]["description"] is None
    assert to_event(Info()).data["asr"] == []
    assert "speaker" not in write_voice(SynthesizeVoice(name="v"))


def write_voice(voice: SynthesizeVoice) -> dict[str, Any]:
    data: dict[str, Any] = to_event(Synthesize("x", voice=voice)).data["voice"]
    return data


def test_null_lists_of_careless_peers_are_empty() -> None:
    assert parse(Event("intent", {"name": "x", "entities": None})) == Intent("x")


def test_a_message_that_fails_ends_the_stream_with_its_code() -> None:
    decoder = MessageDecoder()
    good = encode_message(Error("a"))
    bad = encode(Event("transcript", {"text": 1}))
    assert decoder.feed(good + bad + good) == [Error("a")]
    assert isinstance(decoder.error, MessageError)
    assert decoder.error.code == "bad-field"


def test_stages_may_only_go_forward() -> None:
    with pytest.raises(ValueError, match="end_stage"):
        RunPipeline("handle", "asr")
    assert RunPipeline("handle", "tts").end_stage == "tts"


def test_the_registry_has_every_message_once() -> None:
    assert all(MESSAGES[name].type_name == name for name in MESSAGES)
    defined = {
        cls
        for cls in Message.__subclasses__()
        # A slotted dataclass is made of a class without slots, which may still be around.
        if getattr(sys.modules.get(cls.__module__), cls.__name__, None) is cls
    }
    assert {cls for cls in defined if cls.__module__.startswith("protocol.")} == {
        *MESSAGES.values(),
        Unknown,
    }


def test_class_names_follow_from_types() -> None:
    for name, cls in MESSAGES.items():
        words = name.removeprefix("sotto-").split("-")
        assert cls.__name__ == "".join(word.capitalize() for word in words)


def test_hand_written_constructors_take_the_fields_in_their_order() -> None:
    for cls in (AudioChunk, Event):
        names = [field.name for field in dataclasses.fields(cls)]
        assert list(inspect.signature(cls.__init__).parameters)[1:] == names
    chunk = AudioChunk(rate=1, width=2, channels=3, audio=b"4", timestamp=5, turn=6)
    assert dataclasses.astuple(chunk) == (1, 2, 3, b"4", 5, 6)
    assert dataclasses.astuple(AudioChunk(1, 2, 3, b"4")) == (1, 2, 3, b"4", None, None)


def test_audio_is_not_printed() -> None:
    assert "audio=" not in repr(AudioChunk(16_000, 2, 1, bytes(10)))


def test_every_field_has_a_line_of_text() -> None:
    modules = {sys.modules[cls.__module__] for cls in MESSAGES.values()}
    for module in modules:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.ClassDef):
                for field, text in zip(node.body, [*node.body[1:], None], strict=True):
                    if isinstance(field, ast.AnnAssign) and "ClassVar" not in ast.unparse(field):
                        assert isinstance(text, ast.Expr), f"{node.name}.{ast.unparse(field)}"


def test_samples_are_complete() -> None:
    assert {type(message) for message in SAMPLES} == set(MESSAGES.values())
    for message in SOTTO_SAMPLES:
        names = [field.name for field in dataclasses.fields(message)]  # type: ignore[arg-type]
        assert None not in [getattr(message, name) for name in names]
