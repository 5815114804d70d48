import pytest

from hub.conversation.endpoint import DOUBT_FRAMES, FRAME_MS, ONSET_LOOKBACK_FRAMES, Endpointer
from hub.conversation.loudness import WINDOW_MS

QUIET, LOUD = -70.0, -20.0


def push(
    endpointer: Endpointer, probability: float, ms: float, level: float | None = None
) -> list[bool]:
    """Push frames of one probability; they are loud where that is speech, or as told."""
    if level is None:
        level = LOUD if probability >= 0.35 else QUIET
    return [endpointer.push(probability, [level] * 4) for _ in range(round(ms / FRAME_MS))]


def test_speech_is_known_from_its_first_to_its_last_sound() -> None:
    endpointer = Endpointer()
    assert not any(push(endpointer, 0.0, 320))
    assert push(endpointer, 0.9, 960)[1:] == [True] * 29
    assert not any(push(endpointer, 0.1, 480))
    assert (endpointer.speech_start_ms, endpointer.speech_end_ms) == (320, 1280)
    assert endpointer.silence_ms == 480
    assert endpointer.now_ms == 1760


def test_speech_ends_with_its_last_loud_sound_although_voice_activity_lets_go_later() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 320)
    push(endpointer, 0.9, 640)
    # Two windows of the next frame still sound; voice activity goes on for 160 ms.
    assert endpointer.push(0.9, [LOUD, LOUD, QUIET, QUIET])
    assert not any(push(endpointer, 0.9, 160, QUIET))
    push(endpointer, 0.1, 64)
    assert endpointer.speech_end_ms == 960 + 2 * WINDOW_MS
    assert endpointer.silence_ms == endpointer.now_ms - 976


def test_speech_begins_with_its_first_loud_sound_although_voice_activity_notices_it_later() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 640)
    endpointer.push(0.0, [QUIET, QUIET, QUIET, LOUD])
    push(endpointer, 0.1, 64, LOUD)
    assert endpointer.speech_start_ms is None
    push(endpointer, 0.9, 320)
    assert endpointer.speech_start_ms == 640 + 3 * WINDOW_MS


def test_noise_before_speech_is_not_taken_for_its_beginning_for_longer_than_a_word_starts() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 640)
    push(endpointer, 0.1, 960, LOUD)
    push(endpointer, 0.9, 320)
    assert endpointer.speech_start_ms == 1600 - ONSET_LOOKBACK_FRAMES * FRAME_MS


def test_loud_sound_that_voice_activity_thought_possible_is_the_beginning_of_the_word() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 640)
    push(endpointer, 0.2, 320, LOUD)
    push(endpointer, 0.9, 320)
    assert endpointer.speech_start_ms == 640


def test_doubt_reaches_back_for_half_a_second_and_the_start_of_a_word_and_no_longer() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 640)
    push(endpointer, 0.2, 1600, LOUD)
    push(endpointer, 0.9, 320)
    assert endpointer.speech_start_ms == 2240 - (DOUBT_FRAMES + ONSET_LOOKBACK_FRAMES) * FRAME_MS


def test_a_knock_shortly_before_speech_is_no_part_of_it() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 640)
    push(endpointer, 0.1, 64, LOUD)
    push(endpointer, 0.1, 32)
    push(endpointer, 0.9, 320)
    assert endpointer.speech_start_ms == 736


def test_what_is_loud_but_no_speech_neither_starts_nor_goes_on() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 320)
    assert not any(push(endpointer, 0.1, 960, LOUD))
    assert endpointer.speech_start_ms is None
    push(endpointer, 0.9, 320)
    push(endpointer, 0.1, 960, LOUD)
    assert endpointer.speech_end_ms == 1600


def test_probabilities_between_the_thresholds_continue_speech_but_do_not_start_it() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 320)
    push(endpointer, 0.4, 960)
    assert endpointer.speech_start_ms is None
    push(endpointer, 0.9, 320)
    assert all(push(endpointer, 0.4, 1920))
    assert endpointer.silence_ms == 0


def test_one_loud_frame_is_a_click_and_not_speech() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 320)
    assert not endpointer.push(0.99, [LOUD] * 4)
    push(endpointer, 0.0, 320)
    assert endpointer.speech_start_ms is None
    assert endpointer.silence_ms == endpointer.now_ms == 672


def test_after_a_pause_a_new_stretch_begins_and_the_speech_is_one() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 320)
    push(endpointer, 0.9, 640)
    assert endpointer.stretch_start_ms == 320
    push(endpointer, 0.0, 480)
    assert endpointer.silence_ms == 480
    push(endpointer, 0.9, 320)
    assert endpointer.silence_ms == 0
    assert (endpointer.speech_start_ms, endpointer.stretch_start_ms) == (320, 1440)
    assert endpointer.speech_end_ms == 1760


def test_a_moment_in_which_voice_activity_lets_go_of_a_word_leaves_no_hole() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 320)
    push(endpointer, 0.9, 320)
    push(endpointer, 0.2, 32, LOUD)
    push(endpointer, 0.9, 320)
    # The new stretch is looked back to where the last one ended, and no further.
    assert endpointer.stretch_start_ms == 640
    assert endpointer.speech_end_ms == 992


def test_speech_at_once_begins_at_the_start_and_not_before() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.9, 320)
    assert endpointer.speech_start_ms == 0


@pytest.mark.parametrize("rest_ms", [64, 96, 128])
def test_the_rest_of_a_wake_word_at_the_start_is_no_speech(rest_ms: int) -> None:
    endpointer = Endpointer(after_wake_word=True)
    assert not any(push(endpointer, 0.7, rest_ms))
    assert not any(push(endpointer, 0.4, 32, LOUD))
    push(endpointer, 0.1, 320)
    assert endpointer.speech_start_ms is None
    assert endpointer.silence_ms == endpointer.now_ms
    spoken_at_ms = endpointer.now_ms
    push(endpointer, 0.9, 64)
    assert endpointer.speech_start_ms == spoken_at_ms


def test_a_word_straight_after_the_rest_of_a_wake_word_counts_however_short_it_is() -> None:
    endpointer = Endpointer(after_wake_word=True)
    push(endpointer, 0.7, 64)
    push(endpointer, 0.3, 32)
    push(endpointer, 0.9, 64)
    assert endpointer.speech_start_ms == 96


def test_who_talks_straight_on_after_a_wake_word_is_heard_from_the_start() -> None:
    endpointer = Endpointer(after_wake_word=True)
    push(endpointer, 0.6, 96)
    push(endpointer, 0.4, 32, LOUD)
    assert any(push(endpointer, 0.9, 96))
    assert endpointer.speech_start_ms == 0


def test_a_short_word_at_the_start_counts_where_no_wake_word_was_before_it() -> None:
    endpointer = Endpointer()
    push(endpointer, 0.7, 96)
    push(endpointer, 0.1, 320)
    assert (endpointer.speech_start_ms, endpointer.speech_end_ms) == (0, 96)


@pytest.mark.parametrize("noise", [-60.0, -40.0, -30.0])
def test_in_the_noise_of_a_room_the_end_of_speech_is_found_all_the_same(noise: float) -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 960, noise)
    push(endpointer, 0.9, 640)
    push(endpointer, 0.9, 160, noise)
    push(endpointer, 0.0, 640, noise)
    assert endpointer.speech_end_ms == 1600


@pytest.mark.parametrize("word_ms", [64, 192, 384])
def test_a_short_word_after_a_long_silence_is_no_longer_than_it_sounds(word_ms: int) -> None:
    endpointer = Endpointer()
    push(endpointer, 0.0, 12_800)
    push(endpointer, 0.9, word_ms)
    push(endpointer, 0.9, 160, QUIET)
    push(endpointer, 0.0, 320)
    assert (endpointer.speech_start_ms, endpointer.speech_end_ms) == (12_800, 12_800 + word_ms)
