"""Models with random weights are as large as the published ones, and run where those would."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from bench import piper_shape, smart_turn_shape
from bench.piper_shape import QUALITIES, make_voice
from bench.smart_turn_shape import make_smart_turn
from hub.engines.smart_turn import WINDOW_SAMPLES, SmartTurn
from tests.hub.engines.tiny_piper import HOP


@pytest.mark.parametrize(("quality", "file_mb"), [("x_low", 20.6), ("medium", 63.2)])
def test_a_voice_is_as_large_as_the_published_ones_of_its_quality(
    quality: str, file_mb: float
) -> None:
    model, weights = piper_shape.graph(QUALITIES[quality])
    assert weights * 4 / 1e6 == pytest.approx(file_mb, rel=0.03)
    assert model.ByteSize() / 1e6 == pytest.approx(file_mb, rel=0.03)


@pytest.mark.parametrize("length_scale", [1.0, 1.5])
def test_each_phoneme_of_a_voice_lasts_its_frames(tmp_path: Path, length_scale: float) -> None:
    quality = QUALITIES["x_low"]
    session = onnxruntime.InferenceSession(str(make_voice(tmp_path, "voice", quality)))
    inputs = {
        "input": np.arange(9)[np.newaxis],
        "input_lengths": np.array([9]),
        "scales": np.array([0.667, length_scale, 0.8], np.float32),
    }
    (sound,) = session.run(None, inputs)
    assert sound.shape == (1, 1, 1, 9 * round(quality.frames * length_scale) * HOP)
    assert 0.05 < np.abs(sound).mean() < 0.95


def test_smart_turn_is_as_large_as_the_published_one_and_the_hub_takes_it(tmp_path: Path) -> None:
    _, weights = smart_turn_shape.graph()
    assert weights / 1e6 == pytest.approx(8.0, rel=0.03)
    detector = SmartTurn()
    detector.load(make_smart_turn(tmp_path / "turn.onnx"))
    assert 0 < detector.probability(bytes(2 * WINDOW_SAMPLES)) < 1
