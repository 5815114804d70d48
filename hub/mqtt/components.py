"""The components of a home that are understood, by their names in discovery."""

from collections.abc import Callable, Mapping

from hub.mqtt.component_alarm import alarm_control_panel
from hub.mqtt.component_choice import number_setting, select, text
from hub.mqtt.component_climate import climate
from hub.mqtt.component_cover import cover
from hub.mqtt.component_fan import fan
from hub.mqtt.component_humidifier import humidifier
from hub.mqtt.component_light import light
from hub.mqtt.component_lock import lock
from hub.mqtt.component_media import media_player, weather
from hub.mqtt.component_news import device_tracker, event, update
from hub.mqtt.component_simple import binary_sensor, notify, one_command, sensor, switch
from hub.mqtt.component_siren import siren
from hub.mqtt.component_trigger import device_trigger
from hub.mqtt.component_vacuum import lawn_mower, vacuum
from hub.mqtt.component_valve import valve
from hub.mqtt.component_water_heater import water_heater
from hub.mqtt.config import Config
from hub.mqtt.entity import Parts

COMPONENTS: Mapping[str, Callable[[Config], Parts]] = {
    "alarm_control_panel": alarm_control_panel,
    "binary_sensor": binary_sensor,
    "button": one_command("press", "payload_press", "PRESS"),
    "climate": climate,
    "cover": cover,
    "device_automation": device_trigger,
    "device_tracker": device_tracker,
    "event": event,
    "fan": fan,
    "humidifier": humidifier,
    "lawn_mower": lawn_mower,
    "light": light,
    "lock": lock,
    "media_player": media_player,
    "notify": notify,
    "number": number_setting,
    "scene": one_command("activate", "payload_on", "ON"),
    "script": one_command("run", "payload_on", "ON"),
    "select": select,
    "sensor": sensor,
    "siren": siren,
    "switch": switch,
    "text": text,
    "update": update,
    "vacuum": vacuum,
    "valve": valve,
    "water_heater": water_heater,
    "weather": weather,
}
LEFT_OUT = frozenset({"camera", "image", "tag"})
"""Nothing that can be told or asked anything; that they are announced is no problem."""
