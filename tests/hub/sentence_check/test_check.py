"""The package's own sentences, in a fixed sample; and that the check sees what is wrong."""

from dataclasses import replace

import pytest

from hub.home import plans
from hub.home.plan import Plan
from hub.home.targets import Request
from hub.sentence_check.check import SentenceCheck
from hub.sentence_check.home_words import LANGUAGES, THINGS
from hub.sentence_check.kinds import KINDS
from hub.sentence_check.table import GOAL

SAMPLE = 150


def nothing() -> None:
    pass


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nearly_all_of_the_packages_sentences_are_executed_rightly(language: str) -> None:
    report = await SentenceCheck(language, seed=7).run(SAMPLE, nothing)
    assert report.said.total() == SAMPLE
    assert report.share >= GOAL, report.failures


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_home_has_all_of_its_devices(language: str) -> None:
    check = SentenceCheck(language)
    assert check.checked.problems == {}
    assert len(check.checked.home.devices()) == sum(thing.kind != "todo" for thing in THINGS)
    assert {KINDS[thing.kind].domain for thing in THINGS} >= {
        "light", "switch", "fan", "cover", "valve", "lock", "climate", "media_player", "vacuum",
        "lawn_mower", "scene", "script", "button", "sensor", "binary_sensor", "weather",
    }  # fmt: skip


async def test_what_does_the_opposite_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    planners = {**plans.PLANNERS, "HassTurnOn": plans.PLANNERS["HassTurnOff"]}
    monkeypatch.setattr("hub.home.actions.PLANNERS", planners)
    check = SentenceCheck("en")
    check.only("HassTurnOn")
    report = await check.run(30, nothing)
    assert report.said["HassTurnOn"] == 30
    assert report.right["HassTurnOn"] == 0


async def test_what_reaches_a_device_too_many_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = plans.PLANNERS["HassLightSet"]

    def too_many(request: Request) -> Plan:
        plan = right(request)
        others = [
            device.id for device in request.home.devices()
            if device.domain == "light" and device.id != plan.commands[0].device
        ]  # fmt: skip
        extra = tuple(replace(plan.commands[0], device=other) for other in others)
        return replace(plan, commands=(*plan.commands, *extra))

    monkeypatch.setattr("hub.home.actions.PLANNERS", {**plans.PLANNERS, "HassLightSet": too_many})
    check = SentenceCheck("de")
    check.only("HassLightSet")
    report = await check.run(20, nothing)
    assert report.right["HassLightSet"] == 0
    assert all("wrong" in failure.reason for failure in report.failures)


async def test_a_wrong_answer_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.home.answers.Answers.say", lambda *_args, **_more: "Maybe")
    check = SentenceCheck("fr")
    check.only("HassGetState")
    report = await check.run(20, nothing)
    assert report.right["HassGetState"] == 0


async def test_what_a_timer_was_not_told_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = SentenceCheck("en")
    right.only("HassStartTimer")
    assert (await right.run(20, nothing)).share == 1
    monkeypatch.setattr("hub.sentence_check.check.facts", lambda _slots: {"seconds": 1.0})
    wrong = SentenceCheck("en")
    wrong.only("HassStartTimer")
    assert (await wrong.run(20, nothing)).share == 0


async def test_one_seed_gives_the_same_sentences_and_another_others() -> None:
    def sentences(seed: int) -> list[str]:
        check = SentenceCheck("es", seed)
        return [check.sampler.draw(template).text for template in check.plan(40)]

    assert sentences(1) == sentences(1)
    assert sentences(1) != sentences(2)


async def test_sentences_on_people_are_left_out_with_the_reason() -> None:
    report = SentenceCheck("en").report
    assert sum(report.left_out.values()) == 7
    assert all("does not track anybody" in reason for reason in report.left_out)
