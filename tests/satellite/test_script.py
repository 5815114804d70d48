"""The script that speaks files, on virtual time; the test plays satellite and hub."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from audio.pcm import silence
from satellite import events
from satellite.events import Event
from satellite.script import OVERHEARD_S, Clip, Script
from satellite.state import State, Trigger
from tests.virtual_time import run_virtual

CLIP_S = 0.5
TALK_OVER_S = 0.8


class Stage:
    """A satellite that does what the scene says, and knows what the script did when."""

    def __init__(self, clips: int, talk_over_s: float | None) -> None:
        self.state = State.IDLE
        self.wakes = 0
        self.told: list[Event] = []
        self.said = asyncio.Queue[int]()
        self.script = Script(
            [Clip(Path(f"{number}.wav"), silence(CLIP_S * 1000)) for number in range(clips)],
            self._say,
            before=self.said.put_nowait,
            has_wake_words=False,
            patient=False,
            talk_over_s=talk_over_s,
            clock=self.now,
        )

    @staticmethod
    def now() -> float:
        return asyncio.get_running_loop().time()

    def wake(self, trigger: Trigger) -> None:
        self.wakes += 1

    def emit(self, event: Event) -> None:
        self.told.append(event)
        self.script.on_event(event)

    def go(self, state: State, *facts: Event) -> None:
        self.state = state
        for fact in facts:
            self.emit(fact)
        self.script.on_event(events.StateChanged(self.now(), state, ""))

    def listen(self, turn: int) -> None:
        self.go(State.LISTENING, events.Listening(self.now(), turn, 8000))

    def speak(self, turn: int) -> None:
        self.go(State.SPEAKING, events.FirstAudio(self.now(), turn))

    def end(self, turn: int, outcome: str = "answered", state: State = State.IDLE) -> None:
        self.go(state, events.TurnOver(self.now(), turn, outcome, None, {}))

    def started(self) -> list[tuple[float, int]]:
        return [
            (event.at, event.number) for event in self.told if isinstance(event, events.ClipStarted)
        ]

    def _say(self, audio: bytes, on_start: Callable[[float], None]) -> None:
        on_start(self.now())


def play(
    scene: Callable[[Stage], Awaitable[None]],
    *,
    clips: int = 2,
    talk_over_s: float | None = TALK_OVER_S,
) -> tuple[Stage, bool, float]:
    """Return the stage, whether all was answered, and when the script ended."""

    async def run() -> tuple[Stage, bool, float]:
        stage = Stage(clips, talk_over_s)
        running = asyncio.create_task(stage.script.run(stage))
        await scene(stage)
        return stage, await running, stage.now()

    return run_virtual(run())


async def first_answer(stage: Stage) -> None:
    await stage.said.get()
    stage.listen(1)
    await asyncio.sleep(1)
    stage.speak(1)


def test_the_next_clip_is_said_over_the_answer_and_wakes_nobody() -> None:
    async def scene(stage: Stage) -> None:
        await first_answer(stage)
        assert await stage.said.get() == 2
        await asyncio.sleep(0.3)
        stage.end(1, "interrupted", State.LISTENING)
        stage.listen(2)
        await asyncio.sleep(0.5)
        stage.speak(2)
        stage.end(2)

    stage, answered, _ = play(scene)
    assert answered
    assert stage.wakes == 1
    assert [number for _, number in stage.started()] == [1, 2]
    assert [at for at, _ in stage.started()] == pytest.approx([0, 1 + TALK_OVER_S], abs=0.001)


def test_a_clip_that_the_hub_ignores_is_not_answered_and_the_first_turn_is_waited_for() -> None:
    async def scene(stage: Stage) -> None:
        await first_answer(stage)
        await stage.said.get()
        await asyncio.sleep(20)
        stage.end(1)

    _, answered, ended_at = play(scene)
    assert not answered
    assert ended_at == pytest.approx(1 + TALK_OVER_S + 20)


def test_after_an_answer_that_ends_early_a_hub_may_still_make_a_turn_of_what_was_said() -> None:
    async def scene(stage: Stage) -> None:
        await first_answer(stage)
        await stage.said.get()
        stage.end(1)
        await asyncio.sleep(CLIP_S + OVERHEARD_S - 0.1)
        stage.listen(2)
        await asyncio.sleep(1)
        stage.end(2)

    _, answered, _ = play(scene)
    assert answered


def test_a_clip_comes_as_a_command_of_its_own_when_the_answer_was_shorter() -> None:
    async def scene(stage: Stage) -> None:
        await first_answer(stage)
        stage.end(1)
        await stage.said.get()
        stage.listen(2)
        stage.end(2)

    stage, answered, _ = play(scene)
    assert answered
    assert stage.wakes == 2


def test_a_clip_comes_as_a_command_of_its_own_when_there_was_no_answer_to_talk_over() -> None:
    async def scene(stage: Stage) -> None:
        await stage.said.get()
        stage.listen(1)
        stage.end(1, "not-understood")
        await stage.said.get()
        stage.listen(2)
        stage.end(2)

    stage, answered, _ = play(scene)
    assert not answered
    assert stage.wakes == 2


def test_three_clips_are_each_said_over_the_answer_before() -> None:
    async def scene(stage: Stage) -> None:
        await first_answer(stage)
        for turn in (2, 3):
            await stage.said.get()
            stage.end(turn - 1, "interrupted", State.LISTENING)
            stage.listen(turn)
            await asyncio.sleep(1)
            stage.speak(turn)
        stage.end(3)

    stage, answered, _ = play(scene, clips=3)
    assert answered
    assert stage.wakes == 1
    assert [at for at, _ in stage.started()] == pytest.approx([0, 1.8, 3.6], abs=0.001)


def test_a_microphone_that_the_hub_opens_after_the_answer_does_not_change_the_outcome() -> None:
    async def scene(stage: Stage) -> None:
        await first_answer(stage)
        stage.end(1)
        stage.listen(2)
        await asyncio.sleep(5)
        stage.end(2, "nothing-heard")

    _, answered, _ = play(scene, clips=1)
    assert answered


def test_a_clip_that_is_said_into_an_open_follow_up_is_about_that_turn() -> None:
    async def scene(stage: Stage) -> None:
        await first_answer(stage)
        stage.end(1)
        stage.listen(2)
        await stage.said.get()
        stage.end(2)

    _, answered, _ = play(scene)
    assert answered


def test_turns_of_a_new_hub_are_told_from_those_of_the_lost_one() -> None:
    async def scene(stage: Stage) -> None:
        await first_answer(stage)
        stage.emit(events.Failed(stage.now(), "hub-lost", "lost", 1))
        stage.end(1, "failed", State.DISCONNECTED)
        stage.emit(events.Disconnected(stage.now(), "gone", "link-closed", 1))
        await asyncio.sleep(1)
        stage.go(State.IDLE, events.Connected(stage.now(), "hub", "here", "s2"))
        await stage.said.get()
        stage.listen(1)
        stage.end(1)

    stage, answered, _ = play(scene)
    assert not answered
    assert [said.outcome for said in stage.script._said] == ["failed", "answered"]
