"""A small home without hardware: announces itself over MQTT and obeys, as a real bridge would.

`python -m hub.demo.simulated_home --broker mqtt://127.0.0.1:1883` prints "ready" once everything is
announced, and runs until it gets a SIGTERM.
"""

import argparse
import asyncio
import json
import math
import re
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

from hub.demo.simulated_home_devices import (
    HOME,
    KINDS,
    WHOLE,
    Kind,
    Merge,
    Obeys,
    Orders,
    SimulatedDevice,
    Step,
    Value,
    Words,
)
from hub.log import set_up
from hub.mqtt.address import BrokerAddress
from hub.mqtt.errors import BrokerUnreachable, MqttUnavailable
from hub.mqtt.link import Backoff, MqttLink
from hub.mqtt.publication import Publication

BASE = "sotto-home"
STATUS_TOPIC = f"{BASE}/status"
CONNECT_TIMEOUT_S = 2.0
ANNOUNCE_TIMEOUT_S = 10.0
FAREWELL_TIMEOUT_S = 1.0
MAX_ORDERS = 1_000
"""Commands that wait to be obeyed; more are dropped, as an overrun device would."""


class _Thing:
    """One device and its state."""

    def __init__(self, device: SimulatedDevice) -> None:
        self.device = device
        self.kind: Kind = KINDS[device.kind]
        self.slug = re.sub(r"[^a-z0-9]+", "_", device.name.casefold()).strip("_")
        self.topic = f"{BASE}/{self.slug}"
        self.state: dict[str, Any] = {**self.kind.state, **device.state}
        self.moving: asyncio.Task[None] | None = None

    def announcement(self, prefix: str) -> Publication:
        """Return its discovery message."""
        config = {
            "~": self.topic,
            "name": None,
            "uniq_id": f"sotto_home_{self.slug}",
            "avty_t": STATUS_TOPIC,
            "dev": {
                "ids": [f"sotto_home_{self.slug}"],
                "name": self.device.name,
                "mf": "Sotto",
                "mdl": f"simulated {self.device.kind}",
                **({"sa": self.device.area} if self.device.area else {}),
            },
            "o": {"name": "Sotto's simulated home"},
            **self.kind.config,
            **self.device.config,
        }
        topic = f"{prefix}/{self.kind.component}/sotto_home/{self.slug}/config"
        return Publication(topic, json.dumps(config), retain=True)

    def telling(self, changed: Iterable[str]) -> list[Publication]:
        """Return the messages that tell of these keys of the state."""
        told = set(changed)
        return [
            Publication(f"{self.topic}/{below}".rstrip("/"), _payload(self.state, key), retain=True)
            for below, key in self.kind.shows.items()
            if key == WHOLE or key in told
        ]


class SimulatedHome:
    """All devices of a home, on one connection. `run` it."""

    def __init__(
        self,
        address: BrokerAddress,
        devices: Iterable[SimulatedDevice] = HOME,
        *,
        prefix: str = "homeassistant",
        deaf: Sequence[str] = (),
        backoff: Backoff | None = None,
    ) -> None:
        """`deaf` names devices that take commands and do nothing."""
        self.link = MqttLink(
            address,
            client_id="sotto-simulated-home",
            will=Publication(STATUS_TOPIC, "offline", retain=True),
            birth=Publication(STATUS_TOPIC, "online", retain=True),
            backoff=backoff,
        )
        self._prefix = prefix
        self._deaf = frozenset(deaf)
        self._things = [_Thing(device) for device in devices]
        self._orders: asyncio.Queue[tuple[_Thing, Obeys, str]] = asyncio.Queue(MAX_ORDERS)
        self._connected = asyncio.Event()
        self.link.on_connection(self._on_connection)
        for thing in self._things:
            for below, obeys in thing.kind.obeys.items():
                self.link.subscribe(f"{thing.topic}/{below}", self._taker(thing, obeys))

    async def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Be there until cancelled. Raises BrokerUnreachable if there is no broker at first."""
        linking = asyncio.create_task(self.link.run())
        try:
            await self.link.wait_connected(CONNECT_TIMEOUT_S)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._announce_always(on_ready))
                group.create_task(self._obey_always(group))
        finally:
            with suppress(MqttUnavailable):
                await self.link.publish(
                    STATUS_TOPIC, "offline", retain=True, timeout_s=FAREWELL_TIMEOUT_S
                )
            linking.cancel()
            await asyncio.wait([linking])

    def _on_connection(self, connected: bool) -> None:
        if connected:
            self._connected.set()

    def _taker(self, thing: _Thing, obeys: Obeys) -> Callable[[str, bytes, bool], None]:
        def take(_topic: str, payload: bytes, _retained: bool) -> None:
            if thing.device.name not in self._deaf:
                with suppress(asyncio.QueueFull):
                    self._orders.put_nowait((thing, obeys, payload.decode(errors="replace")))

        return take

    async def _announce_always(self, on_ready: Callable[[], None]) -> None:
        """Announce everything on every connection: a broker may have forgotten it."""
        first = True
        while True:
            await self._connected.wait()
            self._connected.clear()
            await self.link.wait_subscribed(ANNOUNCE_TIMEOUT_S)
            with suppress(MqttUnavailable):  # then there will be another connection
                for thing in self._things:
                    await self._publish([thing.announcement(self._prefix)])
                    await self._publish(thing.telling(thing.state))
                if first:
                    first = False
                    on_ready()

    async def _obey_always(self, group: asyncio.TaskGroup) -> None:
        while True:
            thing, obeys, payload = await self._orders.get()
            steps = _steps(obeys, payload, thing.state)
            if steps is None:
                continue
            if thing.moving is not None:
                thing.moving.cancel()
            thing.moving = group.create_task(self._move(thing, steps))

    async def _move(self, thing: _Thing, steps: tuple[Step, ...]) -> None:
        for step in steps:
            await asyncio.sleep(step.after_s)
            thing.state.update(step.changes)
            with suppress(MqttUnavailable):  # on the next connection everything is told anew
                await self._publish(thing.telling(step.changes))

    async def _publish(self, publications: Iterable[Publication]) -> None:
        for publication in publications:
            await self.link.publish(
                publication.topic, publication.payload, retain=publication.retain
            )


def _payload(state: dict[str, Any], key: str) -> str:
    return json.dumps(state) if key == WHOLE else str(state[key])


def _steps(obeys: Obeys, payload: str, state: dict[str, Any]) -> tuple[Step, ...] | None:
    """Return what a command does to a state; None for one that makes no sense."""
    if isinstance(obeys, Words):
        return obeys.meanings.get(payload)
    if isinstance(obeys, Value):
        value = _number(payload) if obeys.number else payload
        return None if value is None else (Step({obeys.key: value, **obeys.also}),)
    try:
        asked = json.loads(payload)
    except ValueError:
        return None
    if not isinstance(asked, dict):
        return None
    if isinstance(obeys, Merge):
        return (Step({key: value for key, value in asked.items() if key in state}),)
    return _ordered(obeys, asked)


def _ordered(orders: Orders, asked: dict[str, Any]) -> tuple[Step, ...] | None:
    changes = orders.meanings.get(str(asked.get("command")))
    if changes is None:
        return None
    copied = {key: asked[key] for key in orders.copied if key in asked}
    return (Step({**changes, **copied}),)


def _number(text: str) -> float | int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


async def _main(address: BrokerAddress, prefix: str, deaf: Sequence[str]) -> int:
    home = SimulatedHome(address, prefix=prefix, deaf=deaf)
    running = asyncio.create_task(home.run(lambda: print("ready", flush=True)))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        return 0
    except BrokerUnreachable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def main() -> int:
    """Run the simulated home as a program; return its exit code."""
    parser = argparse.ArgumentParser(prog="simulated_home", description=__doc__)
    parser.add_argument("--broker", required=True, help="mqtt://user:password@host:port")
    parser.add_argument("--prefix", default="homeassistant", help="discovery prefix")
    parser.add_argument("--deaf", action="append", default=[], help="a device that does not obey")
    arguments = parser.parse_args()
    try:
        address = BrokerAddress.parse(arguments.broker)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    set_up("error", "text")  # what is worth a line, this program prints itself
    return asyncio.run(_main(address, arguments.prefix, arguments.deaf))


if __name__ == "__main__":
    sys.exit(main())
