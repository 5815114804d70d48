"""Writes ONNX graphs of the usual layers with random weights, so that real shapes can be timed."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
IR_VERSION = 9


class GraphWriter:
    """Nodes and weights as they are added. Layers take and return names of tensors."""

    def __init__(self, seed: int = 1) -> None:
        self._rng = np.random.default_rng(seed)
        self._nodes: list[onnx.NodeProto] = []
        self._tensors: list[onnx.TensorProto] = []
        self.weights = 0
        """Random numbers written so far."""

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add a node with one output."""
        return self.nodes(kind, 1, *inputs, **attributes)[0]

    def nodes(self, kind: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        """Add a node with several outputs."""
        names = [f"{kind}_{len(self._nodes)}_{number}" for number in range(outputs)]
        self._nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names

    def constant(self, value: Any, dtype: npt.DTypeLike = np.float32) -> str:
        """Add a fixed tensor."""
        name = f"constant_{len(self._tensors)}"
        self._tensors.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def random(self, *shape: int, fan_in: int = 1) -> str:
        """Add weights under which a layer of `fan_in` inputs keeps the size of its signal."""
        self.weights += math.prod(shape)
        values = self._rng.standard_normal(shape, np.float32) / np.float32(math.sqrt(fan_in))
        return self.constant(values)

    def conv(
        self,
        signal: str,
        inputs: int,
        outputs: int,
        kernel: int = 1,
        *,
        dilation: int = 1,
        stride: int = 1,
        groups: int = 1,
    ) -> str:
        """Add a convolution over the last of [batch, channels, time]; its length stays."""
        weight = self.random(outputs, inputs // groups, kernel, fan_in=inputs // groups * kernel)
        bias = self.random(outputs, fan_in=inputs)
        pad = dilation * (kernel - 1) // 2
        return self.node(
            "Conv", signal, weight, bias,
            dilations=[dilation], group=groups, pads=[pad, pad], strides=[stride],
        )  # fmt: skip

    def upsampling(self, signal: str, inputs: int, outputs: int, rate: int) -> str:
        """Add a transposed convolution that makes the signal `rate` times as long."""
        weight = self.random(inputs, outputs, 2 * rate, fan_in=2 * inputs)
        bias = self.random(outputs, fan_in=inputs)
        pad = rate // 2
        return self.node(
            "ConvTranspose", signal, weight, bias, pads=[pad, pad], strides=[rate]
        )  # fmt: skip

    def linear(self, signal: str, inputs: int, outputs: int) -> str:
        """Add a fully connected layer over the last axis."""
        product = self.node("MatMul", signal, self.random(inputs, outputs, fan_in=inputs))
        return self.node("Add", product, self.random(outputs, fan_in=inputs))

    def norm(self, signal: str, width: int) -> str:
        """Add a layer norm over the last axis."""
        scale, bias = self.constant(np.ones(width)), self.constant(np.zeros(width))
        self.weights += 2 * width
        return self.node("LayerNormalization", signal, scale, bias, axis=-1)

    def attention(self, signal: str, width: int, heads: int) -> str:
        """Add self-attention over [batch, time, width]."""
        split = self.constant([0, 0, heads, width // heads], np.int64)
        query, key, value = (
            self.node("Reshape", self.linear(signal, width, width), split) for _ in range(3)
        )
        query = self.node("Transpose", query, perm=[0, 2, 1, 3])
        key = self.node("Transpose", key, perm=[0, 2, 3, 1])
        value = self.node("Transpose", value, perm=[0, 2, 1, 3])
        scale = self.constant(1 / math.sqrt(width // heads))
        scores = self.node("Mul", self.node("MatMul", query, key), scale)
        mixed = self.node("MatMul", self.node("Softmax", scores, axis=-1), value)
        mixed = self.node("Transpose", mixed, perm=[0, 2, 1, 3])
        joined = self.node("Reshape", mixed, self.constant([0, 0, width], np.int64))
        return self.linear(joined, width, width)

    def swapped(self, signal: str) -> str:
        """Turn [batch, time, channels] into [batch, channels, time], or back."""
        return self.node("Transpose", signal, perm=[0, 2, 1])

    def model(
        self, inputs: Sequence[onnx.ValueInfoProto], output: str, shape: Sequence[int | str]
    ) -> onnx.ModelProto:
        """Return the graph. Its output is one tensor of floats."""
        self._nodes.append(helper.make_node("Identity", [output], ["output"]))
        graph = helper.make_graph(
            self._nodes,
            "random",
            inputs,
            [helper.make_tensor_value_info("output", TensorProto.FLOAT, shape)],
            self._tensors,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        return model
