"""Makes Whisper models in CTranslate2's form, without anybody's weights: tiny, or as large as real.

The encoder is random. The decoder is random, too, but small beside its embeddings, so that the last
token alone decides on the next one: a model can be made to say one sentence, go in circles, or
guess.
"""

import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ctranslate2.specs import WhisperSpec  # type: ignore[import-untyped]
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

LANGUAGES = ("en", "fr", "de", "es")
_MELS = 80
_WINDOW = 1500
_POSITIONS = 448
_CONTROLS = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    *(f"<|{code}|>" for code in LANGUAGES),
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)


@dataclass(frozen=True)
class Shape:
    """How large a model is."""

    width: int
    heads: int
    layers: int
    """Of the encoder, and of the decoder."""
    hidden: int
    """Width inside the feed-forward layers."""
    tokens: int = 0
    """Tokens that it knows; 0: those of its sentence."""


TINY = Shape(64, 2, 2, 128)
PUBLISHED = {
    "tiny": Shape(384, 6, 4, 1536, 51_865),
    "base": Shape(512, 8, 6, 2048, 51_865),
    "small": Shape(768, 12, 12, 3072, 51_865),
}
"""Whisper's own. Source: `ModelDimensions` of the checkpoints of github.com/openai/whisper."""


def make_whisper(
    folder: Path,
    sentence: str,
    *,
    shape: Shape = TINY,
    half: bool = False,
    language: str = "en",
    multilingual: bool = True,
    circle: bool = False,
    gain: float = 0.3,
    silent: bool = False,
    seed: int = 1,
) -> Path:
    """Write a model that hears `sentence` in `language` in everything; return its folder.

    `half`: numbers of 16 bit, as in the files that are published for faster-whisper. `circle`: it
    does not come to the end. A `gain` of 0 makes it guess. `silent`: it doubts that anybody spoke.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(sentence)
    tokenizer.save(str(folder / "tokenizer.json"))
    vocabulary = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
    vocabulary += [f"<|{i * 0.02:.2f}|>" for i in range(8)]
    unused = range(len(vocabulary), shape.tokens - 1)
    vocabulary += [f"<|unused {i}|>" for i in unused]
    if multilingual:  # that is how CTranslate2 tells: the published ones have an empty token
        vocabulary.append("")
    rng = np.random.default_rng(seed)
    embeddings = rng.standard_normal((len(vocabulary), shape.width), np.float32)
    words = [tokenizer.id_to_token(i) for i in tokenizer.encode(f" {sentence}").ids]
    chain = ["<|notimestamps|>", *words, words[0] if circle else "<|endoftext|>"]
    projection = _weights(rng, *embeddings.shape)
    share = TINY.width / shape.width  # wider models add up more
    for last, following in itertools.pairwise(chain):
        projection[vocabulary.index(following)] += gain * share * embeddings[vocabulary.index(last)]
    # Each word has a rival, nearly as likely, so that there is something to follow side by side.
    for word, rival in zip(words, unused, strict=False):
        embeddings[rival] = embeddings[vocabulary.index(word)]
        projection[rival] = 0.9 * projection[vocabulary.index(word)]
    start = embeddings[vocabulary.index("<|startoftranscript|>")]
    projection[vocabulary.index(f"<|{language}|>")] += 0.3 * share * start
    if silent:
        projection[vocabulary.index("<|nospeech|>")] += 0.6 * share * start

    spec = WhisperSpec(shape.layers, shape.heads, shape.layers, shape.heads)
    _encoder(spec.encoder, rng, shape)
    _decoder(spec.decoder, rng, shape, embeddings, projection)
    spec.config.lang_ids = [vocabulary.index(f"<|{code}|>") for code in LANGUAGES]
    controls = [i for i, token in enumerate(vocabulary) if token in _CONTROLS[1:]]
    spec.config.suppress_ids = controls
    spec.config.suppress_ids_begin = []
    spec.config.alignment_heads = [(1, 0)]
    spec.register_vocabulary(vocabulary)
    spec.validate()
    spec.optimize(quantization="float16" if half else None)
    spec.save(str(folder))
    config = {"feature_size": _MELS, "chunk_length": 30, "hop_length": 160, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def _tokenizer(sentence: str) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1000,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        min_frequency=1,
        show_progress=False,
    )
    tokenizer.train_from_iterator([f" {sentence}"], trainer)
    tokenizer.add_special_tokens(list(_CONTROLS))
    return tokenizer


def _weights(rng: np.random.Generator, *shape: int) -> npt.NDArray[np.float32]:
    return np.float32(0.02) * rng.standard_normal(shape, np.float32)


def _encoder(spec: Any, rng: np.random.Generator, shape: Shape) -> None:
    _fill(spec.conv1, rng, shape.width, _MELS, 3)
    _fill(spec.conv2, rng, shape.width, shape.width, 3)
    spec.position_encodings.encodings = _weights(rng, _WINDOW, shape.width)
    _norm(spec.layer_norm, shape)
    _layers(spec, rng, shape)


def _decoder(
    spec: Any,
    rng: np.random.Generator,
    shape: Shape,
    embeddings: npt.NDArray[np.float32],
    projection: npt.NDArray[np.float32],
) -> None:
    spec.embeddings.weight = embeddings
    spec.position_encodings.encodings = _weights(rng, _POSITIONS, shape.width)
    spec.projection.weight = projection
    _norm(spec.layer_norm, shape)
    _layers(spec, rng, shape)


def _layers(spec: Any, rng: np.random.Generator, shape: Shape) -> None:
    width = shape.width
    for layer in spec.layer:
        _norm(layer.self_attention.layer_norm, shape)
        _fill(layer.self_attention.linear[0], rng, 3 * width, width)
        _fill(layer.self_attention.linear[1], rng, width, width)
        if hasattr(layer, "attention"):
            _norm(layer.attention.layer_norm, shape)
            _fill(layer.attention.linear[0], rng, width, width)
            _fill(layer.attention.linear[1], rng, 2 * width, width)
            _fill(layer.attention.linear[2], rng, width, width)
        _norm(layer.ffn.layer_norm, shape)
        _fill(layer.ffn.linear_0, rng, shape.hidden, width)
        _fill(layer.ffn.linear_1, rng, width, shape.hidden)


def _fill(linear: Any, rng: np.random.Generator, *shape: int) -> None:
    linear.weight = _weights(rng, *shape)
    linear.bias = _weights(rng, shape[0])


def _norm(norm: Any, shape: Shape) -> None:
    norm.gamma = np.ones(shape.width, np.float32)
    norm.beta = np.zeros(shape.width, np.float32)
