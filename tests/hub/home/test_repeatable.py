import pytest

from hub.home.actions import Actions
from hub.home.repeatable import REPEATABLE_VERBS
from hub.home.verbs import VERBS
from hub.origin import Origin
from tests.hub.home.small_home import KITCHEN, ObedientSink, small_home, understood


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("turn on the bed light", True),
        ("turn off the lights in here", True),
        ("set bed light brightness to 75 percent", True),
        ("close the kitchen windows", True),
        ("set ecobee to 21 degrees", True),
        ("lock the back door", True),
        ("activate mood lighting", True),
        ("unlock the front door", False),
        ("open the garage door", False),
        ("run party time", False),
        ("press the bell", False),
        ("next track", False),
        ("turn up the volume", False),
        ("toggle the bed light", False),
        ("what time is it", False),
        ("turn on the light in the office", True),
    ],
)
def test_what_counts_or_opens_is_not_repeated(text: str, may: bool) -> None:
    home = small_home()
    actions = Actions(home, ObedientSink(home))
    assert actions.repeatable(understood(text), Origin(KITCHEN)) is may


def test_only_verbs_that_there_are_may_be_repeated() -> None:
    assert set(VERBS) >= REPEATABLE_VERBS
    assert not REPEATABLE_VERBS & {"unlock", "disarm", "press", "run", "next", "previous", "start"}
