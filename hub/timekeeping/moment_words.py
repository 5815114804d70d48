"""How times of day, days and spans are said, language by language, as patterns.

`{n}` stands for a number, in digits or words; `h` and `m` name the numbers of a pattern.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """One way to say a time of day: its minutes are 60 * h + plus + sign * m."""

    pattern: str
    plus: int = 0
    sign: int = 1
    exact: bool = False
    """Whether it can only mean one of two halves of the day."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day."""

    pattern: str
    first: int
    """The hour from which on it is."""
    usual: int
    """The hour that is meant where none is named."""


@dataclass(frozen=True, slots=True)
class Language:
    """The patterns of one language, the longer ones first."""

    clocks: tuple[Clock, ...]
    bare: str
    """An hour alone, which needs a word before it to be one."""
    parts: tuple[Part, ...]
    days: tuple[tuple[str, int], ...]
    """Words for a day, and how far ahead it is."""
    on: str
    """What may stand before the name of a weekday."""
    every: str
    daily: str
    workdays: str
    weekends: str
    before_span: str
    """What makes a span a moment: "in ten minutes"."""
    spans: tuple[tuple[str, float], ...]
    """Patterns of spans, and the seconds of each of their `n`, or of the whole."""
    and_: str
    filler: str
    """Words that stand between or before parts, and mean nothing."""
    to: str
    """What stands before the thing that one is reminded of."""
    named: str
    """What stands before the name of an alarm."""
    date: str
    """A day of a month: `d` is its number, `{month}` the name of its month."""


_EN_HALF = r"\s*(?P<half>a\.?\s?m\b\.?|p\.?\s?m\b\.?)"

LANGUAGES: Mapping[str, Language] = {
    "en": Language(
        clocks=(
            Clock(r"half past (?P<h>{n})", 30),
            Clock(r"(?:a )?quarter past (?P<h>{n})", 15),
            Clock(r"(?:a )?quarter to (?P<h>{n})", -15),
            Clock(r"(?P<m>{n})(?: minutes)? past (?P<h>{n})"),
            Clock(r"(?P<m>{n})(?: minutes)? to (?P<h>{n})", 0, -1),
            Clock(r"(?P<h>\d{1,2})[:.](?P<m>\d\d)" + f"(?:{_EN_HALF})?"),
            Clock(r"(?P<h>{n}) (?:oh |o )?(?P<m>{n})" + _EN_HALF),
            Clock(r"(?P<h>{n}) (?:oh |o )?(?P<m>{n})(?! (?:hour|minute|second|day|week))"),
            Clock(r"(?P<h>{n})(?: o'?clock)?" + _EN_HALF),
            Clock(r"(?P<h>{n}) o'?clock"),
            Clock(r"(?P<noon>noon|midday)", 720, exact=True),
            Clock(r"(?P<midnight>midnight)", 0, exact=True),
        ),
        bare=r"(?:at|for|by|until) (?P<h>{n})",
        parts=(
            Part(r"(?:in the |this )?morning", 0, 8),
            Part(r"(?:in the |this )?afternoon", 12, 15),
            Part(r"(?:in the |this )?evening", 17, 19),
            Part(r"tonight|at night", 18, 20),
        ),
        days=(
            ("(?:the )?day after tomorrow", 2),
            ("(?:the )?day before yesterday", -2),
            ("tomorrow", 1),
            ("yesterday", -1),
            ("today", 0),
        ),
        on=r"(?:on |next |this |for )*",
        every=r"every|each",
        daily=r"every ?day|each day|every morning|daily",
        workdays=r"(?:every |each |on )?(?:week ?days?|work(?:ing)? ?days?)"
        r"|(?:from )?monday (?:to|through|till) friday",
        weekends=r"(?:every|each|on(?: the)?|at(?: the)?)? ?week ?ends?",
        before_span=r"in|after",
        spans=(
            (r"half an hour", 1800),
            (r"an hour and a half", 5400),
            (r"(?:a )?quarter of an hour", 900),
            (r"(?:a )?three quarters of an hour", 2700),
            (r"half a minute", 30),
            (r"a minute and a half", 90),
            (r"(?P<n>{n}) and a half hours?", 3600.5),
            (r"(?P<n>{n}) and a half minutes?", 60.5),
            (r"(?P<n>{n})[ -]?hours?|an? hour", 3600),
            (r"(?P<n>{n})[ -]?min(?:ute)?s?|a minute", 60),
            (r"(?P<n>{n})[ -]?sec(?:ond)?s?|a second", 1),
            (r"(?P<n>{n})[ -]?days?|a day", 86_400),
            (r"(?P<n>{n})[ -]?weeks?|a week", 604_800),
        ),
        and_=r"and",
        filler=r"at|for|on|in|by|from|now|around|about|and",
        to=r"to|that|about|of|i should|i have to|i need to|i must",
        named=r"called|named|labell?ed|with the name",
        date=r"(?:on )?(?:the )?(?P<d>{n})(?:st|nd|rd|th)? (?:of )?{month}"
        r"|(?:on )?{month} (?:the )?(?P<e>{n})(?:st|nd|rd|th)?(?! ?(?:[ap]m|o'?clock))",
    ),
    "de": Language(
        clocks=(
            Clock(r"(?P<m>{n})(?: minuten)? vor halb (?P<h>{n})", -30, -1),
            Clock(r"(?P<m>{n})(?: minuten)? nach halb (?P<h>{n})", -30),
            Clock(r"halb (?P<h>{n})", -30),
            Clock(r"viertel vor (?P<h>{n})", -15),
            Clock(r"viertel nach (?P<h>{n})", 15),
            Clock(r"drei ?viertel (?P<h>{n})", -15),
            Clock(r"viertel (?P<h>{n})", -45),
            Clock(r"(?P<m>{n})(?: minuten)? vor (?P<h>{n})", 0, -1),
            Clock(r"(?P<m>{n})(?: minuten)? nach (?P<h>{n})"),
            Clock(r"(?P<h>{n}) uhr (?P<m>{n})(?! (?:stunde|minute|sekunde|tag|woche))"),
            Clock(r"(?P<h>\d{1,2})[:.](?P<m>\d\d)(?: uhr)?"),
            Clock(r"(?P<h>{n}) uhr"),
            Clock(r"(?P<noon>mittags?)", 720, exact=True),
            Clock(r"(?P<midnight>mitternacht)", 0, exact=True),
        ),
        bare=r"(?:um|auf|gegen|für) (?P<h>{n})",
        parts=(
            Part(r"früh|morgens|am morgen", 0, 8),
            Part(r"(?:am )?vormittags?", 0, 9),
            Part(r"(?:am )?nachmittags?", 12, 15),
            Part(r"(?:am )?abends?", 17, 19),
            Part(r"nachts|(?:in der )?nacht", 18, 22),
        ),
        days=(("übermorgen", 2), ("vorgestern", -2), ("morgen", 1), ("gestern", -1), ("heute", 0)),
        on=r"(?:am |nächsten |kommenden |diesen |für )*",
        every=r"jeden|jede",
        daily=r"jeden tag|jeden morgen|täglich",
        workdays=r"(?:an |jedem |jeden )?(?:werk|wochen|arbeits)tag(?:s|en)?"
        r"|(?:von )?montags? bis freitags?",
        weekends=r"(?:am |jedes )?wochenendes?",
        before_span=r"in|nach",
        spans=(
            (r"einer halben stunde|eine halbe stunde", 1800),
            (r"einer viertel ?stunde|eine viertel ?stunde", 900),
            (r"einer drei ?viertel ?stunde|eine drei ?viertel ?stunde", 2700),
            (r"(?:anderthalb|eineinhalb|einer? und eine halben?) stunden?", 5400),
            (r"(?:anderthalb|eineinhalb) minuten?", 90),
            (r"einer halben minute|eine halbe minute", 30),
            (r"(?P<n>{n})einhalb stunden", 3600.5),
            (r"(?P<n>{n})[ -]?(?:stunden?|std)|einer? stunde", 3600),
            (r"(?P<n>{n})[ -]?min(?:uten?)?|einer? minute", 60),
            (r"(?P<n>{n})[ -]?sek(?:unden?)?|einer? sekunde", 1),
            (r"(?P<n>{n})[ -]?tage?n?|einem tag", 86_400),
            (r"(?P<n>{n})[ -]?wochen?|einer woche", 604_800),
        ),
        and_=r"und",
        filler=r"um|am|an|auf|für|von|gegen|und|der|ab",
        to=r"daran,? dass|daran,?|dass|ans|an das|an die|an den|an",
        named=r"namens|mit (?:dem )?namen",
        date=r"(?:am |den )?(?P<d>{n})(?:\.|ten|sten)? {month}",
    ),
    "fr": Language(
        clocks=(
            Clock(r"(?P<h>{n}) ?(?:heures?|h) et demie?", 30),
            Clock(r"(?P<h>{n}) ?(?:heures?|h) et quart", 15),
            Clock(r"(?P<h>{n}) ?(?:heures?|h) moins le quart", -15),
            Clock(r"(?P<h>{n}) ?(?:heures?|h) moins (?P<m>{n})", 0, -1),
            Clock(r"(?P<h>{n}) ?(?:heures?|h) ?(?P<m>{n})(?! (?:heure|minute|seconde|jour))"),
            Clock(r"(?P<h>\d{1,2}):(?P<m>\d\d)"),
            Clock(r"(?P<h>{n}) ?(?:heures?|h)\b(?! et demie)"),
            Clock(r"(?P<noon>midi) et demie?", 750, exact=True),
            Clock(r"(?P<noon>midi)", 720, exact=True),
            Clock(r"(?P<midnight>minuit) et demie?", 30, exact=True),
            Clock(r"(?P<midnight>minuit)", 0, exact=True),
        ),
        bare=r"(?:à|a|pour|vers) (?P<h>\d{1,2})",
        parts=(
            Part(r"(?:du |ce |le |au )?matin", 0, 8),
            Part(r"(?:de l'|cet |l'|dans l')?après[ -]midi", 12, 15),
            Part(r"(?:du |ce |le )?soir", 17, 19),
            Part(r"(?:de la |cette |la )?nuit", 18, 22),
        ),
        days=(
            ("après[ -]demain", 2),
            ("avant[ -]hier", -2),
            ("demain", 1),
            ("hier", -1),
            ("aujourd'hui", 0),
        ),
        on=r"(?:le |ce |pour )*",
        every=r"chaque|tous les|toutes les",
        daily=r"chaque jour|tous les jours|tous les matins|chaque matin|quotidiennement",
        workdays=r"(?:chaque|tous les|les) jours? (?:de (?:la )?semaine|ouvrés?|ouvrables?)"
        r"|en semaine|du lundi au vendredi",
        weekends=r"(?:le|les|chaque|tous les) week[ -]?ends?",
        before_span=r"dans|après|d'ici",
        spans=(
            (r"une demi[ -]heure", 1800),
            (r"(?:un |1 )?quart d'heure", 900),
            (r"trois quarts d'heure", 2700),
            (r"une heure et demie", 5400),
            (r"une minute et demie", 90),
            (r"une demi[ -]minute", 30),
            (r"(?P<n>{n}) heures et demie", 3600.5),
            (r"(?P<n>{n}) ?(?:heures?|h\b)|une heure", 3600),
            (r"(?P<n>{n}) ?min(?:utes?)?|une minute", 60),
            (r"(?P<n>{n}) ?s(?:ec(?:ondes?)?)?\b|une seconde", 1),
            (r"(?P<n>{n}) jours?|un jour", 86_400),
            (r"(?P<n>{n}) semaines?|une semaine", 604_800),
        ),
        and_=r"et",
        filler=r"à|a|pour|vers|le|et|de|dès",
        to=r"que je dois|pour|que|qu'|de|d'",
        named=r"appelée?|nommée?|intitulée?|avec le nom",
        date=r"(?:le |pour le )?(?P<d>{n})(?:er)? {month}",
    ),
    "es": Language(
        clocks=(
            Clock(r"(?:las? )?(?P<h>{n}) y media", 30),
            Clock(r"(?:las? )?(?P<h>{n}) y cuarto", 15),
            Clock(r"(?:las? )?(?P<h>{n}) menos cuarto", -15),
            Clock(r"(?:las? )?(?P<h>{n}) menos (?P<m>{n})", 0, -1),
            Clock(r"las? (?P<h>{n}) y (?P<m>{n})(?! (?:hora|minuto|segundo|día))"),
            Clock(r"(?:las? )?(?P<h>\d{1,2})[:.](?P<m>\d\d)(?: horas?)?"),
            Clock(r"las? (?P<h>{n}) (?P<m>{n})(?! (?:hora|minuto|segundo|día))"),
            Clock(r"las? (?P<h>{n})(?: en punto| horas?)?"),
            Clock(r"(?P<h>{n}) (?:en punto)"),
            Clock(r"(?:el )?(?P<noon>mediod[ií]a)", 720, exact=True),
            Clock(r"(?:la )?(?P<midnight>medianoche)", 0, exact=True),
        ),
        bare=r"(?:a|para|sobre) (?P<h>\d{1,2})",
        parts=(
            Part(r"(?:de|por|en) la mañana|esta mañana", 0, 8),
            Part(r"(?:de|por|en) la madrugada|esta madrugada", 0, 4),
            Part(r"(?:de|por|en) la tarde|esta tarde", 12, 17),
            Part(r"(?:de|por|en) la noche|esta noche", 18, 21),
        ),
        days=(("pasado mañana", 2), ("anteayer", -2), ("mañana", 1), ("ayer", -1), ("hoy", 0)),
        on=r"(?:el |este |próximo |para )*",
        every=r"cada|todos los|todas las",
        daily=r"cada día|todos los d[ií]as|todas las mañanas|cada mañana|diariamente|a diario",
        workdays=r"(?:todos los |cada |los )?d[ií]as? (?:laborables?|de (?:la )?semana)"
        r"|entre semana|de lunes a viernes",
        weekends=r"(?:todos los |cada |los |el )?fin(?:es)? de semana",
        before_span=r"en|dentro de|después de",
        spans=(
            (r"media hora", 1800),
            (r"(?:un )?cuarto de hora", 900),
            (r"tres cuartos de hora", 2700),
            (r"(?:una )?hora y media", 5400),
            (r"un minuto y medio", 90),
            (r"medio minuto", 30),
            (r"(?P<n>{n}) horas y media", 3600.5),
            (r"(?P<n>{n}) horas?|una hora", 3600),
            (r"(?P<n>{n}) min(?:utos?)?|un minuto", 60),
            (r"(?P<n>{n}) seg(?:undos?)?|un segundo", 1),
            (r"(?P<n>{n}) d[ií]as?|un d[ií]a", 86_400),
            (r"(?P<n>{n}) semanas?|una semana", 604_800),
        ),
        and_=r"y",
        filler=r"a|para|sobre|el|y|desde|de",
        to=r"que tengo que|para|que debo|que|de que|de",
        named=r"llamad[oa]|con (?:el )?nombre",
        date=r"(?:el )?(?:día )?(?P<d>{n}) de {month}",
    ),
}
