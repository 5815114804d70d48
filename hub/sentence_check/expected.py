"""What a sampled sentence must lead to, worked out from how it was made and from nothing else.

Of the hub's own planning nothing is used here, so that the two can be held against each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.home.plans import COLORS
from hub.sentence_check.home_words import AREAS, THINGS, Thing, name_of
from hub.sentence_check.kinds import KINDS, TEMPERATURE, WEATHER
from hub.sentence_check.sampling import Sample

Message = tuple[str, str, str]
"""The thing's key, the topic below its own, the payload."""
Says = Callable[[str], bool]

YES_NO: Mapping[str, tuple[str, str]] = {
    "en": ("Yes", "No"),
    "fr": ("Oui", "Non"),
    "de": ("Ja", "Nein"),
    "es": ("Sí", "No"),
}
NONE: Mapping[str, str] = {
    "en": "Not any",
    "fr": "Aucun appareil",
    "de": "Keins",
    "es": "Ningún dispositivo",
}
_VOLUME, _STEP = 30, 10


@dataclass(frozen=True, slots=True)
class Expected:
    """What is right."""

    messages: frozenset[Message] = frozenset()
    allowed: frozenset[Message] = frozenset()
    """Messages that may come beside them."""
    deed: Mapping[str, Any] = field(default_factory=dict)
    """What somebody else has to be asked to do: a timer, a list, a broadcast."""
    says: Says = bool
    """Whether an answer is right."""


class Situation:
    """A sample and the room that it is said in."""

    def __init__(self, sample: Sample, here: str, language: str) -> None:
        self.sample, self.here, self.language = sample, here, language
        self.slots = sample.slots

    def things(self, *domains: str) -> list[Thing]:
        """Return the things that are meant, of these kinds if it has no name; maybe none."""
        name, area, floor = (self.slots.get(slot) for slot in ("name", "area", "floor"))
        if name is None and area is None and floor is None and self.sample.template.here:
            area = self.here
        found = [
            thing
            for thing in THINGS
            if (area is None or thing.area == area)
            and (floor is None or (thing.area is not None and AREAS[thing.area].floor == floor))
        ]
        if name is not None:
            domain = self.sample.domain
            found = [
                thing
                for thing in found
                if name_of(thing.names, self.language) == name
                and domain in (None, KINDS[thing.kind].domain)
            ]
            here = [thing for thing in found if thing.area == self.here]
            return found if len(found) == 1 else here if len(here) == 1 else []
        classes = _listed(self.slots.get("device_class"))
        return [
            thing
            for thing in found
            if KINDS[thing.kind].domain in domains
            and (not classes or KINDS[thing.kind].config.get("dev_cla") in classes)
        ]


def expected(sample: Sample, here: str, language: str) -> Expected | None:
    """Return what is right; None for a sentence that has no sense in this home."""
    situation = Situation(sample, here, language)
    rule = _RULES.get(sample.template.intent)
    if rule is not None:
        return rule(situation)
    return Expected(deed={"intent": sample.template.intent, **facts(sample.slots)})


def facts(slots: Mapping[str, Any]) -> dict[str, Any]:
    """Return what timers and lists are told, whichever way it was said."""
    told: dict[str, Any] = {}
    for prefix in ("", "start_"):
        parts = [slots.get(f"{prefix}{unit}") for unit in ("hours", "minutes", "seconds")]
        if any(part is not None for part in parts):
            seconds = zip(parts, (3600, 60, 1), strict=True)
            told[f"{prefix}seconds"] = sum(float(part or 0) * unit for part, unit in seconds)
    for key in ("name", "item", "message", "conversation_command", "area"):
        if key in slots:
            told[key] = " ".join(str(slots[key]).casefold().strip(" .,!?").split())
    return told


def _told(things: list[Thing], topic: str, payload: object, **allowed: str) -> Expected | None:
    """Return that each thing is told the same; None for no thing."""
    if not things:
        return None
    return Expected(
        frozenset((thing.key, topic, str(payload)) for thing in things),
        frozenset((thing.key, name, value) for thing in things for name, value in allowed.items()),
    )


def _turned(on: bool) -> Callable[[Situation], Expected | None]:
    special = (
        {"cover": "OPEN", "lock": "LOCK", "valve": "100", "button": "PRESS"}
        if on
        else {"cover": "CLOSE", "lock": "UNLOCK", "valve": "0"}
    )

    def rule(situation: Situation) -> Expected | None:
        domains = _listed(situation.slots.get("domain"))
        things = situation.things(*domains)
        messages: set[Message] = set()
        for thing in things:
            domain = KINDS[thing.kind].domain
            if domain == "media_player":
                command = "turn_on" if on else "turn_off"
                messages.add((thing.key, "set", f'{{"command":"{command}"}}'))
            elif domain == "climate":
                messages.add((thing.key, "mode/set", "auto" if on else "off"))
            else:
                payload = special.get(domain, "ON" if on else "OFF")
                messages.add((thing.key, "set", payload))
        return Expected(frozenset(messages)) if messages else None

    return rule


def _light_set(situation: Situation) -> Expected | None:
    slots, lights = situation.slots, situation.things("light")
    if (color := slots.get("color")) is not None:
        if color == "black":
            return _told(lights, "set", "OFF")
        rgb = ",".join(map(str, COLORS[color]))
        return _told(lights, "rgb/set", rgb, set="ON")
    if (kelvin := slots.get("temperature")) is not None:
        return _told(lights, "kelvin/set", kelvin, set="ON")
    if slots["brightness"] == 0:
        return _told(lights, "set", "OFF")
    return _told(lights, "brightness/set", slots["brightness"], set="ON")


def _position(situation: Situation) -> Expected | None:
    things = situation.things("cover")
    position = situation.slots["position"]
    topic = "set" if any(thing.kind == "valve" for thing in things) else "position/set"
    return _told(things, topic, position)


def _fan_speed(situation: Situation) -> Expected | None:
    fans, percentage = situation.things("fan"), situation.slots["percentage"]
    if percentage == 0:
        return _told(fans, "set", "OFF")
    return _told(fans, "percentage/set", percentage, set="ON")


def _temperature_set(situation: Situation) -> Expected | None:
    number = situation.slots["temperature"]
    return _told(situation.things("climate"), "temperature/set", f"{number:g}")


def _fan_mode(situation: Situation) -> Expected | None:
    return _told(situation.things("climate"), "fan/set", situation.slots["fan_mode"])


def _player(**order: object) -> Callable[[Situation], Expected | None]:
    def rule(situation: Situation) -> Expected | None:
        return _ordered(situation, **order)

    return rule


def _ordered(situation: Situation, **order: object) -> Expected | None:
    text = ",".join(f'"{key}":{_json(value)}' for key, value in order.items())
    return _told(situation.things("media_player"), "set", f"{{{text}}}")


def _volume(situation: Situation) -> Expected | None:
    return _ordered(situation, command="volume", volume=situation.slots["volume_level"])


def _volume_step(situation: Situation) -> Expected | None:
    step = situation.slots["volume_step"]
    change = {"up": _STEP, "down": -_STEP}.get(step, step)
    volume = min(max(_VOLUME + int(change), 0), 100)
    return _ordered(situation, command="volume", volume=volume)


def _search(situation: Situation) -> Expected | None:
    order = {"command": "play_media", "query": situation.slots["search_query"]}
    if (media_class := situation.slots.get("media_class")) is not None:
        order["media_class"] = media_class
    return _ordered(situation, **order)


def _vacuum(payload: str) -> Callable[[Situation], Expected | None]:
    def rule(situation: Situation) -> Expected | None:
        return _told(situation.things("vacuum"), "set", payload)

    return rule


def _clean(situation: Situation) -> Expected | None:
    """A room is cleaned by the vacuum that is named, or by that of its floor."""
    slots = situation.slots
    area = slots.get("area", situation.here)
    name = slots.get("name")
    vacuums = [
        thing
        for thing in THINGS
        if thing.kind == "vacuum"
        and (
            name_of(thing.names, situation.language) == name
            if name
            else AREAS[thing.area or ""].floor == AREAS[area].floor
        )
    ]
    return _told(vacuums, "clean", f'["{area}"]')


def _mower(topic: str, payload: str) -> Callable[[Situation], Expected | None]:
    def rule(situation: Situation) -> Expected | None:
        return _told(situation.things("lawn_mower"), topic, payload)

    return rule


def _state(situation: Situation) -> Expected | None:
    """Hold the answer against what the devices have told."""
    response = situation.sample.template.data.response
    things = situation.things(*_listed(situation.slots.get("domain")))
    if not things:
        return None
    wanted = situation.slots.get("state")
    matched = {name_of(t.names, situation.language) for t in things if _state_of(t) == wanted}
    others = {name_of(t.names, situation.language) for t in things if _state_of(t) != wanted}
    yes, no = YES_NO[situation.language]
    if response == "one":
        value = KINDS[things[0].kind].on.get("state", "")
        number = value.replace(".", "," if situation.language != "en" else ".")
        told = number if number[:1].isdigit() else name_of(things[0].names, situation.language)
        return Expected(says=lambda text: told.casefold() in text.casefold())
    if response == "one_yesno":
        return Expected(says=lambda text: text.startswith(yes if matched else no))
    if response == "how_many":
        return Expected(says=lambda text: text == str(sum(_state_of(t) == wanted for t in things)))
    if response == "any":
        return Expected(
            says=lambda text: text.startswith(yes if matched else no) and _names(text, matched)
        )
    if response == "all":
        return Expected(
            says=lambda text: text.startswith(no if others else yes) and _names(text, others)
        )
    if not matched:
        return Expected(says=lambda text: text == NONE[situation.language])
    return Expected(says=lambda text: _names(text, matched) and not _any(text, others - matched))


def _names(text: str, names: set[str]) -> bool:
    """Whether an answer names all of a few, or three of many."""
    told = [name for name in names if name in text]
    return len(told) >= (min(len(names), 3))


def _any(text: str, names: set[str]) -> bool:
    return any(name in text for name in names)


def _state_of(thing: Thing) -> str:
    domain = KINDS[thing.kind].domain
    words = {"cover": ("open", "closed"), "valve": ("open", "closed"),
             "lock": ("locked", "unlocked")}  # fmt: skip
    return words.get(domain, ("on", "off"))[0 if thing.on else 1]


def _measured(situation: Situation) -> Expected | None:
    template = situation.sample.template
    if not situation.things("climate"):
        return None
    number = 21 if template.data.response == "target_temperature" else TEMPERATURE
    said = str(number) if situation.language == "en" else str(number).replace(".", ",")
    return Expected(says=lambda text: said in text)


def _weather(situation: Situation) -> Expected:
    key = {"wind": "wind_speed", "pressure": "pressure"}.get(
        situation.sample.template.data.response or "", "temperature"
    )
    if situation.sample.template.data.response == "uv":
        return Expected()
    return Expected(says=lambda text: str(WEATHER[key]) in text)


def _anything(_: Situation) -> Expected:
    return Expected()


def _maybe_nothing(_: Situation) -> Expected:
    return Expected(says=lambda _: True)


def _json(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value}"


def _listed(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


_RULES: Mapping[str, Callable[[Situation], Expected | None]] = {
    "HassTurnOn": _turned(on=True),
    "HassTurnOff": _turned(on=False),
    "HassLightSet": _light_set,
    "HassSetPosition": _position,
    "HassFanSetSpeed": _fan_speed,
    "HassClimateSetTemperature": _temperature_set,
    "HassClimateSetFanMode": _fan_mode,
    "HassClimateGetTemperature": _measured,
    "HassMediaNext": _player(command="next"),
    "HassMediaPrevious": _player(command="previous"),
    "HassMediaPause": _player(command="pause"),
    "HassMediaUnpause": _player(command="play"),
    "HassMediaPlayerMute": _player(command="mute", muted=True),
    "HassMediaPlayerUnmute": _player(command="mute", muted=False),
    "HassMediaSearchAndPlay": _search,
    "HassSetVolume": _volume,
    "HassSetVolumeRelative": _volume_step,
    "HassVacuumStart": _vacuum("start"),
    "HassVacuumReturnToBase": _vacuum("return_to_base"),
    "HassVacuumCleanArea": _clean,
    "HassLawnMowerStartMowing": _mower("start", "start_mowing"),
    "HassLawnMowerDock": _mower("dock", "dock"),
    "HassGetState": _state,
    "HassGetWeather": _weather,
    "HassGetCurrentTime": _anything,
    "HassGetCurrentDate": _anything,
    "HassRespond": _anything,
    "HassNevermind": _maybe_nothing,
}
"""How each intent is judged; those that are not here are deeds."""
