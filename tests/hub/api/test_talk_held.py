"""Hold to talk: what ends it."""

from hub.engines.base import EngineError
from tests.hub.api.talking import talking_hub
from tests.virtual_house import Engines, pause, words


async def test_what_is_held_ends_with_a_turn_that_fails() -> None:
    async def broken(_: int) -> None:
        raise EngineError("broken", "it broke")

    async with talking_hub(Engines(stt_fault=broken)) as hub, hub.client() as client:
        await client.hello(microphone=True)
        await client.send("begin", mode="hold")
        await client.speak(words("turn on the lamp") + pause(500))  # and nobody lets go
        listen = await client.until("listen")
        ended = await client.until("turn-ended")
        await client.until("state", lambda state: state["state"] == "idle")
        await client.send("begin", mode="hold")  # once more
        again = await client.until("listen")
    assert (ended["turn"], ended["outcome"]) == (listen["turn"], "failed")
    assert again["turn"] > listen["turn"]


async def test_letting_go_ends_what_is_said() -> None:
    async with talking_hub() as hub, hub.client() as client:
        await client.hello(microphone=True)
        await client.send("begin", mode="hold")
        await client.speak(words("turn on the lamp"))  # and not a moment of silence after it
        await client.send("end")
        ended = await client.until("turn-ended")
    assert ended["transcript"] == "turn on the lamp"
