import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from faster_whisper.feature_extractor import FeatureExtractor
from onnx import TensorProto, helper, numpy_helper

from audio.pcm import SPEECH_RATE_HZ, from_float, silence, to_float
from hub.conversation.completeness import TurnDetector
from hub.engines.base import EngineError
from hub.engines.detector_thread import DetectorThread
from hub.engines.smart_turn import FRAMES, MELS, WINDOW_SAMPLES, SmartTurn, features

Floats = npt.NDArray[np.float32]


def write_model(
    path: Path,
    *,
    name: str = "input_features",
    shape: tuple[int | str, ...] = ("batch", MELS, FRAMES),
    weight: float = 4.0,
    activation: str = "Sigmoid",
    per_band: bool = False,
    weights: int = MELS,
) -> Path:
    """A model that says how loud the last second is on the whole: mean, line, sigmoid."""
    nodes = [
        helper.make_node("Slice", [name, "from", "to", "axis"], ["end"]),
        helper.make_node("ReduceMean", ["end"], ["mean"], axes=[2], keepdims=0),
        helper.make_node("MatMul", ["mean", "weights"], ["line"]),
        helper.make_node(activation, ["line"], ["logits"]),
    ]
    width = MELS if per_band else 1
    constants: dict[str, npt.NDArray[Any]] = {
        "from": np.array([FRAMES - 100], dtype=np.int64),
        "to": np.array([FRAMES], dtype=np.int64),
        "axis": np.array([2], dtype=np.int64),
        "weights": np.full((weights, width), weight / MELS, dtype=np.float32),
    }
    graph = helper.make_graph(
        nodes,
        "turn",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ("batch", width))],
        [numpy_helper.from_array(value, key) for key, value in constants.items()],
    )
    opset = helper.make_opsetid("", 13)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    return path


@pytest.fixture
def detector(tmp_path: Path) -> SmartTurn:
    detector = SmartTurn()
    detector.load(write_model(tmp_path / "turn.onnx"))
    return detector


def noise(ms: float, gain: float = 0.1) -> bytes:
    count = int(ms * SPEECH_RATE_HZ / 1000)
    return from_float(np.random.default_rng(5).normal(size=count) * gain)


def whispers(audio: bytes) -> Floats:
    """The features as Whisper's own extractor makes them."""
    samples = np.zeros(WINDOW_SAMPLES, dtype=np.float32)
    heard = to_float(audio)[-WINDOW_SAMPLES:]
    samples[WINDOW_SAMPLES - len(heard) :] = heard
    samples = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
    result: Floats = FeatureExtractor(chunk_length=8)(samples, padding=0)
    return result


@pytest.mark.parametrize("ms", [0, 10, 700, 7999, 8000, 12_345])
def test_features_are_those_of_whispers_own_extractor(ms: float) -> None:
    audio = noise(ms)
    found = features(audio)
    assert found.shape == (MELS, FRAMES)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, whispers(audio), atol=2e-3)


def test_features_of_a_tone_stand_out_in_its_band() -> None:
    times = np.arange(WINDOW_SAMPLES) / SPEECH_RATE_HZ
    found = features(from_float(0.3 * np.sin(2 * np.pi * 1000 * times)))
    # 1 kHz is 15 of the scale's 45.2 mels: band 81 * 15 / 45.2, counted from 1.
    assert int(found.mean(axis=1).argmax()) == round(81 * 15 / 45.2456) - 1


def test_short_audio_stands_at_the_end_with_silence_in_front() -> None:
    found = features(noise(1000))
    assert found[:, :690].max() < found[:, 710:].min()


def test_of_long_audio_only_the_last_8_seconds_count() -> None:
    end = noise(8000)
    assert np.array_equal(features(noise(3000, 0.5) + end), features(end))


def test_level_does_not_matter() -> None:
    loud, soft = features(noise(8000, 0.2)), features(noise(8000, 0.02))
    np.testing.assert_allclose(loud, soft, atol=0.02)


def test_the_models_answer_is_taken_as_a_probability(detector: SmartTurn) -> None:
    audio = noise(4000) + silence(500)
    mean = float(features(audio)[:, -100:].mean())
    assert detector.probability(audio) == pytest.approx(1 / (1 + np.exp(-4 * mean)), abs=1e-4)
    assert detector.probability(noise(4000)) > detector.probability(noise(4000) + silence(1000))


def test_no_audio_at_all_is_silence(detector: SmartTurn) -> None:
    assert detector.probability(b"") == pytest.approx(detector.probability(silence(8000)))


async def test_in_a_thread_it_is_a_turn_detector(detector: SmartTurn) -> None:
    port: TurnDetector = DetectorThread(detector)
    assert 0 <= await port.probability(noise(100)) <= 1


def test_half_a_sample_is_refused(detector: SmartTurn) -> None:
    with pytest.raises(EngineError, match="middle of a sample") as caught:
        detector.probability(b"\x00\x00\x00")
    assert caught.value.code == "bad-request"


def test_nothing_is_answered_before_a_model_is_loaded() -> None:
    with pytest.raises(EngineError) as caught:
        SmartTurn().probability(noise(100))
    assert caught.value.code == "engine-failed"


def test_a_missing_model_is_missing(tmp_path: Path) -> None:
    for path in (tmp_path / "none.onnx", tmp_path):
        with pytest.raises(EngineError) as caught:
            SmartTurn().load(path)
        assert caught.value.code == "engine-missing"


@pytest.mark.parametrize("keep", [0, 10, 300])
def test_a_file_that_is_cut_off_or_no_model_has_failed(tmp_path: Path, keep: int) -> None:
    path = write_model(tmp_path / "turn.onnx")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(EngineError) as caught:
        SmartTurn().load(path)
    assert caught.value.code == "engine-failed"


def test_a_model_that_does_not_run_has_failed(tmp_path: Path) -> None:
    path = write_model(tmp_path / "turn.onnx", shape=("batch", "mels", FRAMES), weights=7)
    with pytest.raises(EngineError, match="did not run") as caught:
        SmartTurn().load(path)
    assert caught.value.code == "engine-failed"


def test_without_onnxruntime_the_engine_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_model(tmp_path / "turn.onnx")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EngineError, match="onnxruntime") as caught:
        SmartTurn().load(path)
    assert caught.value.code == "engine-missing"


def test_a_model_with_named_or_fixed_dimensions_is_taken(tmp_path: Path) -> None:
    for shape in ((1, MELS, FRAMES), ("b", "mels", "frames")):
        detector = SmartTurn()
        detector.load(write_model(tmp_path / "turn.onnx", shape=shape))
        assert 0 <= detector.probability(noise(500)) <= 1


@pytest.mark.parametrize(
    "other",
    [
        {"name": "audio"},
        {"shape": ("batch", MELS, 3000)},
        {"shape": (2, MELS, FRAMES)},
        {"per_band": True},
    ],
)
def test_a_model_of_something_else_is_refused(tmp_path: Path, other: dict[str, Any]) -> None:
    path = write_model(tmp_path / "other.onnx", **other)
    with pytest.raises(EngineError) as caught:
        SmartTurn().load(path)
    assert caught.value.code == "bad-request"


def test_a_refused_model_does_not_replace_the_one_in_use(
    detector: SmartTurn, tmp_path: Path
) -> None:
    before = detector.probability(noise(500))
    with pytest.raises(EngineError):
        detector.load(write_model(tmp_path / "other.onnx", per_band=True))
    assert detector.probability(noise(500)) == before


def test_an_answer_that_is_no_probability_has_failed(tmp_path: Path) -> None:
    path = write_model(tmp_path / "turn.onnx", activation="Exp", weight=-9)
    with pytest.raises(EngineError, match="no probability") as caught:
        SmartTurn().load(path)
    assert caught.value.code == "engine-failed"
