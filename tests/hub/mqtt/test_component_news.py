import json
from datetime import UTC, datetime

from hub.mqtt.entities import Entities
from tests.hub.mqtt.announcing import PREFIX, entity, refusal, sent, told, topic_of

EVENT = {"state_topic": "e", "event_types": ["press", "hold"], "device_class": "button"}
UPDATE = {"state_topic": "u", "command_topic": "u/set", "payload_install": "install"}
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_an_event_is_what_happened_last_and_when() -> None:
    entities = Entities(PREFIX, now=lambda: NOON)
    doorbell = entities.announce(topic_of("event"), json.dumps(EVENT).encode()).announced[0]
    entities.feed("e", b'{"event_type": "press"}')
    state = entities.state(doorbell.id)
    assert state.value == "press"
    assert state.attributes == {"time": "2026-01-01T12:00:00+00:00", "options": ("press", "hold")}


def test_the_same_event_again_is_news() -> None:
    times = iter([NOON, NOON.replace(hour=13)])
    entities = Entities(PREFIX, now=lambda: next(times))
    entities.announce(topic_of("event"), json.dumps(EVENT).encode())
    assert entities.feed("e", b'{"event_type": "press"}')[0]
    assert entities.feed("e", b'{"event_type": "press"}')[0]


def test_a_retained_event_is_long_past() -> None:
    entities = Entities(PREFIX)
    entities.announce(topic_of("event"), json.dumps(EVENT).encode())
    assert entities.feed("e", b'{"event_type": "press"}', retained=True) == ([], [])


def test_an_event_of_another_type_is_none() -> None:
    assert told("event", EVENT, ("e", '{"event_type": "shake"}')).value == "unknown"


def test_an_update_is_there_when_the_versions_differ() -> None:
    newer = '{"installed_version": "1.0", "latest_version": "1.1", "title": "Bulb"}'
    state = told("update", UPDATE, ("u", newer))
    assert (state.value, state.attributes["latest_version"]) == ("on", "1.1")
    same = '{"installed_version": "1.1", "latest_version": "1.1"}'
    assert told("update", UPDATE, ("u", same)).value == "off"
    assert told("update", UPDATE, ("u", "1.0")).value == "unknown"


def test_versions_may_come_on_two_topics() -> None:
    config = {**UPDATE, "latest_version_topic": "l"}
    assert told("update", config, ("u", "1.0"), ("l", "1.0")).value == "off"


def test_an_update_is_installed_and_tells_that_it_goes_on() -> None:
    assert sent("update", UPDATE, "install") == [("u/set", "install")]
    state = told("update", UPDATE, ("u", '{"update_percentage": 5}'))
    assert state.attributes["in_progress"] is True
    assert "install" not in entity("update", {"state_topic": "u"}).commands


def test_a_tracker_tells_where_somebody_is() -> None:
    config = {"state_topic": "p", "payload_home": "in", "payload_not_home": "out"}
    assert told("device_tracker", config, ("p", "in")).value == "home"
    assert told("device_tracker", config, ("p", "out")).value == "not_home"
    assert told("device_tracker", config, ("p", "School")).value == "School"


def test_one_that_makes_no_sense_is_refused() -> None:
    assert refusal("event", {"state_topic": "e"}) == "bad-config"
    assert refusal("event", {**EVENT, "event_types": {"press": 1}}) == "bad-config"
    assert refusal("update", {**UPDATE, "payload_install": []}) == "bad-config"
    assert refusal("device_tracker", {}) == "bad-config"
