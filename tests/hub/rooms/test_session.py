import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from hub.bus import Bus
from hub.conversation.attempt import Parts
from hub.conversation.conversation import Conversations
from hub.conversation.endpoint import Rules
from hub.conversation.turn import Manner
from hub.conversation.voice_activity import VoiceActivity
from hub.engines.base import Transcript as SpokenText
from hub.events import (
    AnswerGrew,
    Fact,
    SatelliteConnected,
    SatelliteGone,
    SpokenWord,
    TurnEnded,
    TurnStarted,
    WordsTimed,
)
from hub.rooms.arbiter import Arbiter
from hub.rooms.directory import Directory
from hub.rooms.house import House
from hub.rooms.lasting_link import SatelliteLink
from hub.rooms.listener import HubIdentity, Listener
from hub.rooms.neighbours import Neighbours
from hub.rooms.session import Session
from protocol.authentication import hub_mac, new_nonce, satellite_mac
from protocol.errors import WireError
from protocol.schema import Message
from protocol.sotto_messages import (
    Cancel,
    Challenge,
    Hello,
    Listen,
    Playback,
    Proof,
    Refused,
    Status,
    Wake,
    Welcome,
)
from protocol.sotto_messages import TurnEnded as TurnEndedMessage
from protocol.state import Role
from protocol.stream import Link, connect, serve
from protocol.wyoming_audio import AudioChunk, AudioFormat, AudioStart, AudioStop
from protocol.wyoming_info import Describe, Info
from protocol.wyoming_speech import Synthesize, Transcript
from tests.hub.conversation.scripted import SILENCE, SPEECH, Loudness
from tests.virtual_house import VOICE_RATE_HZ, VOICE_WORD_MS, Engines, pause, words

TOKEN = "a token that only the two of us know"
LIMIT_S = 30.0


@dataclass
class Hub:
    """A hub with scripted engines on a loopback port."""

    port: int
    directory: Directory
    facts: list[Fact] = field(default_factory=list)
    sounds: dict[int, bytes] = field(default_factory=dict)
    """What was said, by turn."""


@asynccontextmanager
async def hub(token: str | None = None, engines: Engines | None = None) -> AsyncIterator[Hub]:
    engines = engines or Engines()
    directory, bus, clock = Directory(), Bus(), time.monotonic
    house = House(
        Parts(engines, engines, engines),
        VoiceActivity(Loudness()),
        bus,
        "en",
        clock,
        Manner(Rules(no_speech_ms=1000)),
        directory,
        Conversations(clock),
        Arbiter(clock),
        Neighbours(),
    )

    def make_session(link: SatelliteLink, hello: Hello) -> Session:
        return Session(link, hello, house)

    listener = Listener(HubIdentity("hub-1", "Test hub"), token, directory, bus, make_session)
    async with asyncio.timeout(60):
        server = await serve(listener.handle, "127.0.0.1", 0, role=Role.HUB)
        async with server:
            running = Hub(server.addresses[0][1], directory)
            house.keep_sound = lambda _, turn, sound: running.sounds.update({turn: sound})
            with bus.subscribe() as subscription:

                async def collect() -> None:
                    async for fact in subscription:
                        running.facts.append(fact)

                collecting = asyncio.create_task(collect())
                yield running
                collecting.cancel()
                await asyncio.wait([collecting])


def hello(satellite: str = "sat-1", version: int = 1) -> Hello:
    audio = AudioFormat(rate=16_000, width=2, channels=1)
    return Hello(
        version=version,
        satellite=satellite,
        name="Kitchen satellite",
        area="Kitchen",
        nonce=new_nonce(),
        software="test",
        features=(),
        microphone=audio,
        speaker=audio,
    )


async def join(running: Hub, satellite: str = "sat-1") -> Link:
    """Connect without a token, up to the welcome."""
    link = await connect("127.0.0.1", running.port, role=Role.SATELLITE)
    await link.send(hello(satellite))
    welcome = await link.receive()
    assert isinstance(welcome, Welcome)
    return link


async def collect_until(link: Link, kind: type[Message]) -> list[Message]:
    """Return the messages up to the first of `kind`; playback is reported as it ends."""
    messages: list[Message] = []
    async with asyncio.timeout(LIMIT_S):
        while True:
            message = await link.receive()
            messages.append(message)
            if isinstance(message, AudioStop) and message.turn is not None:
                await link.send(
                    Playback(turn=message.turn, position_ms=200, buffered_ms=0, finished=True)
                )
            if isinstance(message, kind):
                return messages


COMMAND = pause(320) + words("turn on the lamp") + pause(1000)


async def send_speech(link: Link, turn: int, *, audio: bytes = COMMAND, rate: int = 16_000) -> None:
    """Say something, all of it at once."""
    await link.send(AudioStart(rate=rate, width=2, channels=1, turn=turn))
    repeat = rate // 16_000
    for at in range(0, len(audio), 1024):
        frame = audio[at : at + 1024]
        sent = b"".join(frame[i : i + 2] * repeat for i in range(0, len(frame), 2))
        await link.send(AudioChunk(rate=rate, width=2, channels=1, audio=sent, turn=turn))


async def wake(link: Link, candidate: int = 1) -> int:
    """Wake the hub; return the turn that it opens."""
    await link.send(Wake(candidate=candidate, trigger="button"))
    listen = (await collect_until(link, Listen))[-1]
    assert isinstance(listen, Listen)
    assert listen.candidate == candidate
    return listen.turn


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_spoken_command_is_answered_and_every_message_carries_its_turn() -> None:
    async with hub() as running, await join(running) as link:
        turn = await wake(link)
        await send_speech(link, turn)
        messages = await collect_until(link, TurnEndedMessage)
        assert {getattr(message, "turn", turn) for message in messages} == {turn}
        kinds = [type(message).__name__ for message in messages]
        assert [kind for kind in kinds if kind != "AudioChunk"] == [
            "VoiceStarted", "VoiceStopped", "Transcript", "Synthesize", "AudioStart", "AudioStop",
            "TurnEnded",
        ]  # fmt: skip
        texts = [m.text for m in messages if isinstance(m, Transcript | Synthesize)]
        assert texts == ["turn on the lamp", "Done."]
        ended = messages[-1]
        assert isinstance(ended, TurnEndedMessage)
        assert ended.outcome == "answered"
        assert {"speech", "endpoint", "transcript", "intent", "action"} <= set(ended.stages)
        heard = b"".join(m.audio for m in messages if isinstance(m, AudioChunk))
        assert len(heard) == VOICE_WORD_MS * VOICE_RATE_HZ // 1000 * 2


async def test_facts_about_satellites_and_turns_go_over_the_bus() -> None:
    async with hub() as running:
        link = await join(running)
        turn = await wake(link)
        await send_speech(link, turn)
        await collect_until(link, TurnEndedMessage)
        await link.close()
        await until(lambda: len(running.facts) >= 6)
        assert [type(fact) for fact in running.facts] == [
            SatelliteConnected, TurnStarted, AnswerGrew, WordsTimed, TurnEnded, SatelliteGone,
        ]  # fmt: skip
        began, written, words, ended = running.facts[1:5]
        assert isinstance(began, TurnStarted)
        assert (began.name, began.area, began.opening) == ("Kitchen satellite", "Kitchen", "wake")
        assert began.conversation
        assert len(running.sounds[turn].strip(b"\0")) > 1000, "what was said can be kept"
        assert isinstance(written, AnswerGrew)
        assert isinstance(words, WordsTimed)
        assert (written.text, words.words) == ("Done.", (SpokenWord("Done.", 0.0),))
        assert isinstance(ended, TurnEnded)
        assert (ended.transcript, ended.intent) == ("turn on the lamp", "Command")


async def test_turns_rise_and_go_on_rising_after_a_reconnect() -> None:
    async with hub() as running:
        async with await join(running) as link:
            first = await wake(link)
        async with await join(running) as link:
            assert await wake(link) > first


async def test_waking_again_gives_up_the_turn_under_way() -> None:
    async with hub() as running, await join(running) as link:
        first = await wake(link)
        await send_speech(link, first)
        await collect_until(link, AudioStart)
        await link.send(Wake(candidate=2, trigger="button"))
        messages = await collect_until(link, Listen)
        cancels = [m for m in messages if isinstance(m, Cancel)]
        assert [m.turn for m in cancels] == [first]
        ended = [m for m in messages if isinstance(m, TurnEndedMessage)]
        assert [(m.turn, m.outcome) for m in ended] == [(first, "cancelled")]
        second = messages[-1]
        assert isinstance(second, Listen)
        assert second.turn > first
        await send_speech(link, second.turn)
        answered = (await collect_until(link, TurnEndedMessage))[-1]
        assert isinstance(answered, TurnEndedMessage)
        assert answered.outcome == "answered"


async def test_audio_of_an_older_turn_is_dropped() -> None:
    async with hub() as running, await join(running) as link:
        first = await wake(link)
        second = await wake(link, candidate=2)
        await send_speech(link, first)
        await send_speech(link, second, audio=pause(1100))
        ended = (await collect_until(link, TurnEndedMessage))[-1]
        # Nothing was heard in the second turn, for what was sent belonged to the first.
        assert isinstance(ended, TurnEndedMessage)
        assert (ended.turn, ended.outcome) in ((first, "cancelled"), (second, "nothing-heard"))
        if ended.turn == first:
            ended = (await collect_until(link, TurnEndedMessage))[-1]
            assert isinstance(ended, TurnEndedMessage)
        assert (ended.turn, ended.outcome) == (second, "nothing-heard")


async def test_a_satellite_can_cancel_its_turn() -> None:
    async with hub() as running, await join(running) as link:
        turn = await wake(link)
        await link.send(Cancel(turn=turn, reason="button"))
        ended = (await collect_until(link, TurnEndedMessage))[-1]
        assert isinstance(ended, TurnEndedMessage)
        assert ended.outcome == "cancelled"
        assert await wake(link, candidate=2) > turn


async def test_audio_of_another_rate_is_heard_too() -> None:
    engines = Engines(hear=lambda _: SpokenText("turn on the lamp", "en"))
    async with hub(engines=engines) as running, await join(running) as link:
        turn = await wake(link)
        await send_speech(link, turn, audio=SPEECH * 30 + SILENCE * 30, rate=48_000)
        ended = (await collect_until(link, TurnEndedMessage))[-1]
        assert isinstance(ended, TurnEndedMessage)
        assert ended.outcome == "answered"
        start_ms, end_ms = ended.stages["speech"]
        assert 900 <= end_ms - start_ms <= 1000


async def test_a_mind_that_breaks_costs_the_turn_and_not_the_session() -> None:
    engines = Engines()
    async with hub(engines=engines) as running, await join(running) as link:
        turn = await wake(link)
        engines.understand = None  # type: ignore[assignment,method-assign]
        await send_speech(link, turn)
        ended = (await collect_until(link, TurnEndedMessage))[-1]
        assert isinstance(ended, TurnEndedMessage)
        assert ended.outcome == "failed"
        del engines.understand
        turn = await wake(link, candidate=2)
        await send_speech(link, turn)
        ended = (await collect_until(link, TurnEndedMessage))[-1]
        assert isinstance(ended, TurnEndedMessage)
        assert ended.outcome == "answered"


async def test_a_link_that_breaks_in_mid_turn_ends_the_turn() -> None:
    async with hub() as running:
        link = await join(running)
        turn = await wake(link)
        await link.send(
            AudioChunk(rate=16_000, width=2, channels=1, audio=words("turn"), turn=turn)
        )
        await link.close()
        await until(lambda: any(isinstance(fact, SatelliteGone) for fact in running.facts))
        ended = [fact for fact in running.facts if isinstance(fact, TurnEnded)]
        assert [fact.outcome for fact in ended] == ["cancelled"]
        assert len(running.directory) == 0


async def test_a_satellite_that_connects_anew_replaces_its_older_link() -> None:
    async with hub() as running:
        older = await join(running)
        async with await join(running) as newer:
            with suppress(WireError):
                async with asyncio.timeout(LIMIT_S):
                    await older.receive()
            assert older.closed
            assert len(running.directory) == 1
            await wake(newer)
        await older.close()


async def test_the_status_of_a_satellite_disturbs_nothing() -> None:
    async with hub() as running, await join(running) as link:
        await link.send(Status(state="idle", muted=False))
        assert await wake(link) == 1


async def prove(running: Hub, token: str, satellite: str = "sat-1") -> tuple[Link, Message]:
    link = await connect("127.0.0.1", running.port, role=Role.SATELLITE)
    greeting = hello(satellite)
    await link.send(greeting)
    challenge = await link.receive()
    assert isinstance(challenge, Challenge)
    proven = {
        "satellite": satellite,
        "hub": challenge.hub,
        "satellite_nonce": greeting.nonce,
        "hub_nonce": challenge.nonce,
    }
    await link.send(Proof(mac=satellite_mac(token, **proven)))
    answer = await link.receive()
    if isinstance(answer, Welcome):
        assert answer.mac == hub_mac(token, **proven)
    return link, answer


async def test_a_satellite_with_the_token_is_welcomed_by_a_hub_that_proves_itself() -> None:
    async with hub(TOKEN) as running:
        link, answer = await prove(running, TOKEN)
        assert isinstance(answer, Welcome)
        assert await wake(link) == 1
        await link.close()


async def test_a_satellite_with_another_token_is_refused() -> None:
    async with hub(TOKEN) as running:
        link, answer = await prove(running, "some other token of the same kind")
        assert isinstance(answer, Refused)
        assert answer.code == "bad-token"
        await link.close()
        assert len(running.directory) == 0


async def test_a_recorded_proof_is_worth_nothing_on_another_link() -> None:
    async with hub(TOKEN) as running:
        first = await connect("127.0.0.1", running.port, role=Role.SATELLITE)
        greeting = hello()
        await first.send(greeting)
        challenge = await first.receive()
        assert isinstance(challenge, Challenge)
        recorded = satellite_mac(
            TOKEN,
            satellite="sat-1",
            hub=challenge.hub,
            satellite_nonce=greeting.nonce,
            hub_nonce=challenge.nonce,
        )
        await first.send(Proof(mac=recorded))
        assert isinstance(await first.receive(), Welcome)
        replay = await connect("127.0.0.1", running.port, role=Role.SATELLITE)
        await replay.send(greeting)
        assert isinstance(await replay.receive(), Challenge)
        await replay.send(Proof(mac=recorded))
        assert isinstance(await replay.receive(), Refused)
        await first.close()
        await replay.close()


async def test_a_satellite_of_another_version_is_told_so() -> None:
    async with hub() as running:
        link = await connect("127.0.0.1", running.port, role=Role.SATELLITE)
        await link.send(hello(version=99))
        refused = await link.receive()
        assert isinstance(refused, Refused)
        assert refused.code == "version"
        await link.close()


async def test_who_asks_before_proving_itself_is_told_of_no_service() -> None:
    async with hub(TOKEN) as running:
        link = await connect("127.0.0.1", running.port, role=Role.SATELLITE)
        await link.send(Describe())
        assert await link.receive() == Info()
        await link.send(hello())
        assert isinstance(await link.receive(), Challenge)
        await link.close()
