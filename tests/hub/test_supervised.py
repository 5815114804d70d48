import asyncio
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from hub import supervised
from hub.engines.base import EngineError, SpeechRequest
from hub.engines.engine_request import State
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedTextToSpeech
from hub.events import EngineChanged
from hub.supervised import RETRY_S, SupervisedEngine
from tests.conversations.scenes import virtual
from tests.virtual_house import now


@dataclass
class Scene:
    """An engine that can be brought up once `error` is taken away."""

    error: Exception | None = None
    text: str = "whisper base"
    tries: list[float] = field(default_factory=list)
    facts: list[EngineChanged] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = SupervisedEngine(
            "speech-to-text", "whisper", self._bring_up, self.facts.append
        )

    async def _bring_up(self) -> str:
        self.tries.append(now())
        if self.error is not None:
            raise self.error
        return self.text


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


@virtual
async def test_an_engine_that_comes_up_is_told_of_once() -> None:
    scene = Scene()
    running = asyncio.create_task(scene.engine.run())
    for _ in range(3):
        await asyncio.sleep(1)
        scene.engine.refresh()
    await asyncio.sleep(1)
    assert scene.engine.ready
    assert len(scene.tries) == 4
    assert scene.facts == [EngineChanged("speech-to-text", "whisper", True, "whisper base")]
    await ended(running)


@virtual
async def test_an_engine_that_does_not_come_up_is_tried_again_ever_more_slowly() -> None:
    scene = Scene(EngineError("engine-missing", "no model here: pull one"))
    with capture_logs() as logs:
        running = asyncio.create_task(scene.engine.run())
        await asyncio.sleep(sum(RETRY_S) + RETRY_S[-1] + 1)
    assert [round(at) for at in scene.tries] == [0, 5, 20, 80, 140]
    # The reason is told once, not with every try.
    assert [entry["error"] for entry in logs] == ["no model here: pull one"]
    assert [fact.ready for fact in scene.facts] == [False]
    scene.error = None
    scene.engine.refresh()
    await asyncio.sleep(0.1)
    assert (scene.facts[-1].ready, scene.facts[-1].text) == (True, "whisper base")
    await ended(running)


async def test_what_an_engine_takes_of_the_memory_is_told_as_it_loads_and_unloads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervised, "MEMORY_REST_S", 0.01)
    facts: list[EngineChanged] = []
    process = EngineProcess("espeak", idle_s=None)

    async def bring_up() -> str:
        await process.configure({}, load=False)
        return "espeak"

    async def speak() -> None:
        speech = HostedTextToSpeech(process)
        assert [chunk async for chunk in speech.synthesize(SpeechRequest("Hello.", "en"))]

    async def unload() -> None:
        """Let it be idle for long enough; before that, nobody can say when it is looked at."""
        process._idle_s = 0.01
        process._watch()
        while process.state is not State.ENDED:
            await asyncio.sleep(0.01)
        process._idle_s = None

    async def told(loaded: bool) -> None:
        while not facts or (facts[-1].memory_bytes > 0) != loaded:
            await asyncio.sleep(0.01)

    engine = SupervisedEngine("text-to-speech", "espeak", bring_up, facts.append, process)
    running = asyncio.create_task(engine.run())
    async with asyncio.timeout(60):
        await told(loaded=False)
        for _ in range(2):
            await speak()
            await told(loaded=True)
            await unload()
            await told(loaded=False)
        await speak()
        await told(loaded=True)
        # What is not ready does not become so because it takes memory.
        engine.failed(EngineError("engine-failed", "stalled"))
        await unload()
        while process.moved.is_set():
            await asyncio.sleep(0.01)
        await speak()
        await ended(running)
    assert [fact.ready for fact in facts[:-1]] == [True] * (len(facts) - 1)
    assert (facts[-1].ready, facts[-1].text) == (False, "stalled")


@virtual
async def test_an_engine_that_fails_in_a_way_of_its_own_is_tried_again_too() -> None:
    scene = Scene(OverflowError("port must be 0-65535"))
    running = asyncio.create_task(scene.engine.run())
    await asyncio.sleep(1)
    assert [fact.text for fact in scene.facts] == ["OverflowError: port must be 0-65535"]
    scene.error = None
    await asyncio.sleep(RETRY_S[0])
    assert scene.engine.ready
    await ended(running)


@virtual
async def test_a_failure_in_use_is_told_once_for_each_reason() -> None:
    scene = Scene()
    await scene.engine.bring_up()
    for text in ("stalled", "stalled", "refused"):
        scene.engine.failed(EngineError("engine-failed", text))
    assert [fact.text for fact in scene.facts] == ["whisper base", "stalled", "refused"]
    scene.engine.recovered()
    assert (scene.facts[-1].ready, scene.facts[-1].text) == (True, "whisper base")
    scene.engine.failed(EngineError("engine-failed", "refused"))
    assert scene.facts[-1].text == "refused"
