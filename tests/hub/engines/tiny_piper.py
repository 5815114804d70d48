"""Makes tiny Piper voices, without anybody's weights: the graph's inputs and outputs are Piper's.

Each phoneme sounds for FRAMES frames, a space for SPACE_FRAMES; the tone is the speaker's.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RATE_HZ = 16_000
HOP = 256
FRAMES = 3.0
SPACE_FRAMES = 6.0

_LETTERS = "abcdefghijklmnopqrstuvwxyzæçðøħŋœɐɑɒɔəɚɛɜɡɪɫɬɲɹɾʀʁʃʊʌʏʒʔˈˌːˑθβχᵻ"
_SYMBOLS = ["_", "^", "$", " ", *"!'(),-.:;?", *_LETTERS, "\u0303", "\u0329"]
SPACE_ID = _SYMBOLS.index(" ")


def make_piper(
    folder: Path, name: str, *, times: bool = True, speakers: int = 1, voice: str = "en-us"
) -> Path:
    """Write a voice and its description; return the voice's file.

    Without `times` its graph does not tell how long phonemes are.
    """
    graph = _graph(times=times, speakers=speakers)
    return write_piper(folder, name, graph, speakers=speakers, voice=voice)


def write_piper(
    folder: Path,
    name: str,
    graph: onnx.ModelProto,
    *,
    rate_hz: int = RATE_HZ,
    speakers: int = 1,
    voice: str = "en-us",
) -> Path:
    """Write a graph as a voice, with its description; return the voice's file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.onnx"
    onnx.save(graph, str(path))
    config = {
        "audio": {"sample_rate": rate_hz, "quality": "x_low"},
        "espeak": {"voice": voice},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": {symbol: [number] for number, symbol in enumerate(_SYMBOLS)},
        "num_symbols": len(_SYMBOLS),
        "num_speakers": speakers,
        "speaker_id_map": {f"p{number}": number for number in range(speakers)}
        if speakers > 1
        else {},
        "hop_length": HOP,
    }
    path.with_name(f"{path.name}.json").write_text(json.dumps(config), encoding="utf-8")
    return path


def _graph(*, times: bool, speakers: int) -> onnx.ModelProto:
    frames = np.full(len(_SYMBOLS), FRAMES, np.float32)
    frames[SPACE_ID] = SPACE_FRAMES
    frames[:3] = 1.0  # padding, and the ends of the sentence
    constants: dict[str, Any] = {
        "frames": frames,
        "one": np.array([1], np.int64),
        "two": np.array([2], np.int64),
        "hop": np.array(HOP, np.float32),
        "zero": np.array(0, np.float32),
        "step": np.array(1, np.float32),
        "tone": np.array(0.1, np.float32),
        "shape": np.array([1, 1, 1, -1], np.int64),
        "first": np.array([0], np.int64),
    }
    node = helper.make_node
    nodes = [
        node("Gather", ["frames", "input"], ["plain"]),
        node("Slice", ["scales", "one", "two"], ["length_scale"]),
        node("Mul", ["plain", "length_scale"], ["scaled"]),
        node("Ceil" if times else "Floor", ["scaled"], ["w"]),
        node("ReduceSum", ["w"], ["total"], keepdims=0),
        node("Mul", ["total", "hop"], ["samples"]),
        node("Range", ["zero", "samples", "step"], ["ramp"]),
    ]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    phase = "ramp"
    if speakers > 1:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
        nodes += [
            node("Cast", ["sid"], ["number"], to=TensorProto.FLOAT),
            node("Add", ["number", "step"], ["pitch"]),
            node("Mul", ["ramp", "pitch"], ["pitched"]),
        ]
        phase = "pitched"
    nodes += [
        node("Mul", [phase, "tone"], ["phase"]),
        node("Sin", ["phase"], ["wave"]),
        node("Reshape", ["wave", "shape"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        inputs,
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model
