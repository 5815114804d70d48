"""Which room each thing is in: told by its owner, suggested by itself, or by its name."""

from hub.home.model import Area, AreaId, Home
from hub.home_choices import NOWHERE
from hub.owner_home import OwnerHome, word


class Placing:
    """Keeps the rooms and floors of a home. A room is there while somebody speaks of it."""

    def __init__(self, home: Home, owner: OwnerHome) -> None:
        self._home = home
        self._owner = owner
        self._rooms: dict[str, AreaId] = {}
        """By the words that make a thing with them in its name lie there."""
        self._told: dict[str, AreaId] = {}
        self._tellers: dict[AreaId, set[str]] = {}
        self._names: dict[str, str] = {}
        """Words of the names of things that tell no room."""
        self._unsettled: set[str] = set()
        self.renew()

    def renew(self) -> None:
        """Forget where things are, for the owner's rooms are others now. `sweep` comes after all
        things were placed again."""
        self._rooms, self._told, self._tellers, self._names = {}, {}, {}, {}
        self._unsettled = set()
        for floor in self._owner.floors:
            self._home.put_floor(floor)
        for area in self._owner.areas:
            self._add(area)

    def sweep(self) -> None:
        """Remove rooms and floors that nobody speaks of."""
        for floor in self._home.floors():
            if floor not in self._owner.floors:
                self._home.remove_floor(floor.id)
        kept = {area.id for area in self._owner.areas} | self._tellers.keys()
        for area in self._home.areas():
            if area.id not in kept:
                self._home.remove_area(area.id)

    def place(self, thing: str, name: str, told: str | None) -> AreaId | None:
        """Return the room of a thing that is called so and tells this room, if any."""
        self._unsettled.discard(thing)
        before = self._told.pop(thing, None)
        self._names.pop(thing, None)
        area = self._owner.area(told)
        if area is not None:
            self._told[thing] = area.id
            if area.id not in self._tellers:
                self._add(area)
            self._tellers.setdefault(area.id, set()).add(thing)
        if before is not None and (area is None or before != area.id):
            self._leave(thing, before)
        if area is not None:
            return area.id
        if told == NOWHERE:
            return None
        self._names[thing] = whole = _whole(name)
        longest = max((room for room in self._rooms if room in whole), key=len, default=None)
        return None if longest is None else self._rooms[longest]

    def forget(self, thing: str) -> None:
        """Take note that a thing is gone."""
        self._names.pop(thing, None)
        self._unsettled.discard(thing)
        before = self._told.pop(thing, None)
        if before is not None:
            self._leave(thing, before)

    def unsettled(self) -> list[str]:
        """Return things to be placed again, for rooms came or went that their names speak of."""
        return sorted(self._unsettled)

    def _add(self, area: Area) -> None:
        self._home.put_area(area)
        for name in (area.name, *area.aliases):
            if word(name):
                self._rooms.setdefault(_whole(name), area.id)
                self._unsettle(_whole(name))

    def _leave(self, thing: str, area_id: AreaId) -> None:
        tellers = self._tellers.get(area_id, set())
        tellers.discard(thing)
        if tellers:
            return
        self._tellers.pop(area_id, None)
        if any(area.id == area_id for area in self._owner.areas):
            return
        for room in [room for room, known in self._rooms.items() if known == area_id]:
            del self._rooms[room]
            self._unsettle(room)
        self._home.remove_area(area_id)

    def _unsettle(self, room: str) -> None:
        self._unsettled |= {thing for thing, whole in self._names.items() if room in whole}


def _whole(name: str) -> str:
    return f"_{word(name)}_"
