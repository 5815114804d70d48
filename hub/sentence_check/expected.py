"""What a sampled sentence must lead to, worked out from how it was made and from nothing else.

Of the hub's own planning nothing is used here, so that the two can be held against each other.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hub.home.plans import COLORS
from hub.sentence_check.expected_answers import measured, state, weather
from hub.sentence_check.home_words import AREAS, THINGS, Thing, name_of
from hub.sentence_check.kinds import KINDS
from hub.sentence_check.sampling import Sample
from hub.sentence_check.situation import Expected, Message, Situation, listed

_VOLUME, _STEP = 30, 10


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
        domains = listed(situation.slots.get("domain"))
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


def _anything(_: Situation) -> Expected:
    return Expected()


def _maybe_nothing(_: Situation) -> Expected:
    return Expected(says=lambda _: True)


def _json(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value}"


_RULES: Mapping[str, Callable[[Situation], Expected | None]] = {
    "HassTurnOn": _turned(on=True),
    "HassTurnOff": _turned(on=False),
    "HassLightSet": _light_set,
    "HassSetPosition": _position,
    "HassFanSetSpeed": _fan_speed,
    "HassClimateSetTemperature": _temperature_set,
    "HassClimateSetFanMode": _fan_mode,
    "HassClimateGetTemperature": measured,
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
    "HassGetState": state,
    "HassGetWeather": weather,
    "HassGetCurrentTime": _anything,
    "HassGetCurrentDate": _anything,
    "HassRespond": _anything,
    "HassNevermind": _maybe_nothing,
}
"""How each intent is judged; those that are not here are deeds."""
