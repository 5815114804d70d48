"""Water heaters."""

from hub.mqtt import commands
from hub.mqtt.component_climate import (
    mode_commands,
    mode_reading,
    range_facts,
    temperature_readings,
    temperature_unit,
)
from hub.mqtt.config import Config
from hub.mqtt.entity import Parts

_MODES = ("off", "eco", "electric", "gas", "heat_pump", "high_demand", "performance")
_RANGES = {"C": (43.3, 60), "F": (110, 140)}


def water_heater(config: Config) -> Parts:
    """Read a water heater; its state is its mode.

    `set_temperature` takes `temperature` in its unit, `set_mode` takes `mode`.
    """
    modes = config.texts("modes") or _MODES
    unit = temperature_unit(config)
    least, most = config.span("min_temp", _RANGES[unit][0], "max_temp", _RANGES[unit][1])
    mode = config.command("mode_command_topic", "mode_command_template")
    temperature = config.command("temperature_command_topic", "temperature_command_template")
    offers = {
        "state": "mode_state_topic" in config,
        "temperature": temperature is not None,
        "mode": mode is not None,
    }
    facts = range_facts(config, least, most) if temperature is not None else {}
    return Parts(
        features=frozenset(name for name, offered in offers.items() if offered),
        readings=(*mode_reading(config, modes), *temperature_readings(config)),
        commands={
            **commands.value(
                temperature, "set_temperature", "temperature", commands.within(least, most)
            ),
            **mode_commands(config, mode, modes, tuple(one for one in modes if one != "off")),
        },
        unit=f"°{unit}",
        facts=facts | ({"options": modes} if mode is not None else {}),
    )
