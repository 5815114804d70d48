import pytest

from hub.engines.thinking import ThinkingFilter


def filtered(text: str, size: int) -> str:
    thinking = ThinkingFilter()
    parts = [thinking.feed(text[at : at + size]) for at in range(0, len(text), size)]
    return "".join(parts) + thinking.finish()


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<think>Hmm, <b>.</think>\n\nNoon.", "Noon."),
        ("\n<think></think>Noon.", "Noon."),
        ("Noon. <think>no</think>", "Noon. <think>no</think>"),
        ("<thanks>", "<thanks>"),
        ("<thi", "<thi"),
        ("2 < 3, 5 <", "2 < 3, 5 <"),
        ("a </b> </thin", "a </b> </thin"),
        ("<think>for ever and ever", ""),
        ("", ""),
    ],
)
def test_what_is_thought_before_an_answer_is_left_out(written: str, said: str, size: int) -> None:
    assert filtered(written, size) == said


def after_unopened(text: str, size: int, *, cut: bool = False) -> tuple[str, bool]:
    thinking = ThinkingFilter(unopened=True)
    parts = [thinking.feed(text[at : at + size]) for at in range(0, len(text), size)]
    return "".join(parts) + thinking.finish(cut=cut), thinking.unopened


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_thinking_that_nothing_opened_is_left_out_from_the_next_answer_on(size: int) -> None:
    thinking = ThinkingFilter()
    text = "Hmm, <b>.</think>\n\nNoon."
    parts = [thinking.feed(text[at : at + size]) for at in range(0, len(text), size)]
    said = "".join(parts) + thinking.finish()
    assert said.endswith("Noon.")
    assert "think" not in said
    assert thinking.unopened
    assert after_unopened(text, size) == ("Noon.", True)
    assert after_unopened(f"<think>{text}", size) == ("Noon.", True)


def test_what_comes_in_one_piece_with_its_thinking_is_said_alone() -> None:
    assert filtered("Hmm.</think>Noon.", 100) == "Noon."


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_a_model_that_does_not_think_any_more_is_heard(size: int) -> None:
    assert after_unopened("\nNoon.", size) == ("Noon.", False)
    assert after_unopened("Hmm, noon or", size, cut=True) == ("", True)
    assert after_unopened("", size) == ("", True)
