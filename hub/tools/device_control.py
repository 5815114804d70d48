"""From a tool's arguments to an intent, as if somebody had said it; nothing is done here."""

from collections.abc import Mapping
from typing import Any

from hub.engines.base import ToolError, ToolSpec
from hub.home.intents import IntentMatch
from hub.home.model import AreaId, Home
from hub.home.plans import COLORS, PLANNERS
from hub.home.targets import Refusal, Request

EVERYWHERE = "everywhere"
MAX_NAME_CHARS = 200
DOMAINS = (
    "light", "switch", "fan", "media_player", "climate", "cover", "valve", "lock", "scene",
    "script", "button",
)  # fmt: skip
_PERCENT = {"type": "number", "minimum": 0, "maximum": 100}

CONTROL_DEVICE = ToolSpec(
    "control_device",
    "Changes something in the home: one device by its name, or all of a kind in a room. "
    "Give name or domain.",
    {
        "type": "object",
        "properties": {
            "action": {
                "type": "string",
                "enum": ["on", "off", "open", "close", "lock", "unlock", "set"],
                "description": "set needs one of the values below",
            },
            "name": {"type": "string", "description": "what the device is called"},
            "domain": {"type": "string", "enum": list(DOMAINS)},
            "area": {
                "type": "string",
                "description": f"a room, or {EVERYWHERE!r}; left out: the person's room",
            },
            "brightness": {**_PERCENT, "description": "percent, of lights"},
            "color": {"type": "string", "enum": list(COLORS)},
            "color_temperature": {"type": "number", "minimum": 1000, "maximum": 12000},
            "position": {**_PERCENT, "description": "percent open, of covers"},
            "temperature": {"type": "number", "description": "degrees, of thermostats"},
        },
        "required": ["action"],
        "additionalProperties": False,
    },
)

_INTENTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "on": ("HassTurnOn", ()),
    "off": ("HassTurnOff", ()),
    "open": ("HassTurnOn", ("cover", "valve")),
    "close": ("HassTurnOff", ("cover", "valve")),
    "lock": ("HassTurnOn", ("lock",)),
    "unlock": ("HassTurnOff", ("lock",)),
}
"""What each action is to the home: the intent, and the kinds of devices that it is for."""
_VALUES = {
    "brightness": ("HassLightSet", "light", 0, 100),
    "color_temperature": ("HassLightSet", "light", 1000, 12_000),
    "position": ("HassSetPosition", "cover", 0, 100),
    "temperature": ("HassClimateSetTemperature", "climate", -50, 150),
}
_SINGLE = frozenset({"scene", "script", "button"})
"""Of these nobody means all."""


def control_match(arguments: Mapping[str, Any], home: Home, here: AreaId | None) -> IntentMatch:
    """Return the intent that arguments stand for. Raises ToolError, whose text tells the model."""
    action = text_of(arguments, "action")
    if action == "set":
        intent, kind, slots = _values(arguments)
        kinds: tuple[str, ...] = (kind,)
    elif action in _INTENTS:
        (intent, kinds), slots = _INTENTS[action], {}
    else:
        raise ToolError(f"action must be one of: {', '.join((*_INTENTS, 'set'))}.")
    name, domain = text_of(arguments, "name"), text_of(arguments, "domain")
    area, named = area_of(arguments, home, here)
    if domain and domain not in DOMAINS:
        raise ToolError(f"domain must be one of: {', '.join(DOMAINS)}.")
    if kinds and domain and domain not in kinds:
        raise ToolError(f"{action} is not for {domain}.")
    if name:
        slots["name"] = name
        if area is not None and named:
            slots["area"] = area
        chosen = (domain,) if domain else kinds
        return IntentMatch(intent, slots, "default", "", {"area": str(area or "")}, chosen)
    if not domain and not kinds:
        raise ToolError("give the name of a device, or a domain.")
    if domain in _SINGLE:
        raise ToolError(f"give the name of the {domain}.")
    if intent != "HassClimateSetTemperature":  # it looks for its one device itself
        slots["domain"] = domain or (kinds[0] if len(kinds) == 1 else list(kinds))
    if area is not None:
        slots["area"] = area
    return IntentMatch(intent, slots, "default", "", here=not named)


def check_possible(match: IntentMatch, home: Home, here: AreaId | None) -> None:
    """Raise ToolError where it can not be done."""
    try:
        PLANNERS[match.intent](Request(home, match, here))
    except Refusal as refusal:
        told = ", ".join(f"{key} {value}" for key, value in refusal.values.items())
        raise ToolError(
            f"{refusal.key.replace('_', ' ')} ({told})." if told else refusal.key
        ) from None


def area_of(
    arguments: Mapping[str, Any], home: Home, here: AreaId | None
) -> tuple[AreaId | None, bool]:
    """Return the room that is meant, and whether it was named. Raises ToolError."""
    name = text_of(arguments, "area")
    if not name:
        return here, False
    if name.casefold() == EVERYWHERE:
        return None, True
    area = home.area_named(name)
    if area is None:
        names = ", ".join(sorted(one.name for one in home.areas())[:50])
        raise ToolError(f"there is no area {name!r}. There are: {names or 'none'}.")
    return area.id, True


def text_of(arguments: Mapping[str, Any], key: str) -> str:
    """Return a text argument; empty if it is left out. Raises ToolError."""
    value = arguments.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MAX_NAME_CHARS:
        raise ToolError(f"{key} must be a short text.")
    return value.strip()


def _values(arguments: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Return the intent, kind and slots of what is to be set. Raises ToolError."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for key, (intent, kind, least, most) in _VALUES.items():
        if (value := arguments.get(key)) is not None:
            slot = "temperature" if key == "color_temperature" else key
            found.setdefault((intent, kind), {})[slot] = _number(key, value, least, most)
    if color := text_of(arguments, "color").casefold():
        if color not in COLORS:
            raise ToolError(f"color must be one of: {', '.join(COLORS)}.")
        found.setdefault(("HassLightSet", "light"), {})["color"] = color
    if len(found) != 1:
        raise ToolError("set needs values of one kind of device: of lights, covers or thermostats.")
    [((intent, kind), slots)] = found.items()
    return intent, kind, slots


def _number(key: str, value: Any, least: float, most: float) -> float:
    try:
        number = float(str(value).strip().removesuffix("%"))
    except ValueError:
        raise ToolError(f"{key} must be a number.") from None
    if not least <= number <= most:
        raise ToolError(f"{key} must be from {least} to {most}.")
    return int(number) if number.is_integer() else number
