"""Hands-free after a wake word: what opens the microphone, and what does not."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any, cast

import pytest

from audio.wake import WakeHit, WakeWords
from audio.wake_models import WakeModel
from hub.api.talk.microphone import ASKED_BYTES, Microphone, Mode
from hub.api.wake_words import NotHeard, WakeEar, WakeEars
from hub.conversation.voice_activity import VoiceActivity
from protocol.wyoming_audio import AudioChunk
from tests.hub.api.talking import Client, talking_hub
from tests.hub.conversation.scripted import Loudness
from tests.virtual_house import Engines, pause, spoken_words, words

WORD = "computer"
FOUND_MS = 150
"""How long after its end the word is found."""
SAID = words(WORD) + pause(200)


class Scripted:
    """Finds a word a moment after its end."""

    names = (WORD,)

    def __init__(self) -> None:
        self._heard = b""

    def process(self, pcm16: bytes) -> WakeHit | None:
        self._heard += pcm16
        if any(self._heard[-FOUND_MS * 32 :]) or WORD not in spoken_words(self._heard):
            return None
        self._heard = b""
        return WakeHit(WORD, 0.9)


class ScriptedEars(WakeEars):
    """Has one word."""

    words = (cast("WakeModel", type("Word", (), {"name": WORD, "phrase": "Computer"})()),)

    async def open(self, names: Sequence[str]) -> WakeEar:
        return WakeEar(self, cast("WakeWords", Scripted()))


async def awake(client: Client, **greeting: Any) -> dict[str, Any]:
    """Greet, and wait for the word from then on."""
    greeting = {"microphone": True, "echo_cancelled": True, **greeting}
    welcome = await client.hello(**greeting)
    await client.send("begin", mode="hands-free", wake=[WORD])
    return welcome


async def test_only_what_follows_the_wake_word_is_a_turn() -> None:
    async with talking_hub(ears=ScriptedEars()) as hub, hub.client() as client:
        welcome = await awake(client)
        await client.speak(words("turn on the lamp") + pause(500))
        await client.send("ping", n=1)
        await client.until("pong")
        assert "turn-started" not in client.kinds()
        for _ in range(2):
            await client.speak(SAID + words("turn on the lamp") + pause(400))
            ended = await client.until("turn-ended")
            assert (ended["transcript"], ended["outcome"]) == ("turn on the lamp", "answered")
            await client.until("state", lambda state: state["state"] == "idle")
    assert welcome["wake_words"] == [{"name": WORD, "phrase": "Computer"}]


@pytest.mark.parametrize("echo_cancelled", [True, False])
async def test_the_wake_word_over_an_answer_ends_it_and_is_listened_to(
    echo_cancelled: bool,
) -> None:
    engines = Engines(thoughts=lambda _: [(0.01, "One two three four five six seven eight.")])
    async with talking_hub(engines, ears=ScriptedEars()) as hub, hub.client() as client:
        client.plays = False  # it never ends by itself
        await awake(client, echo_cancelled=echo_cancelled)
        await client.speak(SAID + words("count for me") + pause(400))
        first = (await client.until("audio-start"))["turn"]
        # In silence: it is no voice that speaks over the answer, but the word.
        await client.speak(pause(100) + SAID)
        listen = await client.until("listen", lambda message: message["turn"] > first)
        await client.speak(words("turn on the lamp") + pause(400))
        ended = await client.until("turn-ended", lambda message: message["turn"] > first)
    assert ended["turn"] == listen["turn"]
    assert ended["transcript"] == "turn on the lamp"


async def test_a_satellite_tells_the_wake_words_that_it_waits_for_until_it_ends() -> None:
    async with talking_hub(ears=ScriptedEars()) as hub, hub.client() as client:
        welcome = await awake(client)

        def waits_for() -> Sequence[str]:
            session = hub.house.directory.get(welcome["satellite"])
            return session.status.wake_words if session and session.status else ()

        async with asyncio.timeout(20):
            while waits_for() != (WORD,):
                await asyncio.sleep(0.01)
            await client.send("end")
            while waits_for():
                await asyncio.sleep(0.01)


async def test_a_wake_word_that_there_is_none_of_is_told_and_the_client_goes_on() -> None:
    async with talking_hub() as hub, hub.client() as client:
        await client.hello(microphone=True)
        await client.send("begin", mode="hands-free", wake=["hey_hal"])
        fault = await client.until("error")
        await client.speak(words("turn on the lamp") + pause(400))
        await client.send("text", text="turn on the lamp")
        ended = await client.until("turn-ended")
    assert fault["code"] == "unknown-wake-word"
    assert "hey_hal" in fault["text"]
    assert "speech" not in client.kinds()
    assert ended["outcome"] == "answered"


async def test_no_more_clients_are_listened_to_than_one_thread_can_serve() -> None:
    ears = WakeEars(most=1)
    first = await ears.open(["okay_nabu"])
    with pytest.raises(NotHeard) as refused:
        await ears.open(["okay_nabu"])
    assert refused.value.code == "too-many-wake-words"
    first.close()
    first.close()  # once is enough
    second = await ears.open(["okay_nabu"])
    with pytest.raises(NotHeard):
        await ears.open(["okay_nabu"])
    second.close()


async def test_a_slow_wake_word_holds_nobody_else_up() -> None:
    going_on = threading.Event()

    class Slow(Scripted):
        def process(self, pcm16: bytes) -> WakeHit | None:
            assert going_on.wait(60), "the loop stood still"
            return None

    ear = WakeEar(WakeEars(), cast("WakeWords", Slow()))
    hearing = asyncio.create_task(ear.hear(bytes(1280)))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(going_on.set)
    assert await hearing is None


class Eager:
    """Hears its word in every piece of audio."""

    names = (WORD,)

    async def hear(self, audio: bytes) -> WakeHit | None:
        return WakeHit(WORD, 1.0)

    def close(self) -> None:
        pass


def microphone() -> Microphone:
    made = Microphone(VoiceActivity(Loudness()))
    made.begin(Mode.HANDS_FREE, Eager())
    return made


async def test_where_another_one_answers_the_wake_word_is_waited_for_again() -> None:
    made = microphone()
    assert await made.hear(bytes(640)) == WakeHit(WORD, 1.0)
    assert await made.hear(bytes(640)) is False  # the hub has been asked
    made.stood_down()
    assert await made.hear(bytes(640)) == WakeHit(WORD, 1.0)


async def test_a_hub_that_does_not_listen_is_asked_again_in_the_end() -> None:
    made = microphone()
    assert await made.hear(bytes(640)) == WakeHit(WORD, 1.0)
    for _ in range(ASKED_BYTES // 640 + 1):
        assert await made.hear(bytes(640)) is False
    assert await made.hear(bytes(640)) == WakeHit(WORD, 1.0)


async def test_while_the_hub_listens_no_wake_word_takes_the_sound_away() -> None:
    made = microphone()
    await made.hear(bytes(640))
    [kept] = made.listening(7)
    heard = await made.hear(bytes(640))
    assert isinstance(kept, AudioChunk)
    assert isinstance(heard, AudioChunk)
    assert (kept.turn, heard.turn) == (7, 7)
    made.heard()  # the person has finished: from now on the word is heard again
    assert await made.hear(bytes(640)) == WakeHit(WORD, 1.0)
