import json
from collections.abc import Mapping

import pytest

from hub.mqtt.entities import Entities
from tests.hub.mqtt.announcing import PREFIX, entity, refusal, sent, told, topic_of

PLAIN = {"command_topic": "l/set", "state_topic": "l"}
FULL = {
    **PLAIN,
    "brightness_command_topic": "l/bri/set",
    "brightness_state_topic": "l/bri",
    "rgb_command_topic": "l/rgb/set",
    "rgb_state_topic": "l/rgb",
    "color_temp_command_topic": "l/ct/set",
    "color_temp_state_topic": "l/ct",
}
JSON = {
    "schema": "json",
    "command_topic": "l/set",
    "state_topic": "l",
    "brightness": True,
    "supported_color_modes": ["rgb", "color_temp"],
}


def test_a_plain_light_is_switched_and_tells_so() -> None:
    assert sent("light", PLAIN, "turn_on") == [("l/set", "ON")]
    assert sent("light", PLAIN, "turn_off") == [("l/set", "OFF")]
    assert told("light", PLAIN, ("l", "ON")).value == "on"
    assert told("light", PLAIN, ("l", "ON"), ("l", "OFF")).value == "off"
    assert entity("light", PLAIN).features == {"state"}


def test_its_own_words_and_template_are_used() -> None:
    config = {
        **PLAIN,
        "payload_on": "1",
        "payload_off": 0,
        "state_value_template": "{{ value_json.p }}",
    }
    assert sent("light", config, "turn_off") == [("l/set", "0")]
    assert told("light", config, ("l", '{"p": 1}')).value == "on"


def test_a_word_that_is_not_known_changes_nothing() -> None:
    assert told("light", PLAIN, ("l", "ON"), ("l", "BLINK")).value == "on"


def test_a_null_means_that_the_state_is_not_known() -> None:
    config = {**PLAIN, "value_template": "{{ value_json.s }}"}
    state = told("light", config, ("l", '{"s": "ON"}'), ("l", '{"s": null}'))
    assert state.value == "unknown"


def test_brightness_is_in_percent_here_and_on_its_own_scale_there() -> None:
    assert sent("light", FULL, "turn_on", brightness=50) == [("l/bri/set", "128"), ("l/set", "ON")]
    assert told("light", FULL, ("l/bri", "64")).attributes["brightness"] == 25
    scaled = {**FULL, "brightness_scale": 100}
    assert sent("light", scaled, "turn_on", brightness=50)[0] == ("l/bri/set", "50")


def test_the_darkest_light_is_not_off() -> None:
    assert sent("light", {**FULL, "brightness_scale": 10}, "turn_on", brightness=1)[0][1] == "1"


@pytest.mark.parametrize(
    ("order", "messages"),
    [
        ("last", [("l/bri/set", "255"), ("l/set", "ON")]),
        ("first", [("l/set", "ON"), ("l/bri/set", "255")]),
        ("brightness", [("l/bri/set", "255")]),
    ],
)
def test_the_order_of_on_and_brightness_is_the_lights_choice(
    order: str, messages: list[tuple[str, str]]
) -> None:
    config = {**FULL, "on_command_type": order}
    assert sent("light", config, "turn_on", brightness=100) == messages


@pytest.mark.parametrize(
    ("topic", "payload"),
    [("rgb_command_topic", "0,255,0"), ("hs_command_topic", "120.0,100.0"),
     ("xy_command_topic", "0.3,0.6")],
)  # fmt: skip
def test_a_colour_is_sent_in_the_way_that_the_light_offers(topic: str, payload: str) -> None:
    config = {**PLAIN, topic: "l/c"}
    assert sent("light", config, "turn_on", color=(0, 255, 0)) == [
        ("l/c", payload),
        ("l/set", "ON"),
    ]
    assert "color" in entity("light", config).features


def test_a_colour_template_gets_the_parts() -> None:
    config = {**FULL, "rgb_command_template": "#{{ red }}/{{ green }}/{{ blue }}"}
    assert sent("light", config, "turn_on", color=(1, 2, 3))[0] == ("l/rgb/set", "#1/2/3")


def test_the_colour_and_warmth_of_a_light_are_read() -> None:
    state = told("light", FULL, ("l/rgb", "1,2,3"), ("l/ct", "250"))
    assert state.attributes == {"color": (1, 2, 3), "color_temperature": 4000}
    hs = {**PLAIN, "hs_state_topic": "l/hs"}
    assert told("light", hs, ("l/hs", "120,100")).attributes["color"] == (0, 255, 0)


@pytest.mark.parametrize("payload", ["", "1,2", "red", "1,2,x", "nan,1,1"])
def test_what_is_no_colour_changes_nothing(payload: str) -> None:
    assert told("light", FULL, ("l/rgb", payload)).attributes == {}


@pytest.mark.parametrize("payload", ["", "bright", "inf", "nan"])
def test_what_is_no_brightness_changes_nothing(payload: str) -> None:
    assert told("light", FULL, ("l/bri", payload)).attributes == {}


def test_warmth_is_kelvin_here_and_mireds_or_kelvin_there() -> None:
    assert sent("light", FULL, "turn_on", color_temperature=2700)[0] == ("l/ct/set", "370")
    kelvin = {**FULL, "color_temp_kelvin": True}
    assert sent("light", kelvin, "turn_on", color_temperature=2700)[0] == ("l/ct/set", "2700")


def test_a_json_light_takes_everything_in_one_message() -> None:
    (topic, payload), *rest = sent(
        "light", JSON, "turn_on", brightness=50, color=(255, 0, 0), color_temperature=4000
    )
    assert topic == "l/set"
    assert not rest
    assert json.loads(payload) == {
        "state": "ON",
        "brightness": 128,
        "color": {"r": 255, "g": 0, "b": 0},
        "color_temp": 250,
    }
    assert sent("light", JSON, "turn_off") == [("l/set", '{"state":"OFF"}')]


def test_a_json_light_tells_everything_in_one_message() -> None:
    report = {"state": "ON", "brightness": 255, "color": {"h": 240, "s": 100}, "color_temp": 500}
    state = told("light", JSON, ("l", json.dumps(report)))
    assert state.value == "on"
    assert state.attributes == {
        "brightness": 100,
        "color": (0, 0, 255),
        "color_temperature": 2000,
    }


@pytest.mark.parametrize(
    ("modes", "features"),
    [
        ([], {"state", "brightness"}),
        (["onoff"], {"state", "brightness"}),
        (["xy"], {"state", "brightness", "color"}),
        (["color_temp"], {"state", "brightness", "color_temperature"}),
    ],
)
def test_a_json_light_offers_what_its_colour_modes_say(
    modes: list[str], features: set[str]
) -> None:
    assert entity("light", {**JSON, "supported_color_modes": modes}).features == features


def test_a_json_light_of_the_old_kind_has_a_flag_for_each() -> None:
    config = {"schema": "json", "command_topic": "l/set", "rgb": True, "color_temp": True}
    assert {"color", "color_temperature"} <= entity("light", config).features


@pytest.mark.parametrize(
    ("mode", "color"),
    [("hs", {"h": 240.0, "s": 100.0}), ("xy", {"x": 0.15, "y": 0.06})],
)
def test_a_json_light_gets_colours_in_its_own_mode(mode: str, color: dict[str, float]) -> None:
    config = {**JSON, "supported_color_modes": [mode]}
    (_, payload), *_rest = sent("light", config, "turn_on", color=(0, 0, 255))
    assert json.loads(payload)["color"] == pytest.approx(color, abs=0.001)


@pytest.mark.parametrize(
    "payload",
    ["", "[]", "nonsense", '{"state": 5, "brightness": "x", "color": 3, "color_temp": []}',
     '{"brightness": true, "color": {"r": 1}, "color_temp": 0}'],
)  # fmt: skip
def test_a_json_report_that_makes_no_sense_changes_nothing(payload: str) -> None:
    state = told("light", JSON, ("l", payload))
    assert state.value == "unknown"
    assert not {key: value for key, value in state.attributes.items() if value is not None}


def test_commands_are_retained_only_where_the_light_asks_for_it() -> None:
    for retain in (True, False):
        light = entity("light", {**FULL, "retain": retain})
        messages = light.commands["turn_on"]({"brightness": 5, "color": (1, 2, 3)})
        assert {message.retain for message in messages} == {retain}


@pytest.mark.parametrize(
    ("form", "payload", "color"),
    [("rgbw", "0,255,0,0", (0, 255, 0)), ("rgbww", "0,255,0,0,0", (0, 255, 0)),
     ("rgbw", "253,0,0,255", (255, 128, 128)), ("rgbw", "0,0,0,255", (255, 255, 255))],
)  # fmt: skip
def test_white_channels_take_the_white_of_a_colour(
    form: str, payload: str, color: tuple[int, int, int]
) -> None:
    config = {**PLAIN, f"{form}_command_topic": "l/c", f"{form}_state_topic": "l/c/is"}
    assert sent("light", config, "turn_on", color=color)[0] == ("l/c", payload)
    assert told("light", config, ("l/c/is", payload)).attributes["color"] == color
    assert "color" in entity("light", config).features


def test_a_template_of_white_channels_gets_their_names() -> None:
    config = {
        **PLAIN,
        "rgbww_command_topic": "l/c",
        "rgbww_command_template": "{{ red }}{{ green }}{{ blue }}{{ cold_white }}{{ warm_white }}",
    }
    assert sent("light", config, "turn_on", color=(255, 0, 0))[0] == ("l/c", "255" + "0000")


def test_white_is_the_white_channel_if_its_brightness_was_said() -> None:
    config = {**FULL, "white_command_topic": "l/white", "white_scale": 100}
    white = (255, 255, 255)
    assert sent("light", config, "turn_on", color=white, brightness=40) == [
        ("l/white", "40"),
        ("l/set", "ON"),
    ]
    itself = {**config, "on_command_type": "brightness"}
    assert sent("light", itself, "turn_on", color=white, brightness=40) == [("l/white", "40")]
    assert sent("light", config, "turn_on", color=white)[0] == ("l/rgb/set", "255,255,255")


@pytest.mark.parametrize(
    ("limits", "wanted", "payload"),
    [({"min_mireds": 153, "max_mireds": 370}, 10_000, "153"),
     ({"min_mireds": 153, "max_mireds": 370}, 1_500, "370"),
     ({"color_temp_kelvin": True, "min_kelvin": 2200, "max_kelvin": 4000}, 9_000, "4000")],
)  # fmt: skip
def test_warmth_goes_as_far_as_the_light_goes(
    limits: dict[str, object], wanted: int, payload: str
) -> None:
    config = {**FULL, **limits}
    assert sent("light", config, "turn_on", color_temperature=wanted)[0] == ("l/ct/set", payload)


def test_a_light_tells_from_where_to_where_its_warmth_goes_if_it_has_said_so() -> None:
    def ends(config: Mapping[str, object]) -> list[object]:
        attributes = told("light", config).attributes
        return [attributes.get(f"color_temperature_{end}") for end in ("min", "max")]

    mireds = {"min_mireds": 153, "max_mireds": 500}
    assert ends({**FULL, **mireds}) == [2000, 6536]
    assert ends({**FULL, "min_kelvin": 2200, "max_kelvin": 4000}) == [2200, 4000]
    assert ends({**FULL, "max_mireds": 400}) == [2500, None]
    assert ends(FULL) == [None, None]
    assert ends({**PLAIN, **mireds}) == [None, None], "it has no warmth at all"
    assert ends({**JSON, "supported_color_modes": ["color_temp"], **mireds}) == [2000, 6536]
    assert ends({**TEMPLATE, "min_mireds": 200}) == [None, 5000]


def test_an_effect_is_played_and_told() -> None:
    config = {
        **PLAIN,
        "effect_command_topic": "l/fx/set",
        "effect_state_topic": "l/fx",
        "effect_list": ["Rainbow", "Candle"],
    }
    assert sent("light", config, "turn_on", effect="candle")[0] == ("l/fx/set", "Candle")
    state = told("light", config, ("l/fx", "Rainbow"))
    assert state.attributes == {"effect": "Rainbow", "effects": ("Rainbow", "Candle")}
    assert "effect" in entity("light", config).features


def test_what_the_colour_mode_does_not_show_is_forgotten() -> None:
    config = {**FULL, "color_mode_state_topic": "l/mode"}
    warm = told("light", config, ("l/rgb", "1,2,3"), ("l/ct", "250"), ("l/mode", "color_temp"))
    assert warm.attributes == {"color_temperature": 4000}
    red = told("light", config, ("l/rgb", "1,2,3"), ("l/ct", "250"), ("l/mode", "rgb"))
    assert red.attributes == {"color": (1, 2, 3)}


def test_a_chromaticity_is_shown_as_it_is() -> None:
    config = {**PLAIN, "xy_state_topic": "l/xy"}
    assert told("light", config, ("l/xy", "0.3,0.4")).attributes == {"xy_color": (0.3, 0.4)}


def test_a_json_light_plays_effects_and_has_white_channels() -> None:
    config = {**JSON, "supported_color_modes": ["rgbww"], "effect": True, "effect_list": ["Fire"]}
    ((_, payload),) = sent("light", config, "turn_on", color=(255, 128, 128), effect="fire")
    assert json.loads(payload) == {
        "state": "ON",
        "color": {"r": 253, "g": 0, "b": 0, "c": 255, "w": 255},
        "effect": "Fire",
    }
    report = {"state": "ON", "color": {"r": 0, "g": 0, "b": 0, "w": 255}, "effect": "Fire"}
    state = told("light", config, ("l", json.dumps(report)))
    assert state.attributes == {"color": (255, 255, 255), "effect": "Fire", "effects": ("Fire",)}
    assert told("light", config, ("l", '{"state":"ON"}'), ("l", '{"state":null}')).value == (
        "unknown"
    )


TEMPLATE = {
    "schema": "template",
    "command_topic": "l/set",
    "state_topic": "l",
    "command_on_template": "on{% if brightness is defined %},b{{ brightness }}{% endif %}"
    "{% if red is defined %},#{{ red }}-{{ green }}-{{ blue }}{% endif %}"
    "{% if color_temp is defined %},t{{ color_temp }}{% endif %}"
    "{% if effect is defined %},{{ effect }}{% endif %}",
    "command_off_template": "off",
    "state_template": "{{ value.split(',')[0] }}",
    "brightness_template": "{{ value.split(',')[1] }}",
    "red_template": "{{ value.split(',')[2] }}",
    "green_template": "{{ value.split(',')[3] }}",
    "blue_template": "{{ value.split(',')[4] }}",
    "color_temp_template": "{{ value.split(',')[5] }}",
    "effect_list": ["Fire"],
}


def test_a_template_light_writes_its_messages_itself() -> None:
    assert sent("light", TEMPLATE, "turn_on") == [("l/set", "on")]
    assert sent("light", TEMPLATE, "turn_off") == [("l/set", "off")]
    assert sent("light", TEMPLATE, "turn_on", brightness=100, color=(1, 2, 3)) == [
        ("l/set", "on,b255,#1-2-3")
    ]
    assert sent("light", TEMPLATE, "turn_on", color_temperature=4000, effect="fire") == [
        ("l/set", "on,t250,Fire")
    ]


def test_a_template_light_reads_its_messages_itself() -> None:
    state = told("light", TEMPLATE, ("l", "on,128,1,2,3,250"))
    assert state.value == "on"
    assert state.attributes == {
        "brightness": 50,
        "color": (1, 2, 3),
        "color_temperature": 4000,
        "effects": ("Fire",),
    }
    assert entity("light", TEMPLATE).features == {
        "state", "brightness", "color", "color_temperature", "effect",
    }  # fmt: skip


def test_a_light_that_makes_no_sense_is_refused() -> None:
    for wrong in (
        {"brightness_scale": 0},
        {"on_command_type": "sometimes"},
        {"min_mireds": 500, "max_mireds": 100},
        {"effect_command_topic": "f", "effect_list": [[]]},
        {"schema": "template", "command_on_template": "on"},
    ):
        assert refusal("light", {**PLAIN, **wrong}) == "bad-config"


def test_a_light_that_is_turned_on_by_its_brightness_gets_as_bright_as_it_was() -> None:
    config = {**FULL, "on_command_type": "brightness"}
    entities = Entities(PREFIX)
    light = entities.announce(topic_of("light"), json.dumps(config).encode()).announced[0]

    def turned_on(**values: int) -> list[tuple[str, str]]:
        made = light.commands["turn_on"](entities.complete(light.id, "turn_on", values))
        return [(one.topic, one.payload) for one in made]

    assert turned_on() == [("l/bri/set", "255")]
    entities.feed("l/bri", b"102")
    entities.feed("l/bri", b"0")  # as it tells when it is off
    assert turned_on() == [("l/bri/set", "102")]
    assert turned_on(brightness=80) == [("l/bri/set", "204")]


def test_other_lights_know_themselves_how_bright_they_were() -> None:
    entities = Entities(PREFIX)
    light = entities.announce(topic_of("light"), json.dumps(FULL).encode()).announced[0]
    entities.feed("l/bri", b"102")
    assert entities.complete(light.id, "turn_on", {}) == {}
