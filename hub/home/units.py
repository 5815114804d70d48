"""Numbers and units as they are spoken."""

from collections.abc import Mapping

from hub.home.model import DeviceState
from hub.home.state_words import state_words

_EN = {
    "%": "percent",
    "°C": "degrees Celsius",
    "°F": "degrees Fahrenheit",
    "K": "kelvin",
    "W": "watts",
    "kW": "kilowatts",
    "Wh": "watt hours",
    "kWh": "kilowatt hours",
    "V": "volts",
    "A": "amperes",
    "lx": "lux",
    "Pa": "pascals",
    "hPa": "hectopascals",
    "mbar": "millibars",
    "bar": "bars",
    "m/s": "meters per second",
    "km/h": "kilometers per hour",
    "mph": "miles per hour",
    "mm": "millimeters",
    "cm": "centimeters",
    "m": "meters",
    "km": "kilometers",
    "m³": "cubic meters",
    "L": "liters",
    "g": "grams",
    "kg": "kilograms",
    "dB": "decibels",
    "Hz": "hertz",
    "ppm": "parts per million",
    "ppb": "parts per billion",
    "µg/m³": "micrograms per cubic meter",
    "s": "seconds",
    "min": "minutes",
    "h": "hours",
    "d": "days",
    "dBm": "decibel milliwatts",
}
_DE = {"%": "Prozent", "°C": "Grad Celsius", "°F": "Grad Fahrenheit", "kWh": "Kilowattstunden",
       "K": "Kelvin"}  # fmt: skip
_FR = {"%": "pour cent", "°C": "degrés Celsius", "°F": "degrés Fahrenheit", "kWh": "kilowattheures",
       "K": "kelvins"}  # fmt: skip
_ES = {"%": "por ciento", "°C": "grados Celsius", "°F": "grados Fahrenheit", "K": "kelvin"}

SPOKEN_UNITS: Mapping[str, Mapping[str, str]] = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES}
"""By language and symbol; a symbol that is not listed is left to the voice."""

DECIMAL_COMMA = frozenset(
    {
        *("af", "bg", "ca", "cs", "da", "de", "de-CH", "el", "es", "et", "eu", "fi", "fr", "gl"),
        *("hr", "hu", "hy", "id", "is", "it", "ka", "lb", "lt", "lv", "mn", "nb", "nl", "pl"),
        *("pt", "pt-BR", "ro", "ru", "sk", "sl", "sr", "sr-Latn", "sv", "tr", "uk", "vi"),
    }
)
"""Languages that write, and say, a comma where English has a point."""


def spoken_unit(unit: str | None, language: str) -> str:
    """Return a unit as it is spoken; nothing for none."""
    if not unit:
        return ""
    return SPOKEN_UNITS.get(language, {}).get(unit, unit)


def state_with_unit(
    state: DeviceState, unit: str | None, language: str, device_class: str | None = None
) -> str:
    """Return a state as it is spoken: "54 percent", "partly cloudy", "verrouillé"."""
    value = state_words(state.value, language, device_class)
    return f"{value} {spoken_unit(unit, language)}".strip()
