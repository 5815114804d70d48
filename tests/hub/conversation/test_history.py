import pytest

from hub.conversation.history import (
    MAX_CHARS,
    MAX_MESSAGES,
    NOTED_REST_CHARS,
    ONE_MESSAGE_SHARE,
    History,
    Role,
    heard_text,
)
from hub.engines.base import WordTime

TEXT = "It is warm, but rain comes."


def words_of(text: str, offsets_ms: list[float]) -> list[WordTime]:
    """Return times for the words of a text, which end before their punctuation."""
    found, at = [], 0
    for word, offset_ms in zip(text.split(), offsets_ms, strict=True):
        start = text.index(word, at)
        at = start + len(word.rstrip(".,"))
        found.append(WordTime(start, at, offset_ms))
    return found


WORDS = words_of(TEXT, [0, 200, 400, 1000, 1200, 1600])


@pytest.mark.parametrize(
    ("heard_ms", "heard"),
    [
        (0, ""),
        (99, ""),
        (100, "It"),
        (299, "It"),
        (699, "It is"),
        (700, "It is warm"),
        (1399, "It is warm, but"),
        (1400, "It is warm, but rain"),
        (1799, "It is warm, but rain"),
        (1800, TEXT),
        (1950, TEXT),
        (9999, TEXT),
    ],
)
def test_a_word_was_heard_when_half_of_it_was_played(heard_ms: float, heard: str) -> None:
    assert heard_text(TEXT, WORDS, 2000, heard_ms) == (heard, TEXT[len(heard) :])


@pytest.mark.parametrize(
    ("share", "heard"),
    [
        (0.0, ""),
        (0.05, ""),
        (0.08, "It"),
        (0.39, "It is"),
        (0.41, "It is warm,"),
        (0.5, "It is warm,"),
        (0.96, "It is warm, but rain"),
        (0.99, TEXT),
    ],
)
def test_without_word_times_the_share_played_is_cut_at_the_end_of_a_word(
    share: float, heard: str
) -> None:
    assert heard_text(TEXT, (), 5000, 5000 * share) == (heard, TEXT[len(heard) :])


@pytest.mark.parametrize("words", [WORDS, ()])
def test_the_two_parts_are_always_the_text_and_more_audio_is_never_less_text(
    words: list[WordTime],
) -> None:
    lengths = []
    for heard_ms in range(-10, 2100, 7):
        heard, rest = heard_text(TEXT, words, 2000, heard_ms)
        assert heard + rest == TEXT
        lengths.append(len(heard))
    assert lengths == sorted(lengths)
    assert (lengths[0], lengths[-1]) == (0, len(TEXT))


def test_of_an_answer_without_audio_nothing_was_heard() -> None:
    assert heard_text(TEXT, (), 0, 0) == ("", TEXT)


def a_conversation() -> History:
    history = History()
    history.add_user("How is the weather?", 1, 1.0)
    history.add_assistant("It is warm, but", " rain comes.", 1, 2.0, interrupted=True)
    return history


def test_messages_keep_who_said_what_when() -> None:
    user, assistant = a_conversation()
    assert (user.role, user.text, user.turn, user.at) == (Role.USER, "How is the weather?", 1, 1.0)
    assert assistant.role is Role.ASSISTANT
    assert (assistant.text, assistant.unheard) == ("It is warm, but", " rain comes.")
    assert assistant.interrupted
    assert not user.interrupted


def test_a_conversation_is_given_to_the_model_as_it_was() -> None:
    history = History()
    history.add_user("Hello", 1, 1.0)
    history.add_assistant("Hello!", "", 1, 2.0, interrupted=False)
    history.add_user("Good night", 2, 3.0)
    assert history.prompt() == [
        ("user", "Hello"),
        ("assistant", "Hello!"),
        ("user", "Good night"),
    ]


def test_an_interrupted_answer_ends_in_a_dash_and_the_next_words_tell_where() -> None:
    history = a_conversation()
    history.add_user("And tomorrow?", 2, 3.0)
    assert history.prompt()[1:] == [
        ("assistant", "It is warm, but—"),
        (
            "user",
            '[You were interrupted after "It is warm, but". The user did not hear: "rain comes."]\n'
            "And tomorrow?",
        ),
    ]


def test_what_is_said_now_is_part_of_the_prompt_and_not_yet_of_the_history() -> None:
    history = a_conversation()
    prompt = history.prompt("And tomorrow?")
    assert len(history) == 2
    assert prompt == history.prompt() + prompt[-1:]
    history.add_user("And tomorrow?", 2, 3.0)
    assert history.prompt() == prompt


def test_only_the_words_after_an_interruption_tell_of_it() -> None:
    history = a_conversation()
    history.add_user("And tomorrow?", 2, 3.0)
    history.add_assistant("Sunny.", "", 2, 4.0, interrupted=False)
    history.add_user("Thanks", 3, 5.0)
    assert history.prompt()[-1] == ("user", "Thanks")


def test_the_note_of_a_long_answer_is_short_and_one_line() -> None:
    history = History()
    history.add_user("Tell me a story", 1, 1.0)
    history.add_assistant(
        " ".join(f"heard{n}" for n in range(50)),
        "\n".join(f"unheard{n}" for n in range(100)),
        1,
        2.0,
        interrupted=True,
    )
    history.add_user("Go on", 2, 3.0)
    note, said = history.prompt()[-1][1].split("\n")
    assert said == "Go on"
    assert 'after "… heard42 heard43' in note
    assert 'heard49". The user did not hear: "unheard0 unheard1 ' in note
    assert note.endswith(' …"]')
    assert len(note) < NOTED_REST_CHARS + 200


def test_a_skipped_answer_leaves_no_message_and_the_users_words_are_joined() -> None:
    history = History()
    history.add_user("Turn on the", 1, 1.0)
    history.add_assistant("  ", "Which light?", 1, 2.0, interrupted=True)
    history.add_user("kitchen light", 2, 3.0)
    assert len(history) == 2
    assert history.prompt() == [("user", "Turn on the\nkitchen light")]


def test_two_answers_in_a_row_are_joined() -> None:
    history = a_conversation()
    history.add_assistant("The timer is over.", "", 2, 3.0, interrupted=False)
    history.add_user("Stop it", 3, 4.0)
    assert history.prompt()[1:] == [
        ("assistant", "It is warm, but—\nThe timer is over."),
        ("user", "Stop it"),
    ]


def test_blank_words_and_answers_to_nobody_leave_no_message() -> None:
    history = History()
    history.add_user(" ", 1, 1.0)
    history.add_assistant("The timer is over.", "", 1, 2.0, interrupted=False)
    assert len(history) == 0
    assert history.prompt() == []


def test_the_oldest_pairs_go_first_when_there_are_too_many() -> None:
    history = History()
    for turn in range(100):
        history.add_user(f"question {turn}", turn, turn)
        assert len(history) <= MAX_MESSAGES
        history.add_assistant(f"answer {turn}", "", turn, turn, interrupted=False)
        assert len(history) <= MAX_MESSAGES
        assert next(iter(history)).role is Role.USER
    assert history.prompt()[0] == ("user", "question 80")
    assert history.prompt()[-1] == ("assistant", "answer 99")


def test_the_oldest_pairs_go_first_when_there_is_too_much_text() -> None:
    history = History()
    for turn in range(20):
        history.add_user("q" * 1000, turn, turn)
        history.add_assistant("a" * 1000, "u" * 1000, turn, turn, interrupted=True)
        assert sum(message.chars for message in history) <= MAX_CHARS
        assert next(iter(history)).role is Role.USER
    assert [message.turn for message in history][::2] == list(range(12, 20))


def test_one_enormous_answer_is_cut_and_does_not_push_its_question_out() -> None:
    history = History()
    history.add_user("q" * 10 * MAX_CHARS, 1, 1.0)
    history.add_assistant("a" * 10 * MAX_CHARS, "u" * 10 * MAX_CHARS, 1, 2.0, interrupted=True)
    assert len(history) == 2
    assert {len(message.text) for message in history} == {MAX_CHARS // ONE_MESSAGE_SHARE}


def test_a_cleared_history_is_empty_and_has_room_again() -> None:
    history = History(max_messages=2, max_chars=100)
    for _ in range(3):
        history.add_user("hello", 1, 1.0)
    history.clear()
    assert history.prompt() == []
    history.add_user("x" * 25, 2, 2.0)
    history.add_assistant("y" * 25, "z" * 25, 2, 3.0, interrupted=True)
    assert len(history) == 2
