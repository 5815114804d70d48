import asyncio

import numpy as np
import numpy.typing as npt
import pytest

from audio.vad import VadStream
from hub.conversation import voice_activity
from hub.conversation.voice_activity import VoiceActivity
from tests.hub.conversation.scripted import SILENCE, SPEECH, Loudness


class Counting(Loudness):
    """Notes how many frames go through together."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []

    def process(self, streams: object, frames: object) -> npt.NDArray[np.float32]:
        assert isinstance(frames, list)
        self.batches.append(len(frames))
        return super().process(streams, frames)


async def test_streams_that_are_due_together_go_through_the_model_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(voice_activity, "MAX_BATCH", 8)
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


class Failing(Loudness):
    """Fails the first time."""

    failed = False

    def process(self, streams: object, frames: object) -> npt.NDArray[np.float32]:
        if not self.failed:
            self.failed = True
            raise ValueError("out of memory")
        return super().process(streams, frames)


async def test_a_model_that_fails_once_leaves_nobody_deaf() -> None:
    activity = VoiceActivity(Failing())
    with pytest.raises(ValueError, match="out of memory"):
        await activity.probability(VadStream(), SPEECH)
    assert await activity.probability(VadStream(), SPEECH) == 1.0
