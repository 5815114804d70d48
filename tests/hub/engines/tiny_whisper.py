"""Makes tiny Whisper models in CTranslate2's form, without anybody's weights.

The encoder is random. The decoder is random, too, but small beside its embeddings, so that the last
token alone decides on the next one: a model can be made to say one sentence, go in circles, or
guess.
"""

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ctranslate2.specs import WhisperSpec  # type: ignore[import-untyped]
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

LANGUAGES = ("en", "fr", "de", "es")
_WIDTH = 64
_HEADS = 2
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


def make_whisper(
    folder: Path,
    sentence: str,
    *,
    language: str = "en",
    multilingual: bool = True,
    circle: bool = False,
    gain: float = 0.3,
    silent: bool = False,
    seed: int = 1,
) -> Path:
    """Write a model that hears `sentence` in `language` in everything; return its folder.

    `circle`: it does not come to the end. A `gain` of 0 makes it guess. `silent`: it doubts that
    anybody spoke.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(sentence)
    tokenizer.save(str(folder / "tokenizer.json"))
    vocabulary = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
    vocabulary += [f"<|{i * 0.02:.2f}|>" for i in range(8)]
    if multilingual:  # that is how CTranslate2 tells: the published ones have an empty token
        vocabulary.append("")
    rng = np.random.default_rng(seed)
    embeddings = rng.standard_normal((len(vocabulary), _WIDTH)).astype(np.float32)
    words = [tokenizer.id_to_token(i) for i in tokenizer.encode(f" {sentence}").ids]
    chain = ["<|notimestamps|>", *words, words[0] if circle else "<|endoftext|>"]
    projection = np.zeros_like(embeddings)
    for last, following in itertools.pairwise(chain):
        projection[vocabulary.index(following)] += gain * embeddings[vocabulary.index(last)]
    start = embeddings[vocabulary.index("<|startoftranscript|>")]
    projection[vocabulary.index(f"<|{language}|>")] += 0.3 * start
    if silent:
        projection[vocabulary.index("<|nospeech|>")] += 0.6 * start

    spec = WhisperSpec(2, _HEADS, 2, _HEADS)
    _encoder(spec.encoder, rng)
    _decoder(spec.decoder, rng, embeddings, projection)
    spec.config.lang_ids = [vocabulary.index(f"<|{code}|>") for code in LANGUAGES]
    controls = [i for i, token in enumerate(vocabulary) if token in _CONTROLS[1:]]
    spec.config.suppress_ids = controls
    spec.config.suppress_ids_begin = []
    spec.config.alignment_heads = [(1, 0)]
    spec.register_vocabulary(vocabulary)
    spec.validate()
    spec.optimize()
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
    return (0.02 * rng.standard_normal(shape)).astype(np.float32)


def _encoder(spec: Any, rng: np.random.Generator) -> None:
    _fill(spec.conv1, rng, _WIDTH, _MELS, 3)
    _fill(spec.conv2, rng, _WIDTH, _WIDTH, 3)
    spec.position_encodings.encodings = _weights(rng, _WINDOW, _WIDTH)
    _norm(spec.layer_norm)
    _layers(spec, rng)


def _decoder(
    spec: Any,
    rng: np.random.Generator,
    embeddings: npt.NDArray[np.float32],
    projection: npt.NDArray[np.float32],
) -> None:
    spec.embeddings.weight = embeddings
    spec.position_encodings.encodings = _weights(rng, _POSITIONS, _WIDTH)
    spec.projection.weight = projection
    _norm(spec.layer_norm)
    _layers(spec, rng)


def _layers(spec: Any, rng: np.random.Generator) -> None:
    for layer in spec.layer:
        _norm(layer.self_attention.layer_norm)
        _fill(layer.self_attention.linear[0], rng, 3 * _WIDTH, _WIDTH)
        _fill(layer.self_attention.linear[1], rng, _WIDTH, _WIDTH)
        if hasattr(layer, "attention"):
            _norm(layer.attention.layer_norm)
            _fill(layer.attention.linear[0], rng, _WIDTH, _WIDTH)
            _fill(layer.attention.linear[1], rng, 2 * _WIDTH, _WIDTH)
            _fill(layer.attention.linear[2], rng, _WIDTH, _WIDTH)
        _norm(layer.ffn.layer_norm)
        _fill(layer.ffn.linear_0, rng, 2 * _WIDTH, _WIDTH)
        _fill(layer.ffn.linear_1, rng, _WIDTH, 2 * _WIDTH)


def _fill(linear: Any, rng: np.random.Generator, *shape: int) -> None:
    linear.weight = _weights(rng, *shape)
    linear.bias = _weights(rng, shape[0])


def _norm(norm: Any) -> None:
    norm.gamma = np.ones(_WIDTH, np.float32)
    norm.beta = np.zeros(_WIDTH, np.float32)
