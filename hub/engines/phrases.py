"""Speech-to-text of a home's own commands with pocketsphinx: small, offline, sure or silent.

pocketsphinx finds the sentence of the grammar that fits best; a grammar alone finds one in every
noise. So a sentence counts only if it fits about as well as the best string of any phones would
(`hub.engines.fit`); see docs/decisions/0005-phrases.md. Where the best path through the grammar
stops within a sentence and fits, the beginning of a sentence was said.
"""

import itertools
import math
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.engines import failures
from hub.engines.acoustics import RATE_HZ, AcousticModel
from hub.engines.base import EngineError, Transcript
from hub.engines.fit import Comparison, Fit, FreePhones
from hub.engines.pronounce import MAX_READINGS, Pronouncer
from hub.words import worded

MAX_MISFIT = 0.8
"""Nats per 10 ms that free phones may fit better; sentences that fit worse are refused."""
MAX_END_MISFIT = 4.3
"""Likewise for the last 120 ms: a last word that was not said is squeezed into silence."""
MAX_BEGINNING_MISFIT = 0.6
"""Likewise for beginnings of sentences, which are shorter and many more."""
MIN_BEGINNING_PHONES = 5
"""A single word that begins a sentence is one only if it is so long."""
MIN_SECONDS = 0.2
"""Less is no command, and less than the search needs to begin."""
MAX_SECONDS = 15.0
"""No command is longer; what is, is refused unheard."""

_NUMBER_MARK = "#"
# Wider beams than pocketsphinx's own, except between words, and a low weight of how many ways a
# sentence could go on: grammars branch by the hundred where a list of numbers or names stands.
# The lattice of the last pass does not know where sentences may end.
_SEARCH = {"lw": 2.0, "beam": 1e-57, "pbeam": 1e-57, "wbeam": 1e-25, "bestpath": False}
# A beginning must be likelier than the best whole sentence by this: what is said is mostly whole.
_BEGINNING_NATS = 10.0
# A whole sentence with one more word after it must be likelier than itself by this: the word may be
# breath.
_LAST_WORD_NATS = 40.0
# What cancels an echo takes short weak words along. A sentence that does not fit well is tried with
# one more article, as people say them before names: those not said fitted worse by 7 nats or more.
_ARTICLE = "the"
_ARTICLE_MISFIT = 0.3
_ARTICLE_NATS = 3.0
# pocketsphinx keeps a 1,024th of its logs, and gives what they are logs of.
_SCORE_STEP = 1024
# How sharply confidence falls around MAX_MISFIT, where it is one half.
_CONFIDENCE_SLOPE = 4.0
# Neighbours of phones are counted in a part of the dictionary: 13,000 words are enough.
_DICTIONARY_STEP = 10


class PhrasesEngine:
    """The recogniser. `configure` teaches it a home: the dict of `PhraseGrammar.to_dict`."""

    def __init__(self) -> None:
        self._sphinx: Any = None
        self._folder = Path()
        self._pronouncer: Pronouncer | None = None
        self._model: AcousticModel | None = None
        self._free: FreePhones | None = None
        self._grammar: _Grammar | None = None
        self._decoder: Any = None

    def load(self) -> None:
        """Read the acoustic model and the dictionary. Raises EngineError "engine-missing"."""
        try:
            import pocketsphinx
        except ImportError as error:
            raise failures.library_missing("pocketsphinx", error) from error
        self._sphinx = pocketsphinx
        self._folder = Path(pocketsphinx.get_model_path()) / "en-us"
        dictionary = self._folder / "cmudict-en-us.dict"
        self._pronouncer = Pronouncer(dictionary)
        self._model = AcousticModel(self._folder / "en-us")
        try:
            with dictionary.open(encoding="utf-8") as lines:
                some = itertools.islice(lines, 0, None, _DICTIONARY_STEP)
                self._free = FreePhones(self._model, [line.split()[1:] for line in some])
        except OSError as error:
            raise EngineError(
                "engine-missing",
                worded("no-dictionary", "There is no dictionary: {why}", why=str(error)),
            ) from error

    def configure(self, values: dict[str, Any]) -> None:
        """Learn the sentences of a home. Raises EngineError; then the last home stays."""
        if self._pronouncer is None:
            raise EngineError(
                "engine-failed", worded("recogniser-not-loaded", "The recogniser is not loaded.")
            )
        if values.get("language") != "en":
            raise EngineError(
                "bad-request", worded("english-only", "The embedded recogniser hears English only.")
            )
        try:
            grammar = _Grammar(values, self._pronouncer)
            self._decoder = self._make_decoder(grammar) if grammar.readings else None
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise EngineError(
                "bad-request", worded("not-grammar", "This is no grammar: {why}", why=repr(error))
            ) from error
        except RuntimeError as error:
            raise failures.says("pocketsphinx", error) from error
        self._grammar = grammar

    def transcribe(self, audio: bytes, language: str) -> Transcript:
        """Return the sentence that was said, or its beginning; "" if it is none of this home's.

        `audio` is PCM, 16 kHz, 16 bit, mono: one utterance with 0.1 to 0.3 s of silence around it.
        Raises EngineError "engine-failed".
        """
        audio = audio[: len(audio) - len(audio) % 2]
        seconds = len(audio) / 2 / RATE_HZ
        if not MIN_SECONDS <= seconds <= MAX_SECONDS or not any(audio):
            return Transcript("", language)
        best, whole = self._search(audio)
        if not best.tokens:
            return Transcript("", language)
        return self._judged(audio, best, whole, language)

    def _judged(self, audio: bytes, best: "_Path", whole: "_Path", language: str) -> Transcript:
        """Return the sentence, or the beginning of one, that fits what was heard."""
        assert self._grammar is not None
        assert self._model is not None
        assert self._free is not None
        grammar, compared = self._grammar, Comparison(self._model, self._free, audio)

        def fit(tokens: Sequence[str]) -> Fit:
            return compared.fit([grammar.reading(token) for token in tokens])

        tokens = whole.tokens
        if not grammar.accepts(best.tokens):
            begun = fit(best.tokens)
            if begun.misfit <= MAX_BEGINNING_MISFIT:
                tokens = _whole_instead(grammar, fit, begun, best, whole)
                if not tokens:
                    return Transcript("", language, partial=grammar.beginning(best.tokens))
        if not tokens:
            return Transcript("", language)
        found = fit(tokens)
        if found.misfit > MAX_MISFIT:
            return Transcript("", language)
        if found.misfit > _ARTICLE_MISFIT:
            tokens, found = _with_article(grammar, fit, tokens, found)
        if found.end_misfit > MAX_END_MISFIT:
            said = tokens[:-1]
            fits = said and fit(said).misfit <= MAX_BEGINNING_MISFIT
            return Transcript("", language, partial=grammar.beginning(said) if fits else "")
        confidence = 1 / (1 + math.exp(_CONFIDENCE_SLOPE * (found.misfit - MAX_MISFIT)))
        return Transcript(grammar.text(tokens), language, round(confidence, 3))

    def _search(self, audio: bytes) -> tuple["_Path", "_Path"]:
        """Return the best path, which may stop within a sentence, and the best whole sentence."""
        if self._decoder is None or self._grammar is None:
            return _NO_PATH, _NO_PATH
        decoder = self._decoder
        try:
            # Forgets the noise of the last utterance, which may have come from another room.
            decoder.reinit_feat()
            decoder.start_utt()
            decoder.process_raw(audio, full_utt=True)
            best = _path(decoder.hyp())
            # From here on only paths that end in a final state are found.
            decoder.end_utt()
            whole = _path(decoder.hyp())
        except RuntimeError as error:
            raise failures.says("pocketsphinx", error) from error
        return best, whole if self._grammar.accepts(whole.tokens) else _NO_PATH

    def _make_decoder(self, grammar: "_Grammar") -> Any:
        with tempfile.TemporaryDirectory(prefix="sotto-phrases-") as folder:
            dictionary = Path(folder, "words.dict")
            dictionary.write_text(grammar.dictionary(), encoding="ascii")
            decoder = self._sphinx.Decoder(
                self._sphinx.Config(
                    hmm=str(self._folder / "en-us"),
                    dict=str(dictionary),
                    lm=None,
                    loglevel="FATAL",
                    **_SEARCH,
                )
            )
        sentences = decoder.create_fsg("home", 0, len(grammar.arcs), grammar.transitions())
        decoder.add_fsg("home", sentences)
        decoder.activate_search("home")
        return decoder


@dataclass(frozen=True, slots=True)
class _Path:
    """A path through the grammar, and the log of how likely it is."""

    tokens: tuple[str, ...]
    nats: float


_NO_PATH = _Path((), -math.inf)


class _Grammar:
    """A home's sentences, with words as tokens: "w17" is word 17, "w17(2)" its second reading.

    pocketsphinx never sees what is written, so names may have any letters and signs.
    """

    def __init__(self, values: dict[str, Any], pronouncer: Pronouncer) -> None:
        self._words: list[str] = values["words"]
        self._numbers: dict[str, str] = values["numbers"]
        self._lists: list[int] = values["lists"]
        self._final = frozenset(values["final"])
        self.arcs = [dict(zip(flat[::2], flat[1::2], strict=True)) for flat in values["arcs"]]
        plain = [word.rstrip(_NUMBER_MARK) for word in self._words]
        parts = pronouncer.readings({part for word in plain for part in word.split()})
        self.readings = [
            _combined([parts[part] for part in word.split() if parts[part]]) for word in plain
        ]

    def dictionary(self) -> str:
        """Return the readings of every token, in pocketsphinx's form."""
        return "".join(
            f"{_token(number, index)} {reading}\n"
            for number, readings in enumerate(self.readings)
            for index, reading in enumerate(readings)
        )

    def transitions(self) -> list[tuple[Any, ...]]:
        """Return the arcs in pocketsphinx's form.

        All ways out of a state are equally likely, but the entries of a list share one way: five
        hundred names are not five hundred times as likely as the one word that may stand there.
        """
        end = len(self.arcs)
        result: list[tuple[Any, ...]] = []
        for state, arcs in enumerate(self.arcs):
            ways = Counter(self._way(word) for word in arcs)
            share = 1 / max(len(ways) + (state in self._final), 1)
            result += [
                (state, to, share / ways[self._way(word)], f"w{word}")
                for word, to in arcs.items()
                if self.readings[word]
            ]
            if state in self._final:
                result.append((state, end, share))
        return result

    def _way(self, word: int) -> int:
        """Return the list that the word is of, or a number of its own below 0."""
        return self._lists[word] or ~word

    def accepts(self, tokens: Sequence[str]) -> bool:
        """Say whether the tokens are a whole sentence; a search may end in the middle of one."""
        state: int | None = 0
        for token in tokens:
            state = self.arcs[state].get(_number(token)) if state is not None else None
        return bool(tokens) and state in self._final

    def with_article(self, tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Yield the sentences that have one article more."""
        if _ARTICLE not in self._words:
            return
        number = self._words.index(_ARTICLE)
        articles = [_token(number, reading) for reading in range(len(self.readings[number]))]
        for place in range(len(tokens)):
            for article in articles:
                longer = (*tokens[:place], article, *tokens[place:])
                if self.accepts(longer):
                    yield longer

    def beginning(self, tokens: Sequence[str]) -> str:
        """Return the beginning of a sentence; "" for what is whole, or one short word."""
        if self.accepts(tokens):
            return ""
        if len(tokens) == 1 and len(self.reading(tokens[0])) < MIN_BEGINNING_PHONES:
            return ""
        return self.text(tokens)

    def reading(self, token: str) -> list[str]:
        """Return the phones that a token stands for."""
        _, _, alternative = token.rstrip(")").partition("(")
        return self.readings[_number(token)][int(alternative or 1) - 1].split()

    def text(self, tokens: Sequence[str]) -> str:
        """Return what the tokens say as it is written, numbers in digits."""
        words = [self._words[_number(token)] for token in tokens]
        return " ".join(self._numbers.get(word, word) for word in words)


def _path(found: Any) -> _Path:
    """Return what pocketsphinx found, without silences and marks of its own."""
    if found is None or found.best_score <= 0:
        return _NO_PATH
    tokens = tuple(token for token in found.hypstr.split() if token[0] == "w")
    return _Path(tokens, math.log(found.best_score) * _SCORE_STEP)


def _whole_instead(
    grammar: _Grammar, fit: Callable[[Sequence[str]], Fit], begun: Fit, best: _Path, whole: _Path
) -> tuple[str, ...]:
    """Return the whole sentence to prefer to the beginning of one that fits; none if none is."""
    if whole.tokens:
        fitting = fit(whole.tokens)
        near = best.nats - whole.nats < _BEGINNING_NATS or fitting.excess <= begun.excess
        if near and fitting.misfit <= MAX_MISFIT:
            return whole.tokens
    shorter = best.tokens[:-1]
    if grammar.accepts(shorter) and fit(shorter).excess - begun.excess < _LAST_WORD_NATS:
        return shorter
    return ()


def _with_article(
    grammar: _Grammar, fit: Callable[[Sequence[str]], Fit], tokens: tuple[str, ...], found: Fit
) -> tuple[tuple[str, ...], Fit]:
    """Return the sentence, or the one with an article more that fits best, and how it fits."""
    longer = [(one, fit(one)) for one in grammar.with_article(tokens)]
    best = min(longer, key=lambda one: one[1].excess, default=(tokens, found))
    return best if best[1].excess - found.excess < _ARTICLE_NATS else (tokens, found)


def _token(number: int, reading: int) -> str:
    return f"w{number}" + (f"({reading + 1})" if reading else "")


def _number(token: str) -> int:
    return int(token[1:].partition("(")[0])


def _combined(parts: Sequence[Sequence[str]]) -> list[str]:
    """Return the readings of words that are said as one."""
    joined = dict.fromkeys(" ".join(choice) for choice in itertools.product(*parts))
    return [reading for reading in itertools.islice(joined, MAX_READINGS) if reading]
