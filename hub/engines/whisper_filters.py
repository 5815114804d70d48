"""What Whisper's answers are worth: loops, guesses, and sentences it makes up in silence.

Thresholds are those of the model's publisher (compression ratio 2.4, log-probability -1,
no-speech 0.6) unless a comment says otherwise.
"""

import math
import re
import zlib
from dataclasses import dataclass

MAX_COMPRESSION_RATIO = 2.4
"""Text that zlib shrinks more than this goes in circles."""
MIN_LOGPROB = -1.0
"""Mean log-probability of a token; less is a guess."""
MAX_NO_SPEECH = 0.6
"""Above it nobody spoke, unless the text is surer than SURE_LOGPROB."""
SURE_LOGPROB = -0.5
"""Mean log-probability of what was clearly heard. Stricter than the publisher's -1, for a home acts
on what it hears: a sentence refused here can be said again."""
MAX_ROUNDS = 4
"""The same one to four words so often in a row are a loop; people say "no, no, no"."""
MAX_WORD_ROUNDS = 8
"""A single word so often in a row is refused: people say "stop, stop, stop, stop" as well, but a
decoder that goes in circles goes on."""

_MAX_ROUND_WORDS = 4
_MIN_ECHOED_NAMES = 3
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

# Endings of the subtitled films that Whisper has learned from. Nobody says them to a home; each is
# the beginning of a text, in words as `_words` gives them.
_NEVER_SAID = {
    "en": (
        "thanks for watching",
        "thank you for watching",
        "please subscribe",
        "like and subscribe",
        "subtitles by",
        "transcription by",
        "translated by",
    ),
    "fr": (
        "sous titres réalisés",
        "sous titres fait",
        "sous titrage st 501",
        "sous titrage société radio",
        "merci d'avoir regardé",
        "abonnez vous",
        "n'oubliez pas de vous abonner",
    ),
    "de": (
        "untertitel im auftrag",
        "untertitel von stephanie",
        "untertitelung des",
        "untertitelung im auftrag",
        "untertitelung aufgrund",
        "untertitelung br 20",
        "vielen dank fürs zuschauen",
        "danke fürs zuschauen",
        "copyright wdr",
        "swr 20",
    ),
    "es": (
        "subtítulos realizados",
        "subtítulos creados",
        "gracias por ver el video",
        "gracias por ver el vídeo",
        "suscríbete al canal",
    ),
}
# Who made the subtitles, wherever it stands and in whatever language.
_MAKERS = ("amara org", "soustitreur com")
# Such endings begin so, and so do commands ("Untertitel einschalten"): alone they are refused, and
# with more words unless the model is sure.
_SELDOM_BEGUN = {
    "en": (),
    "fr": ("sous titres", "sous titrage"),
    "de": ("untertitel", "untertitelung"),
    "es": ("subtítulos", "suscríbete"),
}
# Said to a home as well as made up from noise: refused unless the model is sure.
_SELDOM_SAID = {
    "en": ("thank you", "thanks", "you", "bye", "bye bye", "thank you very much", "oh", "so"),
    "fr": ("merci", "au revoir", "merci à tous", "bonjour à tous"),
    "de": ("danke", "vielen dank", "tschüss", "bis zum nächsten mal"),
    "es": ("gracias", "muchas gracias", "adiós", "hasta luego"),
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the decoder made of one window of audio."""

    text: str
    avg_logprob: float
    """Mean natural log of the tokens' probabilities."""
    no_speech: float
    """Probability that nobody spoke, 0 to 1."""

    @property
    def confidence(self) -> float:
        """The mean probability of a token, 0 to 1."""
        return round(min(1.0, math.exp(min(0.0, self.avg_logprob))), 3)


def loops(text: str, word_rounds: int = MAX_ROUNDS) -> bool:
    """Return whether the text goes in circles: a single word so often in a row, for one."""
    data = text.encode()
    if len(data) / len(zlib.compress(data)) > MAX_COMPRESSION_RATIO:
        return True
    words = _words(text)
    for length in range(1, _MAX_ROUND_WORDS + 1):
        rounds = word_rounds if length == 1 else MAX_ROUNDS
        same = 0
        for index in range(length, len(words)):
            same = same + 1 if words[index] == words[index - length] else 0
            if same >= length * (rounds - 1):
                return True
    return False


def doubtful(decoded: Decoded, min_logprob: float = MIN_LOGPROB) -> bool:
    """Return whether another look is due: a loop, or a guess."""
    return decoded.avg_logprob < min_logprob or loops(decoded.text)


def refusal(
    decoded: Decoded,
    language: str,
    hotwords: tuple[str, ...] = (),
    min_logprob: float = MIN_LOGPROB,
) -> str | None:
    """Return why a text does not count, or None if it does.

    One of "empty", "no-speech", "unlikely", "repetition", "made-up", "hotwords". `language` is a
    bare code ("fr"); `hotwords` are the names that the decoder was told.
    """
    words = _words(decoded.text)
    sure = decoded.avg_logprob >= SURE_LOGPROB and decoded.no_speech <= MAX_NO_SPEECH
    said = " ".join(words)
    if not words:
        return "empty"
    if decoded.no_speech > MAX_NO_SPEECH and decoded.avg_logprob < SURE_LOGPROB:
        return "no-speech"
    if decoded.avg_logprob < min_logprob:
        return "unlikely"
    if loops(decoded.text, MAX_WORD_ROUNDS):
        return "repetition"
    if _made_up(said, language, sure=sure):
        return "made-up"
    if _echoes(said, hotwords):
        return "hotwords"
    return None


def _made_up(said: str, language: str, *, sure: bool) -> bool:
    """Return whether Whisper knows the text from films rather than from this room."""
    if any(maker in said for maker in _MAKERS):
        return True
    if said.startswith(_NEVER_SAID.get(language, ())):
        return True
    begun = _SELDOM_BEGUN.get(language, ())
    if said in begun:
        return True
    return not sure and (said in _SELDOM_SAID.get(language, ()) or said.startswith(begun))


def _echoes(said: str, hotwords: tuple[str, ...]) -> bool:
    """Return whether nothing but a run of the hotwords comes back, in the order they were told."""
    names = [" ".join(_words(name)) for name in hotwords]
    for begin, name in enumerate(names):
        run = name
        for count, following in enumerate(names[begin + 1 :], 2):
            run += f" {following}"
            if run == said and count >= _MIN_ECHOED_NAMES:
                return True
            if len(run) > len(said):
                break
    return False


def _words(text: str) -> list[str]:
    """Return the words in lower case, with plain apostrophes and no other signs."""
    return [word.replace("’", "'") for word in _WORD.findall(text.casefold())]
