"""Timers, alarms, reminders and delayed commands: kept before they are promised, done in time.

What a crash can do: nothing that was promised is lost, for it is in the store. A command is marked
as started before it is carried out, and taken away after. One that was started when the hub died is
done again only where doing it twice does no more than once; of others it is told that nobody knows.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

import structlog

from hub.announcing import Announcer
from hub.store.errors import StoreError
from hub.timekeeping.agenda import Agenda
from hub.timekeeping.appointment import MAX_AHEAD, Appointment, Kind, State
from hub.timekeeping.performing import Performed, Performer
from hub.timekeeping.repository import Repository
from hub.timekeeping.ringing import Outcome, Ringer
from hub.timekeeping.sayings import Sayings
from hub.timekeeping.steady_clock import steady_s
from hub.timekeeping.whereabouts import Listening, is_near
from hub.words import worded

log = structlog.get_logger(__name__)

MAX_APPOINTMENTS = 500
"""More than any household has; a program gone wild is told."""
MAX_REST_S = 30.0
"""The clock is looked at this often: it may have been set, or the machine may have slept."""
CLOCK_SET_S = 2.0
"""The clock was set if it is off by this much; less is the drift of clocks."""
PERFORM_S = 30.0
HUSH_S = 2.0
MAX_LATE_COMMAND_S = 3600.0
"""A command that is later than this is not carried out any more, but told."""
SNOOZE_S = 9 * 60.0
"""As alarm clocks do."""
SNOOZABLE_S = 300.0
"""For this long after a reminder was said it can be put off."""


class AgendaFull(Exception):
    """There are too many appointments."""


class Timekeeping:
    """The household's appointments. `load` once, then `run` until cancelled."""

    def __init__(
        self,
        repository: Repository,
        announcer: Announcer,
        connected: Callable[[], Iterable[Listening]],
        performer: Performer,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = steady_s,
        zone: tzinfo | None = None,
    ) -> None:
        """`connected` tells which satellites there are; `zone` None is this machine's."""
        self.zone = zone
        self._repository = repository
        self._connected = connected
        self._performer = performer
        self._now = now
        self._steady = steady
        self._agenda = Agenda()
        self._ringer = Ringer(announcer, connected, now, steady, zone)
        self._changed = asyncio.Event()
        self._followers: list[Callable[[], None]] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._held: set[str] = set()  # what is being changed just now
        self._said: tuple[Appointment, float] | None = None  # the last reminder, and when

    async def load(self) -> None:
        """Take up what was kept. Raises StoreError."""
        for one in await self._repository.all():
            self._agenda.put(one, fresh=False)
        self._tell_followers()

    async def run(self) -> None:
        """Do everything in its time, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            clock = (self._now(), self._steady())
            while True:
                self._changed.clear()
                clock = await self._look_at_clock(*clock)
                for one in self._agenda.due(self._now()):
                    if one.id not in self._tasks and one.id not in self._held:
                        self._tasks[one.id] = tasks.create_task(self._attend(one))
                now = self._now()
                due = self._agenda.next_due(now)
                rest_s = MAX_REST_S if due is None else (due - now).total_seconds()
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(max(rest_s, 0.0), MAX_REST_S)):
                        await self._changed.wait()

    def follow(self, follower: Callable[[], None]) -> None:
        """Have `follower` called whenever appointments come, go, change or ring."""
        self._followers.append(follower)

    def all(self, *kinds: Kind) -> tuple[Appointment, ...]:
        """Return the appointments of some kinds, or all; what is due first comes first."""
        wanted = kinds or (Kind.TIMER, Kind.ALARM, Kind.REMINDER, Kind.COMMAND)
        return self._agenda.all(wanted)

    @property
    def now(self) -> datetime:
        """The time, in UTC."""
        return self._now()

    async def add(self, appointment: Appointment) -> Appointment:
        """Keep an appointment; when this returns, it is kept.

        Raises StoreError, AgendaFull, and ValueError for one that is too far ahead.
        """
        if len(self._agenda) >= MAX_APPOINTMENTS:
            raise AgendaFull
        if appointment.due > self._now() + MAX_AHEAD:
            raise ValueError(worded("too-far", "that is too far ahead"))
        await self.change(appointment)
        return appointment

    async def change(self, appointment: Appointment) -> None:
        """Keep an appointment as it is now, in the place of what it was. Raises StoreError."""
        async with self._quiet(appointment.id):
            await self._repository.put(appointment)
            self._agenda.put(appointment)
        self._tell_followers()

    async def cancel(self, *ids: str) -> tuple[Appointment, ...]:
        """Forget appointments, whether they ring or wait; return those there were.

        Raises StoreError: then they are still there.
        """
        found = tuple(one for one in map(self._agenda.get, ids) if one is not None)
        if found:
            async with self._quiet(*(one.id for one in found)):
                await self._repository.remove(*(one.id for one in found))
                for one in found:
                    self._agenda.remove(one.id)
            self._tell_followers()
        return found

    def ringing(self, satellite: str | None = None) -> tuple[Appointment, ...]:
        """Return what rings, everywhere or at one satellite."""
        ids = self._ringer.at(satellite)
        return tuple(one for one in self._agenda.all() if one.id in ids)

    async def stop_ringing(self, satellite: str | None = None) -> tuple[Appointment, ...]:
        """Silence what rings at a satellite; where nothing does, or for None, everywhere.

        It is silent at once. Raises StoreError: then it may ring again after a restart.
        """
        found = self.ringing(satellite) or self.ringing()
        async with self._quiet(*(one.id for one in found)):
            for one in found:
                await self._finish(one)
        return found

    async def heard(self, key: str) -> None:
        """Take it that one that is due was heard and stopped elsewhere. Raises StoreError."""
        one = self._agenda.get(key)
        if one is None or one.state is State.PAUSED or one.due > self._now():
            return
        async with self._quiet(key):
            await self._finish(one)

    async def snooze(
        self, satellite: str | None = None, seconds: float = SNOOZE_S
    ) -> tuple[Appointment, ...]:
        """Put off what rings, or the reminder that was just said; return it as it is now.

        Raises StoreError.
        """
        found: Sequence[Appointment] = self.ringing(satellite) or self.ringing()
        if not found and self._said is not None:
            reminder, said_at = self._said
            if self._steady() - said_at <= SNOOZABLE_S and reminder.id not in self._tasks:
                found = [reminder]
        put_off = [one.put_off(seconds, self._now()) for one in found]
        self._said = None if put_off else self._said
        for one in put_off:
            await self.change(one)
        return tuple(put_off)

    def met(self, one: Listening) -> None:
        """Somebody is at a satellite: tell there what was missed there, or can be told nowhere."""
        connected = tuple(self._connected())
        for notice in self._agenda.all((Kind.NOTICE,)):
            if notice.state is not State.MISSED:
                continue
            if is_near(notice.place, one) or not any(is_near(notice.place, c) for c in connected):
                place = replace(notice.place, satellite=one.satellite, area=one.area)
                self._agenda.put(replace(notice, state=State.WAITING, due=self._now(), place=place))
                self._changed.set()

    def satellite_arrived(self) -> None:
        """A satellite has connected: what could not be told may be told now."""
        self._ringer.satellite_arrived()

    async def _look_at_clock(self, wall: datetime, steady: float) -> tuple[datetime, float]:
        """Find out whether the clock was set, and keep what was set for a while as long."""
        now, steady_now = self._now(), self._steady()
        off_s = (now - wall).total_seconds() - (steady_now - steady)
        if abs(off_s) >= CLOCK_SET_S:
            moved = self._agenda.set_clock(wall, now, off_s, self.zone)
            log.info("the clock was set", by_s=round(off_s), timers=len(moved))
            if moved:
                with _logged("timers moved"):
                    await self._repository.put(*moved)
        return now, steady_now

    async def _attend(self, one: Appointment) -> None:
        try:
            if one.kind is Kind.COMMAND:
                await self._carry_out(one)
            else:
                await self._ring(one)
        except Exception:  # one appointment must not cost the others
            log.exception("appointment failed", id=one.id, kind=one.kind)
            self._agenda.remove(one.id)
        finally:
            self._tasks.pop(one.id, None)
            self._changed.set()

    async def _ring(self, one: Appointment) -> None:
        """Ring, or say it, until somebody has heard it; what nobody did is told later."""
        if one.kind is not Kind.NOTICE:
            one = replace(one, state=State.RINGING)
            with _logged("ringing"):
                await self._repository.put(one)
            self._agenda.put(one)
        self._tell_followers()
        outcome = await self._ringer.ring(one)
        if outcome is Outcome.IN_VAIN:
            await self._miss(one)
            return
        if one.kind is Kind.REMINDER:
            self._said = (one, self._steady())
        with _logged("heard"):
            await self._finish(one)

    async def _miss(self, one: Appointment) -> None:
        """Keep that nobody heard it, to tell it later."""
        missed = replace(one, state=State.MISSED)
        if one.kind is not Kind.NOTICE:
            text = Sayings(one.place.language).missed(one, self.zone)
            missed = self._notice(one, text, State.MISSED)
        with _logged("missed"):
            await self._repository.put(missed)
        self._agenda.put(missed)
        if missed.id != one.id:
            with _logged("missed"):
                await self._finish(one)

    async def _carry_out(self, one: Appointment) -> None:
        """Carry out a command, at most once unless it may be repeated."""
        sayings = Sayings(one.place.language)
        late_s = one.late_s(self._now())
        if one.state is State.STARTED and not one.repeatable:
            await self._conclude(one, sayings.not_known(one))
            return
        if late_s > MAX_LATE_COMMAND_S:
            await self._conclude(one, sayings.too_late(one, self.zone))
            return
        repeatable = self._performer.repeatable(one.text, one.place)
        one = replace(one, state=State.STARTED, repeatable=repeatable)
        self._agenda.put(one)
        try:
            await self._repository.put(one)
        except StoreError as error:
            log.error("a command can not be marked as started", error=str(error), code=error.code)
            if not repeatable:
                await self._conclude(one, sayings.not_done(one))
                return
        try:
            async with asyncio.timeout(PERFORM_S):
                done = await self._performer.perform(one.text, one.place)
        except Exception as error:  # noqa: BLE001 - whatever it is, who asked is told
            log.error("delayed command failed", error=f"{type(error).__name__}: {error}")
            done = Performed("", ok=False)
        text = ""
        if not done.ok:
            text = sayings.failed(one, done.text)
        elif late_s > sayings.LATE_S:
            text = sayings.done_late(one, late_s, done.text)
        await self._conclude(one, text)

    async def _conclude(self, one: Appointment, text: str) -> None:
        """Have somebody told what came of a command, and forget it."""
        if text:
            notice = self._notice(one, text, State.WAITING)
            with _logged("a notice"):
                await self._repository.put(notice)
            self._agenda.put(notice)
        with _logged("done"):
            await self._finish(one)

    async def _finish(self, one: Appointment) -> None:
        """Forget one that is over, or have it wait for its next time. Raises StoreError."""
        following = one.next(self._now(), self.zone)
        if following is None:
            self._agenda.remove(one.id)
            self._tell_followers()
            await self._repository.remove(one.id)
        else:
            self._agenda.put(following)
            self._tell_followers()
            await self._repository.put(following)

    def _notice(self, one: Appointment, text: str, state: State) -> Appointment:
        now = self._now()
        return Appointment(Kind.NOTICE, now, now, one.place, text=text, state=state)

    @asynccontextmanager
    async def _quiet(self, *ids: str) -> AsyncGenerator[None]:
        """End what is under way with appointments, and leave them alone inside the block."""
        self._held.update(ids)
        try:
            running = [self._tasks[one] for one in ids if one in self._tasks]
            for task in running:
                task.cancel()
            if running:
                await asyncio.wait(running, timeout=HUSH_S)
            yield
        finally:
            self._held.difference_update(ids)
            self._changed.set()

    def _tell_followers(self) -> None:
        self._changed.set()
        for follower in self._followers:
            follower()


@contextmanager
def _logged(what: str) -> Iterator[None]:
    """Log that the store failed, and go on: the hub knows it nevertheless."""
    try:
        yield
    except StoreError as error:
        log.error("not kept", what=what, code=error.code, error=str(error))
