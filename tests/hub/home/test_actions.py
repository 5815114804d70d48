import json
from datetime import datetime

import pytest

from hub.home.actions import ActionResult, Actions
from hub.home.model import AreaId, Device, DeviceId, DeviceState, Home, HomeCommand
from hub.origin import Origin
from tests.hub.home.small_home import KITCHEN, ObedientSink, small_home, understood

NOON = datetime(2026, 3, 1, 12, 5)  # noqa: DTZ001 (a wall clock at home)


async def do(
    text: str,
    home: Home | None = None,
    area: AreaId | None = KITCHEN,
    *,
    deaf: tuple[str, ...] = (),
    failing: str = "",
    language: str = "en",
) -> ActionResult:
    """Do what a sentence says."""
    home = home or small_home()
    sink = ObedientSink(home, deaf=deaf, failing=failing)
    actions = Actions(home, sink, now=lambda: NOON, confirm_timeout_s=0.02)
    return await actions.perform(understood(text, area, language), Origin(area, language))


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("turn on the bed light", "Turned on the light"),
        ("turn off the kettle", "Turned off the switch"),
        ("turn off the lights in here", "Turned off the lights"),
        ("open the garage door", "Opening"),
        ("close the kitchen windows", "Closing the window"),
        ("lock the back door", "Locking"),
        ("activate mood lighting", "Activated"),
        ("run party time", "Started"),
        ("press the bell", "Pressed"),
        ("set bed light brightness to 75 percent", "Brightness set"),
        ("set kitchen lights to green", "Color set"),
        ("set left window to 40 percent", "Position set"),
        ("set ecobee to 21.5 degrees", "Temperature set to 21.5 degrees"),
        ("set ecobee to 1 degree", "Temperature set to 1 degree"),
        ("next track", "Playing next"),
        ("pause", "Paused"),
        ("resume radio", "Resumed"),
        ("mute the tv", "Muted"),
        ("set volume to 55 percent", "Volume set"),
        ("what's the weather", "14 degrees Celsius and sunny"),
        ("what's the weather in new york", "14 degrees Celsius and sunny"),
        ("what is the temperature", "20.5 degrees"),
        ("what is the outdoor humidity", "Outdoor humidity is 54 percent"),
        ("is the front door locked", "Yes"),
        ("is the back door locked", "No, unlocked"),
        ("is the left window open", "Yes"),
        ("are any lights on", "Yes, Ceiling Light"),
        ("are all the kitchen lights off", "No, Ceiling Light is not off"),
        ("which doors are locked", "Front Door"),
        ("how many lights are off", "5"),
        ("what time is it", "12:05 PM"),
        ("what's the date today", "March 1st, 2026"),
        ("nevermind", ""),
        ("hello", "Hello from Sotto."),
        (
            "where does my data go",
            "What you say stays in this home, unless its owner uses a service elsewhere.",
        ),
    ],
)
async def test_what_was_done_or_found_is_said(text: str, speech: str) -> None:
    result = await do(text)
    assert (result.speech, result.ok, result.code) == (speech, True, None)


@pytest.mark.parametrize(
    ("text", "code", "speech"),
    [
        ("set a timer for 5 minutes", "no_timer_support",
         "Sorry, timers are not supported on this device"),
        ("cancel all timers", "no_timer_support", "Sorry, timers are not supported on this device"),
        ("status of the timers", "no_timer_support",
         "Sorry, timers are not supported on this device"),
        ("add milk to the shopping list", "feature_not_supported",
         "Sorry, no device supports the required features"),
        ("announce dinner is ready", "feature_not_supported",
         "Sorry, no device supports the required features"),
        ("are any fans on", "no_domain", "Sorry, I am not aware of any fan"),
        ("open the office curtains", "no_device_class_in_area",
         "Sorry, I am not aware of any curtain in the Office area"),
    ],
)  # fmt: skip
async def test_what_can_not_be_done_is_said_in_the_packages_words(
    text: str, code: str, speech: str
) -> None:
    result = await do(text)
    assert (result.ok, result.code, result.speech) == (False, code, speech)
    assert result.commands == ()


async def test_what_the_home_confirms_is_told_with_its_times() -> None:
    times = iter([10.0, 10.002, 10.05])
    home = small_home()
    actions = Actions(home, ObedientSink(home), clock=lambda: next(times))
    result = await actions.perform(understood("turn on the bed light"), Origin(None, "en"))
    assert result.confirmed
    assert result.commands == (HomeCommand(DeviceId("bed"), "turn_on"),)
    assert result.published_ms == pytest.approx(2)
    assert result.confirmed_ms == pytest.approx(50)


@pytest.mark.parametrize(
    ("code", "speech"),
    [
        ("out-of-range", "That value is not possible for Bed Light"),
        ("needs-code", "I have no code for Bed Light"),
    ],
)
async def test_what_a_device_can_not_be_told_is_said_with_its_reason(
    code: str, speech: str
) -> None:
    result = await do("turn on the bed light", failing=code)
    assert (result.speech, result.ok, result.code) == (speech, False, code)


async def test_a_device_that_does_not_react_is_said_so() -> None:
    result = await do("turn on the bed light", deaf=("bed",))
    assert (result.speech, result.ok, result.code) == (
        "Bed Light did not react",
        False,
        "no-reaction",
    )
    assert not result.confirmed
    assert result.published_ms is not None
    assert result.confirmed_ms is None


async def test_of_several_those_that_do_not_react_are_named_beside_what_was_done() -> None:
    result = await do("turn on the lights in here", deaf=("counter", "lamp1"))
    assert result.speech == "Turned on the lights. Counter Light and Lamp did not react"
    assert not result.ok
    assert len(result.commands) == 3


async def test_a_device_that_can_not_be_reached_is_not_tried() -> None:
    home = small_home()
    home.update_state(DeviceId("bed"), DeviceState("unavailable"))
    result = await do("turn on the bed light", home)
    assert (result.speech, result.code) == ("I can not reach Bed Light", "unavailable")
    assert result.commands == ()


async def test_a_home_that_can_not_be_reached_is_said_so() -> None:
    result = await do("turn on the bed light", failing="unavailable")
    assert result.speech == "Sorry, I can not reach your home right now"
    assert (result.ok, result.code) == (False, "home-unreachable")


async def test_a_command_that_a_device_does_not_know_is_an_error() -> None:
    result = await do("turn on the bed light", failing="unsupported")
    assert (result.ok, result.code) == (False, "failed")
    assert result.speech == "Sorry, no device supports the required features"


async def test_what_tells_no_state_is_not_said_to_have_confirmed() -> None:
    result = await do("activate mood lighting")
    assert result.ok
    assert not result.confirmed
    assert result.confirmed_ms is None


async def test_a_question_about_what_can_not_be_reached_gets_no_wrong_answer() -> None:
    home = small_home()
    home.update_state(DeviceId("front"), DeviceState("unavailable"))
    result = await do("is the front door locked", home)
    assert (result.speech, result.ok) == ("I can not reach Front Door", False)


async def test_a_question_about_what_was_never_told_gets_no_wrong_answer() -> None:
    home = small_home()
    home.update_state(DeviceId("front"), DeviceState())
    result = await do("is the front door locked", home)
    assert result.speech == "I do not know the state of Front Door yet"
    assert not result.ok


async def test_what_can_not_be_reached_is_named_beside_what_is_known() -> None:
    home = small_home()
    home.update_state(DeviceId("back"), DeviceState("unavailable"))
    result = await do("are all locks locked", home)
    assert result.speech == "Yes. I can not reach Back Door"
    assert (result.ok, result.code) == (False, "unavailable")


async def test_when_nothing_of_a_kind_can_be_reached_only_that_is_said() -> None:
    home = small_home()
    for lock in ("front", "back"):
        home.update_state(DeviceId(lock), DeviceState("unavailable"))
    result = await do("are all locks locked", home)
    assert (result.ok, result.code) == (False, "unavailable")
    assert result.speech == "I can not reach Front Door and Back Door"


async def test_a_thermostat_that_tells_only_its_temperature_is_asked_all_the_same() -> None:
    home = small_home()
    home.update_state(DeviceId("ecobee"), DeviceState("unknown", {"current_temperature": 19}))
    assert (await do("what is the temperature", home)).speech == "19 degrees"
    home.update_state(DeviceId("ecobee"), DeviceState("unavailable", {"current_temperature": 19}))
    assert (await do("what is the temperature", home)).code == "unavailable"
    home.update_state(DeviceId("ecobee"), DeviceState("heat"))
    assert (await do("what is the temperature", home)).code == "unknown-state"


async def test_weather_without_a_temperature_is_not_made_up() -> None:
    home = small_home()
    home.update_state(DeviceId("york"), DeviceState("sunny"))
    assert (await do("what's the weather", home)).code == "unknown-state"


async def test_a_rooms_thermometer_tells_its_temperature_where_there_is_no_thermostat() -> None:
    home = small_home()
    home.put(
        Device(
            DeviceId("t"),
            "Kitchen Temperature",
            "sensor",
            area=KITCHEN,
            device_class="temperature",
            unit="°C",
            features=frozenset({"state"}),
        )
    )
    home.update_state(DeviceId("t"), DeviceState("18"))
    assert (await do("what is the temperature", home)).speech == "18 degrees"
    assert (await do("what is the temperature in the office", home)).speech == "20.5 degrees"


async def test_answers_are_in_the_speakers_language_with_its_decimal_sign() -> None:
    german = await do("wie ist die Temperatur", language="de")
    assert "20,5" in german.speech
    deaf = await do("schalte Bed Light ein", language="de", deaf=("bed",))
    assert deaf.speech == "Keine Reaktion von Bed Light"


async def test_a_language_without_our_own_sentences_apologises_in_its_own() -> None:
    result = await do("zet Bed Light aan", language="nl", deaf=("bed",))
    assert result.speech
    assert "react" not in result.speech


async def test_a_language_that_is_not_there_gets_english_answers() -> None:
    home = small_home()
    actions = Actions(home, ObedientSink(home))
    match = understood("turn on the bed light")
    result = await actions.perform(match, Origin(None, "tlh"))
    assert result.speech == "Turned on the light"


async def test_a_home_without_weather_says_so() -> None:
    home = small_home()
    home.remove(DeviceId("york"))
    assert (await do("what's the weather", home)).code == "no_domain"


async def test_a_name_is_data_and_never_a_template() -> None:
    home = small_home()
    home.put(
        Device(
            DeviceId("evil"), "{{ 7 * 7 }}", "light", features=frozenset({"state"}), area=KITCHEN
        )
    )
    home.update_state(DeviceId("evil"), DeviceState("on"))
    assert "{{ 7 * 7 }}" in (await do("which lights are on", home)).speech


async def test_a_result_can_be_logged_as_json() -> None:
    result = await do("set kitchen lights to green")
    assert json.dumps([dict(command.values) for command in result.commands])
