"""Cuts a text into pieces that are spoken one by one, and finds their words' times."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from hub.engines.base import WordTime

MAX_PIECE_CHARS = 200
"""About 15 s of speech: under a second of work for a voice of medium size on one core."""
EARLY_CHARS = 60
"""A first sentence longer than this is begun with its first clause, so that sound comes sooner."""
MIN_CLAUSE_CHARS = 15

_SENTENCE_END = re.compile(r"[.!?…。！？]+[\"')\]»”’]*\s+|\n+\s*|[。！？]")
_CLAUSE_END = re.compile(r"[,;:–—]\s+")
_WORD = re.compile(r"\S+")
_TITLES = {"dr", "mr", "mrs", "ms", "st", "prof", "mme", "mlle", "sr", "sra", "srta", "nr", "bzw"}
_STRESS = ("ˈ", "ˌ")
_NO_SOUND = re.compile(r"[\W_ˈˌː]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text."""

    text: str
    start: int
    """Index of its first character in the whole text."""

    def words(self) -> list[tuple[int, int]]:
        """Return where its words begin and end in the whole text; signs alone are none."""
        return [
            (self.start + word.start(), self.start + word.end())
            for word in _WORD.finditer(self.text)
            if any(character.isalnum() for character in word.group())
        ]


def pieces(text: str) -> list[Piece]:
    """Cut a text into sentences, and sentences that are too long into less. None is silent."""
    # "[[" would begin phonemes in Piper's notation. Every character keeps its place.
    plain = text.replace("[[", "((").replace("]]", "))").replace("\0", " ")
    plain = plain.encode("utf-8", "replace").decode("utf-8")
    found: list[Piece] = []
    for start, end in _sentences(plain):
        begin = start
        while begin < end:
            cut = _cut(plain, begin, end, first=not found)
            if any(character.isalnum() for character in plain[begin:cut]):
                found.append(Piece(plain[begin:cut].replace("\n", " "), begin))
            begin = cut
    return found


def word_times(
    words: Sequence[tuple[int, int]],
    phonemes: Sequence[tuple[str, int]],
    alone: Sequence[str],
    rate_hz: int,
) -> tuple[WordTime, ...]:
    """Return when each word starts; nothing where the voice does not tell.

    `phonemes` are those of the audio with their samples, words parted by " "; `alone` are each
    word's own, for a text whose spoken words are not its written ones ("21", "of the").
    """
    sounds, starts = _groups(phonemes)
    if not sounds or not words:
        return ()
    if len(sounds) == len(words):
        offsets = [group[0] for group in starts]
    elif len(alone) == len(words):
        flat = list(itertools.chain.from_iterable(starts))
        offsets = _matched([_sound(word) for word in alone], "".join(sounds), flat)
    else:
        return ()
    return tuple(
        WordTime(begin, end, round(offset * 1000 / rate_hz, 1))
        for (begin, end), offset in zip(words, offsets, strict=True)
    )


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = []
    begin = 0
    for end in _SENTENCE_END.finditer(text):
        before = text[begin : end.start()].rsplit(None, 1)
        if end.group().startswith(".") and before and before[-1].casefold() in _TITLES:
            continue
        ends.append((begin, end.end()))
        begin = end.end()
    return [*ends, (begin, len(text))]


def _cut(text: str, begin: int, end: int, *, first: bool) -> int:
    """Return where the piece that starts at `begin` ends."""
    if first and end - begin > EARLY_CHARS:
        clause = _CLAUSE_END.search(text, begin + MIN_CLAUSE_CHARS, begin + MAX_PIECE_CHARS)
        if clause and clause.end() < end:
            return clause.end()
    if end - begin <= MAX_PIECE_CHARS:
        return end
    latest = begin + MAX_PIECE_CHARS
    half = begin + MAX_PIECE_CHARS // 2
    clauses = [clause.end() for clause in _CLAUSE_END.finditer(text, half, latest)]
    if clauses:
        return clauses[-1]
    space = text.rfind(" ", begin + 1, latest)
    return space + 1 if space > 0 else latest


def _groups(phonemes: Sequence[tuple[str, int]]) -> tuple[list[str], list[list[int]]]:
    """Return the spoken words' sounds, and the sample at which each character of them starts."""
    sounds, starts = [""], [list[int]()]
    sample, mark = 0, -1
    for phoneme, samples in phonemes:
        sound = _sound(phoneme)
        if phoneme == " ":
            sounds.append("")
            starts.append([])
        elif sound:
            sounds[-1] += sound
            starts[-1] += [sample if mark < 0 else mark] * len(sound)
        # A mark of stress stands before the sound that it belongs to, and lasts.
        if phoneme not in _STRESS:
            mark = -1
        elif mark < 0:
            mark = sample
        sample += samples
    heard = [(sound, at) for sound, at in zip(sounds, starts, strict=True) if sound]
    return [sound for sound, _ in heard], [at for _, at in heard]


def _sound(phonemes: str) -> str:
    return _NO_SOUND.sub("", phonemes)


def _matched(alone: Sequence[str], spoken: str, starts: Sequence[int]) -> list[int]:
    """Return the sample at which each word starts, by laying its sounds over what was spoken."""
    blocks = SequenceMatcher(None, "".join(alone), spoken, autojunk=False).get_matching_blocks()
    offsets, latest, position = [], 0, 0
    for word in alone:
        for block in blocks:
            # The first sound of the word that was spoken as it is alone, or the next one after it.
            if block.a + block.size > position or not block.size:
                latest = max(latest, min(block.b + max(0, position - block.a), len(starts) - 1))
                break
        offsets.append(starts[latest])
        position += len(word)
    return offsets
