"""When something is to be, as people say it; it is Monday, 2 March, three in the afternoon."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hub.timekeeping.spoken_moments import find_moment, find_span, split_reminder

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=ZONE)


def when(text: str, language: str, *, morning: bool = False) -> str:
    """The day and the time that are meant; for a repeated one, its days."""
    moment = find_moment(text, language, NOW, ZONE, morning=morning)
    if moment is None:
        return ""
    days = "".join(str(day) for day in sorted(moment.weekdays))
    return f"{moment.due.astimezone(ZONE):%d %H:%M}" + (f" every {days}" if days else "")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("at seven", "02 19:00"),
        ("at half past seven", "02 19:30"),
        ("7:30 pm", "02 19:30"),
        ("seven thirty a.m.", "03 07:30"),
        ("at quarter to eight", "02 19:45"),
        ("ten past nine", "02 21:10"),
        ("at twenty minutes to four", "02 15:40"),
        ("at nineteen oh five", "02 19:05"),
        ("at 14:10", "03 14:10"),
        ("at 07:15", "03 07:15"),
        ("at noon", "03 12:00"),
        ("at midnight", "03 00:00"),
        ("tomorrow at seven", "03 07:00"),
        ("tomorrow at three", "03 15:00"),
        ("on Friday at 6 pm", "06 18:00"),
        ("next Monday at nine", "09 09:00"),
        ("the day after tomorrow at 8 o'clock", "04 08:00"),
        ("tomorrow morning", "03 08:00"),
        ("this evening at eight", "02 20:00"),
        ("tonight", "02 20:00"),
        ("in ten minutes", "02 15:10"),
        ("in an hour and a half", "02 16:30"),
        ("in two and a half hours", "02 17:30"),
        ("in 1 hour and 25 minutes", "02 16:25"),
        ("every weekday at seven", "03 07:00 every 01234"),
        ("monday to friday at 7", "03 07:00 every 01234"),
        ("every Monday and Tuesday at 6:30", "03 06:30 every 01"),
        ("every day at 7 am", "03 07:00 every 0123456"),
        ("on weekends at nine", "07 09:00 every 56"),
        ("seven", "02 19:00"),
        ("before you go go", ""),
        ("at 25:99", ""),
    ],
)
def test_english(text: str, meant: str) -> None:
    assert when(text, "en") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("um sieben", "02 19:00"),
        ("um halb acht", "02 19:30"),
        ("um Viertel nach sieben", "02 19:15"),
        ("um Viertel vor acht", "02 19:45"),
        ("um dreiviertel acht", "02 19:45"),
        ("um fünf vor halb acht", "02 19:25"),
        ("um zwanzig nach acht", "02 20:20"),
        ("19:30 Uhr", "02 19:30"),
        ("um 7 Uhr 15", "02 19:15"),
        ("morgen um sieben", "03 07:00"),
        ("morgen früh um sechs", "03 06:00"),
        ("am Freitag um 18 Uhr", "06 18:00"),
        ("heute Abend um acht", "02 20:00"),
        ("übermorgen um neun", "04 09:00"),
        ("um Mitternacht", "03 00:00"),
        ("in zehn Minuten", "02 15:10"),
        ("in einer halben Stunde", "02 15:30"),
        ("in anderthalb Stunden", "02 16:30"),
        ("in fünfundzwanzig Minuten", "02 15:25"),
        ("jeden Werktag um sieben", "03 07:00 every 01234"),
        ("jeden Montag um acht", "09 08:00 every 0"),
        ("täglich um 7 Uhr", "03 07:00 every 0123456"),
        ("bald", ""),
    ],
)
def test_german(text: str, meant: str) -> None:
    assert when(text, "de") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("à sept heures", "02 19:00"),
        ("à sept heures et demie", "02 19:30"),
        ("à sept heures et quart", "02 19:15"),
        ("à huit heures moins le quart", "02 19:45"),
        ("à huit heures moins dix", "02 19:50"),
        ("à 7 h 30", "02 19:30"),
        ("à dix-neuf heures cinq", "02 19:05"),
        ("à sept heures du matin", "03 07:00"),
        ("demain à sept heures", "03 07:00"),
        ("vendredi à 18 heures", "06 18:00"),
        ("ce soir à huit heures", "02 20:00"),
        ("après-demain à neuf heures", "04 09:00"),
        ("à midi", "03 12:00"),
        ("à minuit et demi", "03 00:30"),
        ("dans dix minutes", "02 15:10"),
        ("dans une demi-heure", "02 15:30"),
        ("dans un quart d'heure", "02 15:15"),
        ("dans une heure et demie", "02 16:30"),
        ("tous les jours à sept heures", "03 07:00 every 0123456"),
        ("du lundi au vendredi à 7 heures", "03 07:00 every 01234"),
        ("chaque lundi à huit heures", "09 08:00 every 0"),
        ("bientôt", ""),
    ],
)
def test_french(text: str, meant: str) -> None:
    assert when(text, "fr") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a las siete", "02 19:00"),
        ("a las siete y media", "02 19:30"),
        ("a las siete y cuarto", "02 19:15"),
        ("a las ocho menos cuarto", "02 19:45"),
        ("a las siete y diez", "02 19:10"),
        ("a la una y cuarto", "03 13:15"),
        ("a las 19:30", "02 19:30"),
        ("a las siete de la mañana", "03 07:00"),
        ("mañana a las siete", "03 07:00"),
        ("mañana por la mañana a las ocho", "03 08:00"),
        ("el viernes a las seis de la tarde", "06 18:00"),
        ("esta noche a las nueve", "02 21:00"),
        ("pasado mañana a las ocho", "04 08:00"),
        ("al mediodía", "03 12:00"),
        ("en diez minutos", "02 15:10"),
        ("dentro de media hora", "02 15:30"),
        ("en una hora y media", "02 16:30"),
        ("todos los días a las siete", "03 07:00 every 0123456"),
        ("de lunes a viernes a las siete", "03 07:00 every 01234"),
        ("cada lunes a las ocho", "09 08:00 every 0"),
        ("pronto", ""),
    ],
)
def test_spanish(text: str, meant: str) -> None:
    assert when(text, "es") == meant


def test_an_alarm_means_the_morning() -> None:
    assert when("at seven", "en", morning=True) == "03 07:00"
    assert when("five", "en", morning=True) == "03 05:00"
    assert when("seven pm", "en", morning=True) == "02 19:00"


def test_a_language_that_is_not_known_is_taken_for_english() -> None:
    assert when("in ten minutes", "nl") == "02 15:10"
    assert when("in zehn Minuten", "de-CH") == "02 15:10"


@pytest.mark.parametrize(
    ("language", "text", "meant", "thing"),
    [
        ("en", "to call Mum at seven", "02 19:00", "call Mum"),
        ("en", "at seven to call Mum", "02 19:00", "call Mum"),
        ("en", "in ten minutes to take out the trash", "02 15:10", "take out the trash"),
        ("en", "to buy two apples tomorrow morning", "03 08:00", "buy two apples"),
        ("en", "about the meeting on Friday at 3 pm", "06 15:00", "the meeting"),
        ("en", "every day at eight to take my pills", "03 08:00", "take my pills"),
        ("en", "to call Mum", None, "call Mum"),
        ("en", "at seven", "02 19:00", ""),
        ("de", "in zehn Minuten daran, die Wäsche aufzuhängen", "02 15:10",
         "die Wäsche aufzuhängen"),
        ("de", "morgen um acht an den Zahnarzt", "03 08:00", "Zahnarzt"),
        ("fr", "d'appeler maman à sept heures", "02 19:00", "appeler maman"),
        ("fr", "demain à huit heures que j'ai rendez-vous", "03 08:00", "j'ai rendez-vous"),
        ("es", "llamar a mamá a las siete", "02 19:00", "llamar a mamá"),
        ("es", "en diez minutos que saque la basura", "02 15:10", "saque la basura"),
    ],
)  # fmt: skip
def test_a_reminder_has_a_moment_and_a_thing(
    language: str, text: str, meant: str | None, thing: str
) -> None:
    moment, told = split_reminder(text, language, NOW, ZONE)
    assert told == thing
    assert (None if moment is None else f"{moment.due.astimezone(ZONE):%d %H:%M}") == meant


@pytest.mark.parametrize(
    ("language", "text", "seconds"),
    [
        ("en", "for five minutes", 300),
        ("en", "an hour and ten minutes", 4200),
        ("de", "für fünf Minuten", 300),
        ("fr", "de cinq minutes", 300),
        ("es", "diez minutos y 30 segundos", 630),
        ("en", "for a while", None),
    ],
)
def test_a_span_is_found(language: str, text: str, seconds: float | None) -> None:
    assert find_span(text, language) == seconds


def test_a_text_of_any_length_is_read_in_time() -> None:
    assert find_moment("at seven and " * 10_000, "en", NOW, ZONE) is not None
    assert split_reminder("minutes minutes " * 10_000, "en", NOW, ZONE)[0] is None
