"""What wakes the satellite, in each mode; time passes with the frames."""

import asyncio
from collections.abc import Callable

import numpy as np
import pytest

from audio.pcm import from_float, gain_from_db
from satellite import events
from satellite.events import Event
from satellite.levels import Levels
from satellite.microphone import FRAME_S, Frame
from satellite.pre_roll import BEFORE_WAKE_S
from satellite.state import Trigger
from satellite.wake_settings import Wake
from satellite.wake_words import Loaded, check_words
from satellite.waking import RETRY_S, STREAM_REST_S, Heard, Waking
from tests.satellite.waking_doubles import Models
from tests.virtual_time import run_virtual

NOISE = np.random.default_rng(1).standard_normal(512 * 400)


async def at_once(load: Callable[[], Loaded]) -> Loaded:
    return load()


class Room:
    def __init__(self, wake: Wake, *words: str, models: Models | None = None) -> None:
        self.models = models or Models()
        self.now = 100.0
        self.told: list[Event] = []
        self.waking = Waking(
            words,
            wake,
            self.told.append,
            load=self.models.load,
            clock=lambda: self.now,
            aside=at_once,
        )
        self.levels = Levels()
        self._at = 0

    def hear(self, level_dbfs: float = -60.0, *, at_rest: bool = True) -> Trigger | Heard | None:
        part = NOISE[self._at : self._at + 512] * gain_from_db(level_dbfs)
        self._at = (self._at + 512) % (NOISE.size - 512)
        frame = Frame(from_float(part), 0, self.now)
        self.now += FRAME_S
        self.levels.add(frame.audio)
        return self.waking.hear(frame, self.levels, at_rest=at_rest)

    @property
    def words(self) -> list[str]:
        return list(self.waking.words)

    def hear_for(self, seconds: float, level_dbfs: float = -60.0) -> list[Trigger]:
        heard = [self.hear(level_dbfs) for _ in range(round(seconds / FRAME_S))]
        return [one for one in heard if isinstance(one, Trigger)]


def test_a_wake_word_wakes_with_its_score_its_loudness_and_its_language() -> None:
    room = Room(Wake(languages={"hey_jarvis": "de"}), "okay_nabu", "hey_jarvis")
    assert room.words == ["okay_nabu", "hey_jarvis"]
    room.hear_for(1)
    room.models.ears.next = ["hey_jarvis"]
    woken = room.hear(-20)
    assert isinstance(woken, Trigger)
    assert (woken.kind, woken.wake_word, woken.score) == ("wake-word", "hey_jarvis", 0.9)
    assert woken.language == "de"
    assert woken.loudness_dbfs is not None
    assert woken.noise_dbfs is not None
    assert woken.loudness_dbfs > woken.noise_dbfs
    assert woken.message(1).language == "de"
    room.models.ears.next = ["okay_nabu"]
    other = room.hear()
    assert isinstance(other, Trigger)
    assert other.language is None


def test_the_stop_word_stops_and_is_no_wake_word() -> None:
    room = Room(Wake(stop_word="stop"), "okay_nabu")
    assert room.words == ["okay_nabu"]
    room.models.ears.next = ["stop"]
    assert room.hear() is Heard.STOP


def test_with_push_to_talk_nothing_that_is_heard_wakes_but_the_stop_word_works() -> None:
    room = Room(Wake(mode="push-to-talk", stop_word="stop"), "okay_nabu")
    assert room.words == []
    room.models.ears.next = ["okay_nabu"]
    assert room.hear() is None
    assert room.hear_for(2, -20) == []
    room.models.ears.next = ["stop"]
    assert room.hear() is Heard.STOP


def test_a_voice_wakes_and_steady_noise_and_clicks_do_not() -> None:
    room = Room(Wake(mode="voice"))
    assert room.hear_for(5, -45) == []
    room.hear(-10)  # a click
    assert room.hear_for(1, -45) == []
    (woken,) = room.hear_for(4 * FRAME_S, -25)
    assert woken.kind == "stream"
    assert room.waking.before_s > 4 * FRAME_S


def test_a_voice_that_is_the_satellites_own_answer_does_not_wake() -> None:
    room = Room(Wake(mode="voice"))
    room.hear_for(2)
    assert [room.hear(-20, at_rest=False) for _ in range(30)] == [None] * 30
    assert room.hear(-20) is None


def test_always_streaming_begins_a_moment_after_each_turn() -> None:
    room = Room(Wake(mode="always"))
    room.hear(at_rest=False)
    begun = [room.hear() for _ in range(round(STREAM_REST_S / FRAME_S) + 2)]
    assert begun[0] is None
    assert isinstance(begun[-1], Trigger)
    assert begun[-1].kind == "stream"


def test_a_word_that_can_not_be_used_is_told_and_the_others_work() -> None:
    room = Room(Wake(), "okay_nabu", "hey_hal", models=Models("hey_hal"))
    assert room.words == ["okay_nabu"]
    failed, _ = room.told
    assert isinstance(failed, events.Failed)
    assert (failed.code, failed.text) == ("bad-wake-word", "no hey_hal")


def test_several_that_can_not_be_used_are_told_in_one_since_the_log_tells_the_first() -> None:
    room = Room(Wake(), "hey_hal", "hey_bob", models=Models("hey_hal", "hey_bob"))
    (failed,) = (event for event in room.told if isinstance(event, events.Failed))
    assert failed.text == "no hey_hal no hey_bob"


def test_a_word_that_was_missing_is_used_when_it_is_there_and_told_only_once() -> None:
    async def main() -> None:
        models = Models("hey_hal")
        room = Room(Wake(), "hey_hal", models=models)
        running = asyncio.create_task(room.waking.run())
        await asyncio.sleep(3 * RETRY_S)
        assert [event.name for event in room.told] == ["error", "wake-words"]
        assert room.words == []
        models.missing.clear()
        await asyncio.sleep(RETRY_S + 1)
        assert room.words == ["hey_hal"]
        assert room.told[2:] == [events.WakeWords(room.now, ("hey_hal",), ())]
        loads = len(models.loaded)
        await asyncio.sleep(5 * RETRY_S)
        assert len(models.loaded) == loads
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())


def test_words_sensitivity_and_mode_can_be_changed_while_it_runs() -> None:
    async def main() -> None:
        room = Room(Wake(), "okay_nabu")
        loaded: list[list[str]] = []
        room.waking.on_loaded = lambda: loaded.append(room.words)
        running = asyncio.create_task(room.waking.run())
        room.waking.use(["alexa", "hey_jarvis"], Wake())
        assert room.words == ["okay_nabu"]  # until the others are loaded
        await asyncio.sleep(0.01)
        assert room.words == ["alexa", "hey_jarvis"]
        room.waking.use(["alexa", "hey_jarvis"], Wake(sensitivity=0.8))
        await asyncio.sleep(0.01)
        assert room.models.loaded[-1] == (("alexa", "hey_jarvis"), 0.8)
        assert loaded == [["alexa", "hey_jarvis"]] * 2
        room.waking.use(["alexa"], Wake(mode="always"))
        assert room.words == []
        assert isinstance(room.hear_for(1)[0], Trigger)
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())


def test_what_is_asked_for_while_something_else_is_loaded_is_what_holds() -> None:
    async def main() -> None:
        room = Room(Wake(), "okay_nabu")

        async def slowly(load: Callable[[], Loaded]) -> Loaded:
            await asyncio.sleep(1)
            return load()

        room.waking._aside = slowly
        running = asyncio.create_task(room.waking.run())
        room.waking.use(["alexa"], Wake())
        await asyncio.sleep(0.5)
        room.waking.use(["hey_jarvis"], Wake())
        await asyncio.sleep(3)
        assert room.words == ["hey_jarvis"]
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())


@pytest.mark.parametrize("mode", ["wake-word", "push-to-talk", "always"])
def test_only_a_voice_needs_more_from_before(mode: str) -> None:
    assert Room(Wake(mode=mode)).waking.before_s == BEFORE_WAKE_S  # type: ignore[arg-type]


def test_languages_and_the_stop_word_are_changed_and_what_needs_no_model_loads_none() -> None:
    async def main() -> None:
        room = Room(Wake(), "okay_nabu")
        running = asyncio.create_task(room.waking.run())
        room.waking.use(["okay_nabu"], Wake(languages={"okay_nabu": "fr"}))
        await asyncio.sleep(0.01)
        assert len(room.models.loaded) == 1
        room.models.ears.next = ["okay_nabu"]
        woken = room.hear()
        assert isinstance(woken, Trigger)
        assert woken.language == "fr"
        room.waking.use(["okay_nabu"], Wake(stop_word="alexa"))
        await asyncio.sleep(0.01)
        assert room.words == ["okay_nabu"]
        room.models.ears.next = ["alexa"]
        assert room.hear() is Heard.STOP
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())


def test_a_word_without_a_model_is_refused_by_name() -> None:
    check_words(("okay_nabu",), Wake(stop_word="alexa"))
    for words, wake in ((("hey_hal",), Wake()), ((), Wake(stop_word="hey_hal"))):
        with pytest.raises(ValueError, match="hey_hal"):
            check_words(words, wake)
