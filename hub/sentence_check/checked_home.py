"""The checked home: discovered as over MQTT, told by MQTT messages, and obeying at once."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from hassil.intents import TextSlotList

from hub.home.model import (
    Area,
    AreaId,
    CommandFailed,
    Device,
    DeviceId,
    DeviceState,
    Floor,
    FloorId,
    Home,
    HomeCommand,
)
from hub.home.spoken_names import spoken_forms
from hub.mqtt.entities import Entities
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.publication import Publication
from hub.sentence_check.home_words import AREAS, FLOORS, THINGS, Thing, name_of
from hub.sentence_check.kinds import KINDS, WEATHER, Kind

PREFIX = "homeassistant"
BASE = "checked"


class CheckedHome:
    """A home in one language, and every message that its devices were sent."""

    def __init__(self, language: str) -> None:
        self.home = Home()
        self.language = language
        self.messages: list[tuple[str, str, str]] = []
        """What was published: the thing's key, the topic below its own, the payload."""
        self.problems: dict[str, str] = {}
        """What of the home its discovery could not use, by thing."""
        self._entities = Entities(PREFIX)
        self._ids: dict[str, str] = {}
        for floor_id, floor in FLOORS.items():
            self.home.put_floor(Floor(FloorId(floor_id), name_of(floor.names, language)))
        for area_id, area in AREAS.items():
            floor_of = None if area.floor is None else FloorId(area.floor)
            name = name_of(area.names, language)
            self.home.put_area(Area(AreaId(area_id), name, floor=floor_of))
        for thing in THINGS:
            self._put(thing)
        self._changed = set(THINGS)
        self.reset()

    def reset(self) -> None:
        """Forget the messages, and put every device back as it was at first."""
        for thing in self._changed:
            kind = KINDS[thing.kind]
            for topic, payload in (kind.on if thing.on else kind.off).items():
                self._tell(thing, topic, payload)
            for topic, report in self._reports(kind):
                self._tell(thing, topic, orjson.dumps(report).decode())
        self._changed = set()
        self.messages.clear()

    def lists(self) -> dict[str, TextSlotList]:
        """Return the names that sentences are made with."""
        language = self.language
        names = [
            (form, name_of(thing.names, language), {"domain": KINDS[thing.kind].domain})
            for thing in THINGS
            for form in spoken_forms(name_of(thing.names, language))
        ]
        return {
            "name": TextSlotList.from_tuples(names, allow_template=False, name="name"),
            **{
                slot: TextSlotList.from_tuples(
                    [(name_of(place.names, language), key) for key, place in places.items()],
                    allow_template=False,
                    name=slot,
                )
                for slot, places in (("area", AREAS), ("floor", FLOORS))
            },
        }

    def todo_lists(self) -> list[tuple[str, str]]:
        """Return the names of the hub's own lists."""
        return [
            (name_of(thing.names, self.language), "todo")
            for thing in THINGS
            if thing.kind == "todo"
        ]

    async def perform(self, command: HomeCommand) -> None:
        """Send a command to its device, which obeys. Raises CommandFailed."""
        entity = self._entities.get(command.device)
        make = None if entity is None else entity.commands.get(command.verb)
        if make is None:
            raise CommandFailed("unsupported", f"{command.device} knows no {command.verb}.")
        try:
            publications = make(command.values)
        except DiscoveryError as error:
            raise CommandFailed("bad-config", str(error)) from None
        for publication in publications:
            self._obey(publication)

    def _reports(self, kind: Kind) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield what devices tell that is not the same in every language, or is much."""
        if kind.component == "weather":
            yield "state", WEATHER
        if kind.component == "vacuum":
            rooms = {key: name_of(area.names, self.language) for key, area in AREAS.items()}
            yield "state", {"state": "docked", "segments": rooms}

    def _put(self, thing: Thing) -> None:
        kind, name = KINDS[thing.kind], name_of(thing.names, self.language)
        area = None if thing.area is None else AreaId(thing.area)
        if kind.component == "todo":  # a list of the hub's own, no device
            return
        message = {"~": f"{BASE}/{thing.key}", "uniq_id": thing.key, "name": name, **kind.config}
        topic = f"{PREFIX}/{kind.component}/{thing.key}/config"
        difference = self._entities.announce(topic, orjson.dumps(message))
        for problem in difference.problems:
            self.problems[thing.key] = str(problem)
        for entity in difference.announced:
            self._ids[thing.key] = entity.id
            self.home.put(
                Device(
                    DeviceId(entity.id),
                    name,
                    entity.component,
                    area=area,
                    device_class=entity.device_class,
                    features=entity.features,
                    unit=entity.unit,
                )
            )

    def _obey(self, publication: Publication) -> None:
        _, key, topic = publication.topic.split("/", maxsplit=2)
        thing = next(one for one in THINGS if one.key == key)
        self.messages.append((key, topic, publication.payload))
        self._changed.add(thing)
        kind: Kind = KINDS[thing.kind]
        if kind.component == "media_player":
            self._obey_as_player(thing, publication.payload)
        elif (echo := kind.echoes.get(topic)) is not None:
            self._tell(thing, echo.topic, echo.answer(publication.payload))

    def _obey_as_player(self, thing: Thing, payload: str) -> None:
        order = orjson.loads(payload)
        state = {"play": "playing", "pause": "paused", "turn_on": "on", "turn_off": "off"}
        told = {key: order[key] for key in ("volume", "muted") if key in order}
        if order["command"] in state:
            told["state"] = state[order["command"]]
        self._tell(thing, "state", orjson.dumps(told).decode())

    def _tell(self, thing: Thing, topic: str, payload: str) -> None:
        changed, _ = self._entities.feed(f"{BASE}/{thing.key}/{topic}", payload.encode())
        for entity_id in changed:
            state = self._entities.state(entity_id)
            self.home.update_state(
                DeviceId(entity_id), DeviceState(state.value, dict(state.attributes))
            )
