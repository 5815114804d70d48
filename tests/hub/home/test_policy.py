from dataclasses import replace
from datetime import datetime

import pytest

from hub.home import asking_words
from hub.home.model import HomeCommand
from hub.home.policy import Action, Hours, Policy, Reason, Rule
from hub.home_rules import made
from hub.origin import Origin
from hub.policy_settings import PolicyRule, PolicySection
from tests.hub.home.small_home import small_home

SATURDAY_NOON = datetime(2026, 3, 7, 12, 0)  # noqa: DTZ001 (a wall clock at home)
KITCHEN = Origin("Kitchen")


def policy(*rules: Rule, now: datetime = SATURDAY_NOON) -> Policy:
    return Policy(small_home(), rules, now=lambda: now)


def ruled(policy: Policy, verb: str, device: str, origin: Origin = KITCHEN) -> str:
    home = small_home()
    found = next(one for one in home.devices() if one.id == device)
    return policy.of_commands(origin, "HassTurnOn", [HomeCommand(found.id, verb)]).ruling


@pytest.mark.parametrize(
    ("verb", "device", "ruling"),
    [
        ("unlock", "front", "confirm"),
        ("lock", "front", "allow"),
        ("open", "garage", "confirm"),
        ("close", "garage", "confirm"),
        ("stop", "garage", "allow"),
        ("open", "left", "allow"),
        ("turn_on", "bed", "allow"),
    ],
)
def test_without_rules_what_guards_the_house_needs_a_yes(
    verb: str, device: str, ruling: str
) -> None:
    assert ruled(policy(), verb, device) == ruling


def test_the_first_rule_that_fits_decides() -> None:
    rules = (Rule("allow", devices=("front door",)), Rule("refuse", domains=("lock",)))
    assert ruled(policy(*rules), "unlock", "front") == "allow"
    assert ruled(policy(*rules), "unlock", "back") == "refuse"


@pytest.mark.parametrize(
    ("rule", "ruling"),
    [
        (Rule("refuse", verbs=("un*",)), "refuse"),
        (Rule("refuse", verbs=("lock",)), "confirm"),
        (Rule("refuse", domains=("LOCK",)), "refuse"),
        (Rule("refuse", tools=("HassTurnOn",)), "refuse"),
        (Rule("refuse", tools=("HassLight*",)), "confirm"),
        (Rule("refuse", rooms=("kitchen",)), "refuse"),
        (Rule("refuse", rooms=("study",)), "confirm"),
        (Rule("refuse", rooms=("!office",)), "refuse"),
        (Rule("refuse", persons=("Anna",)), "confirm"),
        (Rule("refuse", persons=("unknown",)), "refuse"),
        (Rule("refuse", persons=("!anna", "!ben")), "refuse"),
        (Rule("refuse", hours=Hours.parse("11:00-13:00")), "refuse"),
        (Rule("refuse", hours=Hours.parse("13:00-11:00")), "confirm"),
        (Rule("refuse", weekdays=frozenset({5})), "refuse"),
        (Rule("refuse", weekdays=frozenset({6})), "confirm"),
        (Rule("refuse", devices=("Front *",), rooms=("office",)), "confirm"),
    ],
)
def test_a_rule_holds_only_where_all_of_its_conditions_do(rule: Rule, ruling: str) -> None:
    assert ruled(policy(rule), "unlock", "front") == ruling


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    friday_night = Rule("refuse", hours=Hours.parse("22:00-06:00"), weekdays=frozenset({4}))
    for hour, day, ruling in ((23, 6, "refuse"), (5, 7, "refuse"), (23, 7, "confirm")):
        now = datetime(2026, 3, day, hour)  # noqa: DTZ001
        assert ruled(policy(friday_night, now=now), "unlock", "front") == ruling


def test_of_several_devices_the_strictest_verdict_counts() -> None:
    devices = [HomeCommand(one.id, "turn_on") for one in small_home().devices() if one.id == "bed"]
    door = [HomeCommand(one.id, "unlock") for one in small_home().devices() if one.id == "front"]
    assert policy().of_commands(KITCHEN, "HassTurnOn", devices + door).ruling == "confirm"


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (Rule("refuse"), Reason.RULE),
        (Rule("refuse", rooms=("kitchen",)), Reason.ROOM),
        (Rule("refuse", hours=Hours.parse("11:00-13:00")), Reason.HOUR),
        (Rule("refuse", persons=("unknown",), rooms=("kitchen",)), Reason.PERSON),
    ],
)
def test_a_refusal_knows_its_reason(rule: Rule, reason: Reason) -> None:
    verdict = policy(rule).verdict(KITCHEN, Action("get_time"))
    assert (verdict.ruling, verdict.reason) == ("refuse", reason)


def test_a_browser_is_in_no_room_whatever_it_says() -> None:
    browser = replace(KITCHEN, satellite="browser-17-tab")
    only_here = policy(Rule("refuse", rooms=("!kitchen",)))
    assert only_here.verdict(KITCHEN, Action("get_time")).ruling == "allow"
    assert only_here.verdict(browser, Action("get_time")).ruling == "refuse"


@pytest.mark.parametrize("text", ["22", "22:00", "10-25", "a-b", "22:00-24:30"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"22:00-06:30"):
        Hours.parse(text)


def test_rules_are_made_of_settings() -> None:
    section = PolicySection(
        rules=(
            PolicyRule(
                then="refuse",
                domains=("lock",),
                rooms=("kids",),
                hours="20:00-07:00",
                weekdays=("mon", "sun"),
                words="Ask a grown-up",
            ),
        )
    )
    [rule] = made(section)
    assert rule == Rule(
        "refuse",
        domains=("lock",),
        rooms=("kids",),
        hours=Hours.parse("20:00-07:00"),
        weekdays=frozenset({0, 6}),
        words="Ask a grown-up",
    )


@pytest.mark.parametrize(
    ("language", "count", "asked"),
    [
        ("en", 7, "Shall I unlock the A, the B, the C, the D and three more?"),
        ("de", 7, "Soll ich A, B, C, D und drei weitere aufschließen?"),
        ("fr", 7, "Dois-je déverrouiller A, B, C, D et trois autres ?"),
        ("es", 6, "¿Quieres que desbloquee A, B, C, D y dos más?"),
        ("en", 5, "Shall I unlock the A, the B, the C, the D and the E?"),
        ("en", 24, "Shall I unlock the A, the B, the C, the D and 20 more?"),
    ],
)
def test_of_many_devices_the_question_tells_how_many_more_there_are(
    language: str, count: int, asked: str
) -> None:
    names = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:count]
    assert asking_words.question("unlock", names, language) == asked
