"""What the outside can have the hub do, on a house of virtual satellites."""

import asyncio

import pytest

from hub.announcing import Announcement, Fate
from hub.control import MAX_TEXT_CHARS, Control
from hub.controlling import ControlError
from hub.events import SatelliteChanged
from hub.rooms.announcements import Announcements
from satellite.state import State
from tests.conversations.heard import Voice, answers, virtual
from tests.virtual_house import VirtualHouse, house, pause, words


def control(h: VirtualHouse) -> Control:
    return Control(h.house, Announcements(h.house.directory, h.house.clock))


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
async def test_a_text_in_a_language_that_is_not_spoken_here_is_refused() -> None:
    async with house(Voice()) as h:
        announcements = Announcements(h.house.directory, h.house.clock)
        outside = Control(h.house, announcements, ("en", "de-CH"))
        with pytest.raises(ControlError, match="'nl' is not spoken here; spoken are: en, de-CH"):
            await outside.run_text("doe het licht aan", language="nl")
        assert (await outside.run_text("turn on the lamp", language="de_AT")).ok
