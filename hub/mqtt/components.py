"""The components of a home that are understood, by their names in discovery."""

from collections.abc import Callable, Mapping

from hub.mqtt.component_climate import climate
from hub.mqtt.component_light import light
from hub.mqtt.component_media import media_player, weather
from hub.mqtt.component_opening import cover, lock
from hub.mqtt.component_simple import binary_sensor, one_command, sensor, switch
from hub.mqtt.config import Config
from hub.mqtt.entity import Parts

COMPONENTS: Mapping[str, Callable[[Config], Parts]] = {
    "binary_sensor": binary_sensor,
    "button": one_command("press", "payload_press", "PRESS"),
    "climate": climate,
    "cover": cover,
    "light": light,
    "lock": lock,
    "media_player": media_player,
    "scene": one_command("activate", "payload_on", "ON"),
    "script": one_command("run", "payload_on", "ON"),
    "sensor": sensor,
    "switch": switch,
    "weather": weather,
}
