import pytest

from hub.conversation.interjections import (
    Kind,
    backchannels,
    classify,
    stop_phrases,
    without_address,
)

LANGUAGES = ("en", "fr", "de", "es")


@pytest.mark.parametrize("language", [*LANGUAGES, "pl"])
@pytest.mark.parametrize("text", ["", "  ", "...", "um", "Uh, um...", "hmmm", "Ahhhh"])
def test_silence_and_hesitation_are_nothing(text: str, language: str) -> None:
    assert classify(text, language) is Kind.NOTHING


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", "uh-huh|Mm-hmm.|mmmm|okay|Yeah!|right|I see|Sure.|thanks|OK okay|yeah yeah right"),
        (
            "en",
            "oh I see|um, okay|That's right|okaaay|uh huh, uh huh|oh really?|thank you very much",
        ),
        (
            "fr",
            "d'accord|D’accord.|ouais|Ah oui|okay|mm-hmm|oui oui|euh, d'accord|tres bien|C'est ça",
        ),
        ("de", "ja|Okay|genau|mhm|Ja, ja, genau.|ach so|alles klar|äh ja|In Ordnung|dankeschön"),
        ("es", "vale|sí|Si|ajá|claro|vale vale|pues sí|muy bien|De acuerdo|okay"),
    ],
)
def test_signs_of_listening_are_backchannels(language: str, texts: str) -> None:
    for text in texts.split("|"):
        assert classify(text, language) is Kind.BACKCHANNEL, text


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            "stop|Stop it!|quiet|Be quiet.|shut up|cancel|never mind|that's enough|hold on|wait",
        ),
        ("en", "please stop|okay, stop|stop please|no no stop|um stop|stop, stop, stop|Stooop"),
        ("en", "can you stop please|thanks, that's enough|Hey, be quiet now|shhh|just wait"),
        ("fr", "stop|arrête|Arrete !|tais-toi|tais toi s'il te plaît|chut|ça suffit|non, arrête"),
        ("fr", "d'accord, c'est bon|Attends une seconde|laisse tomber"),
        (
            "de",
            "stopp|stop|halt|hör auf|Hör bitte auf|ruhe|sei still|Sei jetzt still!|danke, genug",
        ),
        ("es", "para|Para ya, por favor|basta|silencio|cállate|callate|vale, para|no, espera|stop"),
    ],
)
def test_words_that_end_an_answer_are_stops(language: str, texts: str) -> None:
    for text in texts.split("|"):
        assert classify(text, language) is Kind.STOP, text


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", "stop the music|okay and the kitchen|what time is it|please|no|no no|yes please"),
        ("en", "stop at ten|right now|wait for me|the|cancel the timer|uh the lights|7"),
        ("fr", "arrête la musique|oui et la cuisine|non|s'il te plaît|quoi"),
        ("de", "halt das Licht an|ja und die Küche|nein|bitte|um sieben"),
        ("es", "para la música|sí y la cocina|no|por favor|para mañana"),
        ("en", "okay " * 13),
    ],
)
def test_anything_else_is_words(language: str, texts: str) -> None:
    for text in texts.split("|"):
        assert classify(text, language) is Kind.WORDS, text


@pytest.mark.parametrize("language", ["en-GB", "EN_us", "pl", "", "zh-Hans"])
def test_regions_do_not_matter_and_unknown_languages_are_as_english(language: str) -> None:
    assert classify("never mind", language) is Kind.STOP
    assert stop_phrases(language) == stop_phrases("en")
    assert backchannels(language) == backchannels("en")


def test_a_language_has_its_own_words() -> None:
    assert classify("hör auf", "de-AT") is Kind.STOP
    assert classify("hör auf", "en") is Kind.WORDS
    assert classify("para", "fr") is Kind.WORDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_listed_phrase_is_what_its_list_says(language: str) -> None:
    for phrase in stop_phrases(language):
        assert classify(phrase, language) is Kind.STOP, phrase
    for phrase in backchannels(language):
        assert classify(phrase, language) is Kind.BACKCHANNEL, phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_name_each_phrase_once_as_it_is_written(language: str) -> None:
    phrases = (*stop_phrases(language), *backchannels(language))
    assert len(set(phrases)) == len(phrases)
    assert {"stop", "okay"} <= set(phrases)
    assert {"en": "that's enough", "fr": "ça suffit", "de": "hör auf", "es": "cállate"}[
        language
    ] in phrases


def test_a_long_ramble_of_ambiguous_signs_is_judged_quickly() -> None:
    assert classify("mm hmm " * 5000 + "x", "en") is Kind.WORDS


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("um, turn on the lamp", "turn on the lamp"),
        ("okay, hey Jarvis, turn on the lamp", "turn on the lamp"),
        ("turn on the lamp", "turn on the lamp"),
        ("okay", "okay"),
        ("hey jarvis", "hey jarvis"),
        ("okay okay stop the music", "stop the music"),
    ],
)
def test_what_is_said_before_the_words_that_are_meant_is_left_out(text: str, meant: str) -> None:
    assert without_address(text, "en", ["hey jarvis"]) == meant
