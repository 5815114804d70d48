"""From a sentence to the home and back: intent, MQTT as another sees it, state, answer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from hub.home.model import AreaId
from tests.hub.living_home import KITCHEN, LIMIT_S, LivingHome, Witness, living_home, witness

NO_TIMERS = "Sorry, timers are not supported on this device"
BASE = "sotto-home/"


@dataclass(frozen=True, slots=True)
class Scene:
    """A home that lives, and who watches its command topics."""

    living: LivingHome
    witness: Witness


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene() -> AsyncIterator[Scene]:
    """One home for all sentences, as in a house."""
    async with living_home() as living, witness(living.url, f"{BASE}#") as seeing:
        yield Scene(living, seeing)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("text", "commands", "speech"),
    [
        # What they ask.
        ("is the Front Door locked", [], "Yes"),
        ("is the Left Window closed", [], "Yes"),
        ("what is the temperature", [], "20.5 degrees"),
        ("what's the temperature", [], "20.5 degrees"),
        ("what's the temp", [], "20.5 degrees"),
        ("what's the weather", [], "14 degrees Celsius and partly cloudy"),
        ("what's the weather in New York", [], "14 degrees Celsius and partly cloudy"),
        ("what's the New York weather", [], "14 degrees Celsius and partly cloudy"),
        ("what is the Outdoor Humidity", [], "Outdoor humidity is 54 percent"),
        ("nevermind", [], ""),
        # What people say to a home that tells it to do something.
        ("close the Kitchen windows", ["left_window CLOSE", "right_window CLOSE"],
         "Closing the window"),
        ("open the Sliding Door", ["sliding_door OPEN"], "Opening"),
        ("next track", ['tv {"command":"next"}'], "Playing next"),
        ("skip this song", ['tv {"command":"next"}'], "Playing next"),
        ("resume TV", ['tv {"command":"play"}'], "Resumed"),
        ("resume", ['tv {"command":"play"}'], "Resumed"),
        ("turn on the TV in the Kitchen", ['tv {"command":"turn_on"}'],
         "Turned on the media player"),
        ("set Bed Light brightness to 75 percent", ['bed_light {"state":"ON","brightness":190}'],
         "Brightness set"),
        ("set brightness of the Bed Light to 10 percent",
         ['bed_light {"state":"ON","brightness":25}'], "Brightness set"),
        ("turn Bed Light off", ['bed_light {"state":"OFF"}'], "Turned off the light"),
        ("set Kitchen lights to white", ["ceiling_light/rgb 255,255,255", "ceiling_light ON"],
         "Color set"),
        ("set Kitchen lights to green", ["ceiling_light/rgb 0,255,0", "ceiling_light ON"],
         "Color set"),
        ("set color of the Kitchen lights to blue", ["ceiling_light/rgb 0,0,255",
         "ceiling_light ON"], "Color set"),
        ("set the brightness of the Kitchen to 25 percent", ["ceiling_light/brightness 25",
         "ceiling_light ON"], "Brightness set"),
        ("turn off all of the Kitchen lights", ["ceiling_light OFF"], "Turned off the lights"),
        ("turn the lights on", ["ceiling_light ON"], "Turned on the lights"),
        ("turn off the lights in here", ["ceiling_light OFF"], "Turned off the lights"),
        ("turn on Standing Light", ["standing_light ON"], "Turned on the light"),
        ("turn the Standing Light in the Office off", ["standing_light OFF"],
         "Turned off the light"),
        ("turn off lights in the Office", ["standing_light OFF"], "Turned off the lights"),
        ("lock the Front Door", ["front_door LOCK"], "Locking"),
        ("open the Garage Door", ["garage_door OPEN"], "Opening"),
        ("set Garage Door to 40 percent", ["garage_door/position 40"], "Position set"),
        ("set EcoBee to 22 degrees", ["ecobee/temperature 22"], "Temperature set to 22 degrees"),
        ("set the volume to 35 percent", ['tv {"command":"volume","volume":35}'], "Volume set"),
        ("pause the TV", ['tv {"command":"pause"}'], "Paused"),
        ("activate Mood Lighting", ["mood_lighting ON"], "Activated"),
        ("run Party Time", ["party_time ON"], "Started"),
        # What the hub can not do yet.
        ("create a timer for 4 and a half hours", [], NO_TIMERS),
        ("create timer for 6 hours and 20 minutes", [], NO_TIMERS),
        ("start a timer for 1 minute", [], NO_TIMERS),
        ("set a timer for 30 seconds", [], NO_TIMERS),
        ("status of the timers", [], NO_TIMERS),
        ("cancel all timers", [], NO_TIMERS),
        ("pause timer", [], NO_TIMERS),
    ],
)  # fmt: skip
async def test_a_sentence_reaches_the_home_and_is_answered(
    scene: Scene, text: str, commands: list[str], speech: str
) -> None:
    scene.witness.seen.clear()
    result = await scene.living.say(text)
    expected = [_message(command) for command in commands]
    await scene.witness.wait_for(lambda seen: _commands(seen) == expected)
    assert result.speech == speech
    assert result.ok is (speech != NO_TIMERS)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("text", "device", "value"),
    [
        ("turn on Standing Light", "Standing Light", "on"),
        ("turn off Standing Light", "Standing Light", "off"),
        ("close the Sliding Door", "Sliding Door", "closed"),
        ("unlock the Front Door", "Front Door", "unlocked"),
        ("lock the Front Door", "Front Door", "locked"),
        ("pause TV", "TV", "paused"),
        ("turn off EcoBee", "EcoBee", "off"),
    ],
)
async def test_what_was_said_comes_true_and_is_confirmed_by_the_home(
    scene: Scene, text: str, device: str, value: str
) -> None:
    scene.witness.seen.clear()
    result = await scene.living.say(text)
    assert result.confirmed
    await scene.witness.wait_for(_commands)  # and not only when the next test is at it
    living = scene.living
    assert await living.home.wait_for(
        living.device(device).id, lambda state: state.value == value, LIMIT_S
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_the_room_of_whoever_speaks_decides_what_here_means(scene: Scene) -> None:
    for area, topic in ((KITCHEN, "ceiling_light"), (AreaId("office"), "standing_light")):
        scene.witness.seen.clear()
        await scene.living.say("turn the lights on", area)
        expected = [_message(f"{topic} ON")]
        await scene.witness.wait_for(lambda seen, e=expected: _commands(seen) == e)  # type: ignore[misc]


@pytest.mark.asyncio(loop_scope="module")
async def test_the_time_is_told(scene: Scene) -> None:
    speech = (await scene.living.say("what time is it")).speech
    hours, _, rest = speech.partition(":")
    assert 1 <= int(hours) <= 12
    assert rest.endswith((" AM", " PM"))


async def test_a_device_that_does_not_react_is_said_so() -> None:
    async with (
        living_home(deaf=("Standing Light",), confirm_timeout_s=0.05) as living,
        witness(living.url, f"{BASE}+/set") as seeing,
    ):
        result = await living.say("turn on Standing Light")
        assert result.speech == "Standing Light did not react"
        assert (result.ok, result.code) == (False, "no-reaction")
        await seeing.wait_for(lambda seen: _commands(seen) == [_message("standing_light ON")])


async def test_without_a_broker_the_answer_says_so_and_comes_at_once() -> None:
    async with living_home(confirm_timeout_s=60) as living:
        await living.broker.close()
        lamp = living.device("Standing Light").id
        async with asyncio.timeout(LIMIT_S):
            await living.home.wait_for(lamp, lambda state: not state.known, LIMIT_S)
            result = await living.say("turn on Standing Light")
        assert (result.ok, result.code) == (False, "home-unreachable")
        assert result.speech == "Sorry, I can not reach your home right now"
        assert (await living.say("is the front door locked")).code == "home-unreachable"


def _message(command: str) -> tuple[str, str]:
    """Return topic and payload of "bed_light ON" or "bed_light/rgb 0,0,255"."""
    where, _, payload = command.partition(" ")
    return f"{BASE}{where}/set", payload


def _commands(seen: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the commands among what was seen, in the order of the devices' names."""
    return [message for message in seen if message[0].endswith("/set")]
