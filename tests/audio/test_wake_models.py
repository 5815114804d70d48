"""Wake words of the packages and of the owner, and models that are none."""

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from audio.wake import WakeWord, WakeWordError, WakeWords, available, cutoff
from satellite.wake_settings import Wake
from satellite.wake_words import load_words
from tests.audio.test_wake import hits_of
from tests.speech import recordings

MICRO = Path(find_spec("pymicro_wakeword").origin or "").parent / "models"  # type: ignore[union-attr]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a word of the owner's: one of the packages' under another name."""
    shutil.copy(MICRO / "okay_nabu.tflite", tmp_path / "hello.tflite")
    config = json.loads((MICRO / "okay_nabu.json").read_text())
    config |= {"model": "hello.tflite", "wake_word": "Hello House"}
    (tmp_path / "hello_house.json").write_text(json.dumps(config))
    return tmp_path


def test_an_own_word_is_found_and_heard(own: Path) -> None:
    assert available(own)["hello_house"].phrase == "Hello House"
    assert "hello" not in available(own)  # its model alone is no word
    for recording in recordings("wake"):
        heard = hits_of(recording, WakeWords(["hello_house"], folder=own))
        assert [hit.name for hit in heard] == ["hello_house"] * (recording.text == "okay_nabu")


def test_a_near_miss_is_guessed() -> None:
    with pytest.raises(WakeWordError, match="Did you mean 'okay_nabu'"):
        WakeWords(["okay nabu"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no TensorFlow Lite model"),
        (b"\x1c\0\0\0TFL3" + b"\xff" * 5000, "its network does not run"),
        (b"\x1c\0\0\0TFL3", "its network does not run"),
        (b"\0\0\0\0TFL3" + bytes((8 << 20) + 1), "larger than 8 MB"),
    ],
)
def test_a_damaged_model_is_told_and_ends_nobody(own: Path, content: bytes, words: str) -> None:
    (own / "hello.tflite").write_bytes(content)
    with pytest.raises(WakeWordError, match=words):
        WakeWords(["hello_house"], folder=own)


@pytest.mark.parametrize(
    "config",
    [
        *("", "{", "[]", "{}", '{"model": "hello.tflite"}'),
        '{"model": "../x.tflite", "wake_word": "x", "micro": '
        '{"probability_cutoff": 0.5, "sliding_window_size": 5}}',
        '{"model": 7, "wake_word": "x", "micro": '
        '{"probability_cutoff": 0.5, "sliding_window_size": 5}}',
    ],
)
def test_a_description_that_makes_no_sense_is_named_and_takes_no_other_word_away(
    own: Path, config: str
) -> None:
    (own / "hello_house.json").write_text(config)
    with pytest.raises(WakeWordError, match=r"hello_house\.json does not describe"):
        WakeWords(["hello_house"], folder=own)
    problems: dict[str, str] = {}
    words = WakeWords(["hello_house", "okay_nabu"], folder=own, problems=problems)
    assert words.names == ("okay_nabu",)
    assert list(problems) == ["hello_house"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WakeWordError, match="no-such-folder"):
        available(tmp_path / "no-such-folder")


def test_more_sensitive_hears_more_and_half_is_as_it_was_meant() -> None:
    steps = [cutoff(0.9, step / 10) for step in range(11)]
    assert steps == sorted(steps, reverse=True)
    assert steps[5] == 0.9
    assert 0.99 < steps[0] < 1
    assert steps[-1] == pytest.approx(0.45)


def test_a_word_is_not_heard_again_at_once() -> None:
    for recording in recordings("wake"):
        words = WakeWords([WakeWord(recording.text)], refractory_s=30)
        assert len(hits_of(recording, words, times=2)) == 1
        words = WakeWords([WakeWord(recording.text)], refractory_s=0.5)
        assert len(hits_of(recording, words, times=2)) == 2


def test_the_scores_can_be_watched() -> None:
    words = WakeWords(["okay_nabu", "alexa"])
    words.process(bytes(32_000))
    assert set(words.scores) == {"okay_nabu", "alexa"}
    assert all(0 <= score < 0.5 for score in words.scores.values())


def test_openwakewords_words_are_heard_too() -> None:
    pytest.importorskip("pyopen_wakeword", reason="no pyopen-wakeword: 'sotto[openwakeword]'")
    words = WakeWords(["hey_rhasspy", "okay_nabu"])
    for recording in recordings("wake"):
        expected = ["okay_nabu"] * (recording.text == "okay_nabu")
        assert [hit.name for hit in hits_of(recording, words)] == expected


def test_a_folder_that_is_not_there_takes_none_of_the_usual_words_away(tmp_path: Path) -> None:
    wake = Wake(folder=tmp_path / "gone")
    loaded, problems = load_words(["okay_nabu"], wake, 0.5)
    assert loaded is not None
    assert loaded.names == ("okay_nabu",)
    assert list(problems) == [str(tmp_path / "gone")]
