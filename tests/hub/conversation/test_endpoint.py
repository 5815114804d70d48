import pytest

from hub.conversation.endpoint import FRAME_MS, Ending, Endpointer, Rules

RULES = Rules(silence_ms=480, no_speech_ms=5000, max_ms=10_000)


def push(endpointer: Endpointer, probability: float, ms: float) -> Ending | None:
    ending = None
    for _ in range(round(ms / FRAME_MS)):
        ending = endpointer.push(probability)
    return ending


def test_a_sentence_ends_after_the_silence_that_the_rules_ask_for() -> None:
    endpointer = Endpointer(RULES)
    assert push(endpointer, 0.0, 320) is None
    assert push(endpointer, 0.9, 960) is None
    assert push(endpointer, 0.1, 448) is None
    assert push(endpointer, 0.1, 32) is Ending.SILENCE
    assert (endpointer.speech_start, endpointer.speech_end) == (10, 39)


def test_a_pause_shorter_than_that_does_not_end_it() -> None:
    endpointer = Endpointer(RULES)
    push(endpointer, 0.9, 500)
    assert push(endpointer, 0.1, 400) is None
    assert push(endpointer, 0.9, 500) is None
    assert push(endpointer, 0.1, 480) is Ending.SILENCE


def test_probabilities_between_the_thresholds_continue_speech_but_do_not_start_it() -> None:
    endpointer = Endpointer(RULES)
    push(endpointer, 0.4, 1000)
    assert endpointer.speech_start is None
    push(endpointer, 0.9, 320)
    assert push(endpointer, 0.4, 2000) is None
    assert endpointer.silence_ms == 0


def test_one_loud_frame_is_a_click_and_not_speech() -> None:
    endpointer = Endpointer(RULES)
    push(endpointer, 0.0, 320)
    endpointer.push(0.99)
    push(endpointer, 0.0, 320)
    assert endpointer.speech_start is None


def test_nobody_speaking_ends_listening() -> None:
    endpointer = Endpointer(RULES)
    assert push(endpointer, 0.0, 4960) is None
    assert push(endpointer, 0.0, 64) is Ending.NOBODY_SPOKE


def test_somebody_who_never_stops_is_cut_at_the_limit() -> None:
    endpointer = Endpointer(RULES)
    assert push(endpointer, 0.9, 9984) is None
    assert push(endpointer, 0.9, 32) is Ending.TOO_LONG


def test_the_verdict_stands_whatever_comes_after_it() -> None:
    endpointer = Endpointer(RULES)
    push(endpointer, 0.9, 320)
    push(endpointer, 0.0, 480)
    end = endpointer.speech_end
    assert push(endpointer, 0.9, 3200) is Ending.SILENCE
    assert endpointer.speech_end == end


@pytest.mark.parametrize("silence_ms", [200, 480, 1000])
def test_the_silence_is_never_shorter_than_set(silence_ms: float) -> None:
    endpointer = Endpointer(Rules(silence_ms=silence_ms))
    push(endpointer, 0.9, 320)
    while endpointer.push(0.0) is None:
        pass
    assert silence_ms <= endpointer.silence_ms < silence_ms + FRAME_MS
