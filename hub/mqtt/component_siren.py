"""Sirens."""

from collections.abc import Callable, Mapping
from typing import Any

from hub.mqtt import commands
from hub.mqtt.config import Config
from hub.mqtt.entity import VALUE, Changes, Parts
from hub.mqtt.publication import Publication
from hub.mqtt.readings import is_number, json_object, reading, words


def siren(config: Config) -> Parts:
    """Read a siren. `turn_on` takes `tone`, `duration` (s) and `volume` (%), where it has them."""
    on, off = config.text("payload_on", "ON"), config.text("payload_off", "OFF")
    meanings = {config.text("state_on", on): "on", config.text("state_off", off): "off"}
    message = config.needed_command("command_topic", "command_template")
    off_key = "command_off_template"
    silence = config.command("command_topic", off_key if off_key in config else "command_template")
    tones = config.texts("available_tones")
    offers = {
        "state": "state_topic" in config,
        "tone": bool(tones),
        "duration": config.flag("support_duration", default=True),
        "volume": config.flag("support_volume_set", default=True),
    }

    def turn_on(values: Mapping[str, Any]) -> tuple[Publication, ...]:
        named: dict[str, Any] = {"state": on}
        if offers["tone"] and values.get("tone") is not None:
            named["tone"] = commands.one_of(tones)(values["tone"])
        if offers["duration"] and values.get("duration") is not None:
            named["duration"] = round(values["duration"])
        if offers["volume"] and values.get("volume") is not None:
            named["volume_level"] = round(values["volume"] / 100, 2)
        return (message(on, **named),)

    return Parts(
        features=frozenset(name for name, offered in offers.items() if offered),
        readings=reading(config, "state_topic", "state_value_template", _state(meanings)),
        commands={
            "turn_on": turn_on,
            "turn_off": lambda _: ((silence or message)(off, state=off),),
        },
        facts={"tones": tones} if tones else {},
    )


def _state(meanings: Mapping[str, str]) -> Callable[[str], Changes]:
    """Read a word, or a JSON object that also tells how it sounds."""
    read_word = words(meanings)

    def read(text: str) -> Changes:
        report = json_object(text)
        if "state" not in report:
            return read_word(text)
        changes: dict[str, Any] = {**read_word(str(report["state"]))}
        if isinstance(report.get("tone"), str):
            changes["tone"] = report["tone"]
        if is_number(report.get("volume_level")):
            changes["volume"] = round(report["volume_level"] * 100)
        return changes if VALUE in changes else {}

    return read
