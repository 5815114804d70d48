"""Volume and mute outlast a restart, in a file that is written after a change only."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from satellite import events, kept
from satellite.events import Event
from satellite.kept import AGAIN_S, SETTLE_S, Keeper, Kept, read, write
from satellite.live_settings import Change
from satellite.state_folder import state_folder
from tests.virtual_time import run_virtual


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    before = Kept(0.3, muted=True, set_volume=1.0)
    write(tmp_path / "deep" / "kept.json", before)
    assert read(tmp_path / "deep" / "kept.json") == before
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["kept.json"]


def test_settings_that_were_changed_are_read_again_with_what_the_file_said(tmp_path: Path) -> None:
    changes = {"wake_words": Change(["alexa"], ["okay_nabu"]), "wake.mode": Change("voice", None)}
    write(tmp_path / "kept.json", Kept(0.3, set_volume=1.0, settings=changes))
    again = read(tmp_path / "kept.json")
    assert again.settings == changes
    assert again.changes == {"volume": Change(0.3, 1.0), **changes}


@pytest.mark.parametrize("settings", ["[]", "7", '{"a": 1}', '{"a": {"value": 1}}', '{"a": null}'])
def test_changes_that_make_no_sense_count_as_none(tmp_path: Path, settings: str) -> None:
    file = tmp_path / "kept.json"
    file.write_text(f'{{"volume": 0.5, "settings": {settings}}}')
    assert read(file) == Kept(0.5)


def test_a_setting_that_the_hub_changed_is_written(tmp_path: Path) -> None:
    async def scene(knob: Knob) -> None:
        knob.settings = {"wake.mode": Change("voice", "wake-word")}
        knob.keeper.follow(events.SettingChanged(0.0, "wake.mode", "voice"))
        await asyncio.sleep(SETTLE_S * 2)

    play(tmp_path / "kept.json", scene)
    assert read(tmp_path / "kept.json").settings == {"wake.mode": Change("voice", "wake-word")}


def test_a_volume_holds_until_the_setting_is_changed() -> None:
    turned = Kept(0.3, set_volume=0.8)
    assert turned.volume_or(0.8) == 0.3
    assert turned.volume_or(0.5) == 0.5
    assert Kept().volume_or(0.7) == 0.7


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"volume": "loud"}', b'{"volume": true}'),
        *(b'{"volume": 7}', b'{"volume": NaN}', b'{"muted": 1}', b'{"volume":' + b"9" * 9000),
    ],
)
def test_what_makes_no_sense_counts_as_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "kept.json"
    file.write_bytes(content)
    assert read(file) == Kept()
    assert read(tmp_path / "gone.json") == Kept()
    assert read(tmp_path) == Kept()


class Knob:
    def __init__(self, file: Path) -> None:
        self.volume = 1.0
        self.settings: dict[str, Change] = {}
        self.told: list[Event] = []
        clock = asyncio.get_running_loop().time
        self.keeper = Keeper(
            file,
            Kept(1.0, set_volume=1.0),
            lambda: Kept(self.volume, set_volume=1.0, settings=self.settings),
            self.told.append,
            clock,
            aside=self.write,
        )
        self.writes_s = 0.0
        """How long the disk takes."""

    async def write(self, work: Callable[[], None]) -> None:
        await asyncio.sleep(self.writes_s)
        work()

    def turn(self, volume: float) -> None:
        self.volume = volume
        self.keeper.follow(events.VolumeChanged(0.0, volume))


def play(file: Path, scene: Callable[[Knob], Awaitable[None]]) -> Knob:
    async def main() -> Knob:
        knob = Knob(file)
        running = asyncio.create_task(knob.keeper.run())
        await asyncio.sleep(0.001)
        await scene(knob)
        running.cancel()
        await asyncio.wait([running])
        return knob

    return run_virtual(main())


def test_many_turns_of_the_knob_are_written_once(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"

    async def scene(knob: Knob) -> None:
        for step in range(10):
            knob.turn(step / 10)
        await asyncio.sleep(SETTLE_S / 2)
        assert not file.exists()
        await asyncio.sleep(SETTLE_S)
        assert read(file).volume == 0.9
        file.unlink()
        knob.keeper.follow(events.FirstAudio(0.0, 1))
        knob.turn(0.9)
        await asyncio.sleep(SETTLE_S * 2)
        assert not file.exists()

    play(file, scene)


def test_what_is_changed_in_the_last_moment_is_written_at_the_end(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"

    async def scene(knob: Knob) -> None:
        knob.turn(0.2)

    play(file, scene)
    assert read(file).volume == 0.2


def test_a_disk_that_is_slow_holds_nothing_up_and_the_last_that_was_changed_holds(
    tmp_path: Path,
) -> None:
    file = tmp_path / "kept.json"

    async def scene(knob: Knob) -> None:
        knob.writes_s = 0.5
        knob.turn(0.2)
        await asyncio.sleep(SETTLE_S + 0.1)
        knob.turn(1.0)
        assert not file.exists(), "the first is still being written"

    play(file, scene)
    assert read(file).volume == 1.0


async def test_it_is_written_in_another_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    monkeypatch.setattr(kept, "write", lambda file, what: threads.append(threading.get_ident()))
    keeper = Keeper(tmp_path / "kept", Kept(), lambda: Kept(0.5), print, lambda: 0.0)
    await keeper._keep()
    assert len(threads) == 1
    assert threads != [threading.get_ident()]


def test_a_full_disk_is_told_and_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    async def scene(knob: Knob) -> None:
        knob.turn(0.2)
        await asyncio.sleep(SETTLE_S * 2)
        knob.turn(0.3)
        await asyncio.sleep(SETTLE_S * 2)

    knob = play(tmp_path / "file" / "kept.json", scene)
    assert [event.code for event in knob.told if isinstance(event, events.Failed)] == [
        "not-kept",
        "not-kept",
    ]


def test_systemd_names_the_folder_if_it_runs_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/sotto:/var/lib/other")
    assert state_folder() == Path("/var/lib/sotto")
    monkeypatch.delenv("STATE_DIRECTORY")
    monkeypatch.setenv("XDG_STATE_HOME", "/home/somebody/state")
    assert state_folder() == Path("/home/somebody/state/sotto")


def test_what_a_full_disk_did_not_take_is_written_when_there_is_room(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    file = tmp_path / "state" / "kept.json"

    async def scene(knob: Knob) -> None:
        knob.turn(0.2)
        await asyncio.sleep(SETTLE_S * 2)
        (tmp_path / "state").unlink()
        await asyncio.sleep(AGAIN_S)
        assert read(file).volume == 0.2
        file.unlink()
        await asyncio.sleep(AGAIN_S * 3)
        assert not file.exists(), "nothing is written where nothing has changed"

    knob = play(file, scene)
    assert [event.name for event in knob.told] == ["error", "kept"]
