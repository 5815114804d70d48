import asyncio
import wave

import numpy as np
import numpy.typing as npt
import pytest

from audio.vad import FRAME_BYTES, SileroVad, VadStream
from hub.conversation import hearing
from hub.conversation.endpoint import Ending, Rules
from hub.conversation.hearing import MARGIN_MS, Hearing, VoiceActivity
from tests.hub.conversation.scripted import SILENCE, SPEECH, Loudness
from tests.speech import recordings


@pytest.fixture(scope="module")
def model() -> SileroVad:
    return SileroVad()


class Counting(Loudness):
    """Notes how many frames go through together."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []

    def process(self, streams: object, frames: object) -> npt.NDArray[np.float32]:
        assert isinstance(frames, list)
        self.batches.append(len(frames))
        return super().process(streams, frames)


async def hear(
    chunks: list[bytes], model: SileroVad | None = None
) -> tuple[Hearing, Ending | None]:
    heard = Hearing(VoiceActivity(model or Loudness()), Rules())
    ending = None
    for index, chunk in enumerate(chunks):
        ending = await heard.take(chunk, now=float(index))
        if ending is not None:
            break
    return heard, ending


async def test_the_speech_is_cut_out_with_a_margin_on_both_sides() -> None:
    heard, ending = await hear([SILENCE] * 30 + [SPEECH] * 20 + [SILENCE] * 40)
    assert ending is Ending.SILENCE
    cut = heard.cut()
    assert len(cut.audio) == 20 * FRAME_BYTES + 2 * MARGIN_MS * 32
    assert cut.audio[MARGIN_MS * 32 :].startswith(SPEECH * 20)
    assert (cut.speech_start_ms, cut.speech_end_ms) == (960, 1600)
    assert cut.speech_end_at == 49.0


async def test_speech_at_once_has_no_margin_that_was_never_there() -> None:
    heard, _ = await hear([SPEECH] * 20 + [SILENCE] * 40)
    assert heard.cut().audio.startswith(SPEECH)


@pytest.mark.parametrize("size", [2, 100, 1024, 5000])
async def test_chunks_of_any_size_give_the_same_speech(size: int) -> None:
    audio = SILENCE * 20 + SPEECH * 20 + SILENCE * 30
    chunks = [audio[start : start + size] for start in range(0, len(audio), size)]
    heard, ending = await hear(chunks)
    assert ending is Ending.SILENCE
    assert heard.cut().audio == (audio[20 * 1024 - 9600 : 40 * 1024 + 9600])


async def test_nobody_speaking_gives_no_audio() -> None:
    heard, ending = await hear([SILENCE] * 200)
    assert ending is Ending.NOBODY_SPOKE
    assert heard.cut().audio == b""


async def test_memory_is_bounded_whatever_arrives() -> None:
    heard, _ = await hear([SPEECH] * 2000)
    assert len(heard.cut().audio) <= 15 * 32_000


async def test_streams_that_are_due_together_go_through_the_model_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hearing, "MAX_BATCH", 8)
    model = Counting()
    activity = VoiceActivity(model)
    results = await asyncio.gather(
        *(activity.probability(VadStream(), SPEECH if n % 2 else SILENCE) for n in range(20))
    )
    assert results == [float(n % 2) for n in range(20)]
    assert model.batches == [8, 8, 4]


async def test_a_stream_that_gives_up_waiting_does_not_disturb_the_others() -> None:
    activity = VoiceActivity(Loudness())
    given_up = asyncio.create_task(activity.probability(VadStream(), SPEECH))
    kept = asyncio.create_task(activity.probability(VadStream(), SPEECH))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await kept == 1.0


async def test_recorded_commands_are_heard_whole(model: SileroVad) -> None:
    for recording in recordings("en"):
        if recording.out_of_vocabulary:
            continue
        with wave.open(str(recording.path)) as file:
            audio = file.readframes(file.getnframes())
        audio += bytes(48_000)
        chunks = [audio[start : start + 1024] for start in range(0, len(audio), 1024)]
        heard, ending = await hear(chunks, model)
        assert ending is Ending.SILENCE, recording.text
        assert len(heard.cut().audio) > 0.5 * 32_000, recording.text
