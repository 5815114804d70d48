import json
from typing import Any

from hub.mqtt.entities import MAX_STATE_BYTES, Entities
from tests.hub.mqtt.announcing import topic_of

LAMP = {"command_topic": "l/set", "state_topic": "l", "unique_id": "lamp", "name": "Lamp"}
TOPIC = topic_of("light", "lamp")


def payload(config: dict[str, Any]) -> bytes:
    return json.dumps(config).encode()


def test_a_new_entity_brings_its_topics() -> None:
    entities = Entities()
    difference = entities.announce(TOPIC, payload(LAMP))
    assert [entity.id for entity in difference.announced] == ["light.lamp"]
    assert (difference.topics, difference.lost_topics) == (("l",), ())
    assert entities.state("light.lamp").value == "unknown"


def test_the_same_announcement_again_changes_nothing() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    difference = entities.announce(TOPIC, payload(LAMP))
    assert not difference.announced
    assert not difference.topics


def test_a_changed_announcement_keeps_what_is_known() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    entities.feed("l", b"ON")
    difference = entities.announce(TOPIC, payload({**LAMP, "name": "Old Lamp"}))
    assert difference.announced[0].name == "Old Lamp"
    assert entities.state("light.lamp").value == "on"
    assert difference.topics == difference.lost_topics == ()


def test_a_changed_topic_is_read_in_place_of_the_old_one() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    difference = entities.announce(TOPIC, payload({**LAMP, "state_topic": "m"}))
    assert (difference.topics, difference.lost_topics) == (("m",), ("l",))
    assert entities.feed("l", b"ON") == ([], [])
    assert entities.feed("m", b"ON") == (["light.lamp"], [])


def test_an_empty_message_removes() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    difference = entities.announce(TOPIC, b"")
    assert (difference.removed, difference.lost_topics) == (("light.lamp",), ("l",))
    assert len(entities) == 0


def test_a_broken_message_removes_what_was_there_and_says_why() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    difference = entities.announce(TOPIC, b"{")
    assert difference.removed == ("light.lamp",)
    assert [problem.code for problem in difference.problems] == ["bad-json"]


def test_of_two_devices_with_one_id_the_first_stays() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    other = topic_of("light", "other")
    difference = entities.announce(other, payload({**LAMP, "name": "Thief", "state_topic": "x"}))
    assert [problem.code for problem in difference.problems] == ["duplicate-id"]
    assert not difference.announced
    entity = entities.get("light.lamp")
    assert entity is not None
    assert entity.name == "Lamp"
    assert entities.announce(other, b"").removed == ()
    assert len(entities) == 1


def test_a_topic_that_two_share_stays_while_one_reads_it() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    other = topic_of("light", "other")
    assert entities.announce(other, payload({**LAMP, "unique_id": "two"})).topics == ()
    assert entities.feed("l", b"ON")[0] == ["light.lamp", "light.two"]
    assert entities.announce(TOPIC, b"").lost_topics == ()
    assert entities.announce(other, b"").lost_topics == ("l",)


def test_who_reads_a_topic_later_is_told_what_was_told_before() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    entities.feed("l", b"ON")
    entities.announce(topic_of("light", "other"), payload({**LAMP, "unique_id": "two"}))
    assert entities.state("light.two").value == "on"


def test_only_a_state_that_changed_is_reported() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    assert entities.feed("l", b"ON")[0] == ["light.lamp"]
    assert entities.feed("l", b"ON")[0] == []


def test_a_template_that_fails_costs_the_message_and_says_which_device() -> None:
    entities = Entities()
    config = {**LAMP, "value_template": "{{ value_json.a.b }}"}
    entities.announce(TOPIC, payload(config))
    changed, problems = entities.feed("l", b"{}")
    assert not changed
    assert [problem.code for problem in problems] == ["bad-template"]
    assert str(problems[0]).startswith("light.lamp: ")
    assert entities.state("light.lamp").value == "unknown"


def test_a_state_of_megabytes_is_refused() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    changed, problems = entities.feed("l", b"x" * (MAX_STATE_BYTES + 1))
    assert not changed
    assert [problem.code for problem in problems] == ["too-large"]


def test_a_state_that_is_no_text_changes_nothing() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    assert entities.feed("l", b"\xff\x00\xfe") == ([], [])


def test_a_thing_that_goes_offline_is_unavailable_and_comes_back_as_it_was() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload({**LAMP, "availability_topic": "up"}))
    entities.feed("l", b"ON")
    assert entities.feed("up", b"offline")[0] == ["light.lamp"]
    assert entities.state("light.lamp").value == "unavailable"
    entities.feed("up", b"online")
    assert entities.state("light.lamp").value == "on"


def availability(mode: str, *messages: tuple[str, bytes]) -> bool:
    entities = Entities()
    listed = [{"topic": "a"}, {"topic": "b", "value_template": "{{ value_json.s }}"}]
    config = {**LAMP, "availability": listed, "availability_mode": mode}
    entities.announce(TOPIC, payload(config))
    for topic, message in messages:
        entities.feed(topic, message)
    return entities.state("light.lamp").value != "unavailable"


UP_A, DOWN_A = ("a", b"online"), ("a", b"offline")
UP_B, DOWN_B = ("b", b'{"s":"online"}'), ("b", b'{"s":"offline"}')


def test_with_all_every_topic_must_be_up() -> None:
    assert availability("all", UP_A, UP_B)
    assert not availability("all", UP_A, DOWN_B)


def test_with_any_one_topic_is_enough() -> None:
    assert availability("any", UP_A, DOWN_B)
    assert not availability("any", DOWN_A, DOWN_B)


def test_with_latest_the_last_word_counts() -> None:
    assert availability("latest", DOWN_A, UP_B)
    assert not availability("latest", UP_B, DOWN_A)
    assert not availability("latest", DOWN_A, UP_B, DOWN_A)


def test_other_words_about_availability_are_not_heard() -> None:
    assert availability("latest", UP_A, ("a", b"maybe"))


def test_other_topics_concern_nobody() -> None:
    entities = Entities()
    assert not entities.announce("homeassistant/status", b"online").announced
    assert entities.feed("elsewhere", b"ON") == ([], [])


def test_what_matters_of_a_devices_other_attributes_is_kept() -> None:
    entities = Entities()
    config = {**LAMP, "json_attributes_topic": "more", "json_attributes_template": "{{ value }}"}
    entities.announce(TOPIC, payload(config))
    entities.feed("more", b'{"battery": 88.0, "power": 4.5, "linkquality": 120, "energy": "much"}')
    assert entities.state("light.lamp").attributes == {"battery_level": 88, "power": 4.5}


def test_payloads_are_read_in_the_encoding_that_the_device_names() -> None:
    entities = Entities()
    config = {"state_topic": "s", "unique_id": "word", "encoding": "latin-1"}
    entities.announce(topic_of("sensor"), payload(config))
    entities.feed("s", "brühwarm".encode("latin-1"))
    assert entities.state("sensor.word").value == "brühwarm"


def test_an_optimistic_device_need_not_confirm() -> None:
    entities = Entities()
    (lamp,) = entities.announce(TOPIC, payload({**LAMP, "optimistic": True})).announced
    assert "state" not in lamp.features
    entities.feed("l", b"ON")
    assert entities.state("light.lamp").value == "on"


def test_a_command_is_sent_with_the_qos_that_the_device_asks_for_but_never_lost() -> None:
    for asked, sent in ((0, 1), (1, 1), (2, 2)):
        (lamp,) = Entities().announce(TOPIC, payload({**LAMP, "qos": asked})).announced
        assert lamp.commands["turn_on"]({})[0].qos == sent


def test_one_that_moves_into_its_devices_message_makes_room_for_it() -> None:
    entities = Entities()
    entities.announce(TOPIC, payload(LAMP))
    difference = entities.announce(TOPIC, payload({"migrate_discovery": True}))
    assert (difference.removed, difference.problems) == (("light.lamp",), ())
    device = {"cmps": {"it": {"p": "light", **LAMP}}}
    assert entities.announce(topic_of("device"), payload(device)).announced[0].id == "light.lamp"
