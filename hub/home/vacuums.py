"""Which vacuum cleaner a sentence speaks of: the one of the room, of its floor, or the only one."""

from hub.home.model import Area, Device, Home
from hub.home.spoken_names import same_name
from hub.home.targets import Refusal, Request, able, named

_VACUUM = "vacuum"


def vacuums(request: Request) -> tuple[Device, ...]:
    """Return the vacuums that a sentence is for. Raises Refusal."""
    if request.slot("name") is not None:
        return (named(request),)
    everywhere = _everywhere(request.home)
    floor, area = request.spoken_floor, request.spoken_area
    if floor is not None:
        there = {one.id for one in request.home.areas() if one.floor == floor.id}
        return tuple(one for one in everywhere if one.area in there) or (_only(everywhere),)
    return _near(everywhere, area, request.home) if area is not None else (_only(everywhere),)


def clean_area(request: Request) -> tuple[Device, str]:
    """Return who is to clean, and what it calls the room. Raises Refusal."""
    area = request.spoken_area
    if area is None:
        raise Refusal("no_area", area=request.match.text)
    if request.slot("name") is not None:
        # The room is where to clean, not where the vacuum stands.
        found = [one for one in _everywhere(request.home) if request.calls(one)]
        if not found:
            raise Refusal("no_entity", entity=str(request.slot("name")))
    else:
        found = list(_everywhere(request.home))
    names = {one.id: _name_for(one, area, request.home) for one in able(found, "clean_area")}
    knowing = tuple(one for one in found if names.get(one.id) is not None)
    if not knowing:
        raise Refusal("feature_not_supported")
    vacuum = _near(knowing, area, request.home)[0]
    return vacuum, names[vacuum.id] or area.name


def _name_for(vacuum: Device, area: Area, home: Home) -> str | None:
    """Return what a vacuum calls a room; None if it does not know it."""
    known = home.state(vacuum.id).attributes.get("areas")
    if known is None:
        return area.name
    called = (area.name, *area.aliases)
    return next((name for name in known if any(same_name(name, one) for one in called)), None)


def _everywhere(home: Home) -> tuple[Device, ...]:
    found = tuple(device for device in home.devices() if device.domain == _VACUUM)
    if not found:
        raise Refusal("no_domain", domain=_VACUUM)
    return found


def _near(found: tuple[Device, ...], area: Area, home: Home) -> tuple[Device, ...]:
    """Return those in a room, or on its floor, or the only one."""
    here = tuple(one for one in found if one.area == area.id)
    if here or area.floor is None:
        return here or (_only(found),)
    floor = {one.id for one in home.areas() if one.floor == area.floor}
    return tuple(one for one in found if one.area in floor) or (_only(found),)


def _only(found: tuple[Device, ...]) -> Device:
    if len(found) > 1:
        raise Refusal("duplicate_targets")
    return found[0]
