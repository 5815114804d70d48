"""What happens when there is too much of something: sound, wakes, work for an engine."""

import asyncio

import pytest

from hub.conversation.ear import MAX_WAITING_BYTES, Ear
from hub.rooms.session import MAX_WAITING
from protocol.schema import Message
from protocol.sotto_messages import TurnEnded, Wake
from protocol.wyoming_audio import AudioChunk, AudioStop
from satellite.state import Trigger
from tests.conversations.scenes import (
    ask,
    ended_turn,
    ends,
    failing,
    first_heard,
    next_turn_works,
    tokens,
    virtual,
)
from tests.virtual_house import Engines, VirtualSatellite, house, now, pause, words


def flood(sat: VirtualSatellite, turn: int, seconds: float) -> None:
    """Send a lot of speech at once, as no microphone would."""
    audio = words(" ".join(["word"] * int(seconds / 0.32)))
    for at in range(0, len(audio), 1024):
        chunk = AudioChunk(16_000, 2, 1, audio[at : at + 1024], None, turn)
        sat.link.inbox.put_nowait(chunk)


@virtual
async def test_a_flood_of_sound_waits_at_the_ear_and_ends_at_the_longest_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    most = 0
    hear = Ear.hear

    async def counted(ear: Ear, audio: bytes) -> None:
        nonlocal most
        await hear(ear, audio)
        most = max(most, ear._waiting_bytes)

    monkeypatch.setattr(Ear, "hear", counted)
    async with house(Engines(thoughts=lambda _: tokens("All right."))) as h:
        sat = await h.add()
        sat.wake()
        await sat.until(lambda: now() > 0.1)
        flood(sat, 1, 60)
        await ends(sat)
        turn = h.turns[0]
        assert turn.details["ending"] == "too-long"
        assert turn.outcome == "interrupted"
        for turn in h.turns[:-1]:
            assert len((turn.transcript or "").split()) == pytest.approx(10 / 0.32, abs=2)
        assert 0 < most <= MAX_WAITING_BYTES + 1024
        await sat.until(sat.link.inbox.empty)
        await ends(sat)
        await sat.until(lambda: now() > 20)
        await next_turn_works(h, sat)


@virtual
async def test_a_flood_during_an_answer_does_not_stop_the_session() -> None:
    engines = Engines(thoughts=lambda _: tokens("One two three. Is that all?"))
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await sat.speaking()
        flood(sat, 1, 30)
        await sat.until(sat.link.inbox.empty)
        await sat.until(lambda: now() > 60, limit_s=120)
        await ends(sat)
        await next_turn_works(h, sat)


@virtual
async def test_a_flood_between_two_turns_does_not_stop_the_session() -> None:
    engines = Engines(thoughts=lambda _: tokens("Is that all?"))
    async with house(engines) as h:
        sat = await h.add()
        send = sat.link.send

        async def slowly(message: Message) -> None:
            if isinstance(message, TurnEnded) and message.turn == 1:
                flood(sat, 1, 10)
                await asyncio.sleep(0.05)
            await send(message)

        sat.link.send = slowly  # type: ignore[method-assign]
        await ask(sat, "tell me more")
        await sat.until(lambda: len(h.turns) == 2)
        assert [turn.outcome for turn in h.turns] == ["answered", "nothing-heard"]
        assert sat.link.inbox.empty()
        await ends(sat)
        await next_turn_works(h, sat)


@virtual
async def test_sound_that_waits_at_an_ear_goes_on_to_the_one_that_takes_over() -> None:
    engines = Engines(
        thoughts=lambda _: tokens("One two three four five six seven eight."), transcribe_s=0
    )
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await sat.speaking()
        said = words("turn on the lamp " * 3) + pause(320)
        more = pause(3000)
        # All of it at once: more than waits at one ear when the words interrupt.
        for at in range(0, len(said + more), 1024):
            chunk = (said + more)[at : at + 1024]
            sat.link.inbox.put_nowait(AudioChunk(16_000, 2, 1, chunk, None, 1))
        await sat.until(lambda: len(h.turns) == 2)
        assert [turn.outcome for turn in h.turns] == ["interrupted", "answered"]
        assert h.turns[1].transcript == "turn on the lamp turn on the lamp turn on the lamp"
        await ends(sat)
        await next_turn_works(h, sat)


@virtual
async def test_a_recogniser_whose_queue_is_full_ends_in_a_sign() -> None:
    async with house(Engines(stt_fault=failing("engine-busy", 1))) as h:
        sat = await h.add()
        ended = await ask(sat, "turn on the lamp")
        turn = await ended_turn(h, sat)
        assert turn.outcome == "failed"
        assert first_heard(sat) - ended <= 0.3
        await next_turn_works(h, sat)


@virtual
async def test_a_voice_whose_queue_is_full_ends_in_a_sign() -> None:
    async with house(Engines(tts_fault=failing("engine-busy", 1))) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        turn = await ended_turn(h, sat)
        assert (turn.outcome, turn.heard) == ("failed", "Sorry failed.")
        assert len(h.engines.acts) == 1
        await next_turn_works(h, sat)


@virtual
async def test_a_flood_of_wakes_ends_in_one_turn() -> None:
    async with house() as h:
        sat = await h.add()
        for number in range(10 * MAX_WAITING):
            sat.link.inbox.put_nowait(Wake(1000 + number, "button"))
        await sat.until(lambda: len(h.turns) >= 1)
        await sat.until(lambda: now() > 10)
        assert len(h.turns) <= MAX_WAITING + 1
        assert h.turns[-1].outcome in ("nothing-heard", "cancelled")
        await next_turn_works(h, sat)


@virtual
async def test_the_end_of_a_stream_that_is_not_open_changes_nothing() -> None:
    async with house() as h:
        sat = await h.add()
        for turn in (None, 0, 1, 99):
            sat.link.inbox.put_nowait(AudioStop(turn=turn))
        sat.wake(Trigger("button"))
        for turn in (None, 0, 99):
            sat.link.inbox.put_nowait(AudioStop(turn=turn))
        sat.say(pause(320), words("turn on the lamp"))
        turn_ended = await ended_turn(h, sat)
        assert (turn_ended.outcome, turn_ended.heard) == ("answered", "Done.")
