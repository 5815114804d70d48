import pytest

from hub.home.spoken_codes import MASK, Code, bare_code, masked, only_code, with_code


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("one two three four", "en", "1234"),
        ("It's twelve thirty-four.", "en", "1234"),
        ("one thousand two hundred and thirty-four", "en", "1234"),
        ("twelve hundred thirty four", "en", "1234"),
        ("oh four two seven", "en", "0427"),
        ("Yes, so it's 1234", "en", "1234"),
        ("Ja, 12 34", "de", "1234"),
        ("1 2 3 4, please", "en", "1234"),
        ("12-34", "en", "1234"),
        ("1,234", "en", "1234"),
        ("double one two two", "en", "1122"),
        ("It's triple 7, double oh", "en", "77700"),
        ("null doppel sieben eins", "de", "0771"),
        ("un double deux trois", "fr", "1223"),
        ("uno doble dos tres", "es", "1223"),
        ("eins zwei drei vier", "de", "1234"),
        ("zwölf vierunddreißig", "de", "1234"),
        ("Der Code ist eintausendzweihundertvierunddreißig", "de", "1234"),
        ("zwo null fünf fünf", "de", "2055"),
        ("un deux trois quatre", "fr", "1234"),
        ("douze trente-quatre", "fr", "1234"),
        ("mille deux cent trente-quatre", "fr", "1234"),
        ("C'est quatre-vingt-dix-sept soixante et onze", "fr", "9771"),
        ("uno dos tres cuatro", "es", "1234"),
        ("doce treinta y cuatro", "es", "1234"),
        ("mil doscientos treinta y cuatro", "es", "1234"),
        ("Es veintidós cero cinco, por favor", "es", "2205"),
    ],
)
def test_the_digits_of_a_code_are_said_singly_in_pairs_or_as_a_number(
    text: str, language: str, said: str
) -> None:
    assert only_code(text, language) == Code(said)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one",
        "double twelve",
        "double",
        "double 12 34",
        "one two",
        "no",
        "turn on one two three lights",
        "1234 then 5678",
        "code",
    ],
)
def test_other_words_are_no_code(text: str) -> None:
    assert only_code(text, "en") is None


@pytest.mark.parametrize(
    ("text", "language", "rest"),
    [
        ("disarm the alarm with code one two three four", "en", "disarm the alarm"),
        ("Disarm the alarm, the code is 1234.", "en", "Disarm the alarm"),
        ("with the pin code 12 34 disarm the alarm", "en", "disarm the alarm"),
        ("Schalte die Alarmanlage mit dem Code eins zwei drei vier unscharf", "de",
         "Schalte die Alarmanlage unscharf"),
        ("désarme l'alarme avec le code douze trente-quatre", "fr", "désarme l'alarme"),
        ("desactiva la alarma con el código uno dos tres cuatro", "es", "desactiva la alarma"),
    ],
)  # fmt: skip
def test_a_sentence_is_told_from_the_code_that_it_names(
    text: str, language: str, rest: str
) -> None:
    coded = with_code(text, language)
    assert coded is not None
    assert (coded.rest, coded.code) == (rest, Code("1234"))


@pytest.mark.parametrize(
    "text", ["disarm the alarm", "what is zip code 12345", "code", "the code one", "code 1234"]
)
def test_a_sentence_without_a_code_is_none(text: str) -> None:
    assert with_code(text, "en") is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("disarm the alarm with code one two three four", f"disarm the alarm with code {MASK}"),
        ("mit dem Code eins zwei", f"mit dem Code {MASK}"),
        ("avec le code 12", f"avec le code {MASK}"),
        ("con el código uno dos", f"con el código {MASK}"),
        ("twelve thirty-four", MASK),
        ("which town has zip code 12345", "which town has zip code 12345"),
        ("set a timer for ten minutes", "set a timer for ten minutes"),
    ],
)
def test_codes_are_masked_in_every_language(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "the code of the alarm is {}",
        "the front door's code is now {}",
        "{} is the code",
        "the code is {} no the code is {}",
        "the password for the safe is {}",
        "der Zugangscode ist {}",
        "mein Alarmcode lautet {}",
        "entsperre die Tür mit PIN-Code {}",
        "das Passwort ist {}",
        "le code de la porte est {}",
        "le mot de passe est {}",
        "el código de la puerta es {}",
    ],
)
def test_a_number_is_masked_wherever_somebody_speaks_of_a_code(text: str) -> None:
    assert masked(text.format("1234", "5678")).count(MASK) == text.count("{}")
    assert not any(digit.isdecimal() for digit in masked(text.format("1234", "5678")))


@pytest.mark.parametrize(
    "text", ["what is the error code 404", "scan the barcode 12345", "decode 12345", "born in 1984"]
)
def test_numbers_that_have_nothing_to_do_with_codes_are_kept(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "language", "rest"),
    [
        ("unlock the front door one two three four", "en", "unlock the front door"),
        ("1234 unlock the front door", "en", "unlock the front door"),
        ("schalte den Alarm eins zwei drei vier unscharf", "de", "schalte den Alarm unscharf"),
    ],
)
def test_a_sentence_is_told_from_a_number_in_it(text: str, language: str, rest: str) -> None:
    coded = bare_code(text, language)
    assert coded is not None
    assert (coded.rest, coded.code) == (rest, Code("1234"))
    assert bare_code(f"{text} und 77 mal", language) is None
    assert bare_code("turn on 12 lamps", language) is None


def test_after_the_question_for_a_code_every_number_is_masked() -> None:
    assert masked("well one two", all_digits=True) == f"well {MASK}"
    assert masked("one moment", all_digits=True) == "one moment"


def test_a_code_does_not_show_itself() -> None:
    assert "1234" not in f"{Code('1234')} {Code('1234')!r}"
