"""Where something that was set at one place is told."""

from hub.origin import Origin
from hub.timekeeping.whereabouts import Listening, is_near, nearest

PLACE = Origin("Kitchen", satellite="kitchen-1", person="Ada")
STRANGERS = Listening("browser-eve-tab", "Kitchen", "Eve")


def test_a_browser_that_says_it_is_in_the_room_stands_for_nobody_there() -> None:
    assert nearest(PLACE, [STRANGERS, Listening("kitchen-2", "Kitchen")]) == "kitchen-2"
    assert nearest(PLACE, [STRANGERS, Listening("attic-1", "Attic")]) == "attic-1"
    assert nearest(PLACE, [STRANGERS]) == "browser-eve-tab", "better than nobody"
    assert not is_near(PLACE, STRANGERS)


def test_a_browser_stands_for_its_person_and_for_itself() -> None:
    hers = Listening("browser-ada-phone", None, "Ada")
    assert nearest(PLACE, [Listening("attic-1", "Attic"), hers]) == hers.satellite
    assert is_near(PLACE, hers)
    there = Origin("Hall", satellite=STRANGERS.satellite)
    assert nearest(there, [Listening("hall-1", "Hall"), STRANGERS]) == STRANGERS.satellite
