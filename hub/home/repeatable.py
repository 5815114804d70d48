"""Which commands may be carried out twice, when nobody knows whether they were carried out once."""

from collections.abc import Iterable

from hub.home.model import HomeCommand

REPEATABLE_VERBS = frozenset(
    {
        *("turn_on", "turn_off", "activate", "set_value", "select_option", "set_text"),
        *("open", "close", "set_position", "open_tilt", "close_tilt", "set_tilt", "lock"),
        *("set_temperature", "set_temperature_range", "set_humidity", "set_percentage"),
        *("oscillate", "set_mode", "set_fan_mode", "set_preset", "set_swing_mode"),
        *("set_fan_speed", "set_direction", "return_home", "dock", "pause", "play"),
        *("set_volume", "set_mute"),
    }
)
"""These say what is to be. Others count ("next"), press something whose effect nobody knows, start
work that may be over already, or open what somebody may have closed for safety meanwhile."""
RELATIVE_INTENTS = frozenset(
    {"HassToggle", "HassSetVolumeRelative", "SottoBrighter", "SottoWarmer"}
)
"""What these do depends on how things are, though their verbs do not show it."""


def repeatable(intent: str, commands: Iterable[HomeCommand]) -> bool:
    """Return whether doing all of it twice does no more than doing it once."""
    return intent not in RELATIVE_INTENTS and all(
        command.verb in REPEATABLE_VERBS for command in commands
    )
