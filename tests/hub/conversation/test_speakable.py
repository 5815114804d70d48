import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.conversation.speakable import speakable

LANGUAGES = ("en", "fr", "de", "es")

PROSE = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "the",
                "light",
                "is",
                "on",
                "café",
                "straße",
                "niño",
                "l'été",
                "don't",
                "20",
                "3.50",
                "1,000",
                "Dr.",
                "e.g.",
                "well-known",
                "(maybe)",
                '"yes"',
                "It's",
            ]
        ),
        st.sampled_from(["", "", "", ",", ".", "!", "?", ";", ":", "…"]),
    ),
    max_size=20,
).map(lambda words: " ".join(word + mark for word, mark in words))


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        (
            "**Bold**, *italic*, __both__ and ~~gone~~ ***all***.",
            "Bold, italic, both and gone all.",
        ),
        ("## Kitchen\n", "Kitchen"),
        ("- [ ] milk", "milk"),
        ("  * eggs", "eggs"),
        ("2. Open the door", "2, Open the door"),
        ("> Quoted.", "Quoted."),
        ('See [the docs](https://example.com/a_(b) "title").', "See the docs."),
        ("![A red lamp](lamp.png)", "A red lamp"),
        ("[![Logo](a.png)](https://a.b)", "Logo"),
        ("Run `ls` now.", "Run ls now."),
        ("```python\nfirst\nsecond\n```\n", "first, second"),
        ("| Room | State |\n|:---|---:|\n| Hall | **on** |", "Room, State, Hall, on"),
        ("First line\ncontinued here", "First line continued here"),
        ("<b>Hot</b> &amp; cold<br>water", "Hot and cold, water"),
        ("Sure 😀! 👍🏽 Fine 1️⃣.", "Sure! Fine 1."),
        ("A  \t b \n", "A b"),
        ("Really?! No!! Well....", "Really? No! Well…"),
        ("Lights -> off", "Lights, off"),
        ("Wi-Fi - on -- or off", "Wi-Fi — on — or off"),
        ("the living_room_lamp", "the living room lamp"),
        ("\\*not bold\\*", "not bold"),
    ],
)
def test_markup_is_not_spoken(text: str, spoken: str) -> None:
    assert speakable(text, "en") == spoken


@pytest.mark.parametrize(
    "text", ["", " \n", "---", "***", "|---|:--:|", "😀👍🏽", "```", "...", "**", "<br>"]
)
def test_what_has_no_words_is_silent(text: str) -> None:
    assert speakable(text, "en") == ""


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        (
            "21 °C",
            ("21 degrees Celsius", "21 degrés Celsius", "21 Grad Celsius", "21 grados Celsius"),
        ),
        (
            "70°F",
            (
                "70 degrees Fahrenheit",
                "70 degrés Fahrenheit",
                "70 Grad Fahrenheit",
                "70 grados Fahrenheit",
            ),
        ),
        ("1 °C", ("1 degree Celsius", "1 degré Celsius", "1 Grad Celsius", "1 grado Celsius")),
        ("20 %", ("20 percent", "20 pour cent", "20 Prozent", "20 por ciento")),
        (
            "50 km/h",
            (
                "50 kilometres per hour",
                "50 kilomètres par heure",
                "50 Kilometer pro Stunde",
                "50 kilómetros por hora",
            ),
        ),
        (
            "5 kWh",
            ("5 kilowatt hours", "5 kilowattheures", "5 Kilowattstunden", "5 kilovatios hora"),
        ),
        ("60 W", ("60 watts", "60 watts", "60 Watt", "60 vatios")),
        ("2 kW", ("2 kilowatts", "2 kilowatts", "2 Kilowatt", "2 kilovatios")),
        ("A & B", ("A and B", "A et B", "A und B", "A y B")),
        ("3.50 €", ("3 euros 50", "3 euros 50", "3 Euro 50", "3 euros con 50")),
        ("$3.50", ("3 dollars 50", "3 dollars 50", "3 Dollar 50", "3 dólares con 50")),
        ("5-10", ("5 to 10", "5 à 10", "5 bis 10", "5 a 10")),
        ("~20", ("about 20", "environ 20", "etwa 20", "cerca de 20")),
        ("-5", ("minus 5", "moins 5", "minus 5", "menos 5")),
        (
            "3 × 4 = 12",
            (
                "3 times 4 equals 12",
                "3 fois 4 égale 12",
                "3 mal 4 gleich 12",
                "3 por 4 es igual a 12",
            ),
        ),
        (
            "https://www.example.com/a?b=c",
            ("example dot com", "example point com", "example Punkt com", "example punto com"),
        ),
        (
            "example.com",
            ("example dot com", "example point com", "example Punkt com", "example punto com"),
        ),
        (
            "me@example.com",
            (
                "me at example dot com",
                "me arobase example point com",
                "me at example Punkt com",
                "me arroba example punto com",
            ),
        ),
    ],
)
def test_signs_are_said_in_the_language(text: str, spoken: tuple[str, ...]) -> None:
    assert tuple(speakable(text, language) for language in LANGUAGES) == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("It is 18–21 °C.", "It is 18 to 21 degrees Celsius."),
        ("It takes 1 kWh, not 1.5 kWh.", "It takes 1 kilowatt hour, not 1.5 kilowatt hours."),
        (
            "$1, $1,000, £0.50, €5.00 and $2 million",
            "1 dollar, 1,000 dollars, 50 pence, 5 euros and 2 million dollars",
        ),
        ("10 - 5 = 5 and 2 + 2 = 4", "10 minus 5 equals 5 and 2 plus 2 equals 4"),
        ("a < b, 3 > 2", "a less than b, 3 greater than 2"),
        ("€0.30/kWh or $5/month", "30 cents per kilowatt hour or 5 dollars per month"),
        ("$3.5 and $2.25 billion", "3.5 dollars and 2.25 billion dollars"),
        ("3*4 and 5 * 6", "3 times 4 and 5 times 6"),
        ("Open 7:30-8:00.", "Open 7:30 to 8 o'clock."),
        ("On 2026-11-20, call 555-1234.", "On November 20th, 2026, call 555-1234."),
        ("Bulb #5 at 2700 K.", "Bulb number 5 at 2700 kelvin."),
        ("The hub is at 192.168.1.10.", "The hub is at 192 dot 168 dot 1 dot 10."),
        ("Version 1.2.3 at 7:30.", "Version 1.2.3 at 7:30."),
        ("See (https://example.com/x).", "See (example dot com)."),
    ],
)
def test_numbers_are_said_as_what_they_mean(text: str, spoken: str) -> None:
    assert speakable(text, "en") == spoken


def test_a_date_at_the_start_of_a_german_line_is_no_list_number() -> None:
    assert speakable("3. Mai ist Feiertag.", "de") == "dritte Mai ist Feiertag."


def test_french_keeps_the_blank_before_its_marks() -> None:
    assert speakable("Ça va ?", "fr") == "Ça va ?"


def test_a_region_and_an_unknown_language_are_understood() -> None:
    assert speakable("5 %", "de-AT") == "5 Prozent"
    assert speakable("5 %", "xx") == "5 percent"


@given(PROSE, st.sampled_from(LANGUAGES))
def test_plain_prose_said_twice_stays_as_it_is(text: str, language: str) -> None:
    once = speakable(text, language)
    assert speakable(once, language) == once
    assert re.findall(r"\w+", once) == re.findall(r"\w+", text)


@given(st.text() | st.text(alphabet="ab1 *_`[]()|#-<>&;.,°$€~\\\n😀="), st.sampled_from(LANGUAGES))
def test_no_text_leaves_markup_or_breaks_a_line(text: str, language: str) -> None:
    said = speakable(text, language)
    assert not set(said) & set("*`|<>[]{}\\~_\n")
    assert said == " ".join(said.split())
    assert said == "" or any(map(str.isalnum, said))
