"""What the hub says unasked: in order, never over a conversation, and until somebody stops it."""

import asyncio

import pytest

from hub.announcing import Announcement, Fate, Priority
from hub.conversation.earcon import CHIMES, RATE_HZ, chime
from hub.rooms.announcements import MAX_WAITING, Announcements
from hub.rooms.saying import Saying
from protocol.loudness_messages import TurnVolume
from protocol.schema import Message
from protocol.sotto_messages import TurnEnded
from protocol.wyoming_audio import AudioChunk
from satellite.state import State
from tests.conversations.heard import Voice, answers, virtual
from tests.virtual_house import DEFAULT_FEATURES, VirtualHouse, house, now, pause, words

DINNER = Announcement("dinner is ready")


def announcer(h: VirtualHouse) -> Announcements:
    return Announcements(h.house.directory, now)


def said(h: VirtualHouse) -> list[str]:
    return [text for _, text in h.engines.spoken]


@virtual
async def test_an_announcement_is_said_in_every_room_at_once() -> None:
    async with house(Voice()) as h:
        kitchen, hall = await h.add(), await h.add("hall-1", "Hall")
        fates = await announcer(h).announce(DINNER)
        assert fates == {"kitchen-1": Fate.HEARD, "hall-1": Fate.HEARD}
        assert abs(kitchen.audio_times[0] - hall.audio_times[0]) < 0.05


@virtual
async def test_an_announcement_for_a_room_is_said_there_alone() -> None:
    async with house(Voice()) as h:
        kitchen, _ = await h.add(), await h.add("hall-1", "Hall")
        fates = await announcer(h).announce(Announcement("come down", rooms=("hall",)))
        assert fates == {"hall-1": Fate.HEARD}
        assert kitchen.audio_times == []


@virtual
async def test_an_announcement_for_a_room_is_not_for_a_browser_that_says_it_is_there() -> None:
    async with house(Voice()) as h:
        kitchen, browser = await h.add(), await h.add("browser-eve-tab", "Kitchen")
        fates = await announcer(h).announce(Announcement("come down", rooms=("Kitchen",)))
        assert fates == {"kitchen-1": Fate.HEARD}
        assert kitchen.audio_times
        assert browser.audio_times == []
        nowhere = Announcement("come down", rooms=("Hall",), within_s=1.0)
        await h.add("browser-eve-phone", "Hall")
        assert await announcer(h).announce(nowhere) == {}, "nobody has heard it"


@virtual
async def test_a_chime_comes_before_the_words() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        await announcer(h).announce(Announcement("dinner is ready", chime="chime"))
        chunks = [m.audio for _, m in satellite.sent(AudioChunk) if isinstance(m, AudioChunk)]
        assert b"".join(chunks).startswith(chime())
        assert len(b"".join(chunks)) > 2 * len(chime())


@virtual
async def test_a_chime_alone_is_an_announcement() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        fates = await announcer(h).announce(Announcement("", chime="alarm"))
        assert fates == {"kitchen-1": Fate.HEARD}
        assert satellite.audio_times
        assert said(h) == []


@virtual
async def test_an_announcement_waits_for_the_end_of_a_conversation() -> None:
    async with house(Voice(thoughts=answers("it is five o'clock. shall I wake you?"))) as h:
        satellite = await h.add()
        await satellite.ask("what time is it")
        await satellite.speaking()
        announcing = asyncio.create_task(announcer(h).announce(DINNER))
        await satellite.until(lambda: "dinner is ready" in said(h))
        # The hub listened on after its question, and nobody answered.
        assert [turn.outcome for turn in h.turns] == ["answered", "nothing-heard"]
        assert await announcing == {"kitchen-1": Fate.HEARD}


@virtual
async def test_what_is_urgent_interrupts_a_conversation() -> None:
    async with house(Voice(thoughts=answers("one two three four five six seven eight"))) as h:
        satellite = await h.add()
        await satellite.ask("count")
        await satellite.speaking()
        began = now()
        fire = Announcement("there is smoke", priority=Priority.URGENT)
        assert await announcer(h).announce(fire) == {"kitchen-1": Fate.HEARD}
        assert now() - began < 2


@virtual
async def test_what_an_urgent_one_interrupts_is_said_again() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        announce = announcer(h).announce
        dinner = asyncio.create_task(announce(Announcement("dinner is ready and it is hot")))
        await satellite.speaking()
        await announce(Announcement("there is smoke", priority=Priority.URGENT))
        assert await dinner == {"kitchen-1": Fate.HEARD}
        assert said(h) == [
            "dinner is ready and it is hot",
            "there is smoke",
            "dinner is ready and it is hot",
        ]


@virtual
async def test_the_more_important_is_said_first_and_then_the_older() -> None:
    async with house(Voice(thoughts=answers("one two three four five six"))) as h:
        satellite = await h.add()
        await satellite.ask("count")
        await satellite.speaking()
        announce = announcer(h).announce
        waiting = []
        for text, priority in (
            ("low", Priority.LOW),
            ("first", Priority.NORMAL),
            ("second", Priority.NORMAL),
            ("high", Priority.HIGH),
        ):
            waiting.append(asyncio.create_task(announce(Announcement(text, priority=priority))))
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)
        assert said(h)[-4:] == ["high", "first", "second", "low"]


@virtual
async def test_stop_ends_an_announcement() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        long = Announcement("one two three four five six seven eight nine ten")
        announcing = asyncio.create_task(announcer(h).announce(long))
        await satellite.speaking()
        satellite.say(pause(300), words("stop"))
        assert await announcing == {"kitchen-1": Fate.STOPPED}


OPEN = Announcement("the door is open", times=3, pause_s=5)


@virtual
async def test_what_is_said_several_times_is_said_so_often_when_nobody_confirms_it() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        assert await announcer(h).announce(OPEN) == {"kitchen-1": Fate.HEARD}
        assert said(h) == ["the door is open"] * 3
        first, *_, last = satellite.audio_times
        assert last - first > 2 * 5


@virtual
async def test_between_two_times_others_may_be_said() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        announcing = asyncio.create_task(announcer(h).announce(OPEN))
        await satellite.speaking()
        await announcer(h).announce(DINNER)
        await announcing
        assert said(h)[:2] == ["the door is open", "dinner is ready"]
        assert said(h)[2:] == ["the door is open"] * 2


@virtual
async def test_who_stops_it_in_one_room_has_it_said_no_more_in_any() -> None:
    async with house(Voice()) as h:
        kitchen, _ = await h.add(), await h.add("hall-1", "Hall")
        announcing = asyncio.create_task(announcer(h).announce(OPEN))
        await kitchen.speaking()
        kitchen.wake()
        fates = await announcing
        assert fates == {"kitchen-1": Fate.STOPPED, "hall-1": Fate.CONFIRMED}
        assert said(h) == ["the door is open"] * 2


@virtual
async def test_what_is_confirmed_falls_silent_in_the_middle_and_does_not_come_again() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        confirmed = asyncio.Event()
        announcing = asyncio.create_task(announcer(h).announce(OPEN, confirmed=confirmed))
        await satellite.speaking()
        began = now()
        confirmed.set()
        assert await announcing == {"kitchen-1": Fate.CONFIRMED}
        assert now() - began < 1
        await asyncio.sleep(30)
        assert said(h) == ["the door is open"]


@virtual
async def test_it_is_said_no_more_after_its_time_and_was_heard_nevertheless() -> None:
    async with house(Voice()) as h:
        await h.add()
        late = Announcement("the door is open", times=5, pause_s=10, within_s=12)
        assert await announcer(h).announce(late) == {"kitchen-1": Fate.HEARD}
        assert 1 <= len(said(h)) < 5


@virtual
async def test_an_announcement_has_a_volume_of_its_own_where_the_satellite_can() -> None:
    loud = Announcement("dinner is ready", volume=0.8)
    async with house(Voice()) as h:
        able = await h.add(features=(*DEFAULT_FEATURES, "volume"))
        await h.add("hall-1", "Hall")
        await announcer(h).announce(loud)
        (told,) = [message for _, message in able.sent(TurnVolume)]
        assert isinstance(told, TurnVolume)
        assert told.volume == 0.8
        await announcer(h).announce(DINNER)
        assert len(able.sent(TurnVolume)) == 1


@virtual
async def test_people_who_talk_to_each_other_do_not_end_an_announcement() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        long = Announcement("one two three four five six seven eight nine ten")
        announcing = asyncio.create_task(announcer(h).announce(long))
        await satellite.speaking()
        satellite.say(pause(300), words("he said so"))
        assert await announcing == {"kitchen-1": Fate.HEARD}


@virtual
async def test_a_command_over_an_announcement_ends_it_and_is_done() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        long = Announcement("one two three four five six seven eight nine ten")
        announcing = asyncio.create_task(announcer(h).announce(long))
        await satellite.speaking()
        satellite.say(pause(300), words("turn on the lamp"))
        assert await announcing == {"kitchen-1": Fate.STOPPED}
        await satellite.until(lambda: [text for _, text in h.engines.acts] == ["turn on the lamp"])


@virtual
async def test_a_button_ends_an_announcement() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        long = Announcement("one two three four five six seven eight nine ten")
        announcing = asyncio.create_task(announcer(h).announce(long))
        await satellite.speaking()
        satellite.wake()
        assert await announcing == {"kitchen-1": Fate.STOPPED}


@virtual
async def test_whoever_takes_an_announcement_back_silences_it() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        long = Announcement("one two three four five six seven eight nine ten")
        announcing = asyncio.create_task(announcer(h).announce(long))
        await satellite.speaking()
        announcing.cancel()
        began = now()
        assert await satellite.until(lambda: satellite.silent) - began < 1
        await satellite.at_rest()


@virtual
async def test_what_can_not_be_said_in_time_expires() -> None:
    async with house(Voice(thoughts=answers("one two three four five six seven eight"))) as h:
        satellite = await h.add()
        await satellite.ask("count")
        await satellite.speaking()
        soon = Announcement("dinner", within_s=0.5)
        assert await announcer(h).announce(soon) == {"kitchen-1": Fate.EXPIRED}
        await satellite.at_rest()
        assert "dinner" not in said(h)


@virtual
async def test_a_satellite_that_is_away_is_told_when_it_comes_back() -> None:
    async with house(Voice()) as h:
        announcing = asyncio.create_task(
            announcer(h).announce(Announcement("dinner", satellites=("kitchen-1",)))
        )
        await asyncio.sleep(5)
        await h.add()
        assert await announcing == {"kitchen-1": Fate.HEARD}


@virtual
async def test_a_satellite_that_stays_away_is_unreachable() -> None:
    async with house(Voice()) as h:
        gone = Announcement("dinner", satellites=("attic-1",), within_s=3)
        assert await announcer(h).announce(gone) == {"attic-1": Fate.UNREACHABLE}


@virtual
async def test_without_any_satellite_nothing_becomes_of_it() -> None:
    async with house(Voice()) as h:
        assert await announcer(h).announce(Announcement("dinner", within_s=1)) == {}


@virtual
async def test_the_queue_of_a_satellite_is_bounded() -> None:
    async with house(Voice()) as h:
        announce = announcer(h).announce
        away = Announcement("dinner", satellites=("attic-1",), within_s=2)
        waiting = [asyncio.create_task(announce(away)) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0.1)
        began = now()
        assert await announce(away) == {"attic-1": Fate.EXPIRED}
        assert now() - began < 0.01
        await asyncio.gather(*waiting)


@virtual
async def test_a_voice_that_fails_is_told() -> None:
    async def broken(_: int) -> None:
        raise RuntimeError("no voice")

    async with house(Voice(tts_fault=broken)) as h:
        await h.add()
        assert await announcer(h).announce(DINNER) == {"kitchen-1": Fate.FAILED}


@virtual
async def test_a_question_is_answered_with_what_was_said_and_nothing_is_done() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        question = Announcement("shall I turn on the lamp")
        asking = asyncio.create_task(announcer(h).ask("kitchen-1", question))
        await satellite.speaking()
        await satellite.until(lambda: satellite.satellite.state is State.LISTENING)
        satellite.say(pause(300), words("turn on the lamp"))
        assert await asking == (Fate.HEARD, "turn on the lamp")
        await satellite.at_rest()
        assert h.engines.acts == []
        assert h.engines.remarks == [("noted", "en")]


@virtual
async def test_a_question_that_nobody_answers_ends() -> None:
    async with house(Voice()) as h:
        await h.add()
        asked = await announcer(h).ask("kitchen-1", Announcement("shall I"))
        assert asked == (Fate.HEARD, None)


@virtual
async def test_an_answer_may_come_before_the_question_is_over() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        question = Announcement("shall I turn off the lamp or leave it on for now")
        asking = asyncio.create_task(announcer(h).ask("kitchen-1", question))
        await satellite.speaking()
        satellite.say(pause(300), words("that would be kind"))
        assert await asking == (Fate.HEARD, "that would be kind")


@virtual
async def test_a_question_that_is_stopped_before_it_can_be_answered_ends() -> None:
    async with house(Voice()) as h:
        satellite = await h.add()
        send, ending = satellite.link.send, asyncio.Event()

        async def slowly(message: Message) -> None:
            if isinstance(message, TurnEnded):
                ending.set()
                await asyncio.sleep(0.5)
            await send(message)

        satellite.link.send = slowly  # type: ignore[method-assign]
        announce = announcer(h)
        asking = asyncio.create_task(announce.ask("kitchen-1", Announcement("coffee or tea")))
        await ending.wait()
        next(iter(h.house.directory)).stop()
        assert await asking == (Fate.STOPPED, None)
        assert await announce.announce(DINNER) == {"kitchen-1": Fate.HEARD}


class Lost:
    """A session that has ended, and is still in the directory."""

    satellite = name = "kitchen-1"
    area = person = status = None
    at_rest = hears_wake_words = True
    tries = 0

    async def rest(self) -> None:
        pass

    async def say(self, saying: Saying) -> Fate | None:
        self.tries += 1
        return Fate.UNREACHABLE


@virtual
async def test_a_satellite_that_is_lost_is_not_tried_without_a_pause() -> None:
    async with house(Voice()) as h:
        lost = Lost()
        await h.house.directory.enter(lost)  # type: ignore[arg-type]
        gone = Announcement("dinner", satellites=("kitchen-1",), within_s=2)
        await announcer(h).announce(gone)
        assert 2 <= lost.tries <= 12


@pytest.mark.parametrize("name", CHIMES)
def test_a_chime_is_short_and_ends_in_silence(name: str) -> None:
    sound = CHIMES[name]()
    assert 0.3 < len(sound) / 2 / RATE_HZ < 2.5
    assert sound[-2:] == b"\0\0"
