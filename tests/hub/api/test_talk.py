import asyncio

import orjson
import pytest
from websockets.exceptions import ConnectionClosed

from hub.api.access import Role
from tests.hub.api.talking import talking_hub
from tests.virtual_house import VOICE_RATE_HZ, VOICE_WORD_MS, Engines, pause, words


async def test_a_spoken_command_is_done_and_the_answer_is_heard() -> None:
    async with talking_hub() as hub, hub.client() as client:
        welcome = await client.hello(microphone=True, echo_cancelled=True)
        await client.send("begin", mode="hold")
        await client.speak(pause(100) + words("turn on the lamp") + pause(400))
        ended = await client.until("turn-ended")
    assert (welcome["hub"], welcome["person"]) == ("Test hub", "Ada")
    assert (ended["transcript"], ended["answer"]) == ("turn on the lamp", "Done.")
    assert (ended["outcome"], ended["heard"], ended["intent"]) == ("answered", "Done.", "Command")
    turn = ended["turn"]
    assert client.answer(turn) == "Done."
    assert client.all("words")[0]["words"] == [{"text": "Done.", "at_ms": 0.0}]
    assert len(client.audio[turn]) == VOICE_WORD_MS * VOICE_RATE_HZ // 1000 * 2
    states = [message["state"] for message in client.all("state")]
    assert states[:3] == ["listening", "thinking", "speaking"]
    final = [message["text"] for message in client.all("transcript") if message["final"]]
    assert final == ["turn on the lamp"]


async def test_each_frame_of_an_answer_tells_its_turn_and_where_it_belongs() -> None:
    async with talking_hub() as hub, hub.client() as client:
        await client.hello()
        await client.send("text", text="turn on the lamp", speak=True)
        turn = (await client.until("turn-ended"))["turn"]
    samples = 0
    for of, before in client.positions:
        assert (of, before) == (turn, samples)
        samples += VOICE_RATE_HZ * 32 // 1000


async def test_hands_free_a_turn_begins_when_somebody_speaks_and_not_before() -> None:
    async with talking_hub() as hub, hub.client() as client:
        await client.hello(microphone=True, echo_cancelled=True)
        await client.send("begin", mode="hands-free")
        await client.speak(pause(2000))
        await client.send("ping", n=7)
        await client.until("pong")
        assert "turn-started" not in client.kinds()
        for _ in range(2):
            await client.speak(words("turn on the lamp") + pause(400))
            ended = await client.until("turn-ended")
            assert ended["transcript"] == "turn on the lamp"
            await client.until("state", lambda state: state["state"] == "idle")


async def test_something_typed_is_answered_in_writing() -> None:
    async with talking_hub() as hub, hub.client() as client:
        await client.hello()
        await client.send("text", text="turn on the lamp", ref="m1")
        started = await client.until("turn-started")
        ended = await client.until("turn-ended")
    assert (started["ref"], ended["turn"]) == ("m1", started["turn"])
    assert (ended["transcript"], client.answer(ended["turn"])) == ("turn on the lamp", "Done.")
    assert not client.audio


async def test_what_was_sent_again_is_done_once() -> None:
    async with talking_hub() as hub:
        async with hub.client() as client:
            await client.hello()
            await client.send("text", text="turn on the lamp", ref="m1")
            await client.until("turn-ended")
        async with hub.client() as client:
            await client.hello()
            await client.send("text", text="turn on the lamp", ref="m1", again=True)
            assert (await client.until("error"))["code"] == "taken-before"
            assert client.all("error")[0]["ref"] == "m1"
            assert "turn-started" not in client.kinds()
            for ref, again in (("m2", True), ("m1", False)):  # it never came, and it is another
                await client.send("text", text="turn on the lamp", ref=ref, again=again)
                assert (await client.until("turn-started"))["ref"] == ref
                await client.until("turn-ended")


@pytest.mark.parametrize("speak", [False, True])
async def test_what_was_cut_off_before_anything_was_done_is_done_when_it_is_sent_again(
    speak: bool,
) -> None:
    waits = iter((60.0, 0.0))  # the first time it is still thought of when its client goes
    engines = Engines(thoughts=lambda _: [(next(waits), "One "), (0.1, "two.")])
    async with talking_hub(engines) as hub:
        async with hub.client() as client:
            await client.hello()
            await client.send("text", text="count", ref="m1", speak=speak)
            await client.until("turn-started")
        async with hub.client() as client:
            await client.hello()
            await client.send("text", text="count", ref="m1", again=True, speak=speak)
            assert (await client.until("turn-started"))["ref"] == "m1"
            assert (await client.until("turn-ended"))["answer"] == "One two."


async def test_something_typed_is_answered_by_voice_where_that_is_wanted() -> None:
    engines = Engines(thoughts=lambda _: [(0.01, word) for word in ("It is ", "five ", "now.")])
    async with talking_hub(engines) as hub, hub.client() as client:
        await client.hello()
        await client.send("text", text="what time is it", ref="m1", speak=True)
        started = await client.until("turn-started")
        ended = await client.until("turn-ended")
    assert started["ref"] == "m1"
    assert (ended["outcome"], ended["heard"]) == ("answered", "It is five now.")
    assert client.answer(ended["turn"]) == "It is five now."
    assert client.audio[ended["turn"]]
    assert [m["text"] for m in client.all("transcript")] == ["what time is it"]


async def test_an_answer_in_writing_comes_as_it_is_written() -> None:
    engines = Engines(thoughts=lambda _: [(0.12, word) for word in ("One ", "two ", "three.")])
    async with talking_hub(engines) as hub, hub.client() as client:
        await client.hello()
        await client.send("text", text="count")
        await client.until("turn-ended")
    assert [m["text"] for m in client.all("answer")] == ["One ", "two ", "three."]


async def test_stop_ends_an_answer_in_writing() -> None:
    engines = Engines(thoughts=lambda _: [(0.02, "One "), (60.0, "two ")])
    async with talking_hub(engines) as hub, hub.client() as client:
        await client.hello()
        await client.send("text", text="count")
        await client.until("answer")
        await client.send("cancel")
        ended = await client.until("turn-ended")
    assert (ended["outcome"], ended["answer"]) == ("cancelled", "One ")


async def test_stop_ends_a_spoken_answer_where_it_was_heard() -> None:
    engines = Engines(thoughts=lambda _: [(0.01, "One two three four five six seven eight.")])
    async with talking_hub(engines) as hub, hub.client() as client:
        client.plays = False
        await client.hello()
        await client.send("text", text="count", speak=True)
        turn = (await client.until("audio-start"))["turn"]
        await client.send("playback", turn=turn, position_ms=VOICE_WORD_MS, buffered_ms=200)
        await client.send("cancel")
        await client.until("flush")
        await client.send("playback", turn=turn, position_ms=VOICE_WORD_MS + 10, finished=True)
        ended = await client.until("turn-ended")
    assert ended["outcome"] == "cancelled"
    assert ended["heard"] == "One"


async def test_whoever_speaks_over_an_answer_is_heard() -> None:
    engines = Engines(thoughts=lambda _: [(0.01, "One two three four five six seven eight.")])
    async with talking_hub(engines) as hub, hub.client() as client:
        client.plays = False
        await client.hello(microphone=True, echo_cancelled=True)
        await client.send("begin", mode="hands-free")
        await client.speak(words("please count") + pause(1500))
        turn = (await client.until("audio-start"))["turn"]
        await client.send("playback", turn=turn, position_ms=100, buffered_ms=200)
        await client.speak(words("turn on the lamp"))
        await client.until("flush")
        await client.send("playback", turn=turn, position_ms=400, finished=True)
        client.plays = True
        await client.speak(pause(600))
        first = await client.until("turn-ended")
        second = await client.until("turn-ended")
    assert first["outcome"] == "interrupted"
    assert (second["transcript"], second["outcome"]) == ("turn on the lamp", "answered")


async def test_two_windows_are_two_satellites() -> None:
    async with talking_hub() as hub, hub.client() as one, hub.client() as other:
        first = await one.hello("tab-1", area="Kitchen")
        second = await other.hello("tab-2", area="Study")
        await one.send("text", text="turn on the lamp")
        await one.until("turn-ended")
        await other.send("ping", n=1)
        await other.until("pong")
        areas = {session.satellite: session.area for session in hub.house.directory}
    assert areas == {first["satellite"]: "Kitchen", second["satellite"]: "Study"}
    assert "turn-ended" not in other.kinds()


async def test_a_client_that_comes_back_goes_on_with_its_conversation() -> None:
    engines = Engines(thoughts=lambda thought: [(0.0, f"{len(thought.messages)}.")])
    async with talking_hub(engines) as hub:
        async with hub.client() as client:
            await client.hello()
            await client.send("text", text="hello there")
            await client.until("turn-ended")
        async with hub.client() as client:
            await client.hello()
            await client.send("text", text="and again")
            ended = await client.until("turn-ended")
    assert ended["answer"] == "3."


async def test_a_client_that_comes_twice_ends_its_older_self() -> None:
    async with talking_hub() as hub, hub.client() as older, hub.client() as newer:
        await older.hello()
        await newer.hello()
        fault = await older.until("error")
        with pytest.raises(ConnectionClosed):
            await older.until("pong")
        await newer.send("ping", n=3)
        assert (await newer.until("pong"))["n"] == 3
    assert fault["code"] == "replaced"


async def test_an_answer_can_be_said_once_more() -> None:
    async with talking_hub() as hub, hub.client() as client:
        await client.hello()
        await client.send("replay", text="It is five.", ref="r1")
        started = await client.until("turn-started")
        ended = await client.until("turn-ended")
    assert started["ref"] == "r1"
    assert (ended["heard"], ended["transcript"]) == ("It is five.", None)


async def test_what_is_chosen_anew_counts_at_once() -> None:
    async with talking_hub() as hub, hub.client() as client:
        await client.hello(area="Kitchen", microphone=True, volume=0.5)
        await client.send("set", area="Study", microphone=False, volume=0.7)
        await client.send("text", text="turn on the lamp")
        await client.until("turn-ended")
        (session,) = hub.house.directory
        status = session.status
    assert session.area == "Study"
    assert status is not None
    assert (status.muted, status.volume) == (True, 0.7)


async def test_others_can_set_its_volume_and_have_it_show_itself() -> None:
    async with talking_hub() as hub, hub.client() as client:
        await client.hello()
        (session,) = hub.house.directory
        await session.set({"volume": 0.25})
        assert await session.identify(3)
        settings = await client.until("settings")
        identify = await client.until("identify")
    assert settings["values"] == {"volume": 0.25}
    assert identify["seconds"] == 3


async def test_a_new_text_ends_the_answer_before_it() -> None:
    engines = Engines(thoughts=lambda _: [(0.02, "One "), (60.0, "two ")])
    async with talking_hub(engines) as hub, hub.client() as client:
        await client.hello()
        await client.send("text", text="count", ref="m1")
        await client.until("answer")
        await client.send("text", text="turn on the lamp", ref="m2")
        outcomes = [(await client.until("turn-ended"))["outcome"] for _ in range(2)]
    assert outcomes == ["cancelled", "answered"]


async def test_whoever_may_not_talk_is_told_so() -> None:
    async with talking_hub(role=Role.PANEL) as hub, hub.client() as client:
        fault = await client.until("error")
        with pytest.raises(ConnectionClosed) as closed:
            await client.until("welcome")
    assert fault["code"] == "not-allowed"
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("no json", "bad-json"),
        ("[1]", "bad-json"),
        ('{"type":"nothing"}', "unknown-type"),
        ('{"type":"text"}', "bad-message"),
        ('{"type":"text","text":"  ","ref":"m7"}', "bad-text"),
        ('{"type":"playback","turn":-1,"position_ms":0}', "bad-message"),
        (orjson.dumps({"type": "text", "text": "a" * 2001}).decode(), "text-too-long"),
        (b"\x00" * 3, "odd-frame"),
        (b"", "empty-frame"),
        (bytes(20_000), "frame-too-large"),
    ],
)
async def test_what_makes_no_sense_is_told_and_the_talk_goes_on(
    sent: str | bytes, code: str
) -> None:
    async with talking_hub() as hub, hub.client() as client:
        await client.hello()
        await client.socket.send(sent)
        fault = await client.until("error")
        await client.send("text", text="turn on the lamp")
        ended = await client.until("turn-ended")
    assert fault["code"] == code
    assert ended["outcome"] == "answered"


@pytest.mark.parametrize(
    ("sent", "code", "close"),
    [
        ([b"\x00\x00"], "no-hello", 4400),
        (['{"type":"ping"}'], "no-hello", 4400),
        ([" " * 17_000], "message-too-large", 1009),
    ],
)
async def test_a_client_that_does_not_know_the_words_is_sent_away(
    sent: list[str | bytes], code: str, close: int
) -> None:
    async with talking_hub() as hub, hub.client() as client:
        for one in sent:
            await client.socket.send(one)
        fault = await client.until("error")
        with pytest.raises(ConnectionClosed) as closed:
            await client.until("welcome")
    assert fault["code"] == code
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == close


async def test_a_client_that_makes_no_sense_again_and_again_is_sent_away() -> None:
    async with talking_hub() as hub, hub.client() as client:
        await client.hello()
        with pytest.raises(ConnectionClosed) as closed:
            await client.send_all("no json" for _ in range(40))
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400


async def test_a_flood_of_messages_ends_the_socket() -> None:
    async with talking_hub() as hub, hub.client() as client:
        await client.hello()
        with pytest.raises(ConnectionClosed) as closed:
            await client.send_all('{"type":"ping"}' for _ in range(400))
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4429


async def test_a_client_that_goes_in_the_middle_of_an_answer_leaves_nothing_behind() -> None:
    engines = Engines(thoughts=lambda _: [(0.01, "One two three four five six seven eight.")])
    async with talking_hub(engines) as hub:
        async with hub.client() as client:
            await client.hello()
            await client.send("text", text="count", speak=True)
            await client.until("audio-start")
        async with asyncio.timeout(20):
            while len(hub.house.directory):
                await asyncio.sleep(0.01)


async def test_a_client_of_the_predecessor_finds_its_words() -> None:
    async with talking_hub() as hub, hub.client("/v1/ws/audio?token=secret") as client:
        kinds, audio = [], 0
        await client.socket.send(orjson.dumps({"type": "client_capabilities"}).decode())
        await client.speak(pause(300) + words("turn on the lamp") + pause(500))
        async with asyncio.timeout(40):
            while "audio_stream_end" not in kinds:
                received = await client.socket.recv()
                if isinstance(received, bytes):
                    audio += len(received)
                    continue
                message = orjson.loads(received)
                kinds.append(message["type"])
                if message["type"] == "final_transcript":
                    assert message["transcript"] == "turn on the lamp"
                if message["type"] == "audio_stream_start":
                    assert message["sample_rate"] == 24_000
    assert hub.gate.tokens == ["Bearer secret"]
    assert [kind for kind in kinds if kind != "partial_transcript"] == [
        "system_event", "final_transcript", "token", "audio_stream_start", "audio_stream_end",
    ]  # fmt: skip
    assert audio > VOICE_WORD_MS * 24_000 // 1000 * 2 * 0.8
