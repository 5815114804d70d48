"""What an announcement that came by MQTT is kept under: it tells whom the result is for."""

import uuid

import orjson

_OURS = "mqtt:"
"""Tells our announcements from those of others."""


def key_of(satellite: str | None, named: str | int) -> str:
    """Return the key of the announcement `named`, which came on the topics of a satellite."""
    return _OURS + orjson.dumps([satellite, named]).decode()


def new_key(satellite: str | None) -> str:
    """Return a key for an announcement without an id."""
    return _OURS + orjson.dumps([satellite, None, uuid.uuid4().hex]).decode()


def is_ours(key: str) -> bool:
    """Return whether an announcement came by MQTT."""
    return key.startswith(_OURS)


def told_by(key: str) -> tuple[str | None, str | int | None]:
    """Return the satellite of the topic, and the id, of an announcement of ours."""
    satellite, named, *_ = orjson.loads(key.removeprefix(_OURS))
    return satellite, named
