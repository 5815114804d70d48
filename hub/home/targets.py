"""Which devices a sentence speaks of."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from hub.home.intents import IntentMatch
from hub.home.model import Area, AreaId, Device, Floor, FloorId, Home
from hub.home.spoken_names import same_name


class Refusal(Exception):
    """A sentence was understood, but can not be carried out in this home.

    `key` names the error answer of home-assistant-intents that says so, `values` fill it in.
    """

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Request:
    """A sentence that was understood, and where it was said."""

    home: Home
    match: IntentMatch
    area: AreaId | None = None
    """The room of whoever spoke."""

    def slot(self, name: str) -> Any:
        """Return the value of a slot, or None."""
        return self.match.slots.get(name)

    def said_slots(self, extra: Mapping[str, Any]) -> dict[str, Any]:
        """Return the slots as answers want them: rooms and floors by their names, and `extra`.

        Raises Refusal for a room or floor that is gone.
        """
        slots = dict(self.match.slots)
        for slot, place in (("area", self.spoken_area), ("floor", self.spoken_floor)):
            if place is not None:
                slots[slot] = place.name
        return {**slots, **extra}

    @property
    def spoken_area(self) -> Area | None:
        """The room that is meant, named or "here", if any. Raises Refusal if it is gone."""
        area_id = self.match.slots.get("area")
        if area_id is None:
            return None
        area = self.home.area(area_id)
        if area is None:  # never widen what was meant for one room to the whole home
            raise Refusal("no_area", area=self.match.spoken.get("area", area_id))
        return area

    @property
    def spoken_floor(self) -> Floor | None:
        """The floor that is named, if any. Raises Refusal if it is gone."""
        floor_id = self.match.slots.get("floor")
        if floor_id is None:
            return None
        floor = self.home.floor(floor_id)
        if floor is None:
            raise Refusal("no_floor", floor=self.match.spoken.get("floor", floor_id))
        return floor

    def calls(self, device: Device) -> bool:
        """Return whether a device is called as the sentence says."""
        name, domains = str(self.slot("name")), self.match.domains
        return (not domains or device.domain in domains) and any(
            same_name(name, called) for called in (device.name, *device.aliases)
        )

    @property
    def placed(self) -> bool:
        """Whether a room or a floor is named."""
        named_area = self.match.slots.get("area") is not None and not self.match.here
        return named_area or self.match.slots.get("floor") is not None


def targets(request: Request, domains: Collection[str] = ()) -> tuple[Device, ...]:
    """Return the devices that a sentence speaks of: one by name, or all of a kind in a room.

    Raises Refusal when there is none, or when it can not be told which.
    """
    if request.slot("name") is not None:
        return (named(request),)
    domains = domains or _texts(request.slot("domain"))
    return of_a_kind(request, domains, _texts(request.slot("device_class")))


def named(request: Request) -> Device:
    """Return the one device that is called so. Raises Refusal."""
    name = str(request.slot("name"))
    found = [device for device in request.home.devices() if request.calls(device)]
    if not found:
        raise Refusal("no_entity", entity=name)
    area, floor = None if request.match.here else request.spoken_area, request.spoken_floor
    if area is not None:
        found = [device for device in found if device.area == area.id]
        if not found:
            raise Refusal("no_entity_in_area", entity=name, area=area.name)
    if floor is not None:
        found = [device for device in found if floor_of(device, request.home) == floor.id]
        if not found:
            raise Refusal("no_entity_in_floor", entity=name, floor=floor.name)
    if len(found) > 1:
        # Of two with one name, the one in this room is meant.
        found = [device for device in found if device.area == request.area] or found
    if len(found) > 1:
        if area is not None:
            raise Refusal("duplicate_entities_in_area", entity=name, area=area.name)
        if floor is not None:
            raise Refusal("duplicate_entities_in_floor", entity=name, floor=floor.name)
        raise Refusal("duplicate_entities", entity=name)
    return found[0]


def of_a_kind(
    request: Request, domains: Collection[str], classes: Collection[str] = ()
) -> tuple[Device, ...]:
    """Return every device of a kind in the room or on the floor that is meant, or in the home.

    Raises Refusal where there is none.
    """
    area, floor = request.spoken_area, request.spoken_floor
    found = tuple(
        device
        for device in request.home.devices()
        if (not domains or device.domain in domains)
        and (not classes or device.device_class in classes)
        and (area is None or device.area == area.id)
        and (floor is None or floor_of(device, request.home) == floor.id)
    )
    if found:
        return found
    kind = next(iter(classes or domains), "")
    key = "no_device_class" if classes else "no_domain"
    slot = "device_class" if classes else "domain"
    if area is not None:
        raise Refusal(f"{key}_in_area", **{slot: kind}, area=area.name)
    if floor is not None:
        raise Refusal(f"{key}_in_floor", **{slot: kind}, floor=floor.name)
    raise Refusal(key, **{slot: kind})


def some(
    request: Request, domains: Collection[str], prefer: Callable[[Device], bool] | None = None
) -> tuple[Device, ...]:
    """Return all of a kind in the room or on the floor that is named, or the `single` one.

    Of several, `prefer` tells which are likelier. Raises Refusal.
    """
    if request.slot("name") is not None or not request.placed:
        return (single(request, domains, prefer),)
    found = of_a_kind(request, domains)
    return tuple(filter(prefer, found)) or found


def single(
    request: Request, domains: Collection[str], prefer: Callable[[Device], bool] | None = None
) -> Device:
    """Return the one device that is meant. Raises Refusal.

    Without a name it is the one in the room; where the room was not named and has none, it is the
    only one of the home. Of several, `prefer` tells which are likelier.
    """
    if request.slot("name") is not None:
        return named(request)
    domain = next(iter(domains))
    everywhere = [device for device in request.home.devices() if device.domain in domains]
    area = request.spoken_area
    found = [device for device in everywhere if area is None or device.area == area.id]
    if not found and area is not None and not request.match.here:
        raise Refusal("no_domain_in_area", domain=domain, area=area.name)
    found = found or everywhere
    if not found:
        raise Refusal("no_domain", domain=domain)
    if len(found) > 1 and prefer is not None:
        found = [device for device in found if prefer(device)] or found
    if len(found) > 1:
        raise Refusal("duplicate_targets")
    return found[0]


def able(devices: Collection[Device], feature: str) -> tuple[Device, ...]:
    """Return the devices that have a feature. Raises Refusal when none has."""
    found = tuple(device for device in devices if feature in device.features)
    if not found:
        raise Refusal("feature_not_supported")
    return found


def floor_of(device: Device, home: Home) -> FloorId | None:
    """Return the floor that a device is on, if that is known."""
    area = None if device.area is None else home.area(device.area)
    return None if area is None else area.floor


def _texts(value: Any) -> tuple[str, ...]:
    """Return a slot that is one text or a list of them."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
