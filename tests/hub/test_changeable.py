"""What hears and speaks, changed while it runs."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from hub import changeable as module
from hub.changeable import LINGER_S, ChangeableEars, ChangeableVoice
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, Transcript, Utterance
from hub.events import EngineChanged
from hub.home.model import Home
from hub.settings import HubSettings
from tests.virtual_time import run_virtual

WORDS = Utterance(b"", "en")
LEARN_S = 1.0


def settings(name: str) -> HubSettings:
    return HubSettings.model_validate({"engines": {"speech_to_text": name}})


class FakeEars:
    """Hears its own name; `broken` ones are never ready."""

    made: list["FakeEars"]
    slow = False
    broken = False

    def __init__(self, settings: HubSettings, publish: Any) -> None:
        self.name = settings.engines.speech_to_text
        self.publish = publish
        self.port = self
        self.running = False
        self.home: Home | None = None
        self.go_on = asyncio.Event()
        type(self).made.append(self)

    async def run(self) -> None:
        self.running = True
        try:
            await asyncio.Event().wait()
        finally:
            self.running = False

    async def learn(self, home: Home, own: object = ()) -> None:
        del own
        if self.broken and len(self.made) > 1:
            raise EngineError("engine-missing", "It is not here.")
        if self.slow and len(self.made) > 1:
            await asyncio.Event().wait()
        self.publish(EngineChanged("speech-to-text", self.name, True, f"{self.name} is here"))
        await asyncio.sleep(LEARN_S)
        self.home = home

    async def transcribe(self, utterance: Utterance) -> Transcript:
        name = self.name
        if utterance.audio:
            await self.go_on.wait()
        return Transcript(name, "en")


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeEars.made = []
    monkeypatch.setattr(FakeEars, "slow", False)
    monkeypatch.setattr(FakeEars, "broken", False)
    monkeypatch.setattr(module, "Ears", FakeEars)


async def heard(ears: ChangeableEars) -> str:
    return (await ears.port.transcribe(WORDS)).text


def test_the_new_one_knows_the_home_before_it_is_asked_and_the_old_one_ends_later() -> None:
    async def main() -> None:
        ears = ChangeableEars(settings("phrases"))
        running = asyncio.create_task(ears.run())
        await asyncio.sleep(0)
        home = Home()
        await ears.learn(home)
        long = asyncio.create_task(ears.port.transcribe(Utterance(b"x", "en")))
        await asyncio.sleep(0)
        await ears.choose(settings("whisper"))
        old, new = FakeEars.made
        assert new.home is home
        assert await heard(ears) == "whisper"
        assert old.running, "somebody is still being heard by it"
        old.go_on.set()
        assert (await long).text == "phrases"
        await asyncio.sleep(LINGER_S + 1)
        assert (old.running, new.running) == (False, True)
        running.cancel()
        await asyncio.wait([running])
        assert not new.running

    run_virtual(main())


@pytest.mark.parametrize("fault", ["broken", "slow"])
def test_one_that_does_not_get_ready_leaves_all_as_it_was(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeEars, fault, True)

    async def main() -> None:
        ears = ChangeableEars(settings("phrases"))
        running = asyncio.create_task(ears.run())
        await asyncio.sleep(0)
        with pytest.raises(EngineError):
            await ears.choose(settings("whisper"))
        await asyncio.sleep(0)
        assert await heard(ears) == "phrases"
        assert [one.running for one in FakeEars.made] == [True, False]
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())


def test_the_new_one_learns_a_home_that_becomes_another_meanwhile() -> None:
    async def main() -> None:
        ears = ChangeableEars(settings("phrases"))
        running = asyncio.create_task(ears.run())
        await ears.learn(Home())
        choosing = asyncio.create_task(ears.choose(settings("whisper")))
        await asyncio.sleep(LEARN_S / 2)
        home = Home()
        await ears.learn(home)
        await choosing
        assert FakeEars.made[-1].home is home
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())


def test_what_is_coming_tells_when_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        told: list[str] = []
        ears = ChangeableEars(settings("phrases"), lambda fact: told.append(fact.text))
        running = asyncio.create_task(ears.run())
        await ears.learn(Home())
        choosing = asyncio.create_task(ears.choose(settings("whisper")))
        await asyncio.sleep(LEARN_S / 2)
        assert told == ["phrases is here"]
        await choosing
        assert told == ["phrases is here", "whisper is here"]
        monkeypatch.setattr(module, "READY_S", LEARN_S / 2)
        with pytest.raises(EngineError):
            await ears.choose(settings("openai"))
        assert told == ["phrases is here", "whisper is here"]
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())


def test_what_is_on_its_way_out_has_nothing_to_tell() -> None:
    async def main() -> None:
        told: list[str] = []
        ears = ChangeableEars(settings("phrases"), lambda fact: told.append(fact.text))
        running = asyncio.create_task(ears.run())
        await asyncio.sleep(0)
        await ears.choose(settings("whisper"))
        old, new = FakeEars.made
        old.publish(EngineChanged("speech-to-text", "phrases", False, "old"))
        new.publish(EngineChanged("speech-to-text", "whisper", True, "new"))
        assert told == ["whisper is here", "new"]
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())


def test_a_sentence_that_is_being_said_is_said_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    class FakeVoice(FakeEars):
        async def configure(self) -> None:
            """Be ready."""

        async def synthesize(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk]:
            del request
            for _ in range(3):
                yield SpeechChunk(self.name.encode(), 16_000)

    monkeypatch.setattr(module, "Voice", FakeVoice)

    async def main() -> None:
        voice = ChangeableVoice(settings("auto"))
        running = asyncio.create_task(voice.run())
        await asyncio.sleep(0)
        first = [chunk.audio async for chunk in voice.port.synthesize(SpeechRequest("a", "en"))]
        begun = voice.port.synthesize(SpeechRequest("a", "en"))
        said = [(await anext(begun)).audio]
        await voice.choose(settings("openai"))
        said += [chunk.audio async for chunk in begun]
        after = [chunk.audio async for chunk in voice.port.synthesize(SpeechRequest("a", "en"))]
        assert (first, said, after) == ([b"auto"] * 3, [b"auto"] * 3, [b"openai"] * 3)
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())
