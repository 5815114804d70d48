import io
import json
import os
from dataclasses import fields

import pytest

from satellite import events
from satellite.event_lines import EventLines, to_json
from satellite.events import Event

EXAMPLES: list[Event] = [
    events.Ready(1.0, "id", "default", "none"),
    events.DeviceOpened(1.0, "microphone", "USB"),
    events.SoundLost(1.0, 2, 1),
    events.EchoMeasured(1.0, 31.5, 42),
    events.Connected(1.0, "Sotto", "127.0.0.1:1", "s"),
    events.Disconnected(1.0, "gone", "link-closed", 250),
    events.PairingCode(1.0, "274913", "Home"),
    events.Paired(1.0, True),
    events.Resumed(1.0, 700, 12),
    events.StateChanged(1.0, "idle", "waking", 3),
    events.Muted(1.0, True),
    events.WakeWords(1.0, ("okay_nabu",), ("hey_hal",)),
    events.Woken(1.0, 1, "wake-word", "okay_nabu", 0.9),
    events.StoodDown(1.0, 1, "other"),
    events.TimerChanged(1.0, "a", "started", "pizza", 60, True),
    events.Listening(1.0, 3, 8000),
    events.MicrophoneStreamed(1.0, 3, 512, 0),
    events.ClipStarted(1.0, "a.wav", 2),
    events.Heard(1.0, 3, "hello"),
    events.Answered(1.0, 3, "hi"),
    events.FirstAudio(1.0, 3),
    events.PlaybackFinished(1.0, 3, 900),
    events.PlaybackDucked(1.0, 3, -12.0, 50),
    events.PlaybackPaused(1.0, 3, 480),
    events.PlaybackResumed(1.0, 3),
    events.PlaybackFlushed(1.0, 3),
    events.TurnOver(1.0, 3, "answered", "hi", {"intent": [1.5, 2.5]}),
    events.VolumeChanged(1.0, 0.5),
    events.SettingChanged(1.0, "wake.mode", "voice"),
    events.Identifying(1.0, True),
    events.KeptAgain(1.0),
    events.Ringing(1.0, True, "pasta"),
    events.Failed(1.0, "hub-lost", "lost the hub", 3),
]


def test_there_is_an_example_of_every_event() -> None:
    known = {kind.__name__ for kind in Event.__subclasses__()}
    assert {type(example).__name__ for example in EXAMPLES} == known


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.name)
def test_an_event_is_one_line_with_its_name_its_time_and_its_fields(event: Event) -> None:
    line = to_json(event)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    expected = {field.name: getattr(event, field.name) for field in fields(event)}
    listed = {name: list(one) if isinstance(one, tuple) else one for name, one in expected.items()}
    assert json.loads(line) == {"event": event.name, **listed}


def test_names_are_those_that_other_programs_read() -> None:
    assert [example.name for example in EXAMPLES] == [
        "ready",
        "device-opened",
        "sound-lost",
        "echo-measured",
        "connected",
        "disconnected",
        "pairing",
        "paired",
        "resumed",
        "state",
        "muted",
        "wake-words",
        "wake",
        "stood-down",
        "timer",
        "listening",
        "microphone",
        "clip-started",
        "transcript",
        "answer",
        "first-audio",
        "playback-finished",
        "playback-ducked",
        "playback-paused",
        "playback-resumed",
        "playback-flushed",
        "turn-ended",
        "volume",
        "setting",
        "identify",
        "kept",
        "ringing",
        "error",
    ]


def test_what_is_none_is_left_out() -> None:
    assert json.loads(to_json(events.Failed(1.0, "no-hub", "none"))) == {
        "event": "error",
        "at": 1.0,
        "code": "no-hub",
        "text": "none",
    }


def test_a_stage_that_json_does_not_know_does_not_break_the_line() -> None:
    over = events.TurnOver(1.0, 1, "answered", None, {"odd": {1, 2}.__class__})
    assert json.loads(to_json(over))["event"] == "turn-ended"


def test_every_line_is_there_at_once() -> None:
    stream = io.StringIO()
    EventLines(stream, print).write(events.FirstAudio(1.0, 3))
    assert json.loads(stream.getvalue())["turn"] == 3


@pytest.mark.parametrize("error", [BrokenPipeError(32, "Broken pipe"), OSError(28, "Disk full")])
def test_lines_that_nobody_takes_are_no_failure_and_said_once(error: OSError) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise error

    lost: list[str] = []
    lines = EventLines(Gone(), lost.append)
    lines.write(events.FirstAudio(1.0, 3))
    lines.write(events.FirstAudio(1.0, 3))
    assert lost == [error.strerror]


def test_who_does_not_read_holds_nobody_up_and_is_told_what_was_missed() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with open(reading, "rb") as pipe, open(writing, "w") as stream:  # noqa: PTH123
        lines = EventLines(stream, print)
        for number in range(2000):
            lines.write(events.Heard(1.0, number, "x" * 100))
        first = pipe.read().splitlines()
        assert 0 < len(first) < 2000
        lines.write(events.FirstAudio(1.0, 3))
        told = [json.loads(line) for line in pipe.read().splitlines()]
    assert told[0] == {"event": "missed", "count": 2000 - len(first)}
    assert told[1]["event"] == "first-audio"
