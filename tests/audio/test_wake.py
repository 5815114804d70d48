import wave

import pytest

from audio.wake import WakeHit, WakeWordError, WakeWords, available
from tests.speech import Recording, recordings

WORDS = ("okay_nabu", "hey_jarvis", "alexa")


def hits(recording: Recording) -> list[WakeHit]:
    return hits_of(recording, WakeWords(WORDS))


def hits_of(recording: Recording, words: WakeWords, times: int = 1) -> list[WakeHit]:
    with wave.open(str(recording.path)) as file:
        audio = (bytes(32_000) + file.readframes(file.getnframes()) + bytes(32_000)) * times
    found = (words.process(audio[start : start + 1024]) for start in range(0, len(audio), 1024))
    return [hit for hit in found if hit is not None]


def test_each_wake_word_is_heard_once_and_no_other() -> None:
    for recording in recordings("wake"):
        assert [hit.name for hit in hits(recording)] == [recording.text]


def test_commands_wake_nobody() -> None:
    for recording in recordings("en/recorded"):
        assert hits(recording) == [], recording.text


def test_an_unknown_wake_word_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(WakeWordError, match=r"no wake word 'hey_hal'.*okay_nabu"):
        WakeWords(["hey_hal"])


def test_silence_in_pieces_of_any_length_wakes_nobody() -> None:
    words = WakeWords(WORDS)
    assert [words.process(bytes(2 * n)) for n in (0, 1, 159, 160, 161, 5000)] == [None] * 6


def test_the_built_in_words_are_listed_with_their_phrases() -> None:
    assert available()["okay_nabu"].phrase.lower() == "okay nabu"
