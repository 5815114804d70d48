"""The hub, put together: what it consists of, in which order it starts, and how it ends."""

import asyncio
import gc
import secrets
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import structlog

from hub.accounts.accounts import Accounts
from hub.acting import Acting
from hub.advertising import advertise
from hub.api.gate import AccountGate
from hub.api.parts import Parts
from hub.broker_choice import named_broker, own_broker
from hub.bus import Bus
from hub.clockwork import Clockwork
from hub.control import Control
from hub.conversation.tally import Tally
from hub.dashboard import dashboard
from hub.driving import Driving
from hub.engine_desk import EngineDesk
from hub.engines.base import EngineError
from hub.events import HomeChanged
from hub.figures import Figures
from hub.following import log_turns, wake_engines
from hub.home.model import Home
from hub.home_choosing import HomeChoosing
from hub.household import Household
from hub.housing import house_of
from hub.hub_errors import EXPECTED, HubError, explain, explain_address
from hub.hub_id import hub_id
from hub.loopback import is_loopback
from hub.mqtt.address import BrokerAddress
from hub.mqtt.link import MqttLink
from hub.owner_home import OwnerHome
from hub.reactions import reacting
from hub.rooms.announcements import Announcements
from hub.rooms.directory import Directory
from hub.rooms.house import House
from hub.rooms.lasting_link import SatelliteLink
from hub.rooms.listener import HubIdentity, Listener
from hub.rooms.registry import Registry
from hub.rooms.session import Session
from hub.rooms.spoken_requests import SpokenRequests
from hub.settings import HubSettings
from hub.store.database import Store
from hub.store.home_choices import StoredHomeChoices
from hub.thinker import Thinker
from hub.timekeeping.sentences import TIME_ANSWERS, TIME_SENTENCES
from hub.tools.told import ToldToolbox
from hub.turn_judge import TurnJudge
from hub.turns.turn_log import open_log
from protocol.limits import AUDIO_LIMITS
from protocol.service_manager import ServiceManager
from protocol.sotto_messages import Hello
from protocol.state import Role
from protocol.stream import serve

log = structlog.get_logger(__name__)
BROKER_TIMEOUT_S = 5.0
SETTLE_TIMEOUT_S = 3.0
"""How long to wait for a home that never stops announcing itself."""

Announce = Callable[[str], None]


class Hub:
    """One hub. `run` builds it, serves until cancelled, and takes it down again."""

    def __init__(self, settings: HubSettings, announce: Announce) -> None:
        """Raises HubError for engines that can not be made as the settings say."""
        self.tally = Tally()
        """How often it paid to work ahead, over all turns so far."""
        self._settings = settings
        self._announce = announce
        self._bus = Bus()
        self._directory = Directory()
        self._announcements = Announcements(self._directory, time.monotonic)
        self._identity = HubIdentity(hub_id(), settings.name)
        self._home = Home()
        try:
            self._desk = EngineDesk.opened(settings, self._bus.publish)
        except EngineError as error:
            raise HubError(str(error)) from None
        settings = self._settings = self._desk.settings
        self._ears, self._voice = self._desk.ears, self._desk.voice
        self._turn_judge = TurnJudge(settings, self._desk.board.publish)
        self._thinker: Thinker | None = None
        self._own_sentences: Callable[[], Sequence[str]] = tuple
        self._home_changed = asyncio.Event()
        self._learned_version = -1

    async def run(self) -> None:
        """Serve until cancelled. Raises HubError."""
        settings = self._settings
        try:
            token = settings.satellites.read_token()
            address = named_broker(settings.mqtt)
            async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
                store = await stack.enter_async_context(Store(settings.store.place))
                tasks.create_task(self._desk.run())
                registry = Registry(store, token)
                await registry.load()
                tasks.create_task(registry.run())
                tasks.create_task(self._turn_judge.run())
                # Loading engines and learning the home go on side by side.
                voice = tasks.create_task(self._voice.configure())
                chosen = StoredHomeChoices(store)
                owner = OwnerHome(settings.home, await chosen.load())
                address, household = await self._learn_home(address, owner, stack, tasks)
                clockwork = Clockwork(
                    store,
                    self._home,
                    self._directory,
                    self._announcements,
                    language=settings.language,
                    lists=settings.store.lists,
                )
                requests = SpokenRequests(self._directory, self._announcements)
                acting = await Acting.opened(
                    settings,
                    self._home,
                    household,
                    store,
                    deeds={**clockwork.deeds, **requests.deeds()},
                    senses=clockwork.senses,
                    sentences=TIME_SENTENCES,
                    answers=TIME_ANSWERS,
                    boxes=(clockwork.tools,),
                    publish=self._bus.publish,
                    changed=self._tools_changed,
                )
                toolbox = ToldToolbox(acting.tooling.toolbox, self._bus.publish)
                told = self._desk.board.publish
                thinker = Thinker(settings, self._home, acting.mind, toolbox, told)
                self._thinker = thinker
                clockwork.bind(thinker.mind, acting.actions)
                self._own_sentences = partial(acting.tooling.commands.heard, "en")
                house = house_of(
                    self._desk,
                    thinker.mind,
                    self._turn_judge.port,
                    bus=self._bus,
                    directory=self._directory,
                    home=self._home,
                )
                turn_log = await open_log(store, settings.store)
                house.keep_sound = turn_log.hear
                await self._learn()
                await voice
                figures = Figures()
                for work in (
                    thinker.run(),
                    acting.tooling.run(),
                    clockwork.run(self._bus),
                    self._follow_home(),
                    log_turns(self._bus, self.tally),
                    turn_log.run(self._bus),
                    wake_engines(self._bus, self._ears, self._voice),
                    figures.run(self._bus),
                ):
                    tasks.create_task(work)
                controls = Control(house, self._announcements, settings.spoken_languages)
                reactions = reacting(controls, acting.tooling, household, self._bus)
                tasks.create_task(reactions.run(self._bus))
                driving = Driving(
                    settings.mqtt,
                    self._identity,
                    controls,
                    self._announcements,
                    store,
                    timekeeping=clockwork.time,
                )
                tasks.create_task(driving.run(address, self._bus))
                accounts = Accounts(store)
                api = Parts(
                    self._identity.id,
                    settings,
                    self._bus,
                    store,
                    AccountGate(accounts, settings.dashboard.origins),
                    accounts,
                    controls,
                    house,
                    self._directory,
                    self._announcements,
                    self._home,
                    household,
                    HomeChoosing(self._home, household.furnishing, chosen.save),
                    clockwork,
                    acting,
                    self._ears,
                    self._voice,
                    thinker,
                    turns=turn_log,
                    desk=self._desk,
                    figures=figures,
                    registry=registry,
                    kept=driving.kept,
                )
                tasks.create_task(api.taken.follow(self._bus))
                gc.collect()  # what lives until the end need not be searched again and again
                gc.freeze()
                async with self._listening(token, house, registry), dashboard(api, self._announce):
                    self._announce("Ready.")
                    await ServiceManager().serve()
        except EXPECTED as error:
            raise HubError(str(error)) from None
        except ExceptionGroup as group:
            raise explain(group) from None

    def _tools_changed(self) -> None:
        """Have the engines told of other tools and sentences."""
        self._learned_version = -1
        self._home_changed.set()

    async def _learn_home(
        self,
        address: BrokerAddress | None,
        owner: OwnerHome,
        stack: AsyncExitStack,
        tasks: asyncio.TaskGroup,
    ) -> tuple[BrokerAddress, Household]:
        """Connect to the broker, ours if there is no other, and learn what is there."""
        mqtt = self._settings.mqtt
        kind = "MQTT broker"
        if address is None:
            kind = "Built-in MQTT broker"
            address = (await stack.enter_async_context(own_broker(mqtt))).own_address
        # Two hubs of one machine may share a broker, and a broker knows a client by its id alone.
        link = MqttLink(address, client_id=f"sotto-hub-{secrets.token_hex(6)}")
        household = Household(self._home, link, prefix=mqtt.discovery_prefix, owner=owner)
        household.on_structure_changed(self._home_changed.set)
        tasks.create_task(link.run())
        tasks.create_task(household.run())
        await link.wait_connected(BROKER_TIMEOUT_S)
        self._announce(f"{kind}: {address}")
        await household.settled(SETTLE_TIMEOUT_S)
        return address, household

    async def _learn(self) -> None:
        """Teach the engines the home as it is now."""
        self._home_changed.clear()
        if self._home.version == self._learned_version:
            return
        version = self._home.version
        started = time.monotonic()
        await self._ears.learn(self._home, self._own_sentences())
        if self._thinker is not None:
            self._thinker.home_changed()
        self._learned_version = version
        areas, devices = len(self._home.areas()), len(self._home.devices())
        self._bus.publish(HomeChanged(areas, devices))
        log.info(
            "home learned",
            areas=areas,
            devices=devices,
            took_ms=round((time.monotonic() - started) * 1000),
        )

    async def _follow_home(self) -> None:
        """Teach the recogniser anew whenever the home changes."""
        while True:
            await self._home_changed.wait()
            try:
                await self._learn()
            except EngineError as error:
                log.error("the home can not be learned", code=error.code, error=str(error))

    @asynccontextmanager
    async def _listening(
        self, token: str | None, house: House, registry: Registry
    ) -> AsyncGenerator[None]:
        """Take satellites for as long as the block runs, and be found by them."""
        settings, identity = self._settings, self._identity

        def make_session(link: SatelliteLink, hello: Hello) -> Session:
            return Session(link, hello, house)

        listener = Listener(
            identity, token, self._directory, self._bus, make_session, door=registry
        )
        host, port = settings.satellites.listen_host, settings.satellites.port
        try:
            server = await serve(
                listener.handle,
                host,
                port,
                role=Role.HUB,
                max_links=settings.satellites.max_links,
                limits=AUDIO_LIMITS,
            )
        except OSError as error:
            raise HubError(explain_address(host, port, error)) from None
        async with server, asyncio.TaskGroup() as tasks:
            port = server.addresses[0][1]
            self._announce(f"Satellites: {host}:{port}")
            if token is None:
                self._announce(
                    "Only this machine can connect, for there is no token. To let satellites in, "
                    "run `sotto-hub token` and set satellites.token."
                )
            advertising = None
            if settings.satellites.discoverable and not is_loopback(host):
                advertising = tasks.create_task(advertise(identity, host, port))
            yield
            if advertising is not None:
                advertising.cancel()
