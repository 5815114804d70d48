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
        ("<think>for ever and ever", ""),
        ("", ""),
    ],
)
def test_what_is_thought_before_an_answer_is_left_out(written: str, said: str, size: int) -> None:
    assert filtered(written, size) == said
