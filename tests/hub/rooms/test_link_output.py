import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from hub.rooms.link_output import LinkOutput
from protocol.schema import Message
from protocol.sotto_messages import Duck, Flush, Pause, Playback
from protocol.stream import Link
from protocol.wyoming_audio import AudioChunk, AudioStart, AudioStop, VoiceStarted, VoiceStopped
from protocol.wyoming_speech import Synthesize, Transcript
from tests.virtual_time import run_virtual

TURN = 7


class Sent:
    """A link that keeps what is sent."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def send(self, message: Message) -> None:
        self.messages.append(message)


def run(
    scene: Callable[[LinkOutput, list[Message]], Coroutine[Any, Any, None]],
    features: tuple[str, ...] = ("flush", "duck", "pause", "playback"),
) -> None:
    async def main() -> None:
        link = Sent()
        await scene(LinkOutput(cast("Link", link), TURN, features), link.messages)

    run_virtual(main())


def played(position_ms: int, *, finished: bool = False) -> Playback:
    return Playback(turn=TURN, position_ms=position_ms, buffered_ms=0, finished=finished)


async def rests(task: "asyncio.Task[Any]") -> bool:
    """Return whether a task is still waiting after a long time."""
    await asyncio.sleep(60)
    return not task.done()


def test_everything_that_is_sent_carries_the_turn() -> None:
    async def scene(output: LinkOutput, sent: list[Message]) -> None:
        await output.show_speech(started=True)
        await output.show_speech(started=False)
        await output.show_transcript("turn on the lamp")
        await output.show_answer("Done.")
        await output.start_audio(22_050)
        await output.play(b"\1\0", 22_050)
        await output.duck(-12.0, 50)
        await output.pause()
        await output.end_audio()
        assert sent == [
            VoiceStarted(turn=TURN),
            VoiceStopped(turn=TURN),
            Transcript(text="turn on the lamp", turn=TURN),
            Synthesize(text="Done.", turn=TURN),
            AudioStart(rate=22_050, width=2, channels=1, turn=TURN),
            AudioChunk(rate=22_050, width=2, channels=1, audio=b"\1\0", turn=TURN),
            Duck(turn=TURN, gain_db=-12.0, ramp_ms=50),
            Pause(turn=TURN),
            AudioStop(turn=TURN),
        ]

    run(scene)


def test_what_the_satellite_can_not_do_is_not_asked_of_it() -> None:
    async def scene(output: LinkOutput, sent: list[Message]) -> None:
        await output.duck(-12.0, 50)
        await output.pause()
        assert await output.flush() is None
        assert sent == []

    run(scene, features=())


@pytest.mark.parametrize("end", [played(960, finished=True), None])
def test_playback_is_over_when_the_satellite_says_so(end: Playback | None) -> None:
    async def scene(output: LinkOutput, _: list[Message]) -> None:
        await output.play(b"\1\0", 16_000)
        waiting = asyncio.create_task(output.wait_played())
        output.report(played(480))
        assert await rests(waiting)
        output.report(end)
        await asyncio.wait_for(waiting, 1)

    run(scene)


def test_audio_that_is_sent_after_that_is_waited_for_anew() -> None:
    async def scene(output: LinkOutput, _: list[Message]) -> None:
        await output.play(b"\1\0", 16_000)
        output.report(played(960, finished=True))
        await output.play(b"\1\0", 16_000)
        waiting = asyncio.create_task(output.wait_played())
        assert await rests(waiting)
        output.report(played(961, finished=True))
        await asyncio.wait_for(waiting, 1)

    run(scene)


def test_the_position_is_what_was_reported_last() -> None:
    async def scene(output: LinkOutput, _: list[Message]) -> None:
        assert output.position_ms is None
        output.report(None)
        assert output.position_ms is None
        for position_ms in (0, 480, 960):
            output.report(played(position_ms))
            assert output.position_ms == position_ms
        output.report(None)
        assert output.position_ms == 960

    run(scene)


def test_a_flush_tells_where_the_satellite_fell_silent() -> None:
    async def scene(output: LinkOutput, sent: list[Message]) -> None:
        await output.play(b"\1\0", 16_000)
        output.report(played(480))
        flushing = asyncio.create_task(output.flush())
        assert await rests(flushing)
        assert sent[-1] == Flush(turn=TURN)
        output.report(played(512, finished=True))
        assert await flushing == 512

    run(scene)


def test_who_is_silent_already_is_not_asked_to_be() -> None:
    async def scene(output: LinkOutput, sent: list[Message]) -> None:
        await output.play(b"\1\0", 16_000)
        output.report(played(960, finished=True))
        assert await output.flush() == 960
        assert not [message for message in sent if isinstance(message, Flush)]

    run(scene)
