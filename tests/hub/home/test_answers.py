import pytest
from home_assistant_intents import get_languages
from structlog.testing import capture_logs

from hub.home.answers import MAX_ANSWER_CHARS, Answers
from hub.home.intents import LanguageUnsupported, responses
from hub.home.model import Device, DeviceId, DeviceState
from hub.home.remarks import REMARKS

SENSOR = Device(DeviceId("s"), "Outdoor Humidity", "sensor", unit="%")
STATE = DeviceState("54.5", {"current_temperature": 20.5, "temperature": 21})


def said(answers: Answers, intent: str, response: str, **slots: object) -> str:
    return answers.say(
        intent,
        response,
        slots=slots,
        state_of=lambda _: STATE,
        devices=[SENSOR],
        matched=[SENSOR],
        unmatched=[SENSOR],
    )


def test_units_are_spoken() -> None:
    english, german = Answers("en"), Answers("de")
    text = said(english, "HassGetState", "one", name="Outdoor Humidity")
    assert text == "Outdoor humidity is 54.5 percent"
    assert said(german, "HassGetState", "one", name="x").endswith("54,5 Prozent")


def test_whole_numbers_are_said_as_such() -> None:
    text = said(Answers("en"), "HassClimateSetTemperature", "default", temperature=21.0)
    assert text == "Temperature set to 21 degrees"


def test_an_unknown_answer_falls_back_to_the_usual_one() -> None:
    assert said(Answers("en"), "HassMediaNext", "nonsense") == "Playing next"


def test_an_intent_without_answers_says_nothing() -> None:
    assert said(Answers("en"), "HassNobody", "default") == ""


def test_errors_are_filled_in() -> None:
    text = Answers("en").error("no_domain_in_area", domain="media_player", area="Office")
    assert text == "Sorry, I am not aware of any media player in the Office area"


def test_an_unknown_error_is_a_general_apology() -> None:
    assert Answers("en").error("nonsense") == "An unexpected error occurred"


def test_an_answer_whose_values_are_missing_is_an_apology_and_logged() -> None:
    with capture_logs() as logs:
        assert (
            said(Answers("en"), "HassGetCurrentTime", "default") == "An unexpected error occurred"
        )
    assert [entry["answer"] for entry in logs] == ["HassGetCurrentTime.default"]


def test_an_answer_is_never_endless() -> None:
    text = Answers("en").error("no_area", area="x" * 10_000)
    assert len(text) == MAX_ANSWER_CHARS


def test_names_are_listed_as_they_are_spoken() -> None:
    answers = Answers("en")
    assert answers.remark("no_reaction", ["A"]) == "A did not react"
    assert answers.remark("no_reaction", ["A", "B", "C"]) == "A, B and C did not react"


def test_every_language_of_ours_has_every_remark() -> None:
    keys = {frozenset(remarks) for remarks in REMARKS.values()}
    assert len(keys) == 1


def test_a_language_without_sentences_has_no_answers() -> None:
    with pytest.raises(LanguageUnsupported):
        Answers("xx")


@pytest.mark.parametrize("language", [name for name in get_languages() if responses(name)])
def test_the_usual_answers_of_every_language_can_be_said(language: str) -> None:
    answers = Answers(language)
    slots: dict[str, object] = {
        "name": "Lamp", "area": "Kitchen", "temperature": 21, "state": "on", "item": "milk",
        "device_class": "window", "brightness": 50, "color": "red",
    }  # fmt: skip
    with capture_logs() as logs:
        for intent in ("HassTurnOn", "HassTurnOff", "HassLightSet", "HassGetState",
                       "HassSetPosition", "HassClimateGetTemperature", "HassGetWeather",
                       "HassClimateSetTemperature", "HassMediaNext", "HassMediaPause"):  # fmt: skip
            for response in responses(language)["intents"].get(intent, ()):
                text = said(answers, intent, response, **slots)
                assert "  " not in text
                assert "{" not in text
        for key in responses(language).get("errors", ()):
            answers.error(key, area="A", floor="F", domain="light", device_class="door",
                          entity="E", state="on")  # fmt: skip
    assert logs == []
