import pytest

from hub.conversation.plain_words import plain_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" …?! ", []),
        ("Mm-hmm, OKAY.", ["mm", "hmm", "okay"]),
        ("That's enough", ["thats", "enough"]),
        ("Tais‑toi, ça suffit", ["tais", "toi", "ca", "suffit"]),
        ("d’accord", ["daccord"]),
        ("Hör auf, heiß", ["hor", "auf", "heiss"]),
        ("¡Cállate! Sí.", ["callate", "si"]),
        ("It is 21.5 °C_now", ["it", "is", "21", "5", "c", "now"]),
        ("Стоп", ["стоп"]),
    ],
)
def test_words_are_left_without_case_accents_and_punctuation(text: str, words: list[str]) -> None:
    assert plain_words(text) == words


def test_composed_and_decomposed_accents_are_the_same() -> None:
    assert plain_words("arre\u0302te") == plain_words("arr\u00eate") == ["arrete"]
