"""Announcing entities in tests, as devices would."""

import json
from collections.abc import Mapping
from typing import Any

from hub.mqtt.discovery import parse, parse_topic
from hub.mqtt.entities import Entities, EntityState
from hub.mqtt.entity import Entity
from hub.mqtt.publication import Publication

PREFIX = "homeassistant"


def topic_of(component: str, object_id: str = "thing") -> str:
    """The discovery topic of a component."""
    return f"{PREFIX}/{component}/{object_id}/config"


def entity(component: str, config: Mapping[str, Any]) -> Entity:
    """The one entity that a configuration announces; a problem fails the test."""
    topic = topic_of(component)
    parts = parse_topic(topic, PREFIX)
    assert parts is not None
    announcement = parse(parts, json.dumps(config).encode(), topic)
    assert not announcement.problems, announcement.problems
    return announcement.entities[0]


def refusal(component: str, config: Mapping[str, Any]) -> str:
    """The code of why a configuration is refused."""
    topic = topic_of(component)
    parts = parse_topic(topic, PREFIX)
    assert parts is not None
    announcement = parse(parts, json.dumps(config).encode(), topic)
    assert not announcement.entities
    return announcement.problems[0].code


def sent(
    component: str, config: Mapping[str, Any], verb: str, **values: Any
) -> list[tuple[str, str]]:
    """Topics and payloads of the messages that a command makes."""
    publications: tuple[Publication, ...] = entity(component, config).commands[verb](values)
    return [(publication.topic, publication.payload) for publication in publications]


def told(component: str, config: Mapping[str, Any], *messages: tuple[str, str]) -> EntityState:
    """What is known of an entity after some messages."""
    entities = Entities(PREFIX)
    difference = entities.announce(topic_of(component), json.dumps(config).encode())
    assert not difference.problems, difference.problems
    for topic, payload in messages:
        entities.feed(topic, payload.encode())
    return entities.state(difference.announced[0].id)
