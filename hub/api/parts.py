"""What the routers may use of the hub."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from hub.accounts.accounts import Accounts
from hub.acting import Acting
from hub.api.access import Gate
from hub.api.live import Live
from hub.api.taken import Taken
from hub.api.wake_words import WakeEars
from hub.bus import Bus
from hub.changeable import ChangeableEars, ChangeableVoice
from hub.clockwork import Clockwork
from hub.control import Control
from hub.engine_desk import EngineDesk
from hub.figures import Figures
from hub.home.model import Home
from hub.home_choosing import HomeChoosing
from hub.household import Household
from hub.rooms.announcements import Announcements
from hub.rooms.directory import Directory
from hub.rooms.house import House
from hub.rooms.kept_announcements import KeptAnnouncements
from hub.rooms.registry import Registry
from hub.settings import HubSettings
from hub.store.database import Store
from hub.thinker import Thinker
from hub.turns.turn_log import TurnLog


@dataclass(frozen=True, slots=True)
class Parts:
    """The hub, as the API sees it."""

    hub: str
    """The hub's id."""
    settings: HubSettings
    bus: Bus
    store: Store
    gate: Gate
    accounts: Accounts
    control: Control
    house: House
    directory: Directory
    announcements: Announcements
    home: Home
    household: Household
    choosing: HomeChoosing
    clockwork: Clockwork
    acting: Acting
    ears: ChangeableEars
    voice: ChangeableVoice
    thinker: Thinker
    turns: TurnLog
    desk: EngineDesk
    figures: Figures
    registry: Registry
    kept: KeptAnnouncements
    live: Live = field(default_factory=Live)
    wake_ears: WakeEars = field(default_factory=WakeEars)
    taken: Taken = field(default_factory=Taken)


def parts_of(connection: HTTPConnection) -> Parts:
    """Return the parts of the hub that a request came to."""
    parts: Parts = connection.app.state.parts
    return parts


async def _parts(connection: HTTPConnection) -> Parts:
    # What is not async, FastAPI calls in a thread: a detour for every request.
    return parts_of(connection)


Hub = Annotated[Parts, Depends(_parts)]
