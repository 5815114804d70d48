import wave

import numpy as np
import onnxruntime
import pytest

from audio.pcm import to_float
from audio.vad import (
    CONTEXT_SAMPLES,
    FRAME_BYTES,
    SileroVad,
    VadError,
    VadStream,
    read_weights,
)
from tests.speech import recordings


@pytest.fixture(scope="module")
def vad() -> SileroVad:
    return SileroVad()


def noise(frames: int, seed: int, level: float = 3000) -> list[bytes]:
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=512) * level).astype("<i2").tobytes() for _ in range(frames)]


def test_a_batch_of_streams_gives_what_the_published_graph_gives_each_of_them(
    vad: SileroVad,
) -> None:
    published = onnxruntime.InferenceSession(read_weights())
    frames = [noise(20, seed) for seed in range(5)]
    streams = [VadStream() for _ in frames]
    batched = np.stack([vad.process(streams, [f[t] for f in frames]) for t in range(20)], axis=1)
    for index, stream_frames in enumerate(frames):
        samples = to_float(b"".join(stream_frames)).reshape(-1, 512)
        context = np.zeros((20, CONTEXT_SAMPLES), dtype=np.float32)
        context[1:] = samples[:-1, -CONTEXT_SAMPLES:]
        state = np.zeros((1, 1, 128), dtype=np.float32)
        expected = published.run(
            None, {"input": np.concatenate([context, samples], axis=1), "h": state, "c": state}
        )[0].reshape(-1)
        np.testing.assert_allclose(batched[index], expected, atol=1e-5)


def test_streams_do_not_hear_each_other(vad: SileroVad) -> None:
    alone, beside, other = VadStream(), VadStream(), VadStream()
    for mine, theirs in zip(noise(10, 1), noise(10, 2, level=12000), strict=True):
        single = vad.process([alone], [mine])[0]
        both = vad.process([beside, other], [mine, theirs])[0]
        assert single == pytest.approx(both, abs=1e-5)


def test_a_reset_stream_starts_afresh(vad: SileroVad) -> None:
    stream = VadStream()
    frames = noise(5, 3)
    first = [vad.process([stream], [frame])[0] for frame in frames]
    stream.reset()
    assert [vad.process([stream], [frame])[0] for frame in frames] == first


def test_silence_and_noise_are_not_speech(vad: SileroVad) -> None:
    silent, noisy = VadStream(), VadStream()
    for frame in noise(60, 4):
        probabilities = vad.process([silent, noisy], [bytes(FRAME_BYTES), frame])
    assert probabilities.max() < 0.1


def test_every_recording_of_a_command_has_speech(vad: SileroVad) -> None:
    for recording in recordings("en"):
        if recording.out_of_vocabulary:
            continue
        with wave.open(str(recording.path)) as file:
            audio = file.readframes(file.getnframes())
        stream = VadStream()
        probabilities = [
            vad.process([stream], [audio[start : start + FRAME_BYTES]])[0]
            for start in range(0, len(audio) - FRAME_BYTES + 1, FRAME_BYTES)
        ]
        assert max(probabilities) > 0.5, recording.text


def test_frames_of_another_length_are_refused(vad: SileroVad) -> None:
    with pytest.raises(ValueError, match="1024 bytes"):
        vad.process([VadStream()], [bytes(1000)])
    with pytest.raises(ValueError, match="2 frames for 1 streams"):
        vad.process([VadStream()], [bytes(FRAME_BYTES)] * 2)


def test_no_streams_are_no_work(vad: SileroVad) -> None:
    assert vad.process([], []).shape == (0,)


def test_another_graph_is_refused_instead_of_run_wrongly() -> None:
    with pytest.raises(VadError, match="not an ONNX model"):
        SileroVad(b"some other file")
    other = read_weights().replace(b"encoder.conv_layers.3.bias", b"encoder.conv_layers.9.bias")
    with pytest.raises(VadError, match=r"conv_layers\.3\.bias is missing"):
        SileroVad(other)
