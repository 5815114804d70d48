"""Conversations over the real audio stack in a room that echoes: `make conversations`.

They are in real time and depend on how well the embedded recogniser hears, so a busy machine would
fail them: $SOTTO_RUNS says how many, and without it there are none.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from audio.voiced import first_voiced_sample
from hub.events import TurnEnded
from satellite.wav_files import read_speech
from tests.satellite.living_room import HZ, START_S, WAKE_WORD, Room
from tests.satellite.pulse import Pulse
from tests.speech import recordings

RUNS = int(os.environ.get("SOTTO_RUNS", "0"))
pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(not RUNS, reason="$SOTTO_RUNS says how many: see make conversations"),
]

RUN_S = 40.0
STEP_S = 15.0
QUESTION, INTERRUPTION, FOLLOW_UP = (
    "what's the weather in New York",
    "turn the Standing Light in the Office off",
    "set Bed Light brightness to 75 percent",
)
"""Recordings that the embedded recogniser hears right, also with some noise."""
STORY = (
    "it will be a cold and windy day with some rain in the early morning and a little snow on the "
    "hills in the afternoon while the people at the coast may see the sun for an hour or two "
    "before a storm comes in from the sea and brings much more rain for the rest of the week"
)
INTERRUPTED_AFTER_S = (2.0, 3.1, 4.3)
"""So long the answer has sounded when somebody speaks over it; a run takes the next one."""
SILENT_WITHIN_S = 1.0
"""From the interrupting word to silence, with the way of both through the sound server."""
PLAYED_DIFFERS_S = 0.25
SILENCE_S = 0.5
"""Longer than any pause in the story, shorter than it takes to answer."""


@dataclass(frozen=True, slots=True)
class Run:
    """What became of one conversation."""

    turns: list[TurnEnded]
    wakes: int
    played_ms: int
    """How much of the story was played, as the satellite tells."""
    sounded_s: float
    """The same, as the speaker's own sound tells."""
    silent_after_s: float
    """From the interrupting word to silence."""
    resumed: int
    """How often the story was held and went on before that."""

    def __str__(self) -> str:
        told = "; ".join(f"{turn.outcome}: {turn.transcript}" for turn in self.turns)
        heard = len((self.turns[0].heard or "").split())
        return (
            f"{told} | {heard} words, {self.played_ms} ms told, {self.sounded_s:.2f} s sounded, "
            f"silent after {self.silent_after_s:.2f} s | {self.wakes} wakes, {self.resumed} resumed"
        )


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    asyncio.get_running_loop().set_debug(False)
    async with (
        Pulse(tmp_path) as pulse,
        Room(tmp_path, pulse, {QUESTION: STORY}, START_S + RUNS * RUN_S) as room,
    ):
        yield room


@pytest.mark.timeout(60 + RUNS * RUN_S)
async def test_a_conversation_in_a_room_that_echoes_has_the_turns_that_were_spoken_and_no_other(
    room: Room,
) -> None:
    times = await room.word_times(STORY)
    faults = []
    for number in range(RUNS):
        first, since = len(room.turns), len(room.events)
        try:
            run = await converse(room, INTERRUPTED_AFTER_S[number % len(INTERRUPTED_AFTER_S)])
            told, wrong = str(run), faults_of(run, times)
        except TimeoutError:
            names = " ".join(event["event"] for event in room.events[since:])
            told, wrong = f"{room.turns[first:]} | {names}", ["did not go on"]
            await room.until(lambda: room.told("state")[-1]["state"] == "idle", RUN_S)
        faults += [f"{number + 1}: {fault}" for fault in wrong]
        sys.stderr.write(f"{number + 1}: {told} | {'; '.join(wrong) or 'right'}\n")
    assert not faults


async def converse(room: Room, interrupted_after_s: float) -> Run:
    """Ask, interrupt the answer, follow up, and then say nothing until the hub is at rest."""
    first, since, before = len(room.turns), len(room.events), len(room.played)
    await room.pulse.say(recorded(WAKE_WORD) + recorded(QUESTION), HZ)
    await room.until(lambda: bool(room.told("first-audio", since)), STEP_S)
    story_at = room.told("first-audio", since)[0]["at"]
    await room.until(lambda: room.played[-1].at >= story_at + interrupted_after_s, STEP_S)

    words = recorded(INTERRUPTION)
    spoken_at = room.played[-1].at + (first_voiced_sample(words) or 0) / HZ
    await room.pulse.say(words, HZ)
    await room.until(lambda: len(room.told("playback-finished", since)) >= 2, STEP_S)
    await room.until(lambda: len(room.told("listening", since)) >= 3, STEP_S)
    await room.pulse.say(recorded(FOLLOW_UP), HZ)
    await room.until(lambda: len(room.told("playback-finished", since)) >= 3, STEP_S)
    await room.until(lambda: len(room.turns) >= first + 4, STEP_S)
    await room.until(lambda: room.told("state")[-1]["state"] == "idle", STEP_S)

    # An answer that was held by a sound and went on has finished more than once.
    finished = room.told("playback-finished", since)
    told = [one for one in finished if one["turn"] == finished[0]["turn"]]
    loud = [one.at for one in room.played[before:] if one.loud and one.at >= story_at]
    # The next answer begins after silence.
    ends_at = next(
        (one for one, two in pairwise(loud) if two > spoken_at and two - one > SILENCE_S), loud[-1]
    )
    return Run(
        turns=room.turns[first:],
        wakes=len(room.told("wake", since)),
        played_ms=told[-1]["position_ms"],
        resumed=len(told) - 1,
        sounded_s=ends_at - loud[0],
        silent_after_s=ends_at - spoken_at,
    )


def faults_of(run: Run, times: list[tuple[int, float]]) -> list[str]:
    """Return what is not as it should be."""
    faults = []
    turns = [(turn.outcome, (turn.transcript or "").lower()) for turn in run.turns]
    if turns != [
        ("interrupted", QUESTION.lower()),
        ("answered", INTERRUPTION.lower()),
        ("answered", FOLLOW_UP.lower()),
        ("nothing-heard", ""),
    ]:
        faults.append("other turns than those that were spoken")
    if run.wakes != 1:
        faults.append(f"{run.wakes} wakes")
    if run.resumed:
        faults.append(f"the answer stopped and went on {run.resumed} times, and nobody spoke")
    heard = run.turns[0].heard or ""
    if not STORY.startswith(heard.rstrip(".").lower()):
        faults.append(f"heard {heard!r}")
    played = 0
    for (count, start), (_, end) in pairwise(times):
        if (start + end) / 2 <= run.played_ms:
            played = count
    if abs(len(heard.split()) - played) > 1:
        faults.append(f"{len(heard.split())} words said to be heard, {played} played")
    if abs(run.sounded_s - run.played_ms / 1000) > PLAYED_DIFFERS_S:
        faults.append("the speaker played another length than was told")
    if not 0 < run.silent_after_s <= SILENT_WITHIN_S:
        faults.append("the answer did not end at the interruption")
    return faults


def recorded(words: str) -> bytes:
    """Return a recording, or skip where there is none."""
    for one in [*recordings("wake"), *recordings("en")]:
        if one.text == words:
            return read_speech(one.path)
    return pytest.skip(f"no recording of {words!r}")
