"""A hub that sends what nobody can use: the whole satellite says so, and goes on by itself."""

import asyncio
import socket
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from protocol import AudioChunk, AudioStart, AudioStop, Cancel, Listen, Playback, Status, TurnEnded
from satellite.pairing import Pairing
from tests.satellite.scripted_hub import HUB_ID, RATE, ScriptedHub, Session
from tests.satellite.test_app import Told, make_settings, running

TEN_MINUTES_S = 600


async def begin(session: Session, turn: int = 1, rate_hz: int = RATE) -> None:
    await session.expect(Status)
    await session.send(Listen(turn, None, 8000), AudioStart(rate_hz, 2, 1, turn=turn))


async def answers_again(session: Session, told: Told, turn: int) -> None:
    """The next turn goes as it should."""
    await session.send(Listen(turn, None, 8000))
    await told.until("listening", turn=turn)
    await session.answer(turn)
    await told.until("turn-ended", turn=turn, outcome="answered")


async def test_ten_minutes_of_audio_at_once_are_held_off_and_the_next_turn_is_good() -> None:
    async with ScriptedHub() as hub, running(make_settings(hub), realtime=True) as (told, task):
        session = await hub.session()
        await begin(session)
        second = bytes(2 * RATE)
        began = time.monotonic()
        for _ in range(TEN_MINUTES_S):
            await session.send(AudioChunk(RATE, 2, 1, second, turn=1))
        await session.send(AudioStop(turn=1))
        full = await told.until("error", code="playback-full")
        assert "further ahead than the speaker can hold" in full["text"]
        assert time.monotonic() - began < TEN_MINUTES_S / 10
        assert len(told.of("error")) == 1
        await session.send(Cancel(1, "enough"))
        await answers_again(session, told, 2)
        assert not task.done()


async def test_a_format_that_changes_in_mid_answer_is_played_on() -> None:
    async with ScriptedHub() as hub, running(make_settings(hub), realtime=True) as (told, _):
        session = await hub.session()
        await begin(session)
        for rate_hz, width, channels in ((RATE, 2, 1), (48_000, 4, 2), (8_000, 2, 1), (RATE, 1, 1)):
            audio = bytes(rate_hz * width * channels // 5)
            await session.send(AudioChunk(rate_hz, width, channels, audio, turn=1))
        await session.send(AudioStop(turn=1))
        end = await session.expect(Playback, lambda playback: playback.finished)
        assert end.position_ms == pytest.approx(800, abs=2)
        await session.send(TurnEnded(1, "answered", None, {}))
        await told.until("turn-ended", turn=1)
        assert told.of("error") == []
        await answers_again(session, told, 2)


async def test_a_hub_that_sends_garbage_in_mid_answer_costs_the_turn_and_is_found_again() -> None:
    async with ScriptedHub() as hub, running(make_settings(hub), realtime=True) as (told, task):
        session = await hub.session()
        await begin(session)
        await session.send(AudioChunk(RATE, 2, 1, bytes(RATE), turn=1))
        await told.until("first-audio")
        assert session.link._transport is not None
        session.link._transport.write(np.random.default_rng(6).bytes(2000) + b"\n")
        lost = await told.until("error", code="hub-lost")
        assert "while speaking" in lost["text"]
        over = await told.until("turn-ended")
        assert over["outcome"] == "failed"
        session = await hub.session()
        await session.expect(Status, lambda status: status.state == "idle")
        await answers_again(session, told, 1)
        assert not task.done()


@pytest.mark.parametrize("now", [0.0, 4e9])
async def test_a_wrong_clock_is_of_no_account(now: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: now)
    token = "a-token-that-is-long-enough"
    async with ScriptedHub(token=token) as hub:
        settings = make_settings(hub, token=token)
        async with running(settings, realtime=True) as (told, _):
            session = await hub.session()
            await session.expect(Status)
            await answers_again(session, told, 1)


async def test_a_name_that_can_not_be_resolved_is_told_and_found_when_it_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = False
    loop = asyncio.get_running_loop()
    real = loop.getaddrinfo

    async def look_up(host: str, port: int, **more: Any) -> Any:
        if host != "hub.home":
            return await real(host, port, **more)
        if not known:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return await real("127.0.0.1", port, **more)

    monkeypatch.setattr(loop, "getaddrinfo", look_up)
    async with ScriptedHub() as hub:
        settings = make_settings(f"hub.home:{hub.port}")
        async with running(settings, realtime=True) as (told, _):
            gone = await told.until("disconnected")
            assert gone["reason"].startswith("the name 'hub.home' can not be resolved: ")
            known = True
            session = await hub.session()
            await session.expect(Status)
            known = False
            await session.link.close()
            session = await hub.session()  # by the address that it had
            await session.expect(Status)


async def test_a_hub_that_can_not_be_remembered_is_told_once_and_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "file"))
    token = "a-token-that-is-long-enough"
    async with ScriptedHub(token=token) as hub:
        settings = make_settings(hub, token=token)
        async with running(settings, realtime=True) as (told, _):
            await answers_again(await hub.session(), told, 1)
            (failed,) = told.of("error")
            assert failed["code"] == "not-kept"
            assert "remembered" in failed["text"]


async def test_the_hub_that_proved_itself_is_remembered_in_the_state_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    token = "a-token-that-is-long-enough"
    async with ScriptedHub(token=token) as hub:
        settings = make_settings(hub, token=token)
        async with running(settings, realtime=True) as (told, _):
            await told.until("connected")
    assert Pairing(tmp_path / "hub.json", token).hub == HUB_ID
