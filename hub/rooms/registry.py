"""All satellites that the hub knows: connected or not, how their owner calls them, who may come in.

A satellite proves that it knows the house's token, or one of its own. Its own is made of the
house's token and a salt: the store holds nothing that lets anybody in, and another token for the
house ends all of them.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog
from sqlalchemy import delete, select

from hub.rooms.lasting_link import LastingLink
from hub.rooms.pairing import MAX_ID_CHARS, Pairings
from hub.rooms.strangers import Strangers, Waiting, short
from hub.store.database import Store
from hub.store.errors import StoreError
from hub.store.satellites import SatelliteRow
from protocol.sotto_messages import Hello

log = structlog.get_logger(__name__)

MAX_KNOWN = 500
"""More than any house has; those that were away the longest are forgotten."""
SALT_BYTES = 16


class UnknownSatellite(Exception):
    """There is no satellite of this id."""


@dataclass(frozen=True, slots=True)
class Known:
    """A satellite that was connected once, or may come."""

    id: str
    name: str
    """As it calls itself."""
    area: str | None
    """The room that it says it is in."""
    first_seen: datetime
    last_seen: datetime
    given_name: str | None = None
    """How its owner calls it."""
    given_area: str | None = None
    person: str | None = None
    software: str = ""
    address: str = ""
    salt: str | None = None
    """Of its own token; None: it has none."""
    removed: bool = False
    """It is not let in any more."""

    @property
    def called(self) -> str:
        """What it is called."""
        return self.given_name or self.name

    @property
    def room(self) -> str | None:
        """The room that it is in."""
        return self.given_area or self.area


class Registry:
    """The satellites of one hub. `load` once; `run` keeps what changes by itself."""

    def __init__(
        self,
        store: Store,
        token: str | None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """`token` is the house's."""
        self.pairings = Pairings(self._tell_followers, steady)
        """Those that know no token, and wait at the other end of their links."""
        self._store = store
        self._token = token
        self._now = now
        self._known: dict[str, Known] = {}
        self._strangers = Strangers(self.pairings, now)
        self._links: dict[str, LastingLink] = {}
        self._unkept: set[str] = set()
        self._changed = asyncio.Event()
        self._followers: list[Callable[[], None]] = []

    async def load(self) -> None:
        """Take up what was kept. Raises StoreError."""
        async with self._store.session() as session:
            for row in await session.scalars(select(SatelliteRow)):
                self._known[row.id] = _known(row)

    async def run(self) -> None:
        """Keep who came and went, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            unkept, self._unkept = self._unkept, set()
            try:
                await self._keep(*unkept)
            except StoreError as error:
                log.error("satellites are not kept", code=error.code, error=str(error))
                self._unkept |= unkept  # they go with the next that changes

    def follow(self, follower: Callable[[], None]) -> None:
        """Have `follower` called when one comes, waits, is renamed or removed."""
        self._followers.append(follower)

    def __iter__(self) -> Iterator[Known]:
        return iter([one for one in self._known.values() if not one.removed])

    def get(self, satellite: str) -> Known | None:
        """Return what is known of a satellite."""
        one = self._known.get(satellite)
        return None if one is None or one.removed else one

    def link(self, satellite: str) -> LastingLink | None:
        """Return the way to a satellite that is connected."""
        return self._links.get(satellite)

    def waiting(self) -> Sequence[Waiting]:
        """Return those that want to come in, the newest first."""
        return self._strangers.all()

    async def name(self, satellite: str, name: str | None, area: str | None) -> Known:
        """Call a satellite otherwise, and say where it is; None: as it says itself.

        Raises StoreError and UnknownSatellite.
        """
        one = replace(self._get(satellite), given_name=name or None, given_area=area or None)
        await self._change(one)
        return one

    async def approve(self, satellite: str, code: str | None = None) -> str | None:
        """Let a satellite in; return the token of its own, to be set there. A new one each time.

        None where no token is asked for, or it was handed to the one that waits and shows `code`.
        Raises StoreError, UnknownSatellite, and OtherCode where one waits that shows another.
        """
        self.pairings.check(satellite, code)
        waiting, now = self._strangers.get(satellite), self._now()
        one = self._known.get(satellite)
        if one is None and waiting is not None:
            one = Known(satellite, waiting.name, waiting.area, now, now)
        if one is None:
            raise UnknownSatellite(satellite)
        salt = secrets.token_hex(SALT_BYTES)
        await self._change(replace(one, salt=salt, removed=False))
        self._strangers.forget(satellite)
        if self._token is None:
            return None
        token = own_token(self._token, satellite, salt)
        return None if self.pairings.approve(satellite, code, token) else token

    def turn_away(self, satellite: str) -> None:
        """Do not let one in that waits, and have it not ask again for a while."""
        if not self._strangers.forget(satellite):
            raise UnknownSatellite(satellite)
        self.pairings.turn_away(satellite)
        self._tell_followers()

    async def remove(self, satellite: str) -> None:
        """Forget a satellite, and do not let it in again. Raises StoreError, UnknownSatellite."""
        one = self._get(satellite)
        await self._change(replace(one, salt=None, removed=True, given_name=None, given_area=None))

    def tokens(self, satellite: str) -> Sequence[str]:
        """Return the tokens that a satellite may know beside the house's."""
        one = self._known.get(satellite)
        if one is None or one.salt is None or self._token is None:
            return ()
        return (own_token(self._token, satellite, one.salt),)

    def bars(self, satellite: str) -> bool:
        """Return whether a satellite is not let in whatever it knows."""
        return satellite in self._known and self._known[satellite].removed

    def refused(self, hello: Hello, address: str, code: str) -> None:
        """Take note of one that was not let in."""
        if self._strangers.note(hello, address, code):
            self._tell_followers()

    def welcomed(self, hello: Hello, address: str, link: LastingLink) -> Hello:
        """Take note of one that came; return its hello with the name and room it was given."""
        if not 0 < len(hello.satellite) <= MAX_ID_CHARS:
            return hello
        now = self._now()
        before = self._known.get(hello.satellite)
        one = replace(
            before or Known(hello.satellite, "", None, now, now),
            name=short(hello.name),
            area=None if hello.area is None else short(hello.area),
            person=None if hello.person is None else short(hello.person),
            software=short(hello.software),
            address=address,
            last_seen=now,
        )
        self._known[one.id] = one
        self._links[one.id] = link
        self._strangers.forget(one.id)
        self._note(one.id)
        self._limit()
        return replace(hello, name=one.called or hello.name, area=one.room)

    def left(self, satellite: str, link: LastingLink) -> None:
        """Take note of one that has gone."""
        if self._links.get(satellite) is not link:
            return
        del self._links[satellite]
        if satellite in self._known:
            self._known[satellite] = replace(self._known[satellite], last_seen=self._now())
            self._note(satellite)

    def _get(self, satellite: str) -> Known:
        one = self.get(satellite)
        if one is None:
            raise UnknownSatellite(satellite)
        return one

    def _limit(self) -> None:
        """Forget those that were away the longest, where there are too many."""
        while len(self._known) > MAX_KNOWN:
            away = [one for one in self._known.values() if one.id not in self._links]
            if not away:
                return
            oldest = min(away, key=lambda one: one.last_seen)
            del self._known[oldest.id]
            self._note(oldest.id)

    def _note(self, satellite: str) -> None:
        self._unkept.add(satellite)
        self._changed.set()
        self._tell_followers()

    async def _change(self, one: Known) -> None:
        async with self._store.session() as session:
            await session.merge(_row(one))
        self._known[one.id] = one
        self._tell_followers()

    async def _keep(self, *satellites: str) -> None:
        async with self._store.session() as session:
            for satellite in satellites:
                one = self._known.get(satellite)
                if one is None:
                    await session.execute(delete(SatelliteRow).where(SatelliteRow.id == satellite))
                else:
                    await session.merge(_row(one))

    def _tell_followers(self) -> None:
        for follower in self._followers:
            follower()


def own_token(token: str, satellite: str, salt: str) -> str:
    """Return the token of one satellite, in a house with `token`."""
    message = f"sotto/1 own token\n{salt}\n{satellite}".encode()
    made = hmac.new(token.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _row(one: Known) -> SatelliteRow:
    return SatelliteRow(
        id=one.id,
        name=one.name,
        area=one.area,
        given_name=one.given_name,
        given_area=one.given_area,
        person=one.person,
        software=one.software,
        address=one.address,
        first_seen=one.first_seen,
        last_seen=one.last_seen,
        salt=one.salt,
        removed=one.removed,
    )


def _known(row: SatelliteRow) -> Known:
    return Known(
        row.id,
        row.name,
        row.area,
        row.first_seen,
        row.last_seen,
        row.given_name,
        row.given_area,
        row.person,
        row.software,
        row.address,
        row.salt,
        row.removed,
    )
