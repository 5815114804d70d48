import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from audio.vad import FRAME_BYTES, SileroVad
from bench.speech import Recording
from hub.conversation.ear import MARGIN_MS, MAX_KEPT_S, MAX_WAITING_BYTES, Ear, Sound
from hub.conversation.voice_activity import VoiceActivity
from tests.hub.conversation.scripted import SILENCE, SPEECH, Loudness
from tests.speech import recordings
from tests.virtual_time import run_virtual

MARGIN_BYTES = MARGIN_MS * 32


@pytest.fixture(scope="module")
def model() -> SileroVad:
    return SileroVad()


def new_ear(model: SileroVad | None = None) -> Ear:
    return Ear(VoiceActivity(model or Loudness()), asyncio.get_running_loop().time)


async def read_all(ear: Ear, chunks: Sequence[bytes]) -> list[Sound]:
    """Put all chunks, and read them to the end."""
    sounds = []
    for chunk in chunks:
        ear.put(chunk)
    ear.end()
    while not ear.ended:
        sounds += await ear.read(1.0)
    return sounds


def numbered(frames: int) -> bytes:
    """Return sound in which each sample is known by its value."""
    return (np.arange(frames * FRAME_BYTES // 2) % 30_000 + 1).astype("<i2").tobytes()


async def test_each_frame_is_heard_with_its_place_and_its_time_of_arrival() -> None:
    ear = new_ear()
    sounds = await read_all(ear, [SILENCE] * 3 + [SPEECH] * 4)
    assert [sound.voiced for sound in sounds] == [False] * 4 + [True] * 3
    assert [sound.end_ms for sound in sounds] == [32.0 * n for n in range(1, 8)]


def test_a_frame_that_waited_keeps_the_time_at_which_it_arrived() -> None:
    async def main() -> list[float]:
        ear = new_ear()
        await asyncio.sleep(1)
        ear.put(SPEECH)
        await asyncio.sleep(5)
        return [sound.at for sound in await ear.read(1.0)]

    assert run_virtual(main()) == [pytest.approx(1.0)]


async def test_an_utterance_is_cut_out_with_a_margin_on_both_sides() -> None:
    ear = new_ear()
    await read_all(ear, [SILENCE] * 30 + [SPEECH] * 20 + [SILENCE] * 40)
    assert (ear.speech.speech_start_ms, ear.speech.speech_end_ms) == (960, 1600)
    cut = ear.cut(960, 1600)
    assert cut == bytes(MARGIN_BYTES) + SPEECH * 20 + bytes(MARGIN_BYTES)


async def test_an_utterance_without_an_end_goes_on_to_the_newest_sound() -> None:
    ear = new_ear()
    await read_all(ear, [SILENCE] * 30 + [SPEECH] * 20)
    assert ear.cut(960) == bytes(MARGIN_BYTES) + SPEECH * 20


async def test_speech_at_once_has_no_margin_that_was_never_there() -> None:
    ear = new_ear()
    await read_all(ear, [SPEECH] * 20 + [SILENCE] * 3)
    assert ear.cut(0, 640) == SPEECH * 20 + SILENCE * 3


@pytest.mark.parametrize("size", [2, 100, 1024, 5000])
async def test_chunks_of_any_size_give_the_same_speech(size: int) -> None:
    audio = SILENCE * 20 + SPEECH * 20 + SILENCE * 30
    ear = new_ear()
    await read_all(ear, [audio[start : start + size] for start in range(0, len(audio), size)])
    assert (ear.speech.speech_start_ms, ear.speech.speech_end_ms) == (640, 1280)
    assert ear.cut(640, 1280) == audio[20 * 1024 - MARGIN_BYTES : 40 * 1024 + MARGIN_BYTES]


async def test_of_a_long_stream_the_last_of_it_is_kept_at_its_own_place() -> None:
    ear = new_ear()
    await read_all(ear, [SILENCE] * 2000 + [SPEECH] * 50 + [SILENCE] * 10)
    assert len(ear.cut(0)) == MAX_KEPT_S * 32_000
    assert ear.cut(64_000, 65_600) == bytes(MARGIN_BYTES) + SPEECH * 50 + bytes(MARGIN_BYTES)


async def test_what_was_never_heard_and_what_is_not_kept_any_more_is_left_out() -> None:
    ear = new_ear()
    await read_all(ear, [SILENCE] * 2100)
    assert ear.cut(0, 1000) == b""
    assert ear.cut(100_000) == b""


def test_who_brings_audio_waits_while_two_seconds_of_it_wait_to_be_read() -> None:
    async def main() -> None:
        ear = new_ear()
        brought = 0

        async def bring() -> None:
            nonlocal brought
            while True:
                await ear.hear(SPEECH)
                brought += 1

        bringing = asyncio.create_task(bring())
        await asyncio.sleep(10)
        assert brought * FRAME_BYTES == MAX_WAITING_BYTES
        await ear.read(1.0)
        await asyncio.sleep(10)
        assert (brought - 1) * FRAME_BYTES == MAX_WAITING_BYTES
        bringing.cancel()
        await asyncio.wait([bringing])

    run_virtual(main())


def test_a_closed_ear_lets_go_who_waits_and_takes_nothing_more() -> None:
    async def main() -> None:
        ear = new_ear()
        ear.put(SPEECH * 64)
        waiting = asyncio.create_task(ear.hear(SPEECH))
        await asyncio.sleep(1)
        assert not waiting.done()
        ear.close()
        await asyncio.wait_for(waiting, 1)
        for _ in range(1000):
            await asyncio.wait_for(ear.hear(SPEECH), 1)
        ear.end()
        assert ear.ended
        assert ear.cut(0) == b""

    run_virtual(main())


@pytest.mark.parametrize("size", [2, 700, 1024, 4096])
async def test_who_takes_over_gets_every_sample_from_there_on_read_or_not(size: int) -> None:
    audio = numbered(60)
    chunks = [audio[start : start + size] for start in range(0, len(audio), size)]
    ear, next_ear = new_ear(), new_ear()
    for chunk in chunks[: len(chunks) // 2]:
        ear.put(chunk)
    while ear.speech.now_ms < 800:
        await ear.read(1.0)
    for chunk in chunks[len(chunks) // 2 :]:
        ear.put(chunk)
    next_ear.put(ear.take_over(500))
    assert ear.closed
    ear.put(SPEECH)
    await read_all(next_ear, [numbered(2)])
    assert next_ear.cut(0) == audio[(500 - MARGIN_MS) * 32 :] + numbered(2)


def test_a_notice_lets_reading_return_with_nothing() -> None:
    async def main() -> tuple[list[Sound], float]:
        ear = new_ear()
        asyncio.get_running_loop().call_later(3, ear.notice)
        return await ear.read(10.0), asyncio.get_running_loop().time()

    sounds, at = run_virtual(main())
    assert sounds == []
    assert at == pytest.approx(3, abs=1e-3)


def test_a_notice_from_before_is_not_lost_and_counts_once() -> None:
    async def main() -> None:
        ear = new_ear()
        ear.notice()
        assert await ear.read(10.0) == []
        with pytest.raises(TimeoutError):
            await ear.read(10.0)

    run_virtual(main())


def test_reading_gives_up_when_nothing_comes() -> None:
    async def main() -> float:
        ear = new_ear()
        with pytest.raises(TimeoutError):
            await ear.read(2.0)
        return asyncio.get_running_loop().time()

    assert run_virtual(main()) == pytest.approx(2, abs=1e-3)


def test_audio_of_less_than_a_frame_is_no_frame_yet() -> None:
    async def main() -> None:
        ear = new_ear()
        ear.put(SPEECH[:-2])
        assert await ear.read(1.0) == []
        ear.put(SPEECH[-2:])
        assert len(await ear.read(1.0)) == 1

    run_virtual(main())


def test_the_end_comes_after_everything_was_read() -> None:
    async def main() -> None:
        ear = new_ear()
        ear.put(SPEECH)
        ear.end()
        ended = [ear.ended]
        assert len(await ear.read(1.0)) == 1
        ended.append(ear.ended)
        assert ended == [False, True]
        assert await ear.read(1.0) == []

    run_virtual(main())


def test_the_end_is_learned_while_waiting() -> None:
    async def main() -> float:
        ear = new_ear()
        asyncio.get_running_loop().call_later(1, ear.end)
        await ear.read(10.0)
        assert ear.ended
        return asyncio.get_running_loop().time()

    assert run_virtual(main()) == pytest.approx(1, abs=1e-3)


def _padded(recording: Recording) -> bytes:
    return recording.path.read_bytes()[44:] + bytes(48_000)


async def test_recorded_commands_are_heard_whole(model: SileroVad) -> None:
    for recording in recordings("en"):
        if recording.out_of_vocabulary:
            continue
        audio = _padded(recording)
        ear = new_ear(model)
        await read_all(ear, [audio[at : at + 1024] for at in range(0, len(audio), 1024)])
        start_ms, end_ms = ear.speech.speech_start_ms, ear.speech.speech_end_ms
        assert start_ms is not None, recording.text
        assert end_ms is not None, recording.text
        assert len(ear.cut(start_ms, end_ms)) > 0.5 * 32_000, recording.text
