"""Speech-to-text of a home's own commands with pocketsphinx: small, offline, sure or silent.

A grammar alone finds a command in every noise. So each utterance is searched twice: for the best
sentence of the grammar, and for the best string of any English phones. Real commands fit the
grammar nearly as well as the phones, other speech fits it worse; see
docs/decisions/0005-phrases.md.
"""

import itertools
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hub.engines.base import EngineError, Transcript
from hub.engines.pronounce import MAX_READINGS, Pronouncer

MIN_RATIO = -0.8
"""Log-likelihood of the sentence over that of free phones, in nats per 10 ms; less is refused."""
MIN_SAMPLES = 1600
"""0.1 s at 16 kHz: less is no word."""
_NUMBER_MARK = "#"
_SEARCH = {"lw": 2.0, "beam": 1e-57, "pbeam": 1e-57, "wbeam": 1e-25, "bestpath": False}
_PHONES = (
    *("AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH"),
    *("IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH"),
    *("UW", "V", "W", "Y", "Z", "ZH"),
)
# pocketsphinx counts in logs of base 1.0001 and gives back a 1,024th of them as if of base e.
_NATS = 1024.0
_FRAME_SAMPLES = 160


class PhrasesEngine:
    """The recogniser. `configure` teaches it a home: the dict of `PhraseGrammar.to_dict`."""

    def __init__(self) -> None:
        self._sphinx: Any = None
        self._pronouncer: Pronouncer | None = None
        self._model = Path()
        self._grammar: dict[str, Any] = {}
        self._decoder: Any = None

    def load(self) -> None:
        """Import pocketsphinx. Raises EngineError "engine-missing"."""
        try:
            import pocketsphinx
        except ImportError as error:
            raise EngineError("engine-missing", f"pocketsphinx is missing: {error}") from error
        self._sphinx = pocketsphinx
        self._model = Path(pocketsphinx.get_model_path()) / "en-us"
        self._pronouncer = Pronouncer(self._model / "cmudict-en-us.dict")

    def configure(self, values: dict[str, Any]) -> None:
        """Learn the sentences of a home. Raises EngineError."""
        if self._pronouncer is None:
            raise EngineError("engine-failed", "the recogniser is not loaded")
        if values.get("language") != "en":
            raise EngineError("bad-request", "phrases hears English only")
        self._grammar = values
        if not values["words"]:
            self._decoder = None
            return
        with tempfile.TemporaryDirectory(prefix="sotto-phrases-") as folder:
            dictionary = Path(folder, "words.dict")
            dictionary.write_text(self._dictionary(values["words"]), encoding="utf-8")
            try:
                self._decoder = self._make_decoder(dictionary)
                self._set_grammar(values)
                self._set_phones()
            except RuntimeError as error:
                raise EngineError("engine-failed", f"pocketsphinx: {error}") from error

    def transcribe(self, audio: bytes, language: str) -> Transcript:
        """Return the sentence that was said, or "" if it is none of this home's."""
        audio = audio[: len(audio) - len(audio) % 2]
        if self._decoder is None or len(audio) < 2 * MIN_SAMPLES or not any(audio):
            return Transcript("", language)
        tokens, likelihood = self._search("home", audio)
        words = [int(token[1:].partition("(")[0]) for token in tokens if token[0] == "w"]
        if not words or not self._accepts(words):
            return Transcript("", language)
        _, free_likelihood = self._search("phones", audio)
        ratio = (likelihood - free_likelihood) / (len(audio) // 2 / _FRAME_SAMPLES)
        if ratio < MIN_RATIO:
            return Transcript("", language)
        return Transcript(self._written(words), language, round(min(1.0, math.exp(ratio)), 3))

    def _dictionary(self, words: Sequence[str]) -> str:
        """Return the readings of every word, under the word's number."""
        assert self._pronouncer is not None
        plain = [word.rstrip(_NUMBER_MARK) for word in words]
        readings = self._pronouncer.readings({part for word in plain for part in word.split()})
        lines = []
        for number, word in enumerate(plain):
            choices = itertools.product(*(readings[part] for part in word.split()))
            joined = dict.fromkeys(" ".join(choice) for choice in choices)
            for index, reading in enumerate(itertools.islice(joined, MAX_READINGS)):
                lines.append(f"w{number}{'' if index == 0 else f'({index + 1})'} {reading}\n")
        return "".join(lines)

    def _make_decoder(self, dictionary: Path) -> Any:
        return self._sphinx.Decoder(
            self._sphinx.Config(
                hmm=str(self._model / "en-us"),
                dict=str(dictionary),
                lm=None,
                loglevel="FATAL",
                **_SEARCH,
            )
        )

    def _set_grammar(self, values: dict[str, Any]) -> None:
        """Make the search for sentences; the ways out of a state are equally likely."""
        arcs, final = values["arcs"], set(values["final"])
        end = len(arcs)
        transitions: list[tuple[Any, ...]] = []
        for state, flat in enumerate(arcs):
            share = 1 / (len(flat) // 2 + (state in final) or 1)
            transitions += [
                (state, to, share, f"w{word}")
                for word, to in zip(flat[::2], flat[1::2], strict=True)
            ]
            if state in final:
                transitions.append((state, end, share))
        grammar = self._decoder.create_fsg("home", 0, end, transitions)
        self._decoder.add_fsg("home", grammar)

    def _set_phones(self) -> None:
        """Make the search for any phones in any order."""
        for phone in _PHONES:
            self._decoder.add_word(f"p{phone}", phone, phone == _PHONES[-1])
        share = 1 / len(_PHONES)
        loop = [(0, 1, 1.0), *((1, 1, share, f"p{phone}") for phone in _PHONES), (1, 2, 1.0)]
        self._decoder.add_fsg("phones", self._decoder.create_fsg("phones", 0, 2, loop))

    def _search(self, name: str, audio: bytes) -> tuple[list[str], float]:
        """Return the tokens that a search finds in an utterance, and their log-likelihood."""
        decoder = self._decoder
        decoder.activate_search(name)
        decoder.start_utt()
        decoder.process_raw(audio, full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        if found is None:
            return [], -math.inf
        return found.hypstr.split(), math.log(found.score) * _NATS

    def _accepts(self, words: Sequence[int]) -> bool:
        """Say whether the words are a whole sentence; a search may end in the middle of one."""
        state = 0
        for word in words:
            flat = self._grammar["arcs"][state]
            ways = dict(zip(flat[::2], flat[1::2], strict=True))
            if word not in ways:
                return False
            state = ways[word]
        return state in self._grammar["final"]

    def _written(self, words: Sequence[int]) -> str:
        """Return the words as text, spoken numbers in digits."""
        texts = [str(self._grammar["words"][word]) for word in words]
        numbers: dict[str, str] = self._grammar["numbers"]
        return " ".join(numbers.get(text, text).rstrip(_NUMBER_MARK) for text in texts)
