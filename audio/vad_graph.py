"""Silero's graph, laid out anew so that one call serves many streams at full speed.

As published, the graph's batch axis is the time of one stream, and its convolutions run over four
columns at a time, one stream after another, which keeps a core busy with everything but
multiplying. Here the streams are the batch, time comes first, and each convolution is one matrix
product over all streams. The weights stay what they are; results differ by rounding alone
(`tests/audio/test_vad.py`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

INPUT_SAMPLES = 576
STATE_SIZE = 128
_PADDED_SAMPLES = 640
_WINDOW, _HOP, _COLUMNS = 256, 128, 4
_BINS = 129
_OPSET = 18

Array = npt.NDArray[np.float32]

_SHAPES = {
    "encoder.feature_extractor.forward_basis_buffer": (2 * _BINS, 1, _WINDOW),
    "encoder.conv_layers.0.weight": (128, _BINS, 3),
    "encoder.conv_layers.0.bias": (128,),
    "encoder.conv_layers.1.weight": (64, 128, 3),
    "encoder.conv_layers.1.bias": (64,),
    "encoder.conv_layers.2.weight": (64, 64, 3),
    "encoder.conv_layers.2.bias": (64,),
    "encoder.conv_layers.3.weight": (128, 64, 3),
    "encoder.conv_layers.3.bias": (128,),
    "decoder.conv1d.weight": (1, 128, 1),
    "decoder.conv1d.bias": (1,),
}


class GraphError(ValueError):
    """The published graph is not the one that is known here."""


class _Builder:
    """Nodes and constants of a graph under construction; every method returns a tensor's name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: npt.ArrayLike, kind: type = np.float32) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype=kind), name))
        return name

    def add(self, operation: str, *inputs: str, outputs: int = 1, **attributes: Any) -> list[str]:
        names = [f"{operation.lower()}_{len(self.nodes)}_{n}" for n in range(outputs)]
        self.nodes.append(helper.make_node(operation, inputs, names, **attributes))
        return names

    def one(self, operation: str, *inputs: str, **attributes: Any) -> str:
        return self.add(operation, *inputs, **attributes)[0]

    def cut(self, tensor: str, start: int, stop: int, *, axis: int, step: int = 1) -> str:
        parts = (self.constant([n], np.int64) for n in (start, stop, axis, step))
        return self.one("Slice", tensor, *parts)

    def pad(self, tensor: str, pads: Sequence[int], mode: str) -> str:
        return self.one("Pad", tensor, self.constant(pads, np.int64), mode=mode)

    def layer(self, tensor: str, weight: Array, bias: Array) -> str:
        """Multiply the last axis by `weight` and add `bias`."""
        product = self.one("MatMul", tensor, self.constant(weight))
        return self.one("Add", product, self.constant(bias))


def batched(published: bytes) -> bytes:
    """Return the graph with streams as its batch.

    Inputs: "input" (streams, 576), "h" and "c" (1, streams, 128). Outputs: "probability"
    (streams,), "hn" and "cn" like the states. Raises GraphError.
    """
    weights, recurrent = _read(published)
    graph = _Builder()
    # (4 columns x streams, 256): windows of the padded frame, one column below the other.
    padded = graph.pad("input", (0, 0, 0, _PADDED_SAMPLES - INPUT_SAMPLES), "reflect")
    windows = [
        graph.cut(padded, start, start + _WINDOW, axis=1)
        for start in range(0, _COLUMNS * _HOP, _HOP)
    ]
    stacked = graph.one("Concat", *windows, axis=0)
    basis = weights["encoder.feature_extractor.forward_basis_buffer"].reshape(-1, _WINDOW)
    spectrum = graph.one("MatMul", stacked, graph.constant(basis.T))
    squares = graph.one("Mul", spectrum, spectrum)
    real = graph.cut(squares, 0, _BINS, axis=1)
    imaginary = graph.cut(squares, _BINS, 2 * _BINS, axis=1)
    magnitude = graph.one("Sqrt", graph.one("Add", real, imaginary))
    # (columns, streams, channels) from here on.
    columns = graph.one("Reshape", magnitude, graph.constant((_COLUMNS, -1, _BINS), np.int64))
    columns = _convolution(graph, columns, weights, 0, length=4, stride=1)
    columns = _convolution(graph, columns, weights, 1, length=4, stride=2)
    columns = _convolution(graph, columns, weights, 2, length=2, stride=2)
    columns = _convolution(graph, columns, weights, 3, length=1, stride=1)
    constants = [graph.constant(value) for value in recurrent]
    node = helper.make_node(
        "LSTM",
        [columns, *constants, "", "h", "c"],
        ["sequence", "hn", "cn"],
        hidden_size=STATE_SIZE,
    )
    graph.nodes.append(node)
    hidden = graph.one("Relu", "hn")
    score = graph.layer(
        hidden, weights["decoder.conv1d.weight"].reshape(-1, 1), weights["decoder.conv1d.bias"]
    )
    flat = graph.one("Reshape", score, graph.constant((-1,), np.int64))
    graph.nodes.append(helper.make_node("Sigmoid", [flat], ["probability"]))
    return _model(graph)


def _convolution(
    graph: _Builder,
    tensor: str,
    weights: dict[str, Array],
    number: int,
    *,
    length: int,
    stride: int,
) -> str:
    """A convolution of three taps over the first axis, which has `length`, and a ReLU.

    Taps that only ever meet the padding are left out.
    """
    weight = weights[f"encoder.conv_layers.{number}.weight"]
    outputs = (length - 1) // stride + 1
    padded = graph.pad(tensor, (1, 0, 0, 1, 0, 0), "constant") if length > 2 else tensor
    used = {4: (0, 1, 2), 2: (1, 2), 1: (1,)}[length]
    shift = 0 if length > 2 else 1
    taps = [
        graph.cut(
            padded, tap - shift, tap - shift + (outputs - 1) * stride + 1, axis=0, step=stride
        )
        for tap in used
    ]
    joined = graph.one("Concat", *taps, axis=2) if len(taps) > 1 else taps[0]
    matrix = np.concatenate([weight[:, :, tap].T for tap in used])
    return graph.one(
        "Relu", graph.layer(joined, matrix, weights[f"encoder.conv_layers.{number}.bias"])
    )


def _read(published: bytes) -> tuple[dict[str, Array], list[Array]]:
    """Return the named weights, and the three of the LSTM in the order of its inputs."""
    try:
        model = onnx.load_from_string(published)
    except Exception as error:  # protobuf's error class is not part of its public interface
        raise GraphError(f"The file is not an ONNX model: {error}") from error
    found = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    for name, shape in _SHAPES.items():
        if name not in found or found[name].shape != shape:
            raise GraphError(f"This Silero graph is not the one Sotto knows: {name} is missing")
    cells = [node for node in model.graph.node if node.op_type == "LSTM"]
    recurrent = [found[name] for name in cells[0].input[1:4]] if len(cells) == 1 else []
    if [value.shape for value in recurrent] != [(1, 512, 128), (1, 512, 128), (1, 1024)]:
        raise GraphError("This Silero graph is not the one Sotto knows: its LSTM is another")
    return found, recurrent


def _model(graph: _Builder) -> bytes:
    def tensor(name: str, *shape: int | str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    state = (1, "streams", STATE_SIZE)
    made = helper.make_graph(
        graph.nodes,
        "silero",
        [tensor("input", "streams", INPUT_SAMPLES), tensor("h", *state), tensor("c", *state)],
        [tensor("probability", "streams"), tensor("hn", *state), tensor("cn", *state)],
        graph.constants,
    )
    opset = helper.make_opsetid("", _OPSET)
    return bytes(helper.make_model(made, opset_imports=[opset], ir_version=8).SerializeToString())
