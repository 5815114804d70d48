"""Sums and units: as tools of a model, and as sentences."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from hub.engines.base import ToolError, ToolSpec
from hub.home.spoken_command import SpokenCommand
from hub.origin import Origin
from hub.tools.spoken_tools import by_sentence
from hub.tools.sums import SumError, work_out
from hub.tools.toolbox import JoinedToolbox

MAX_UNIT_CHARS = 40
CALCULATE = ToolSpec(
    "calculate",
    "Works out a sum exactly. Use it for every calculation.",
    {
        "type": "object",
        "properties": {
            "sum": {
                "type": "string",
                "description": "such as 12 * (7 + 3) ** 2, sqrt(2) or factorial(5)",
            }
        },
        "required": ["sum"],
        "additionalProperties": False,
    },
)
CONVERT = ToolSpec(
    "convert_unit",
    "Converts a quantity from one unit to another.",
    {
        "type": "object",
        "properties": {
            "value": {"type": "number"},
            "from": {"type": "string", "description": "such as ounce, km/h or degF"},
            "to": {"type": "string"},
        },
        "required": ["value", "from", "to"],
        "additionalProperties": False,
    },
)

# What units are called, in the words of each language, and what pint calls them.
_UNITS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "(gram|grams|gramme|grammes)": "gram",
        "(kilo|kilos|kilogram|kilograms)": "kilogram",
        "(ounce|ounces)": "ounce",
        "(pound|pounds)": "pound",
        "(meter|meters|metre|metres)": "meter",
        "(centimeter|centimeters|centimetre|centimetres)": "centimeter",
        "(kilometer|kilometers|kilometre|kilometres)": "kilometer",
        "(mile|miles)": "mile",
        "(inch|inches)": "inch",
        "(foot|feet)": "foot",
        "(yard|yards)": "yard",
        "(liter|liters|litre|litres)": "liter",
        "(milliliter|milliliters|millilitre|millilitres)": "milliliter",
        "(gallon|gallons)": "gallon",
        "(pint|pints)": "pint",
        "(cup|cups)": "cup",
        "(tablespoon|tablespoons)": "tablespoon",
        "(teaspoon|teaspoons)": "teaspoon",
        "degrees celsius": "degC",
        "degrees fahrenheit": "degF",
        "(minute|minutes)": "minute",
        "(hour|hours)": "hour",
        "(day|days)": "day",
    },
    "de": {
        "Gramm": "gram",
        "(Kilo|Kilogramm)": "kilogram",
        "Unzen": "ounce",
        "Pfund": "metric_pound",
        "Meter": "meter",
        "Zentimeter": "centimeter",
        "Kilometer": "kilometer",
        "(Meile|Meilen)": "mile",
        "Zoll": "inch",
        "Liter": "liter",
        "Milliliter": "milliliter",
        "Grad Celsius": "degC",
        "Grad Fahrenheit": "degF",
        "(Minute|Minuten)": "minute",
        "(Stunde|Stunden)": "hour",
        "(Tag|Tage|Tagen)": "day",
    },
    "fr": {
        "(gramme|grammes)": "gram",
        "(kilo|kilos|kilogramme|kilogrammes)": "kilogram",
        "(once|onces)": "ounce",
        "(livre|livres)": "metric_pound",
        "(mètre|mètres)": "meter",
        "(centimètre|centimètres)": "centimeter",
        "(kilomètre|kilomètres)": "kilometer",
        "(mille|milles|miles)": "mile",
        "(pouce|pouces)": "inch",
        "(litre|litres)": "liter",
        "(millilitre|millilitres)": "milliliter",
        "degrés celsius": "degC",
        "degrés fahrenheit": "degF",
        "(minute|minutes)": "minute",
        "(heure|heures)": "hour",
        "(jour|jours)": "day",
    },
    "es": {
        "(gramo|gramos)": "gram",
        "(kilo|kilos|kilogramo|kilogramos)": "kilogram",
        "(onza|onzas)": "ounce",
        "(libra|libras)": "pound",
        "(metro|metros)": "meter",
        "(centímetro|centímetros)": "centimeter",
        "(kilómetro|kilómetros)": "kilometer",
        "(milla|millas)": "mile",
        "(pulgada|pulgadas)": "inch",
        "(litro|litros)": "liter",
        "(mililitro|mililitros)": "milliliter",
        "grados celsius": "degC",
        "grados fahrenheit": "degF",
        "(minuto|minutos)": "minute",
        "(hora|horas)": "hour",
        "(día|días)": "day",
    },
}
_SIGNS: Mapping[str, Mapping[str, str]] = {
    "en": {"plus": "+", "minus": "-", "(times|multiplied by)": "*", "(over|divided by)": "/"},
    "de": {"plus": "+", "minus": "-", "mal": "*", "(durch|geteilt durch)": "/"},
    "fr": {"plus": "+", "moins": "-", "(fois|multiplié par)": "*", "(divisé par|sur)": "/"},
    "es": {"más": "+", "menos": "-", "por": "*", "(entre|dividido (por|entre))": "/"},
}
_SUMS: Mapping[str, str] = {
    "en": "(what is|what's|how much is|calculate|work out) {left} {sign} {right}",
    "de": "(was ist|was sind|wie viel ist|wieviel ist|rechne) {left} {sign} {right}",
    "fr": "(combien (font|fait)|calcule) {left} {sign} {right}",
    "es": "(cuánto (es|son)|calcula) {left} {sign} {right}",
}
_CONVERSIONS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "how many {to} (are|is|in|are in|are there in) {value} {from}",
        "(convert|what is|what are) {value} {from} (to|in|into) {to}",
    ),
    "de": (
        "wie viel[e] {to} sind {value} {from}",
        "(was sind|rechne) {value} {from} in {to} [um]",
    ),
    "fr": (
        "combien de {to} (font|dans|y a-t-il dans) {value} {from}",
        "(convertis|combien font) {value} {from} en {to}",
    ),
    "es": (
        "cuánt(os|as) {to} son {value} {from}",
        "(convierte|cuánto son) {value} {from} (a|en) {to}",
    ),
}
_DECIMAL_COMMA = frozenset({"de", "fr", "es"})


class MathsTools:
    """The tools."""

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tools."""
        return (CALCULATE, CONVERT)

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        """Use one of the tools. Raises ToolError."""
        del origin
        if name == CALCULATE.name:
            text = arguments.get("sum")
            if not isinstance(text, str):
                raise ToolError("sum must be a text.")
            try:
                return written(work_out(text))
            except SumError as error:
                raise ToolError(f"{error}.") from None
        if name == CONVERT.name:
            return written(await asyncio.to_thread(_converted, arguments))
        raise ToolError(f"there is no tool {name}.")


def written(value: float) -> str:
    """Return a number as people write it, rounded where nobody would read on."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.6g}" if abs(value) < 1e-3 or abs(value) >= 1e12 else f"{round(value, 4):g}"


def maths_commands(toolbox: JoinedToolbox, failed: Callable[[str], str]) -> list[SpokenCommand]:
    """Return the sentences."""
    commands = []
    for language, units in _UNITS.items():
        say = partial(_said, language)
        whole = {"range": {"from": 0, "to": 1_000_000}}
        signs = {"values": [{"in": said, "out": sign} for said, sign in _SIGNS[language].items()]}
        names = {"values": [{"in": said, "out": unit} for said, unit in units.items()]}
        commands += [
            SpokenCommand(
                "calculate",
                language,
                (_SUMS[language],),
                by_sentence(toolbox, "calculate", say, failed=failed, arguments=_sum),
                lists={"left": whole, "right": whole, "sign": signs},
            ),
            SpokenCommand(
                "convert_unit",
                language,
                _CONVERSIONS[language],
                by_sentence(toolbox, "convert_unit", say, failed=failed),
                lists={"value": whole, "from": names, "to": names},
            ),
        ]
    return commands


def _sum(slots: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"sum": f"{slots['left']} {slots['sign']} {slots['right']}"}


def _said(language: str, _given: Mapping[str, Any], result: str, _: str) -> str:
    """Return a number as it is said: rounded, with the comma of the language."""
    try:
        value = float(result)
    except ValueError:
        return result
    text = result if value.is_integer() else f"{round(value, 2):g}"
    return text.replace(".", ",") if language in _DECIMAL_COMMA else text


def _converted(arguments: Mapping[str, Any]) -> float:
    """Raises ToolError."""
    value, source, target = (arguments.get(key) for key in ("value", "from", "to"))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ToolError("value must be a number.")
    for key, unit in (("from", source), ("to", target)):
        if not isinstance(unit, str) or not 0 < len(unit) <= MAX_UNIT_CHARS or "**" in unit:
            raise ToolError(f"{key} must be a unit.")
        if any(sign.isdigit() for sign in unit):
            raise ToolError(f"{key} must be a unit, without numbers.")
    try:
        units = _registry()
        quantity = units.Quantity(float(value), str(source))
        return float(quantity.to(str(target)).magnitude)
    except Exception:  # noqa: BLE001 - the library's parser raises what it likes
        raise ToolError(f"{source} can not be converted to {target}.") from None


@cache
def _registry() -> Any:
    from pint import UnitRegistry  # noqa: PLC0415 - it takes two seconds, and few ever ask

    units: Any = UnitRegistry(autoconvert_offset_to_baseunit=True)
    units.define("metric_pound = 500 * gram")
    return units
