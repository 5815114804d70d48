"""The satellite in this process, with a peer that follows Home Assistant's rules."""

import asyncio
import os
import random
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event, async_read_event
from wyoming.info import Describe
from wyoming.ping import Ping
from wyoming.satellite import RunSatellite
from wyoming.timer import TimerCancelled, TimerFinished, TimerStarted, TimerUpdated

from protocol import KeepAlive, Server, serve
from satellite.errors import SatelliteError
from satellite.settings import SatelliteSettings
from satellite.wav_files import read_speech
from satellite.wyoming import dialogue, server, stand_in
from satellite.wyoming_settings import Wyoming, parse_uri
from tests.ports import free_port
from tests.satellite.home_assistant import (
    PATIENCE_S,
    RATE,
    Answer,
    HomeAssistant,
    connect,
    tone,
)
from tests.satellite.test_app import Told, running

# Home Assistant waits half a second and no longer: the machine must keep up.
pytestmark = pytest.mark.alone


def loud_s(path: Path) -> float:
    samples = np.abs(np.frombuffer(read_speech(path), dtype="<i2"))
    # A sine is below a third of its height for a fifth of the time.
    return float(np.count_nonzero(samples > 1000)) / 16_000


def press() -> None:
    os.kill(os.getpid(), signal.SIGUSR1)


def mute() -> None:
    os.kill(os.getpid(), signal.SIGUSR2)


async def raw(
    port: int, *, limit: int = 65_536
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect as soon as the satellite listens; at most about `limit` bytes are read."""
    await (await connect(port)).disconnect()
    return await asyncio.open_connection("127.0.0.1", port, limit=limit)


@asynccontextmanager
async def served(port: int, **given: Any) -> AsyncIterator[Told]:
    fixed = {"name": "Shelf", "microphone": "none", "speaker": "none"}
    allow = given.pop("allow", ())
    wyoming = Wyoming(uri=f"tcp://127.0.0.1:{port}", discoverable=False, allow=allow)
    settings = SatelliteSettings(**{**fixed, **given}, wyoming=wyoming)
    async with running(settings, realtime=True) as (told, _):
        yield told


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def heard(tmp_path: Path) -> Path:
    return tmp_path / "heard.wav"


async def test_a_button_is_answered(port: int, heard: Path) -> None:
    home = HomeAssistant(port, answers=[Answer("Yes.", tone(0.5), listen_s=0.2)])
    async with served(port, speaker=f"wav:{heard}") as told, home.connected():
        await told.until("connected", hub="Home Assistant")
        press()
        await home.until(lambda: home.count("played") == 1)
        await told.until("state", state="idle", before="speaking")
    assert home.count("detection") == 0
    assert loud_s(heard) == pytest.approx(0.5, rel=0.15)


async def test_an_answer_sent_at_once_waits_at_the_socket_and_is_played_to_its_end(
    port: int, heard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand_in, "AHEAD_MS", 300.0)
    home = HomeAssistant(port)
    async with served(port, speaker=f"wav:{heard}"), home.connected():
        await home.until(lambda: home.count("pong") == 1)
        began = time.monotonic()
        await home.announce(tone(7.0))
        took_s = time.monotonic() - began
        # Its own pings come all the while, though it does not read ours.
        assert home.count("ping") >= 2
    assert took_s > 6.9
    assert loud_s(heard) == pytest.approx(7.0, rel=0.1)


@pytest.mark.parametrize(
    ("rate", "width", "channels"), [(8_000, 1, 1), (16_000, 2, 1), (44_100, 2, 2), (48_000, 4, 2)]
)
async def test_audio_of_any_format_is_played(
    port: int, heard: Path, rate: int, width: int, channels: int
) -> None:
    wide = np.frombuffer(tone(0.5, rate=rate), dtype="<i2").astype(np.int64) << (8 * width - 16)
    if width == 1:
        wide = np.frombuffer(tone(0.5, rate=rate), dtype="<i2").astype(np.int64) >> 8
    kind = {1: "i1", 2: "<i2", 4: "<i4"}[width]
    audio = np.repeat(wide.astype(kind), channels).tobytes()
    home = HomeAssistant(port)
    async with served(port, speaker=f"wav:{heard}"), home.connected():
        # All in one chunk.
        await home.write(
            AudioStart(rate, width, channels), AudioChunk(rate, width, channels, audio)
        )
        await home.write(AudioStop())
        await home.until(lambda: home.count("played") == 1)
    assert loud_s(heard) == pytest.approx(0.5, rel=0.2)


async def test_a_stop_followed_at_once_by_a_start_drops_what_was_not_heard(
    port: int, heard: Path
) -> None:
    home = HomeAssistant(port)
    async with served(port, speaker=f"wav:{heard}") as told, home.connected():
        await home.write(AudioStart(RATE, 2, 1))
        await home.stream(tone(5.0))
        await told.until("first-audio")
        await home.write(AudioStop())
        await home.announce(tone(0.5))
        await told.until("state", state="idle", before="speaking")
        assert home.count("played") == 1
    assert loud_s(heard) < 2.0


async def test_describe_is_answered_on_other_connections_while_one_is_active(
    port: int, heard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand_in, "AHEAD_MS", 300.0)
    home = HomeAssistant(port)
    async with served(port, speaker=f"wav:{heard}", area="Hall") as told, home.connected():
        speaking = asyncio.create_task(home.announce(tone(3.0)))
        await told.until("first-audio")
        for _ in range(3):
            info = await home.describe()
            assert info.satellite is not None
            assert info.satellite.area == "Hall"
            assert info.satellite.active_wake_words == []
            assert not info.satellite.supports_trigger
        await speaking


async def test_a_restarted_home_assistant_finds_the_satellite_idle(port: int, heard: Path) -> None:
    first, second = HomeAssistant(port), HomeAssistant(port)
    async with served(port, speaker=f"wav:{heard}") as told:
        async with first.connected():
            await first.speak(tone(8.0))
            await told.until("first-audio")
        await told.until("disconnected", code="link-closed")
        await told.until("playback-finished")
        async with second.connected():
            await told.until("connected", 2)
            press()
            await second.until(lambda: second.count("played") == 1)
        assert second.count("run-pipeline") == 1


async def test_links_that_are_cut_at_any_moment_leave_it_as_it_was(port: int, heard: Path) -> None:
    chance = random.Random(1)
    async with served(port, speaker=f"wav:{heard}") as told:
        for number in range(1, 101):
            home = HomeAssistant(port, answers=[Answer(audio=tone(0.3), listen_s=0.05)])
            async with home.connected():
                await told.until("connected", number)
                press()
                seen = chance.randrange(1, 7)
                await home.until(lambda: len(home.seen) >= seen)  # noqa: B023
            await told.until("disconnected", number)
        last = HomeAssistant(port, answers=[Answer(audio=tone(0.3), listen_s=0.05)])
        async with last.connected():
            await told.until("connected", 101)
            press()
            await last.until(lambda: last.count("played") == 1)
            await told.until("state", state="idle", before="speaking")


async def test_the_newest_to_run_the_satellite_has_it_and_one_before_gets_it_back(
    port: int,
) -> None:
    first, second = HomeAssistant(port), HomeAssistant(port)
    answers = [Answer(listen_s=0.1)]
    async with served(port) as told, first.connected():
        await told.until("connected")
        async with second.connected():
            await told.until("disconnected", code="taken-over")
            await told.until("connected", 2)
            second.answers = list(answers)
            press()
            await second.until(lambda: bool(second.runs))
            assert not first.runs
        await told.until("connected", 3)
        press()
        await first.until(lambda: bool(first.runs))


async def test_a_paused_satellite_is_not_woken_until_it_is_run_again(port: int) -> None:
    home = HomeAssistant(port)
    async with served(port) as told, home.connected():
        await told.until("connected")
        await home.pause()
        await told.until("disconnected", code="paused")
        press()
        await told.until("error", code="no-hub")
        assert not home.runs
        await home.write(RunSatellite())
        await told.until("connected", 2)
        press()
        await home.until(lambda: bool(home.runs))


@pytest.mark.parametrize("end", ["pause", "run", "error"])
async def test_the_microphone_closes_when_home_assistant_says_so(port: int, end: str) -> None:
    home = HomeAssistant(port, answers=[Answer(silent=True)])
    async with served(port) as told, home.connected():
        await told.until("connected")
        press()
        await home.until(lambda: bool(home.runs) and len(home.runs[0].audio) > 16_000)
        if end == "pause":
            await home.pause()
        elif end == "run":
            await home.write(RunSatellite())
        else:
            await home.write(Error("it failed", "stt-stream-failed"))
        await told.until("state", before="listening")
        # What was on its way is there before the answer to this.
        await home.write(Ping(text="now"))
        await home.until(lambda: any(pong.data.get("text") == "now" for pong in home.of("pong")))
        heard_bytes, pings = len(home.runs[0].audio), home.pings
        await home.until(lambda: home.pings > pings)
        assert len(home.runs[0].audio) - heard_bytes < 8_000
        await home.describe()


async def test_nobody_is_listened_to_for_ever(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "LISTEN_MS", 500)
    monkeypatch.setattr("satellite.hearing.LISTENING_GRACE_S", 0.1)
    home = HomeAssistant(port, answers=[Answer(silent=True)])
    async with served(port) as told, home.connected():
        await told.until("connected")
        press()
        await told.until("error", code="listening-timeout")
        await told.until("state", state="idle", before="listening")
        await home.until(lambda: home.count("audio-stop") == 1)
        assert len(home.runs[0].audio) < 10 * 32_000


async def test_another_satellite_that_woke_first_leaves_this_one_silent(port: int) -> None:
    home = HomeAssistant(port, answers=[Answer(error="duplicate_wake_up_detected")])
    async with served(port) as told, home.connected():
        await told.until("connected")
        press()
        await told.until("stood-down")
        await told.until("state", state="idle", before="waking")
    assert not told.of("listening")
    assert not told.of("error")


async def test_muting_ends_a_command_and_its_answer_is_not_spoken(port: int, heard: Path) -> None:
    home = HomeAssistant(port, answers=[Answer(listen_s=60.0, audio=tone(0.5))])
    async with served(port, speaker=f"wav:{heard}") as told, home.connected():
        await told.until("connected")
        press()
        await told.until("microphone")
        mute()
        await told.until("state", state="idle", before="listening")
        await home.until(lambda: "Done." in home.sent_at)
        await home.announce(tone(0.5, 880.0))
        assert home.count("played") == 1
    assert loud_s(heard) == pytest.approx(0.5, rel=0.15)


async def test_timers_are_told_and_user_events_are_ignored(port: int) -> None:
    home = HomeAssistant(port)
    async with served(port) as told, home.connected():
        await told.until("connected")
        await home.write(
            TimerStarted(id="a", total_seconds=60, name="pizza"),
            TimerUpdated(id="a", is_active=False, total_seconds=40),
            TimerFinished(id="a"),
            TimerCancelled(id="a"),
        )
        await told.until("timer", 4)
        assert home._client is not None
        await home._client.write_event(Event("user-event", {"name": "x", "data": {"y": 1}}))
        await home._client.write_event(Event("something-new", {"name": "x"}))
        await home.describe()
    assert [
        {key: line[key] for key in line.keys() - {"event", "at"}} for line in told.of("timer")
    ] == [
        {"timer": "a", "change": "started", "label": "pizza", "seconds": 60},
        {"timer": "a", "change": "updated", "seconds": 40, "active": False},
        {"timer": "a", "change": "finished"},
        {"timer": "a", "change": "cancelled"},
    ]


async def test_a_timer_rings_at_the_satellite_until_somebody_stops_it(port: int) -> None:
    home = HomeAssistant(port)
    async with served(port) as told, home.connected():
        await told.until("connected")
        await home.write(TimerStarted(id="a", total_seconds=0, name="pizza"))
        await home.write(TimerFinished(id="a"))
        await told.until("ringing", ringing=True, timer="pizza")
        press()
        await told.until("ringing", ringing=False)
        await home.describe()
        assert not home.runs


async def test_a_peer_that_falls_silent_after_it_has_pinged_is_dropped(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = KeepAlive(ping_after_s=0.5, dead_after_s=3.0, in_return=True)
    monkeypatch.setattr(server, "KEEP_ALIVE", quick)
    async with served(port) as told:
        client = await connect(port)
        await client.write_event(RunSatellite().event())
        await told.until("connected")
        await client.write_event(Ping(text="a").event())
        kinds = []
        while (event := await client.read_event()) is not None:
            kinds.append(event.type)
        await told.until("disconnected", code="peer-silent")
        await client.disconnect()
    assert kinds[0] == "pong"
    assert 2 <= kinds.count("ping") <= 6
    assert kinds[-1] == "error"


async def test_a_peer_that_never_pings_is_not_pinged(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = KeepAlive(ping_after_s=0.02, dead_after_s=0.05, in_return=True)
    monkeypatch.setattr(server, "KEEP_ALIVE", quick)
    async with served(port) as told:
        client = await connect(port)
        await client.write_event(RunSatellite().event())
        await told.until("connected")
        press()
        kinds = set()
        for _ in range(20):
            event = await client.read_event()
            assert event is not None
            kinds.add(event.type)
        await client.disconnect()
    assert kinds == {"run-pipeline", "audio-chunk"}


@pytest.mark.parametrize(
    ("garbage", "code"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "bad-json"),
        (b"x" * 20_000, "header-too-large"),
        (b'{"type": "info", "data_length": 999999999}\n', "data-too-large"),
        (b'{"type": "audio-chunk", "payload_length": 99999999}\n', "payload-too-large"),
        (b'{"type": "audio-start", "data": {"rate": "fast"}}\n', "bad-field"),
    ],
)
async def test_garbage_costs_its_own_connection_and_is_told_why(
    port: int, garbage: bytes, code: str
) -> None:
    home = HomeAssistant(port)
    async with served(port) as told, home.connected():
        await told.until("connected")
        reader, writer = await raw(port)
        writer.write(garbage)
        async with asyncio.timeout(PATIENCE_S):
            event = await async_read_event(reader)
            assert event is not None
            assert event.type == "error"
            assert event.data["code"] == code
            await reader.read()
        writer.close()
        press()
        await home.until(lambda: bool(home.runs))
        assert not told.of("disconnected")


async def test_a_peer_that_breaks_off_in_mid_event_is_over(port: int) -> None:
    async with served(port) as told:
        _, writer = await raw(port)
        writer.write(
            b'{"type": "run-satellite"}\n{"type": "audio-chunk", "payload_length": 500}\nab'
        )
        await told.until("connected")
        writer.close()
        await told.until("disconnected", code="truncated")


async def test_twenty_connections_do_not_lock_home_assistant_out(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "IDLE_S", 0.3)
    listening: list[Server] = []

    async def listen(*given: Any, **more: Any) -> Server:
        listening.append(await serve(*given, **more))
        return listening[-1]

    monkeypatch.setattr(server, "serve", listen)
    home = HomeAssistant(port)
    async with served(port) as told, home.connected():
        await told.until("connected")
        # All before the first of them has had its time.
        calls = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        crowd = [await asyncio.open_connection(sock=call) for call in calls]
        codes = []
        for reader, writer in crowd:
            async with asyncio.timeout(PATIENCE_S):
                event = await async_read_event(reader)
            assert event is not None
            codes.append(event.data["code"])
            writer.close()
        assert codes.count("idle") == server.MAX_LINKS_PER_HOST - 1
        assert codes.count("too-many-links") == 21 - server.MAX_LINKS_PER_HOST
        monkeypatch.setattr(server, "IDLE_S", PATIENCE_S)
        async with asyncio.timeout(PATIENCE_S):
            while len(listening[0].links) > 1:  # the others are still on their way out
                await asyncio.sleep(0)
        await home.describe()
        press()
        await home.until(lambda: bool(home.runs))


async def test_a_peer_that_does_not_read_is_let_go_and_another_is_served(port: int) -> None:
    home = HomeAssistant(port)
    async with served(port) as told:
        reader, writer = await raw(port, limit=1)
        writer.write(b'{"type": "run-satellite"}\n')
        await told.until("connected")
        writer.write(b'{"type": "describe"}\n' * 20_000)
        await told.until("disconnected")
        async with home.connected():
            await told.until("connected", 2)
            press()
            await home.until(lambda: bool(home.runs))
        writer.close()
        del reader


async def test_who_is_not_allowed_is_told_and_kept_out(port: int) -> None:
    async with served(port, allow=("192.0.2.0/24",)) as told:
        for _ in range(2):
            client = await connect(port)
            await client.write_event(Describe().event())
            event = await client.read_event()
            assert event is not None
            assert event.data["code"] == "not-allowed"
            await client.disconnect()
    assert len([line for line in told.of("error") if line["code"] == "not-allowed"]) == 1


async def test_who_is_allowed_is_served(port: int) -> None:
    async with served(port, allow=("127.0.0.0/8",)):
        assert (await HomeAssistant(port).describe_soon()).satellite is not None


async def test_a_name_can_be_listened_on_and_is_announced(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[tuple[str, int]] = []

    async def announce(label: str, host: str, port: int, complain: object) -> None:
        assert label
        announced.append((host, port))

    monkeypatch.setattr(server, "announce", announce)
    wyoming = Wyoming(uri=f"tcp://localhost:{port}")
    settings = SatelliteSettings(name="x", microphone="none", speaker="none", wyoming=wyoming)
    async with running(settings):
        assert (await HomeAssistant(port).describe_soon()).satellite is not None
    assert announced[0][1] == port
    assert announced[0][0] in {"127.0.0.1", "::1"}


async def test_an_address_that_is_taken_is_one_clear_line(port: int) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", port))
        sock.listen()
        settings = SatelliteSettings(
            name="Shelf",
            microphone="none",
            speaker="none",
            wyoming=Wyoming(uri=f"tcp://127.0.0.1:{port}", discoverable=False),
        )
        async with running(settings) as (_, task):
            await asyncio.wait([task], timeout=PATIENCE_S)
            error = task.exception()
    assert isinstance(error, SatelliteError)
    assert error.code == "wyoming-address"
    assert f"tcp://127.0.0.1:{port} can not be listened on" in error.text


@pytest.mark.parametrize(
    ("uri", "allow", "said"),
    [
        ("tcp://0.0.0.0:0", (), True),
        ("tcp://0.0.0.0:0", ("127.0.0.1",), False),
        ("tcp://127.0.0.1:0", (), False),
    ],
)
async def test_what_it_means_to_listen_to_everybody_is_said_once(
    uri: str, allow: tuple[str, ...], said: bool, caplog: pytest.LogCaptureFixture
) -> None:
    server._say_who_may_come(Wyoming(uri=uri, allow=allow), parse_uri(uri)[0])
    assert [record.levelname for record in caplog.records] == ["WARNING"] * said
    assert all("no authentication" in record.getMessage() for record in caplog.records)
