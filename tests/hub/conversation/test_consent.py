import pytest

from hub.conversation.consent import consent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "yes"),
        ("en", "Yes, please do."),
        ("en", "Um, sure, go ahead!"),
        ("en", "okay"),
        ("en-GB", "please"),
        ("de", "Ja, bitte."),
        ("de", "ja gerne, danke"),
        ("de", "Mach das bitte"),
        ("fr", "Oui, s'il vous plaît"),
        ("fr", "vas-y"),
        ("fr", "d’accord, merci"),
        ("es", "Sí, por favor"),
        ("es", "claro que sí"),
        ("es", "hazlo"),
        ("xx", "yes"),
    ],
)
def test_a_yes_is_known_however_polite(language: str, text: str) -> None:
    assert consent(text, language) is True


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "No."),
        ("en", "no thank you"),
        ("en", "never mind"),
        ("en", "no, please don't"),
        ("en", "please stop"),
        ("de", "Nein danke"),
        ("de", "lieber nicht"),
        ("de", "Ach, lass es"),
        ("fr", "Non, merci"),
        ("fr", "laisse tomber"),
        ("fr", "bien sûr que non"),
        ("es", "No, gracias"),
        ("es", "mejor no"),
        ("es", "déjalo"),
    ],
)
def test_a_no_is_known(language: str, text: str) -> None:
    assert consent(text, language) is False


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", ""),
        ("en", "..."),
        ("en", "thank you"),
        ("en", "yes and turn on the light"),
        ("en", "yes no"),
        ("en", "not right now, yes"),
        ("en", "turn on the kitchen light"),
        ("en", "yes " * 20),
        ("de", "ja nicht"),
        ("de", "danke"),
        ("fr", "oui mais pas la porte"),
        ("es", "sí y enciende la luz"),
    ],
)
def test_anything_else_is_neither(language: str, text: str) -> None:
    assert consent(text, language) is None
