"""Carrying out what is commanded by MQTT, each command once, and telling what came of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from hub.announcing import Fate
from hub.controlling import Acceptor, ControlError, Controls, Timers
from hub.mqtt.announcement_key import is_ours, key_of, new_key, told_by
from hub.mqtt.at_satellites import change_at
from hub.mqtt.command_link import MAX_PAYLOAD_BYTES, Delivery
from hub.mqtt.own_guard import Rate, Repeats
from hub.mqtt.own_payloads import Cancel, Confirm, Do, Payload, Say, command_id, read
from hub.mqtt.own_satellites import Known, OwnSatellites
from hub.mqtt.own_topics import Order, OwnTopics

log = structlog.get_logger(__name__)

MAX_UNDER_WAY = 64
"""Commands that take their time: announcements, questions, texts."""
QUICK_S = 5.0
"""For a command that does not."""
_MAX_WARNED = 100

Result = Mapping[str, Any]
Tell = Callable[[Delivery | None, Order, Result], None]
"""Takes what came of a command; None: of one that was delivered before a restart."""


@dataclass(frozen=True, slots=True)
class _Command:
    """A command that is understood."""

    order: Order
    payload: Payload
    delivery: Delivery


class OwnCommands:
    """Takes commands one after the other; what takes its time goes on beside the next ones."""

    def __init__(
        self,
        topics: OwnTopics,
        controls: Controls,
        acceptor: Acceptor,
        satellites: OwnSatellites,
        *,
        timers: Timers | None,
        tell: Tell,
        forget: Callable[[Known], None],
        clock: Callable[[], float],
    ) -> None:
        """`tell` is told what came of commands, `forget` which satellite nobody needs any more."""
        self._topics = topics
        self._controls = controls
        self._acceptor = acceptor
        self._timers = timers
        self._satellites = satellites
        self._tell = tell
        self._forget = forget
        self._repeats = Repeats()
        self._rate = Rate(clock)
        self._is_slow = False
        self._announced: dict[str, _Command] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._warned: set[str] = set()
        self._quick: dict[str, Callable[[_Command], Awaitable[Result]]] = {
            "listen": self._listen,
            "stop": self._stop,
            **dict.fromkeys(("volume", "mute", "settings", "identify"), self._change),
            "forget": self._forget_one,
            "stop_ringing": self._stop_ringing,
            "cancel_timer": self._cancel_timer,
            "confirm": self._confirm,
        }
        self._long: dict[str, Callable[[_Command], Awaitable[Result]]] = {
            "ask": self._ask,
            "text": self._run_text,
        }

    async def run(self, following: Callable[[], Awaitable[Delivery]]) -> None:
        """Carry out what comes, until cancelled."""
        try:
            while True:
                delivery = await following()
                try:
                    await self._take(delivery)
                except Exception:  # one command must not cost the others
                    log.exception("mqtt command failed", topic=delivery.topic)
                delivery.acknowledge()
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _take(self, delivery: Delivery) -> None:
        order = self._topics.order(delivery.topic)
        if order is None or self._is_leftover(delivery) or self._repeats.delivered(delivery):
            return
        known = None if order.satellite is None else self._satellites.get(order.satellite)
        if order.satellite is not None and known is None:
            # Nothing is told below a name that anybody may have made up.
            answered = Order(order.name)
            error = ControlError("unknown-satellite", f"There is no satellite {order.satellite!r}.")
        else:
            answered, error = order, None
        await self._pace()
        named = command_id(delivery.payload)
        if self._repeats.named(named):
            log.info("mqtt command is there already", topic=delivery.topic, id=named)
            return
        try:
            if error is not None:
                raise error
            await self._carry_out(delivery, order)
        except ControlError as failure:
            self._repeats.take_back(named)  # it may be tried again
            self._tell(delivery, answered, _failed(named, failure))

    def _is_leftover(self, delivery: Delivery) -> bool:
        """Whether it was retained: nobody wants it again after every restart."""
        if not delivery.retained:
            return False
        if delivery.topic not in self._warned and len(self._warned) < _MAX_WARNED:
            self._warned.add(delivery.topic)
            log.warning(
                "a retained message is no command and was ignored",
                topic=delivery.topic,
                hint="publish commands without the retain flag, and an empty retained one once",
            )
        return True

    async def _pace(self) -> None:
        """Wait where commands come too fast; the broker keeps the others meanwhile."""
        delay_s = self._rate.take()
        if delay_s > 0 and not self._is_slow:
            log.warning("mqtt commands come too fast, slowing down")
        self._is_slow = delay_s > 0
        await asyncio.sleep(delay_s)

    async def _carry_out(self, delivery: Delivery, order: Order) -> None:
        """Do it, or begin with it. Raises ControlError."""
        if delivery.size_bytes > MAX_PAYLOAD_BYTES:
            text = f"{delivery.size_bytes} bytes are too many; {MAX_PAYLOAD_BYTES} are allowed."
            raise ControlError("too-large", text)
        command = _Command(order, read(order.name, delivery.payload), delivery)
        if order.satellite is not None:
            self._for_one_satellite(command)
        if order.name == "announce":
            await self._announce(command)
            return
        quick = self._quick.get(order.name)
        if quick is not None:
            try:
                async with asyncio.timeout(QUICK_S):
                    result = await quick(command)
            except TimeoutError:
                raise ControlError("timeout", "The satellite does not take it.") from None
            self._tell(delivery, order, {"id": command.payload.id, "ok": True, **result})
            return
        if len(self._under_way) >= MAX_UNDER_WAY:
            raise ControlError("busy", f"{MAX_UNDER_WAY} commands are under way already.")
        task = asyncio.create_task(self._go_on(command, self._long[order.name]))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.sleep(0)  # it has begun when the broker forgets it

    async def _go_on(
        self, command: _Command, work: Callable[[_Command], Awaitable[Result]]
    ) -> None:
        named = command.payload.id
        try:
            result: Result = {"id": named, "ok": True, **await work(command)}
        except ControlError as error:
            result = _failed(named, error)
        except Exception:  # whatever it is, who commanded is told
            log.exception("mqtt command failed", topic=command.delivery.topic)
            result = _failed(named, ControlError("failed", "It did not work; see the hub's log."))
        self._tell(command.delivery, command.order, result)

    def _for_one_satellite(self, command: _Command) -> None:
        payload = command.payload
        if payload.all_satellites or payload.all_rooms:
            raise ControlError("bad-payload", "The topic names the satellite already.")

    def _meant(self, command: _Command) -> tuple[Known, ...]:
        """Return the satellites that a command names. Raises ControlError for unknown ones."""
        level = command.order.satellite
        if level is not None:
            one = self._satellites.get(level)
            return () if one is None else (one,)
        found: dict[str, Known] = {}
        for name in command.payload.all_satellites:
            one = self._satellites.named(name)
            if one is None:
                raise ControlError("unknown-satellite", f"There is no satellite {name!r}.")
            found[one.id] = one
        for room in command.payload.all_rooms:
            here = self._satellites.in_room(room)
            if not here:
                raise ControlError("unknown-room", f"There is no satellite in {room!r}.")
            found.update((one.id, one) for one in here)
        return tuple(found.values())

    def _the_one(self, command: _Command) -> Known:
        """Return the one satellite that a command is for. Raises ControlError."""
        meant = sorted(self._meant(command), key=lambda one: not one.connected)
        if not meant:
            raise ControlError("unknown-satellite", "Name a satellite or a room.")
        return meant[0]

    async def _announce(self, command: _Command) -> None:
        """Have it kept; what becomes of it is told by `announced`."""
        payload = command.payload
        assert isinstance(payload, Say)
        if not payload.text and payload.chime is None:
            raise ControlError("bad-text", "There is nothing to say.")
        meant = tuple(one.id for one in self._meant(command))
        named, level = payload.id, command.order.satellite
        key = new_key(level) if named is None else key_of(level, named)
        self._announced[key] = command
        try:
            async with asyncio.timeout(QUICK_S):
                new = await self._acceptor.accept(payload.announcement(meant, ()), key)
        except (ControlError, TimeoutError) as error:
            del self._announced[key]
            if isinstance(error, ControlError):
                raise
            raise ControlError("not-kept", "The hub can not keep it now.") from None
        if not new:  # it was said, or will be, since before the hub was started
            self._announced.pop(key, None)

    async def _confirm(self, command: _Command) -> Result:
        """Confirm the one of that id, on the topics of the hub or satellite that it came by."""
        payload = command.payload
        assert isinstance(payload, Confirm)
        named = payload.announcement
        key = None if named is None else key_of(command.order.satellite, named)
        count = self._acceptor.confirm(key)
        if key is not None and not count:
            raise ControlError("unknown-announcement", f"There is no announcement {named!r}.")
        return {"announcements": count}

    def announced(self, key: str, fates: Mapping[str, Fate]) -> None:
        """Tell what became of an announcement, if it came by MQTT, be it before a restart."""
        if not is_ours(key):
            return
        command, (satellite, named) = self._announced.pop(key, None), told_by(key)
        ok = set(fates.values()) == {Fate.HEARD}
        satellites = {name: fate.value for name, fate in fates.items()}
        result = {"id": named, "ok": ok, "satellites": satellites, **({} if fates else _NOBODY)}
        delivery = None if command is None else command.delivery
        self._tell(delivery, Order("announce", satellite), result)

    async def _ask(self, command: _Command) -> Result:
        payload = command.payload
        assert isinstance(payload, Say)
        one = self._the_one(command)
        fate, answer = await self._controls.ask(one.id, payload.announcement((one.id,), ()))
        return {"ok": answer is not None, "satellite": one.id, "fate": fate.value, "answer": answer}

    async def _run_text(self, command: _Command) -> Result:
        payload = command.payload
        assert isinstance(payload, Do)
        room = payload.room
        if payload.all_satellites or command.order.satellite is not None:
            room = self._the_one(command).area
        answer = await self._controls.run_text(payload.text, area=room, language=payload.language)
        return {
            "ok": answer.ok,
            "text": answer.text,
            "intent": answer.intent,
            "details": dict(answer.details),
        }

    async def _listen(self, command: _Command) -> Result:
        one = self._the_one(command)
        self._controls.listen(one.id)
        return {"satellite": one.id}

    async def _stop(self, command: _Command) -> Result:
        meant = self._meant(command)
        if not meant:
            self._controls.stop(None)
        for one in meant:
            self._controls.stop(one.id)
        return {"satellites": [one.id for one in meant]}

    async def _change(self, command: _Command) -> Result:
        satellites = [one.id for one in self._several(command)]
        return await change_at(self._controls, satellites, command.payload)

    async def _forget_one(self, command: _Command) -> Result:
        one = self._the_one(command)
        if one.connected:
            raise ControlError("connected", f"{one.id} is connected; it would come back at once.")
        self._forget(one)
        return {"satellite": one.id}

    async def _stop_ringing(self, command: _Command) -> Result:
        timers, meant = self._known_timers(), self._meant(command)
        stopped: list[str] = []
        places: list[str | None] = [one.id for one in meant]
        for satellite in places or [None]:
            stopped += await timers.stop_ringing(satellite)
        return {"timers": stopped}

    async def _cancel_timer(self, command: _Command) -> Result:
        payload = command.payload
        assert isinstance(payload, Cancel)
        if not await self._known_timers().cancel(payload.timer):
            raise ControlError("unknown-timer", f"There is no timer {payload.timer!r}.")
        return {"timers": [payload.timer]}

    def _known_timers(self) -> Timers:
        if self._timers is None:
            raise ControlError("unsupported", "This hub keeps no timers.")
        return self._timers

    def _several(self, command: _Command) -> tuple[Known, ...]:
        """Return those that are named, or all that are connected. Raises ControlError."""
        meant = self._meant(command) or tuple(one for one in self._satellites if one.connected)
        if not meant:
            raise ControlError("not-connected", "No satellite is connected.")
        return meant


_NOBODY = {"error": {"code": "nobody", "text": "No satellite was there while it could be said."}}


def _failed(named: str | int | None, error: ControlError) -> Result:
    return {"id": named, "ok": False, "error": {"code": error.code, "text": str(error)}}
