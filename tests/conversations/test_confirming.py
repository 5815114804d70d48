"""A question before something is done, and how it is answered by voice."""

from hub.conversation.home_mind import HomeMind
from hub.conversation.mind import Reply, Understanding
from hub.events import TranscriptGrew
from hub.home.actions import Actions
from hub.home.confirmations import Confirmations
from hub.home.gate import PolicyGate
from hub.home.intents import IntentRecognizer
from hub.home.model import CommandFailed, Device, DeviceId, DeviceState, Home, HomeCommand
from hub.home.policy import Policy
from hub.home.spoken_codes import Code
from hub.origin import Origin
from protocol.wyoming_audio import AudioChunk
from tests.conversations.scenes import ask, ended_turn, ends, tell, virtual
from tests.virtual_house import (
    DEFAULT_FEATURES,
    Engines,
    VirtualHouse,
    VirtualSatellite,
    house,
    now,
    pause,
    words,
)

PANEL = Device(
    DeviceId("panel"),
    "Alarm",
    "alarm_control_panel",
    features=frozenset({"code_to_disarm", "code_checked"}),
)
LOCK = Device(DeviceId("lock"), "Front Door", "lock", features=frozenset({"state"}))


class Asking(Engines):
    """Engines with the mind of a home that asks before it opens."""

    def home(self) -> None:
        self.told: list[str] = []
        self.rooms = home = Home()
        for device in (PANEL, LOCK):
            home.put(device)
            home.update_state(device.id, DeviceState("locked"))
        confirmations = Confirmations(now)
        gate = PolicyGate(home, Policy(home), confirmations)
        actions = Actions(home, self, clock=now, gate=gate)
        self.mind = HomeMind(
            home, [IntentRecognizer(home, "en")], actions, confirmations=confirmations, clock=now
        )

    async def perform(self, command: HomeCommand) -> None:
        code = command.values.get("code")
        if isinstance(code, Code) and code.secret != "1234":
            raise CommandFailed("wrong-code", "wrong")
        self.told.append(command.verb)
        self.rooms.update_state(DeviceId("lock"), DeviceState("unlocked"))

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        return self.mind.understand(text, origin)

    def kept(self, text: str, origin: Origin) -> str:
        return self.mind.kept(text, origin)

    def is_answer(self, text: str, origin: Origin) -> bool:
        return self.mind.is_answer(text, origin)

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        return await self.mind.act(understanding, origin)


def asking(*, thinks: bool = False) -> Asking:
    engines = Asking(thoughts=(lambda _: [(0.1, "I see.")]) if thinks else None)
    engines.home()
    return engines


async def asked(sat: VirtualSatellite, text: str) -> None:
    await ask(sat, text)
    await sat.speaking()


@virtual
async def test_a_yes_over_the_question_is_its_answer() -> None:
    engines = asking()
    async with house(engines) as h:
        sat = await h.add()
        await asked(sat, "unlock the front door")
        began = now()
        await tell(sat, words("yes"))
        await sat.until(lambda: bool(engines.told))
        assert engines.told == ["unlock"]
        assert now() - began < 1.5  # the question takes 1.8 s
        await ends(sat)
        assert [turn.outcome for turn in h.turns] == ["interrupted", "answered"]


@virtual
async def test_a_no_over_the_question_is_its_answer() -> None:
    engines = asking()
    async with house(engines) as h:
        sat = await h.add()
        await asked(sat, "unlock the front door")
        await tell(sat, words("no"))
        await ended_turn(h, sat, 2)
        assert (h.turns[1].intent, engines.told) == ("No", [])


@virtual
async def test_a_sign_of_listening_over_any_other_answer_is_none() -> None:
    engines = asking(thinks=True)
    engines.thoughts = lambda _: [(0.1, "It is a long story that I will tell you now.")]
    async with house(engines) as h:
        sat = await h.add()
        await asked(sat, "tell me more")
        await tell(sat, words("yes"))
        await ends(sat)
        assert [turn.outcome for turn in h.turns] == ["answered"]


async def code_said(h: VirtualHouse, sat: VirtualSatellite, *sounds: bytes) -> None:
    """Ask for what wants a code, and say the code when the hub asks for it."""
    await ask(sat, "disarm the alarm")
    await sat.until(lambda: len(h.turns) == 1)
    await tell(sat, pause(320), *sounds)
    await ended_turn(h, sat, 2)


@virtual
async def test_a_code_may_be_said_with_pauses() -> None:
    engines = asking()
    async with house(engines) as h:
        sat = await h.add()
        await code_said(h, sat, words("one two three"), pause(700), words("four"))
        assert engines.told == ["disarm"]


@virtual
async def test_a_code_is_shown_and_kept_as_stars() -> None:
    engines = asking(thinks=True)
    async with house(engines, hears_along=True) as h:
        sat = await h.add(features=(*DEFAULT_FEATURES, "partials"))
        await code_said(h, sat, words("my code is one two three four"))
        await ask(sat, "open sesame with code one two three four")
        await ended_turn(h, sat, 3)
        grown = [fact.text for fact in h.facts if isinstance(fact, TranscriptGrew)]
        prompts = [thought.messages for thought in engines.asked]
        shown = [one for _, one in sat.link.sent if not isinstance(one, AudioChunk)]
        told = f"{grown} {prompts} {h.turns} {h.history()} {shown}"
        assert engines.told == ["disarm"]
        assert h.turns[1].transcript == "****"
        assert h.turns[2].transcript == "open sesame with code ****"
        assert prompts
        assert "three" not in told
