"""Every state leaves by itself, whatever engines, home and satellite do; the next turn works."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest

from hub.conversation.earcon import failure, patience_please
from hub.conversation.mind import Reply, Thought, Understanding
from hub.engines.base import SpeechChunk, SpeechRequest, Transcript
from hub.origin import Origin
from protocol.errors import LinkClosed
from protocol.wyoming_audio import AudioStop
from satellite.state import State
from tests.conversations.scenes import (
    FRAME_S,
    Detector,
    ask,
    commits,
    ended_turn,
    ends,
    failing,
    first_heard,
    hang,
    hanging,
    is_report,
    next_turn_works,
    sent_ms,
    states,
    tell,
    texts,
    tokens,
    virtual,
)
from tests.virtual_house import (
    VOICE_WORD_MS,
    Engines,
    VirtualSatellite,
    house,
    noise,
    now,
    pause,
    words,
)

SIGN_S = 1.5
"""From the end of speech to a sign that nothing was understood."""
REPLY_SIGN_S = 2.0
"""From what was done in the home to a sign that the voice does not work."""
EARCON_MS = len(failure()) / 2 / 22.05
SAID_MS = 2 * VOICE_WORD_MS
"""An apology of these tests: two words."""


class StuckHome(Engines):
    """A home that never answers the first command."""

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        if not self.acts:
            self.acts.append((now(), "stuck"))
            await hang()
        return await super().act(understanding, origin)


class BrokenVoice(Engines):
    """A voice that fails or hangs, at once or in the middle, while `broken`."""

    broken = "fails"

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        if self.broken in ("fails", "hangs"):
            self.spoken.append((now(), request.text))
            await (failing("engine-failed")(1) if self.broken == "fails" else hang())
        async for chunk in super().synthesize(request):
            yield chunk
        if self.broken.endswith("at the end"):
            await (hang() if "hangs" in self.broken else failing("engine-failed")(1))


@virtual
async def test_a_wake_without_a_word_ends_by_itself() -> None:
    async with house() as h:
        sat = await h.add()
        for _ in range(3):
            woken = now()
            sat.wake()
            assert await ends(sat) - woken == pytest.approx(5.0, abs=2 * FRAME_S)
        assert [turn.outcome for turn in h.turns] == ["nothing-heard"] * 3
        assert states(sat)[-1][1] is State.IDLE
        await next_turn_works(h, sat)


def nothing_once() -> Engines:
    """Return engines whose recogniser understands known words alone."""

    def hear(text: str) -> Transcript:
        return Transcript(text if text == "turn on the lamp" else "", "en")

    return Engines(hear=hear)


@pytest.mark.parametrize("sure", [None, 0.0, 1.0])
@pytest.mark.parametrize("sound", ["mumbling", "noise"])
@pytest.mark.parametrize("slowly", [False, True])
@virtual
async def test_speech_without_words_ends_in_a_sign(
    sure: float | None, sound: str, slowly: bool
) -> None:
    detector = None if sure is None else Detector(sure)
    async with house(nothing_once(), detector=detector) as h:
        sat = await h.add()
        if slowly:
            for _ in range(20):
                h.house.conversations.pauses("Kitchen").observe(2500)
        ended = await ask(sat, noise(900) if sound == "noise" else "turn in the limp")
        await ends(sat)
        assert first_heard(sat) - ended <= SIGN_S
        assert h.turns[0].outcome == "not-understood"
        assert h.history() == []
        await next_turn_works(h, sat)


@pytest.mark.parametrize("code", ["engine-failed", "engine-busy", "engine-missing"])
@virtual
async def test_a_recogniser_that_fails_ends_in_a_sign(code: str) -> None:
    async with house(Engines(stt_fault=failing(code, 1))) as h:
        sat = await h.add()
        ended = await ask(sat, "turn on the lamp")
        await ends(sat)
        assert first_heard(sat) - ended <= 0.2 + 0.05 + FRAME_S
        assert texts(h.engines.spoken) == ["Sorry failed."]
        assert (h.turns[0].outcome, h.turns[0].transcript) == ("failed", None)
        assert h.engines.acts == []
        await next_turn_works(h, sat)


@virtual
async def test_a_recogniser_that_hangs_ends_in_a_sign() -> None:
    async with house(Engines(stt_fault=hanging(1))) as h:
        sat = await h.add()
        ended = await ask(sat, "turn on the lamp")
        await ends(sat)
        assert 1.2 <= first_heard(sat) - ended <= SIGN_S
        assert h.turns[0].outcome == "failed"
        await next_turn_works(h, sat)


@virtual
async def test_a_recogniser_and_a_voice_that_both_hang_end_in_a_sound_in_time() -> None:
    engines = BrokenVoice(stt_fault=hanging(1))
    engines.broken = "hangs"
    async with house(engines) as h:
        sat = await h.add()
        ended = await ask(sat, "turn on the lamp")
        await ends(sat)
        assert 1.2 <= first_heard(sat) - ended <= SIGN_S
        assert sent_ms(sat) == pytest.approx(EARCON_MS, abs=1)
        assert h.turns[0].outcome == "failed"
        assert h.engines.acts == []
        engines.broken = ""
        await next_turn_works(h, sat)


@pytest.mark.parametrize("broken", ["fails", "hangs"])
@pytest.mark.parametrize("slowly", [False, True])
@virtual
async def test_speech_without_words_ends_in_a_sound_where_there_is_no_voice(
    broken: str, slowly: bool
) -> None:
    engines = BrokenVoice(hear=nothing_once().hear)
    engines.broken = broken
    async with house(engines) as h:
        sat = await h.add()
        if slowly:
            for _ in range(20):
                h.house.conversations.pauses("Kitchen").observe(2500)
        ended = await ask(sat, "turn in the limp")
        await ends(sat)
        assert first_heard(sat) - ended <= SIGN_S
        assert sent_ms(sat) == pytest.approx(EARCON_MS, abs=1)
        assert len(engines.spoken) == 1, "a voice that does not work is not asked again"
        assert (h.turns[0].outcome, h.history()) == ("not-understood", [])
        engines.broken = ""
        await next_turn_works(h, sat)


@pytest.mark.parametrize(("voice_s", "said_ms"), [(0.28, SAID_MS), (0.32, EARCON_MS)])
@virtual
async def test_an_apology_waits_for_a_slow_voice_but_not_for_long(
    voice_s: float, said_ms: float
) -> None:
    engines = Engines(stt_fault=failing("engine-failed", 1), synthesize_s=voice_s)
    async with house(engines) as h:
        sat = await h.add()
        ended = await ask(sat, "turn on the lamp")
        await ends(sat)
        assert first_heard(sat) - ended <= 0.2 + 0.3 + 2 * FRAME_S
        assert sent_ms(sat) == pytest.approx(said_ms, abs=1)
        assert h.turns[0].outcome == "failed"
        await next_turn_works(h, sat)


@virtual
async def test_an_apology_is_spoken_in_time_by_a_slow_voice_when_the_recogniser_hangs() -> None:
    async with house(Engines(stt_fault=hanging(1), synthesize_s=0.18)) as h:
        sat = await h.add()
        ended = await ask(sat, "turn on the lamp")
        await ends(sat)
        assert first_heard(sat) - ended <= SIGN_S
        assert sent_ms(sat) == pytest.approx(SAID_MS, abs=1)
        assert texts(h.engines.spoken) == ["Sorry late."]
        await next_turn_works(h, sat)


@pytest.mark.parametrize("late_s", [1.0, 1.1, 1.2])
@virtual
async def test_a_transcript_that_comes_late_is_acted_on_and_no_apology_is_heard(
    late_s: float,
) -> None:
    async with house(Engines(transcribe_s=late_s)) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        await ends(sat)
        assert (h.turns[0].outcome, h.turns[0].heard) == ("answered", "Done.")
        assert sent_ms(sat) == pytest.approx(VOICE_WORD_MS, abs=1)
        assert h.history() == [("user", "turn on the lamp"), ("assistant", "Done.")]


@virtual
async def test_a_home_whose_reply_is_not_spoken_ends_in_a_sound_soon_after_the_act() -> None:
    engines = BrokenVoice()
    engines.broken = "hangs"
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        await ends(sat)
        assert first_heard(sat) - engines.acts[0][0] <= REPLY_SIGN_S
        assert sent_ms(sat) == pytest.approx(EARCON_MS, abs=1)
        assert h.turns[0].outcome == "failed"
        engines.broken = ""
        await next_turn_works(h, sat)


@virtual
async def test_a_home_whose_reply_is_spoken_slowly_is_waited_for() -> None:
    async with house(Engines(synthesize_s=1.4)) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        await ends(sat)
        assert (h.turns[0].outcome, h.turns[0].heard) == ("answered", "Done.")


@virtual
async def test_a_home_that_hangs_ends_in_an_apology() -> None:
    async with house(StuckHome()) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        await ends(sat)
        assert first_heard(sat) - commits(sat)[0] == pytest.approx(8.0, abs=0.05)
        assert texts(h.engines.spoken) == ["Sorry failed."]
        assert h.turns[0].outcome == "failed"
        assert sent_ms(sat) == pytest.approx(SAID_MS, abs=1)
        await next_turn_works(h, sat)


@virtual
async def test_a_model_without_a_word_gives_a_sign_and_then_an_apology() -> None:
    engines = Engines(thoughts=lambda _: [(600.0, "Too late.")])
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await ends(sat)
        commit = commits(sat)[0]
        sign_ms = len(patience_please()) / 2 / 22.05
        assert first_heard(sat) - commit == pytest.approx(8.0, abs=0.02)
        later = [at for at in sat.audio_times if at > commit + 10]
        assert later[0] - commit == pytest.approx(16.0, abs=0.1)
        assert texts(engines.spoken) == ["Sorry failed."]
        assert sent_ms(sat) == pytest.approx(sign_ms + SAID_MS, abs=2)
        assert h.turns[0].outcome == "failed"
        assert h.history() == [("user", "tell me more")]
        assert engines.thinking == 0
        await next_turn_works(h, sat)


@virtual
async def test_a_model_that_is_slow_gives_a_sign_and_then_its_answer() -> None:
    engines = Engines(thoughts=lambda _: [(12.0, "Here it is at last.")])
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await ends(sat)
        assert first_heard(sat) - commits(sat)[0] == pytest.approx(8.0, abs=0.02)
        assert h.turns[0].outcome == "answered"
        assert h.history()[-1] == ("assistant", "Here it is at last.")
        await next_turn_works(h, sat)


@virtual
async def test_a_model_that_ends_without_a_word_ends_in_an_apology() -> None:
    async with house(Engines(thoughts=lambda _: [])) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await ends(sat)
        assert texts(h.engines.spoken) == ["Sorry failed."]
        assert h.turns[0].outcome == "failed"
        await next_turn_works(h, sat)


@pytest.mark.parametrize("broken", ["fails", "hangs"])
@virtual
async def test_a_voice_that_is_broken_leaves_a_sound(broken: str) -> None:
    engines = BrokenVoice()
    engines.broken = broken
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        over = await ends(sat)
        assert h.turns[0].outcome == "failed"
        assert h.turns[0].heard is None
        assert sent_ms(sat) == pytest.approx(EARCON_MS, abs=1)
        assert over - commits(sat)[0] <= (0.5 if broken == "fails" else 2.3)
        assert len(h.engines.acts) == 1
        engines.broken = ""
        await next_turn_works(h, sat)


@pytest.mark.parametrize("broken", ["fails at the end", "hangs at the end"])
@virtual
async def test_a_voice_that_breaks_off_in_its_apology_as_well_leaves_a_sound(broken: str) -> None:
    engines = BrokenVoice()
    engines.broken = broken
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        await ends(sat)
        assert texts(h.engines.spoken) == ["Done.", "Sorry failed."]
        assert sent_ms(sat) == pytest.approx(VOICE_WORD_MS + SAID_MS + EARCON_MS, abs=2)
        assert (h.turns[0].outcome, h.turns[0].heard) == ("failed", "Done.")
        assert h.history() == [("user", "turn on the lamp"), ("assistant", "Done.")]
        engines.broken = ""
        await next_turn_works(h, sat)


@virtual
async def test_a_satellite_that_says_nothing_of_its_speaker_is_not_waited_for_long() -> None:
    async with house() as h:
        sat = await h.add()
        sat.filter = lambda message: [] if is_report(message) else [message]
        await ask(sat, "turn on the lamp")
        await sat.until(lambda: bool(h.turns))
        over = now()
        stopped = sat.sent(AudioStop)[-1][0]
        left_s = sat.audio_times[0] + VOICE_WORD_MS / 1000 - stopped
        assert over - stopped == pytest.approx(left_s + 3.0, abs=0.02)
        assert h.turns[0].outcome == "answered"
        assert h.turns[0].heard == "Done."
        await ends(sat)
        sat.filter = lambda message: [message]
        await next_turn_works(h, sat)


@virtual
async def test_a_satellite_that_lets_no_message_through_after_the_answer_began_is_let_go() -> None:
    async with house(Engines(thoughts=lambda _: tokens("One two three four."))) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await sat.speaking()
        sat.filter = lambda _: []
        await sat.until(lambda: bool(h.turns))
        assert now() - sat.audio_times[0] <= 4 * VOICE_WORD_MS / 1000 + 3.1
        await ends(sat)
        sat.filter = lambda message: [message]
        await next_turn_works(h, sat)


def slow() -> Engines:
    return Engines(thoughts=lambda _: [(3.0, "One two three four five six.")])


async def in_state(sat: VirtualSatellite, state: State) -> None:
    await ask(sat, "tell me more")
    await sat.until(lambda: sat.satellite.state is state)
    until = now() + 0.2
    await sat.until(lambda: now() >= until)
    assert sat.satellite.state is state


@pytest.mark.parametrize("state", [State.LISTENING, State.THINKING, State.SPEAKING])
@virtual
async def test_a_lost_link_ends_the_turn_in_any_state(state: State) -> None:
    engines = slow()
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        await in_state(sat, state)
        lost = now()
        await sat.link.close("cable")
        sat.satellite.link_down(LinkClosed("link-closed", "cable"), 1.0)
        await sat.until(lambda: bool(h.turns))
        assert now() - lost <= 0.35
        assert h.turns[0].outcome == "cancelled"
        assert engines.thinking == 0
        # It is back with a link of its own.
        again = await h.add()
        await next_turn_works(h, again)


@pytest.mark.parametrize("state", [State.THINKING, State.SPEAKING])
@virtual
async def test_a_new_wake_ends_the_turn_that_thinks_or_speaks(state: State) -> None:
    engines = slow()
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        await in_state(sat, state)
        ended = await ask(sat, "turn on the lamp")
        await sat.until(lambda: len(h.turns) == 2)
        await ends(sat)
        assert [turn.outcome for turn in h.turns] == ["cancelled", "answered"]
        assert 0.2 <= commits(sat)[-1] - ended <= 0.2 + FRAME_S + 0.001
        assert engines.thinking == 0


@virtual
async def test_closing_is_bounded_with_everything_hanging() -> None:
    engines = Engines(stt_fault=hang, tts_fault=hang)
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        await sat.until(lambda: bool(engines.heard))
        closing = now()
        await h.stack.aclose()
        assert now() - closing <= 0.5
        assert h.turns == [] or h.turns[0].outcome == "cancelled"


@virtual
async def test_closing_is_bounded_while_an_answer_plays_at_a_satellite_gone_deaf() -> None:
    async with house(Engines(thoughts=lambda _: tokens("One two three four."))) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await sat.speaking()
        sat.filter = lambda _: []
        closing = now()
        await h.stack.aclose()
        assert now() - closing <= 0.5


@virtual
async def test_a_turn_that_does_not_end_in_time_leaves_the_next_one_its_ear() -> None:
    async def stubborn(number: int) -> None:
        until = now() + 6.0
        while number == 1 and now() < until:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.5)

    async with house(Engines(stt_fault=stubborn)) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        await sat.until(lambda: sat.satellite.state is State.THINKING)
        sat.wake()
        await tell(sat, pause(2600), words("turn on the lamp"))
        await sat.until(lambda: len(h.turns) == 2)
        await ends(sat)
        assert {turn.turn: turn.outcome for turn in h.turns} == {1: "cancelled", 2: "answered"}
        await asyncio.sleep(5)
        await next_turn_works(h, sat)


@virtual
async def test_a_home_that_breaks_in_a_new_way_ends_in_an_apology() -> None:
    class Broken(Engines):
        broken = True

        async def act(self, understanding: Understanding, origin: Origin) -> Reply:
            if self.broken:
                raise ValueError("nobody thought of this")
            return await super().act(understanding, origin)

    engines = Broken()
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        turn = await ended_turn(h, sat)
        assert (turn.outcome, turn.heard) == ("failed", "Sorry failed.")
        engines.broken = False
        await next_turn_works(h, sat)


@virtual
async def test_a_model_that_breaks_in_a_new_way_ends_in_an_apology() -> None:
    def think(_: Thought) -> Iterator[tuple[float, str]]:
        yield 0.1, "Well"
        raise ValueError("nobody thought of this")

    async with house(Engines(thoughts=think)) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        turn = await ended_turn(h, sat)
        assert (turn.outcome, turn.heard) == ("failed", "Sorry failed.")
        await next_turn_works(h, sat)


@virtual
async def test_a_session_lives_on_through_one_fault_after_the_other() -> None:
    faults = [failing("engine-failed")(0), hang(), failing("engine-busy")(0)]

    async def fault(number: int) -> None:
        if number <= len(faults):
            await faults[number - 1]

    async with house(Engines(stt_fault=fault)) as h:
        sat = await h.add()
        for _ in range(3):
            await ask(sat, "turn on the lamp")
            await ends(sat)
        assert [turn.outcome for turn in h.turns] == ["failed"] * 3
        await next_turn_works(h, sat)
