"""What the outside can have the hub do, on a house of virtual satellites."""

import asyncio
from typing import Any

import pytest

from hub.announcing import Announcement, Fate
from hub.control import MAX_TEXT_CHARS, Control
from hub.controlling import ControlError
from hub.events import SatelliteChanged, TurnEnded, TurnStarted
from hub.rooms.announcements import Announcements
from protocol import Listen
from satellite.identifying import Identifying
from satellite.state import State
from tests.conversations.heard import Voice, answers, virtual
from tests.virtual_house import VirtualHouse, house, pause, words


def control(h: VirtualHouse) -> Control:
    return Control(h.house, Announcements(h.house.directory, h.house.clock))


def _told(h: VirtualHouse, kind: type[Any]) -> list[Any]:
    return [fact for fact in h.facts if isinstance(fact, kind)]


@virtual
async def test_satellites_are_told_with_their_state() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        await satellite.until(lambda: any(isinstance(f, SatelliteChanged) for f in h.facts))
        [view] = control(h).satellites()
        assert (view.id, view.name, view.area) == ("kitchen-1", "kitchen-1", "Kitchen")
        assert (view.state, view.muted, view.volume) == ("idle", False, 1.0)


@virtual
async def test_listening_begins_without_a_wake_word() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        control(h).listen("kitchen-1")
        await satellite.until(lambda: satellite.satellite.state is State.LISTENING)
        satellite.say(pause(100), words("turn on the lamp"))
        await satellite.until(lambda: bool(h.engines.acts))


@virtual
async def test_to_stop_ends_what_goes_on() -> None:
    async with house(Voice(thoughts=answers("one two three four five six seven eight"))) as h:
        satellite = await h.add()
        await satellite.ask("count")
        await satellite.speaking()
        control(h).stop("kitchen-1")
        await satellite.until(lambda: satellite.silent and bool(h.turns))
        assert h.turns[0].outcome == "cancelled"


@virtual
async def test_volume_and_microphone_are_set_and_told() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        await control(h).set_volume("kitchen-1", 0.3)
        await control(h).set_muted("kitchen-1", True)
        await satellite.until(lambda: control(h).satellites()[0].muted)
        assert control(h).satellites()[0].volume == 0.3
        assert satellite.satellite.machine.muted
        with pytest.raises(ControlError, match="off"):
            control(h).listen("kitchen-1")
        await control(h).set_muted("kitchen-1", False)
        await satellite.until(lambda: not control(h).satellites()[0].muted)


@virtual
async def test_a_written_command_is_done_and_answered() -> None:
    async with house(Voice()) as h:
        answer = await control(h).run_text("turn on the lamp", area="Kitchen")
        assert (answer.text, answer.ok, answer.intent) == ("Done.", True, "Command")
        assert [text for _, text in h.engines.acts] == ["turn on the lamp"]


@virtual
async def test_a_written_command_is_told_as_a_turn_once() -> None:
    async with house(Voice()) as h:
        await control(h).run_text("turn on the lamp", area="Kitchen")
        await control(h).run_text("blah")
        await asyncio.sleep(0.1)  # virtual: until the bus has told it
    began, other = _told(h, TurnStarted)
    assert (began.satellite, began.area, began.opening) == ("", "Kitchen", "text")
    assert (other.satellite, other.area) == ("", None)
    ended, in_vain = _told(h, TurnEnded)
    assert (ended.turn, in_vain.turn) == (began.turn, other.turn)
    assert (ended.transcript, ended.answer, ended.intent) == (
        "turn on the lamp",
        "Done.",
        "Command",
    )
    assert (ended.outcome, in_vain.outcome) == ("answered", "not-understood")
    assert [stage.name for stage in ended.stages] == ["answer"]


@virtual
async def test_a_written_question_is_thought_about() -> None:
    async with house(Voice(thoughts=answers("it is late"))) as h:
        answer = await control(h).run_text("how late is it")
        assert (answer.text.strip(), answer.ok, answer.intent) == ("it is late", True, None)


@virtual
async def test_a_text_that_means_nothing_is_not_ok() -> None:
    async with house(Voice()) as h:
        answer = await control(h).run_text("blah")
        assert (answer.text, answer.ok) == ("Sorry not-understood.", False)


@virtual
async def test_what_can_not_be_done_is_refused() -> None:
    async with house(Voice()) as h:
        await h.add()
        outside = control(h)
        for text in (" ", "x" * (MAX_TEXT_CHARS + 1)):
            with pytest.raises(ControlError) as refused:
                await outside.run_text(text)
            assert refused.value.code == "bad-text"
            with pytest.raises(ControlError):
                await outside.announce(Announcement(text))
            with pytest.raises(ControlError):
                await outside.ask("kitchen-1", Announcement(text))
        for work in (outside.set_volume("attic", 0.5), outside.set_muted("attic", True)):
            with pytest.raises(ControlError) as refused:
                await work
            assert refused.value.code == "not-connected"
        with pytest.raises(ControlError) as refused:
            await outside.set_volume("kitchen-1", 1.5)
        assert refused.value.code == "bad-value"
        for begin in (outside.listen, outside.stop):
            with pytest.raises(ControlError):
                begin("attic")


@virtual
async def test_a_chime_alone_is_announced() -> None:
    async with house(Voice()) as h:
        await h.add()
        fates = await control(h).announce(Announcement("", chime="chime"))
        assert fates == {"kitchen-1": Fate.HEARD}


@virtual
async def test_a_question_that_is_asked_from_outside_brings_the_answer() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        asking = asyncio.create_task(control(h).ask("kitchen-1", Announcement("coffee or tea")))
        await satellite.speaking()
        await satellite.until(lambda: satellite.satellite.state is State.LISTENING)
        satellite.say(pause(100), words("tea"))
        assert await asking == (Fate.HEARD, "tea")


@virtual
async def test_a_question_where_the_microphone_is_off_is_said_and_not_waited_for() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        await control(h).set_muted("kitchen-1", True)
        await satellite.until(lambda: control(h).satellites()[0].muted)
        answer = await control(h).ask("kitchen-1", Announcement("coffee or tea"))
        assert answer == (Fate.HEARD, None)
        await satellite.at_rest()
        assert satellite.sent(Listen) == []


@virtual
async def test_a_text_in_a_language_that_is_not_spoken_here_is_refused() -> None:
    async with house(Voice()) as h:
        announcements = Announcements(h.house.directory, h.house.clock)
        outside = Control(h.house, announcements, ("en", "de-CH"))
        with pytest.raises(ControlError, match="'nl' is not spoken here; spoken are: en, de-CH"):
            await outside.run_text("doe het licht aan", language="nl")
        assert (await outside.run_text("turn on the lamp", language="de_AT")).ok


@virtual
async def test_settings_are_changed_and_told_with_their_limits() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        outside = control(h)
        await satellite.until(lambda: bool(outside.settings("kitchen-1")))
        views = {one.name: one for one in outside.settings("kitchen-1")}
        assert (views["volume"].kind, views["volume"].value) == ("number", 1.0)
        assert (views["volume"].least, views["volume"].greatest) == (0, 1)
        assert await outside.set("kitchen-1", {"volume": 0.5, "muted": True}) == {
            "volume": 0.5,
            "muted": True,
        }
        assert satellite.satellite.playback.volume == 0.5
        assert {one.name: one.value for one in outside.settings("kitchen-1")}["volume"] == 0.5


@virtual
async def test_who_changes_a_setting_hears_why_it_is_refused_and_the_others_are_changed() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        with pytest.raises(ControlError) as refused:
            await control(h).set("kitchen-1", {"volume": 0.5, "hub": "elsewhere", "x": 1})
        assert refused.value.code == "bad-setting"
        assert "kitchen-1: hub can not be changed while it runs" in str(refused.value)
        assert "there is no setting 'x'" in str(refused.value)
        assert satellite.satellite.playback.volume == 0.5
        for work in (control(h).set("attic", {}), control(h).identify("attic")):
            with pytest.raises(ControlError) as missing:
                await work
            assert missing.value.code == "not-connected"
        with pytest.raises(ControlError) as missing:
            control(h).settings("attic")
        assert missing.value.code == "not-connected"


@virtual
async def test_a_satellite_is_asked_to_show_itself() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        identifying = Identifying(lambda: None, satellite.satellite.emit)
        satellite.satellite.receivers.append(identifying.receive)
        await control(h).identify("kitchen-1", 3.0)
        await satellite.until(lambda: identifying._until is not None)
        with pytest.raises(ControlError) as refused:
            await control(h).identify("kitchen-1", 61)
        assert refused.value.code == "bad-value"
