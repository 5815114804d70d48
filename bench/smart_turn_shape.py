"""Smart Turn v3 with random weights in its published shape: the encoder of Whisper tiny, a head.

Source of the shape: github.com/pipecat-ai/smart-turn, train.py. As in its file for the CPU, what is
multiplied by matrices has 8 bits.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from bench.onnx_graph import GraphWriter
from hub.engines.smart_turn import FRAMES, INPUT, MELS

WIDTH, HEADS, LAYERS, HIDDEN = 384, 6, 4, 1536
POOLING, HEAD = 256, (256, 64)


def make_smart_turn(path: Path) -> Path:
    """Write the model; return its file."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model, _ = graph()
    # As its own preparation would note: it has nothing to simplify here.
    helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})
    quantize_dynamic(model, path, op_types_to_quantize=["MatMul"], weight_type=QuantType.QInt8)
    return path


def graph() -> tuple[onnx.ModelProto, int]:
    """Return the model's graph before it is made smaller, and how many weights it has."""
    writer = GraphWriter()
    signal = writer.node("Gelu", writer.conv(INPUT, MELS, WIDTH, 3))
    signal = writer.node("Gelu", writer.conv(signal, WIDTH, WIDTH, 3, stride=2))
    positions = writer.random(1, FRAMES // 2, WIDTH, fan_in=WIDTH)
    signal = writer.node("Add", writer.swapped(signal), positions)
    for _ in range(LAYERS):
        mixed = writer.attention(writer.norm(signal, WIDTH), WIDTH, HEADS)
        signal = writer.node("Add", signal, mixed)
        inner = writer.linear(writer.norm(signal, WIDTH), WIDTH, HIDDEN)
        inner = writer.linear(writer.node("Gelu", inner), HIDDEN, WIDTH)
        signal = writer.node("Add", signal, inner)
    signal = writer.norm(signal, WIDTH)
    scores = writer.node("Tanh", writer.linear(signal, WIDTH, POOLING))
    shares = writer.node("Softmax", writer.linear(scores, POOLING, 1), axis=1)
    pooled = writer.node("MatMul", writer.swapped(signal), shares)
    pooled = writer.node("Reshape", pooled, writer.constant([0, WIDTH], np.int64))
    first, second = HEAD
    pooled = writer.node("Gelu", writer.norm(writer.linear(pooled, WIDTH, first), first))
    pooled = writer.node("Gelu", writer.linear(pooled, first, second))
    probability = writer.node("Sigmoid", writer.linear(pooled, second, 1))
    view = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ("batch", MELS, FRAMES))
    return writer.model([view], probability, ("batch", 1)), writer.weights
