"""What can be asked about the weather beyond the sentences of home-assistant-intents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.home.actions import ActionResult, Actions
from hub.home.intents import IntentMatch
from hub.home.spoken_command import Do, SpokenCommand
from hub.origin import Origin
from hub.tools.spoken_tools import by_sentence
from hub.tools.toolbox import JoinedToolbox
from hub.tools.weather_tools import NAME, WEEKDAYS
from hub.tools.weather_words import rain_said, said, unreachable

ASKED = "HassGetWeather"
"""How the package calls the question of what the weather is like."""


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Of one language. `{later}` is tomorrow or a weekday, `{day}` is today as well, and `{of_day}`
    is "tomorrow's" or "Monday's"."""

    now: tuple[str, ...]
    """As the package asks, in other words; a report of the home itself answers them."""
    forecast: tuple[str, ...]
    """Without a day, today is meant."""
    rain: tuple[str, ...]
    today: str
    tomorrow: str
    weekdays: tuple[str, ...]
    """From Monday on; `|` between two names of one."""


_SENTENCES: Mapping[str, _Sentences] = {
    "en": _Sentences(
        (
            "(what is|what's|how is|how's) the weather [like] (today|now|right now|outside)",
            "(how is|how's) the weather",
        ),
        (
            "(what is|what's|how is|how's) the weather [going to be] [like] [for|on] {later}",
            "(what is|what's) the weather going to be [like] [for] [today]",
            "(what|how) will the weather be [like] [on] [{day}]",
            "(what is|what's|tell me) the [weather] forecast [for] [{day}]",
            "(what is|what's) the weather (for|on) {later} like",
            "(what is|what's) {of_day} weather [like]",
            "tell me the weather [for|on] {later}",
        ),
        (
            "(will it|is it going to|is it gonna) rain [on] [{day}]",
            "do i need an umbrella [on] [{day}]",
        ),
        "today",
        "tomorrow",
        tuple(one.capitalize() for one in WEEKDAYS),
    ),
    "de": _Sentences(
        ("(wie ist|wie's) das Wetter (jetzt|gerade|draußen)",),
        (
            "wie (ist|wird) das Wetter [am] {later}",
            "wie wird das Wetter [heute]",
            "wie wird [am] {day} das Wetter",
            "(Wetter|Wettervorhersage|Wetterbericht) [für|am] {later}",
            "Wettervorhersage [für heute]",
        ),
        (
            "regnet es [am] [{day}]",
            "wird es [am] [{day}] regnen",
            "gibt es [am] [{day}] Regen",
            "brauche ich [am] [{day}] einen (Schirm|Regenschirm)",
        ),
        "heute",
        "morgen",
        ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag|Sonnabend", "Sonntag"),
    ),
    "fr": _Sentences(
        (
            "quel temps (fait-il|fait il) (aujourd'hui|dehors|maintenant)",
            "quelle est la météo (aujourd'hui|d'aujourd'hui|du jour)",
        ),
        (
            "quel temps (fait-il|fait il) {later}",
            "quel temps (fera-t-il|fera t il|va-t-il faire|va t il faire) [{day}]",
            "quelle (est|sera) la météo [de|pour] {later}",
            "quelle sera la météo [aujourd'hui]",
            "[la] météo [de|pour] {later}",
        ),
        (
            "(va-t-il|va t il|est-ce qu'il va|il va) pleuvoir [{day}]",
            "(pleuvra-t-il|pleuvra t il|pleut-il|est-ce qu'il pleut) [{day}]",
            "(faut-il un|ai-je besoin d'un) parapluie [{day}]",
        ),
        "aujourd'hui",
        "demain",
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    ),
    "es": _Sentences(
        ("(qué tiempo hace|cómo está el tiempo) (fuera|ahora mismo)",),
        (
            "qué tiempo hace [el] {later}",
            "qué tiempo (hará|va a hacer) [el] [{day}]",
            "cómo (será|estará|va a estar) el tiempo [el] [{day}]",
            "[cuál es|dime] el pronóstico [del tiempo] [para] [el] [{day}]",
            "[dime] el tiempo [para] [el] {later}",
        ),
        (
            "(va a llover|lloverá) [el] [{day}]",
            "necesito [un] paraguas [el] [{day}]",
        ),
        "hoy",
        "mañana",
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ),
}


def weather_commands(toolbox: JoinedToolbox, actions: Actions) -> Sequence[SpokenCommand]:
    """Return the sentences; `actions` answer what the package asks as well."""
    commands = []
    for language, of_language in _SENTENCES.items():
        later = [
            {"in": called, "out": day}
            for day, names in zip(
                ("tomorrow", *WEEKDAYS),
                (of_language.tomorrow, *of_language.weekdays),
                strict=True,
            )
            for called in names.split("|")
        ]
        lists: Mapping[str, Any] = {
            "later": {"values": later},
            "day": {"values": [{"in": of_language.today, "out": "today"}, *later]},
            "of_day": {"values": [{"in": f"{one['in']}'s", "out": one["out"]} for one in later]},
        }
        for sentences, say in ((of_language.forecast, said), (of_language.rain, rain_said)):
            do = by_sentence(toolbox, NAME, say, failed=unreachable, arguments=_day)
            commands.append(SpokenCommand(NAME, language, sentences, do, lists=lists))
        commands.append(SpokenCommand(ASKED, language, of_language.now, _asked(actions)))
    return commands


def _day(slots: Mapping[str, Any]) -> Mapping[str, Any]:
    days = (slots.get(name) for name in ("later", "day", "of_day"))
    return {"day": next((day for day in days if day), "today")}


def _asked(actions: Actions) -> Do:
    async def do(_: Mapping[str, Any], origin: Origin) -> ActionResult:
        return await actions.perform(IntentMatch(ASKED, {}, "default", ""), origin)

    return do
