"""Discovery: what a device says about itself becomes an entity.

The format is Home Assistant's MQTT discovery, which zigbee2mqtt, Tasmota, ESPHome and others speak:
a retained JSON message at `<prefix>/<component>/[<node>/]<object>/config` for one entity, or at
`<prefix>/device/[<node>/]<object>/config` for all entities of a device. An empty message removes.
"""

import re
from dataclasses import dataclass
from typing import Any

import orjson

from hub.mqtt.abbreviations import expand
from hub.mqtt.component_trigger import device_key
from hub.mqtt.components import COMPONENTS, LEFT_OUT
from hub.mqtt.config import MAX_NAME_CHARS, Config
from hub.mqtt.entity import AvailabilityReading, Entity
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.readings import extra

MAX_DISCOVERY_BYTES = 131_072
MAX_ENTITIES_PER_DEVICE = 256
MAX_ID_CHARS = 256
OWN_ORIGIN = "Sotto"
"""What hubs announce of themselves is no device of the home."""
_ID = re.compile(r"[a-zA-Z0-9_-]+")
_MODES = ("all", "any", "latest")


@dataclass(frozen=True, slots=True)
class DiscoveryTopic:
    """The parts of a discovery topic."""

    component: str
    object_id: str
    """With the node id before it, where there is one."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a discovery message announces. A removal announces nothing."""

    entities: tuple[Entity, ...] = ()
    problems: tuple[DiscoveryError, ...] = ()
    """What of it can not be used, and why; the rest can."""


def parse_topic(topic: str, prefix: str) -> DiscoveryTopic | None:
    """Return the parts of a discovery topic, or None if it is none."""
    if not topic.startswith(f"{prefix}/"):
        return None
    levels = topic[len(prefix) + 1 :].split("/")
    if len(levels) not in (3, 4) or levels[-1] != "config":
        return None
    if not all(_ID.fullmatch(level) for level in levels[:-1]):
        return None
    return DiscoveryTopic(levels[0], "/".join(levels[1:-1]))


def parse(topic: DiscoveryTopic, payload: bytes, source: str) -> Announcement:
    """Return what a discovery message, which came on the topic `source`, announces."""
    if not payload.strip():
        return Announcement()
    try:
        raw = _json(payload)
        if _is_own(raw):
            return Announcement()
        if topic.component != "device":
            config = expand(raw)
            if topic.component in LEFT_OUT or _hidden(config) or _moves(config):
                return Announcement()
            return Announcement((_entity(topic.component, topic.object_id, config, source),))
        components = _components(raw)
    except DiscoveryError as error:
        return Announcement(problems=(error,))
    entities: list[Entity] = []
    problems: list[DiscoveryError] = []
    for key, component in components.items():
        platform = component.pop("platform", "")
        try:
            entities.append(_entity(str(platform), f"{topic.object_id}/{key}", component, source))
        except DiscoveryError as error:
            problems.append(DiscoveryError(error.code, f"{key}: {error}"))
    return Announcement(tuple(entities), tuple(problems))


def _json(payload: bytes) -> dict[str, Any]:
    if len(payload) > MAX_DISCOVERY_BYTES:
        raise DiscoveryError("too-large", f"{len(payload)} bytes are too many.")
    try:
        config = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise DiscoveryError("bad-json", f"It is no JSON: {error}.") from None
    if not isinstance(config, dict):
        raise DiscoveryError("bad-json", "It is no JSON object.")
    return config


def _is_own(raw: dict[str, Any]) -> bool:
    origin = raw.get("origin", raw.get("o"))
    return isinstance(origin, dict) and origin.get("name") == OWN_ORIGIN


def _components(raw: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the components of a device message, each with what they all share."""
    components = expand(raw).get("components")
    if not isinstance(components, dict):
        raise DiscoveryError("bad-config", "A device message needs 'components'.")
    if len(components) > MAX_ENTITIES_PER_DEVICE:
        raise DiscoveryError("too-large", f"{len(components)} components are too many.")
    shared = {key: value for key, value in raw.items() if key not in {"cmps", "components"}}
    expanded = {}
    for key, component in components.items():
        # Nothing but a platform: this is how one component of a device is removed.
        if isinstance(component, dict) and component.keys() - {"p", "platform"}:
            config = expand({**shared, **component})
            if str(config.get("platform")) not in LEFT_OUT and not _hidden(config):
                expanded[key] = config
    return expanded


def _hidden(config: dict[str, Any]) -> bool:
    """Whether an entity is for the upkeep of its device; nobody speaks of its signal strength."""
    disabled = not config.get("enabled_by_default", True)
    return disabled or config.get("entity_category") is not None


def _moves(config: dict[str, Any]) -> bool:
    """Whether an entity gives its topic up because a message for the entire device comes."""
    return config == {"migrate_discovery": True}


def _entity(component: str, object_id: str, values: dict[str, Any], source: str) -> Entity:
    read = COMPONENTS.get(component)
    if read is None:
        raise DiscoveryError("unsupported", f"The component {component!r} is not supported yet.")
    config = Config(values)
    device = Config(config.mapping("device"))
    parts = read(config)
    device_class = config.optional_text("device_class")
    name = _name(config, device, device_class) or object_id.rpartition("/")[2].replace("_", " ")
    area = device.optional_text("suggested_area")
    unique_id = config.optional_text("unique_id") or object_id
    if len(unique_id) > MAX_ID_CHARS:
        raise DiscoveryError("bad-config", f"'unique_id' has more than {MAX_ID_CHARS} characters.")
    return Entity(
        id=f"{component}.{unique_id}",
        component=component,
        name=_one_line(name),
        area=_one_line(area) if area else None,
        device_class=device_class,
        unit=parts.unit,
        # Whatever an optimistic device may tell, it does not show that it obeyed.
        features=parts.features - ({"state"} if config.flag("optimistic") else set()),
        readings=(*parts.readings, *extra(config)),
        commands=parts.commands,
        resolve=parts.resolve,
        availability=_availability(config),
        availability_mode=config.choice("availability_mode", _MODES, "latest"),
        source=source,
        facts=parts.facts,
        lapses=parts.lapses,
        recalls=parts.recalls,
        encoding=config.encoding(),
        origin=_origin(config),
        device=device_key(config),
    )


def _origin(config: Config) -> str | None:
    """Return the name and version of the program that announced an entity."""
    origin = Config(config.mapping("origin"))
    told = (origin.optional_text("name"), origin.optional_text("sw_version"))
    return _one_line(" ".join(text for text in told if text)) or None


def _name(config: Config, device: Config, device_class: str | None) -> str | None:
    """Return the name that people use: the device's, then what tells this part of it apart."""
    own, owner = config.optional_text("name"), device.optional_text("name")
    if owner is None:
        return own
    if own is None and not config.says("name") and device_class is not None:
        own = device_class.replace("_", " ").title()
    if own is None:
        return owner
    return own if own.casefold().startswith(owner.casefold()) else f"{owner} {own}"


def _availability(config: Config) -> tuple[AvailabilityReading, ...]:
    """Return where an entity tells whether it can be reached."""
    listed = config.configs("availability")
    if not listed and "availability_topic" in config:
        return (
            AvailabilityReading(
                config.topic("availability_topic"),
                config.render("availability_template"),
                config.text("payload_available", "online"),
                config.text("payload_not_available", "offline"),
            ),
        )
    return tuple(
        AvailabilityReading(
            item.topic("topic"),
            item.render("value_template"),
            item.text("payload_available", "online"),
            item.text("payload_not_available", "offline"),
        )
        for item in listed
    )


def _one_line(text: str) -> str:
    """Return a name without control characters, in a length that can be spoken."""
    return " ".join(text.split())[:MAX_NAME_CHARS]
