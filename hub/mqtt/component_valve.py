"""Valves: covers of pipes, which take their commands and their positions on one topic."""

from collections.abc import Callable, Mapping
from typing import Any

from hub.mqtt import commands
from hub.mqtt.component_cover import ends, meanings, percent_open, resolve
from hub.mqtt.config import Config
from hub.mqtt.entity import VALUE, Changes, Command, Parts
from hub.mqtt.publication import Publication
from hub.mqtt.readings import json_object, number, reading, words


def valve(config: Config) -> Parts:
    """Read a valve. `set_position` takes `position`, 0 (closed) to 100 (open)."""
    message = config.needed_command("command_topic", "command_template")
    opened, closed = ends(config, "position_open", 100, "position_closed", 0)
    positioned = config.flag("reports_position")
    stop: dict[str, Command] = {}
    if "payload_stop" in config:
        stop = {"stop": commands.word(message, config.text("payload_stop", ""))}
    if positioned:

        def go(values: Mapping[str, Any]) -> tuple[Publication, ...]:
            return (message(round(closed + (opened - closed) * values["position"] / 100)),)

        moves: dict[str, Command] = {
            "open": lambda _: go({"position": 100}),
            "close": lambda _: go({"position": 0}),
            "set_position": go,
        }
    else:
        moves = commands.words(
            config, message, open=("payload_open", "OPEN"), close=("payload_close", "CLOSE")
        )
    offers = {"state": "state_topic" in config, "position": positioned}
    return Parts(
        features=frozenset(name for name, offered in offers.items() if offered),
        readings=reading(
            config, "state_topic", "value_template", _state(config, opened, closed, positioned)
        ),
        commands=moves | stop,
        resolve=resolve,
    )


def _state(
    config: Config, opened: float, closed: float, positioned: bool
) -> Callable[[str], Changes]:
    """Read a word, a position, or a JSON object with both."""
    read_word = words(meanings(config))

    def read_position(value: float) -> dict[str, Any]:
        percent = percent_open(value, opened, closed)
        return {"position": percent, VALUE: "closed" if percent == 0 else "open"}

    def read(text: str) -> Changes:
        value = number(text)
        if value is not None:
            return read_position(value) if positioned else {}
        report = json_object(text)
        changes: dict[str, Any] = {}
        position = number(str(report.get("position")))
        if positioned and position is not None:
            changes |= read_position(position)
        return changes | {**read_word(str(report["state"]) if "state" in report else text)}

    return read
