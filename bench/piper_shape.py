"""Piper voices with random weights in the shapes of the published ones: what they cost is real.

The graph is VITS: text encoder, durations, coupling flow, HiFi-GAN. The durations are computed, but
not followed: each phoneme takes the same time. The encoder has no relative positions.
Source of the shapes: github.com/rhasspy/piper, src/python/piper_train.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from onnx import ModelProto, TensorProto, helper

from bench.onnx_graph import GraphWriter
from tests.hub.engines.tiny_piper import write_piper

SYMBOLS = 256
ENCODER_LAYERS, HEADS, ENCODER_KERNEL = 6, 2, 3
COUPLINGS, FLOW_LAYERS, FLOW_KERNEL = 4, 4, 5
DURATION_FLOWS, DURATION_LAYERS = 4, 3
CHANNELS = 256
"""Where HiFi-GAN begins; halved at each upsampling."""
RATES = (8, 8, 4)
BLOCKS = ((3, (1, 2)), (5, (2, 6)), (7, (3, 12)))
"""Kernels and dilations of the residual blocks after each upsampling."""
SLOPE = 0.1


@dataclass(frozen=True, slots=True)
class Quality:
    """One of Piper's qualities."""

    rate_hz: int
    width: int
    hidden: int
    frames: int
    """Of 256 samples, that a phoneme and the blank after it take each: about 70 ms together."""


QUALITIES = {"x_low": Quality(16_000, 96, 384, 2), "medium": Quality(22_050, 192, 768, 3)}


def make_voice(folder: Path, name: str, quality: Quality) -> Path:
    """Write a voice of a quality and its description; return the voice's file."""
    return write_piper(folder, name, graph(quality)[0], rate_hz=quality.rate_hz)


def graph(quality: Quality) -> tuple[ModelProto, int]:
    """Return a voice's graph, and how many weights it has."""
    writer, width = GraphWriter(), quality.width
    phonemes = writer.node("Gather", writer.random(SYMBOLS, width), "input")
    phonemes = _encoder(writer, phonemes, quality)
    statistics = writer.linear(phonemes, width, 2 * width)
    path = _path(writer, _durations(writer, writer.swapped(phonemes), quality))
    frames = writer.swapped(writer.node("MatMul", path, statistics))
    mean, spread = writer.nodes("Split", 2, frames, axis=1, num_outputs=2)
    noise = writer.node("Mul", writer.node("RandomNormalLike", mean), _scale(writer, 0))
    noise = writer.node("Mul", noise, writer.node("Exp", spread))
    sound = _vocoder(writer, _flow(writer, writer.node("Add", mean, noise), width), width)
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    shaped = writer.node("Reshape", sound, writer.constant([1, 1, 1, -1], np.int64))
    return writer.model(inputs, shaped, [1, 1, 1, "samples"]), writer.weights


def _scale(writer: GraphWriter, number: int) -> str:
    """Return one of the input's scales: of noise, of length, of the noise of durations."""
    return writer.node("Gather", "scales", writer.constant(number, np.int64))


def _encoder(writer: GraphWriter, signal: str, quality: Quality) -> str:
    width, hidden = quality.width, quality.hidden
    for _ in range(ENCODER_LAYERS):
        mixed = writer.attention(signal, width, HEADS)
        signal = writer.norm(writer.node("Add", signal, mixed), width)
        inner = writer.conv(writer.swapped(signal), width, hidden, ENCODER_KERNEL)
        inner = writer.conv(writer.node("Relu", inner), hidden, width, ENCODER_KERNEL)
        signal = writer.norm(writer.node("Add", signal, writer.swapped(inner)), width)
    return signal


def _durations(writer: GraphWriter, signal: str, quality: Quality) -> str:
    """Return the frames of each phoneme, [phonemes]."""
    width = quality.width
    signal = writer.conv(signal, width, width)
    for _ in range(1 + DURATION_FLOWS):
        for layer in range(DURATION_LAYERS):
            apart = writer.conv(signal, width, width, 3, dilation=3**layer, groups=width)
            for mixes in (False, True):
                apart = writer.conv(apart, width, width) if mixes else apart
                apart = writer.swapped(writer.norm(writer.swapped(apart), width))
                apart = writer.node("Gelu", apart)
            signal = writer.node("Add", signal, apart)
        signal = writer.conv(signal, width, width)
    predicted = writer.node("Tanh", writer.conv(signal, width, 1))
    ignored = writer.node("Mul", predicted, writer.constant(0.0))
    same = writer.node("Add", ignored, writer.constant(quality.frames))
    scaled = writer.node("Ceil", writer.node("Mul", same, _scale(writer, 1)))
    return writer.node("Reshape", scaled, writer.constant([-1], np.int64))


def _path(writer: GraphWriter, frames: str) -> str:
    """Return which phoneme each frame belongs to, as ones in [1, frames, phonemes]."""
    ends = writer.node("CumSum", frames, writer.constant(0, np.int64))
    begins = writer.node("Sub", ends, frames)
    total = writer.node("ReduceSum", frames, keepdims=0)
    time = writer.node("Range", writer.constant(0.0), total, writer.constant(1.0))
    time = writer.node("Reshape", time, writer.constant([1, -1, 1], np.int64))
    inside = writer.node(
        "And", writer.node("Less", time, ends), writer.node("GreaterOrEqual", time, begins)
    )
    return writer.node("Cast", inside, to=TensorProto.FLOAT)


def _flow(writer: GraphWriter, signal: str, width: int) -> str:
    for _ in range(COUPLINGS):
        kept, moved = writer.nodes("Split", 2, signal, axis=1, num_outputs=2)
        inner = writer.conv(kept, width // 2, width)
        summed = ""
        for layer in range(FLOW_LAYERS):
            both = writer.conv(inner, width, 2 * width, FLOW_KERNEL)
            one, other = writer.nodes("Split", 2, both, axis=1, num_outputs=2)
            gated = writer.node("Mul", writer.node("Tanh", one), writer.node("Sigmoid", other))
            if layer == FLOW_LAYERS - 1:
                told = writer.conv(gated, width, width)
            else:
                both = writer.conv(gated, width, 2 * width)
                more, told = writer.nodes("Split", 2, both, axis=1, num_outputs=2)
                inner = writer.node("Add", inner, more)
            summed = writer.node("Add", summed, told) if summed else told
        moved = writer.node("Sub", moved, writer.conv(summed, width, width // 2))
        signal = writer.node("Concat", moved, kept, axis=1)
    return signal


def _vocoder(writer: GraphWriter, signal: str, width: int) -> str:
    channels = CHANNELS
    signal = writer.conv(signal, width, channels, 7)
    for rate in RATES:
        signal = writer.node("LeakyRelu", signal, alpha=SLOPE)
        signal = writer.upsampling(signal, channels, channels // 2, rate)
        channels //= 2
        blocks = []
        for kernel, dilations in BLOCKS:
            block = signal
            for dilation in dilations:
                inner = writer.node("LeakyRelu", block, alpha=SLOPE)
                inner = writer.conv(inner, channels, channels, kernel, dilation=dilation)
                block = writer.node("Add", block, inner)
            blocks.append(block)
        signal = writer.node("Mul", writer.node("Sum", *blocks), writer.constant(1 / len(BLOCKS)))
    signal = writer.node("LeakyRelu", signal, alpha=SLOPE)
    return writer.node("Tanh", writer.conv(signal, channels, 1, 7))
