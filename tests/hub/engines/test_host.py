import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hub.engines import catalog, engine_socket, host, hosted, worker_process
from hub.engines.base import EngineError, Rank, SpeechRequest, Transcript, Utterance
from hub.engines.engine_request import State
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedSpeechToText, HostedTextToSpeech

SCRIPTED = "tests.hub.engines.scripted_engine:ScriptedEngine"
SLOW = "tests.hub.engines.scripted_engine:SlowEngine"
LIMIT_S = 60.0


@pytest.fixture
async def engine() -> AsyncIterator[EngineProcess]:
    process = EngineProcess(SCRIPTED)
    async with asyncio.timeout(100), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        yield process
        running.cancel()


async def transcribe(engine: EngineProcess, script: str, rank: Rank = Rank.FINAL) -> str:
    utterance = Utterance(script.encode(), "en", lambda: rank)
    return (await HostedSpeechToText(engine).transcribe(utterance)).text.strip()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_request_is_answered_by_the_process(engine: EngineProcess) -> None:
    assert await transcribe(engine, "echo hello there") == "hello there"
    assert engine.pid not in (None, os.getpid())


async def test_the_beginning_of_a_sentence_arrives_as_such(engine: EngineProcess) -> None:
    utterance = Utterance(b"begin turn on the", "en")
    assert await HostedSpeechToText(engine).transcribe(utterance) == Transcript(
        "", "en", partial="turn on the"
    )


async def test_a_request_made_before_the_process_is_up_waits_for_it(engine: EngineProcess) -> None:
    assert engine.pid is None
    assert await transcribe(engine, "echo early") == "early"


async def test_the_configuration_survives_a_crash(engine: EngineProcess) -> None:
    await engine.configure({"word": "configured"})
    assert await transcribe(engine, "echo a") == "a configured"
    with pytest.raises(EngineError):
        await transcribe(engine, "crash")
    assert await transcribe(engine, "echo b") == "b configured"


async def test_a_refused_configuration_does_not_come_back_after_a_crash(
    engine: EngineProcess, tmp_path: Path
) -> None:
    await engine.configure({"word": "good"})
    with pytest.raises(EngineError, match="a bad configuration"):
        await engine.configure({"word": "refused", "bad": True})
    assert await transcribe(engine, "echo a") == "a good"
    assert (
        await transcribe(engine, f"crash-once {tmp_path / 'died'}") == f"{tmp_path / 'died'} good"
    )
    assert engine.restarts == 1


async def test_a_configuration_that_an_ended_engine_refuses_leaves_it_with_the_last_one() -> None:
    process = EngineProcess(SCRIPTED, idle_s=0.05)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        await process.configure({"word": "good"})
        await until(lambda: process.state is State.ENDED)
        await process.configure({"word": "refused", "bad": True})
        with capture_logs() as logs:
            assert await transcribe(process, "echo a") == "a good"
        assert "engine refuses its configuration" in [entry["event"] for entry in logs]
        running.cancel()


async def test_configurations_that_wait_for_the_engine_are_taken_in_their_order(
    engine: EngineProcess,
) -> None:
    await asyncio.gather(*(engine.configure({"word": word}) for word in ("old", "new")))
    assert await transcribe(engine, "echo a") == "a new"


async def test_an_utterance_whose_process_dies_is_transcribed_by_the_next(
    engine: EngineProcess, tmp_path: Path
) -> None:
    await transcribe(engine, "echo warm")
    first = engine.pid
    assert await transcribe(engine, f"crash-once {tmp_path / 'died'} still here") == (
        f"{tmp_path / 'died'} still here"
    )
    assert engine.pid != first
    assert engine.restarts == 1


async def test_a_request_that_kills_every_process_fails_and_the_next_one_works(
    engine: EngineProcess,
) -> None:
    with pytest.raises(EngineError, match="crashed") as failure:
        await transcribe(engine, "crash")
    assert failure.value.code == "engine-failed"
    assert await transcribe(engine, "echo fine") == "fine"


async def test_a_hung_engine_is_given_up_and_replaced(
    engine: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    await transcribe(engine, "echo warm")
    monkeypatch.setattr(hosted, "TRANSCRIBE_TIMEOUT_S", 0.2)
    with pytest.raises(EngineError) as failure:
        await transcribe(engine, "hang")
    assert failure.value.code == "engine-timeout"
    monkeypatch.undo()
    assert await transcribe(engine, "echo fine") == "fine"


async def test_errors_of_the_engine_and_of_its_library_arrive_with_their_words(
    engine: EngineProcess,
) -> None:
    with pytest.raises(EngineError, match="as the script says") as refused:
        await transcribe(engine, "fail")
    assert refused.value.code == "bad-request"
    with pytest.raises(EngineError, match="RuntimeError: out of luck") as failed:
        await transcribe(engine, "raise")
    assert failed.value.code == "engine-failed"
    with pytest.raises(EngineError, match="a bad configuration"):
        await engine.configure({"bad": True})
    assert await transcribe(engine, "echo fine") == "fine"


async def test_requests_of_several_sessions_are_answered_in_order(engine: EngineProcess) -> None:
    answers = await asyncio.gather(*(transcribe(engine, f"echo {n}") for n in range(20)))
    assert answers == [str(n) for n in range(20)]


async def test_a_cancelled_request_leaves_the_engine_usable(engine: EngineProcess) -> None:
    await transcribe(engine, "echo warm")
    task = asyncio.create_task(transcribe(engine, "echo given up"))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert await transcribe(engine, "echo fine") == "fine"


async def begun(engine: EngineProcess, script: str, rank: Rank = Rank.FINAL) -> asyncio.Task[str]:
    """Begin a request."""
    task = asyncio.create_task(transcribe(engine, script, rank))
    await asyncio.sleep(0)
    return task


async def sent(engine: EngineProcess, script: str) -> asyncio.Task[str]:
    """Begin a request; return when all of it was written to the process."""
    task = await begun(engine, script)
    await until(lambda: engine._line.served is not None and engine._outbox.empty)
    return task


async def hanging(engine: EngineProcess, file: Path) -> asyncio.Task[str]:
    """Begin a request; return when the process hangs in it: cancelled before, it never would."""
    task = await begun(engine, f"hang {file}")
    await until(file.exists)
    return task


async def given_up(*tasks: asyncio.Task[str]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def test_an_engine_that_hangs_in_a_cancelled_request_is_replaced(
    engine: EngineProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await transcribe(engine, "echo warm")
    first = engine.pid
    monkeypatch.setattr(host, "ABANDON_S", 0.1)
    await given_up(await hanging(engine, tmp_path / "hangs"))
    assert await transcribe(engine, "echo fine") == "fine"
    assert (engine.restarts, engine.pid == first) == (1, False)


async def test_a_hanging_engine_is_replaced_though_nobody_asks_it_for_more(
    engine: EngineProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await transcribe(engine, "echo warm")
    first = engine.pid
    monkeypatch.setattr(host, "ABANDON_S", 0.1)
    await given_up(await hanging(engine, tmp_path / "hangs"))
    await until(lambda: engine.pid not in (None, first))


async def test_a_request_that_is_cancelled_while_it_is_written_leaves_the_process_alone(
    engine: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "ABANDON_S", LIMIT_S)
    monkeypatch.setattr(engine_socket, "WRITE_TIMEOUT_S", LIMIT_S)
    await transcribe(engine, "echo warm")
    first = engine.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    large = await sent(engine, "echo " + "much " * 400_000)
    await given_up(large)
    waiting = await begun(engine, "echo next")
    os.kill(first, signal.SIGCONT)
    assert await waiting == "next"
    assert (engine.restarts, engine.pid) == (0, first)


async def test_requests_that_are_cancelled_before_they_begin_are_never_worked_on(
    engine: EngineProcess, tmp_path: Path
) -> None:
    await transcribe(engine, "echo warm")
    holding = await sent(engine, f"hold {tmp_path / 'go'}")
    await given_up(*[await begun(engine, "crash") for _ in range(5)])
    (tmp_path / "go").touch()
    await holding
    assert await transcribe(engine, "echo fine") == "fine"
    assert engine.restarts == 0


async def test_what_is_urgent_is_served_before_what_is_not(
    engine: EngineProcess, tmp_path: Path
) -> None:
    await transcribe(engine, "echo warm")
    holding = await sent(engine, f"hold {tmp_path / 'go'}")
    order: list[str] = []
    ranks = [Rank.SPECULATION, Rank.PARTIAL, Rank.REST, Rank.FIRST_SENTENCE, Rank.FINAL]
    for rank in ranks:
        task = await begun(engine, f"echo {rank.name}", rank)
        task.add_done_callback(lambda done: order.append(done.result()))
    (tmp_path / "go").touch()
    await holding
    await until(lambda: len(order) == len(ranks))
    assert order == [rank.name for rank in reversed(ranks)]


async def test_a_guess_that_turns_out_to_be_wanted_overtakes_the_others(
    engine: EngineProcess, tmp_path: Path
) -> None:
    await transcribe(engine, "echo warm")
    holding = await sent(engine, f"hold {tmp_path / 'go'}")
    order: list[str] = []
    ranks = {"first": Rank.SPECULATION, "second": Rank.SPECULATION}

    async def hear(word: str) -> None:
        utterance = Utterance(f"echo {word}".encode(), "en", lambda: ranks[word])
        order.append((await HostedSpeechToText(engine).transcribe(utterance)).text.strip())

    tasks = [asyncio.create_task(hear(word)) for word in ranks]
    await asyncio.sleep(0)
    ranks["second"] = Rank.FINAL
    (tmp_path / "go").touch()
    await holding
    await asyncio.wait(tasks, timeout=LIMIT_S)
    assert order == ["second", "first"]


async def test_of_too_many_requests_the_least_urgent_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "MAX_WAITING", 2)
    process = EngineProcess(SCRIPTED)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        await transcribe(process, "echo warm")
        holding = await sent(process, f"hold {tmp_path / 'go'}")
        guess = await begun(process, "echo guess", Rank.SPECULATION)
        partial = await begun(process, "echo partial", Rank.PARTIAL)
        final = await begun(process, "echo final", Rank.FINAL)
        with pytest.raises(EngineError, match="too much to do") as refused:
            await guess
        assert refused.value.code == "engine-busy"
        (tmp_path / "go").touch()
        await holding
        assert [await partial, await final] == ["partial", "final"]
        running.cancel()


async def test_a_request_that_waits_too_long_is_refused_and_the_engine_left_alone(
    engine: EngineProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await transcribe(engine, "echo warm")
    holding = await sent(engine, f"hold {tmp_path / 'go'}")
    monkeypatch.setattr(host, "WAIT_TIMEOUT_S", 0.05)
    with pytest.raises(EngineError) as refused:
        await transcribe(engine, "echo late")
    assert refused.value.code == "engine-busy"
    (tmp_path / "go").touch()
    await holding
    assert engine.restarts == 0


async def test_a_request_may_wait_longer_while_the_engine_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLOW_ENGINE", str(tmp_path / "go"))
    monkeypatch.setattr(host, "WAIT_TIMEOUT_S", 0.05)
    process = EngineProcess(SLOW)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        waiting = await begun(process, "echo early")
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert (done, process.state) == (set(), State.STARTING)
        (tmp_path / "go").touch()
        assert await waiting == "early"
        running.cancel()


async def test_an_engine_that_is_being_configured_is_still_loading_and_not_too_busy(
    engine: EngineProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await transcribe(engine, "echo warm")
    configuring = asyncio.create_task(engine.configure({"hold": str(tmp_path / "go")}))
    await until(lambda: engine._line.served is not None)
    monkeypatch.setattr(host, "WAIT_TIMEOUT_S", 0.05)
    engine._load_s = 0.05
    with pytest.raises(EngineError, match="is still loading") as refused:
        await transcribe(engine, "echo early")
    assert refused.value.code == "engine-busy"
    (tmp_path / "go").touch()
    await configuring
    assert await transcribe(engine, "echo fine") == "fine"


async def test_an_engine_that_does_not_load_in_time_tells_whoever_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLOW_ENGINE", str(tmp_path / "never"))
    monkeypatch.setattr(catalog, "LOAD_TIMEOUT_S", 0.3)
    process = EngineProcess(SLOW)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        with pytest.raises(EngineError, match=r"took over 0\.3 s to load") as failure:
            await transcribe(process, "echo early")
        assert failure.value.code == "engine-timeout"
        running.cancel()


def test_engines_that_import_pytorch_have_longer_to_load() -> None:
    assert catalog.load_timeout_s("coqui") == catalog.load_timeout_s("whisperx") == 120
    assert catalog.load_timeout_s("whisper") == 30


async def test_an_engine_that_nobody_needs_ends_and_starts_again_when_it_is_needed() -> None:
    process = EngineProcess(SCRIPTED, idle_s=0.05)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        await process.configure({"word": "configured"})
        first = process.pid
        await until(lambda: process.state is State.ENDED)
        assert (process.pid, process.memory_bytes) == (None, 0)
        assert not Path(f"/proc/{first}").exists()
        assert await transcribe(process, "echo again") == "again configured"
        assert process.restarts == 0
        running.cancel()


async def test_an_engine_that_does_not_end_when_nobody_needs_it_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(host, "END_TIMEOUT_S", 0.2)
    process = EngineProcess(SCRIPTED, idle_s=0.05)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        await process.configure({"word": "configured"})
        first = process.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        await until(lambda: process._unloading)
        # What is asked meanwhile is answered by the next process.
        assert await transcribe(process, "echo again") == "again configured"
        assert not Path(f"/proc/{first}").exists()
        assert process.restarts == 0
        running.cancel()


async def test_an_ended_engine_starts_again_before_it_is_asked_if_it_is_woken() -> None:
    process = EngineProcess(SCRIPTED, idle_s=0.05)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        await process.configure({})
        await until(lambda: process.state is State.ENDED)
        process.wake()
        await until(lambda: process.state is State.READY)
        running.cancel()


async def test_an_engine_that_is_woken_while_it_ends_starts_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(host, "END_TIMEOUT_S", 0.2)
    process = EngineProcess(SCRIPTED, idle_s=0.05)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        await process.configure({})
        first = process.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)  # it takes until it is killed to end
        await until(lambda: process._unloading)
        process.wake()
        await until(lambda: process.pid not in (None, first))
        running.cancel()


async def test_an_ended_engine_takes_a_new_configuration_when_it_starts_again() -> None:
    process = EngineProcess(SCRIPTED, idle_s=0.05)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        await process.configure({"word": "old"})
        await until(lambda: process.state is State.ENDED)
        await process.configure({"word": "new"})
        assert (process.pid, process.state) == (None, State.ENDED)
        assert await transcribe(process, "echo a") == "a new"
        running.cancel()


async def test_an_engine_in_use_does_not_end_however_long_it_takes(tmp_path: Path) -> None:
    process = EngineProcess(SCRIPTED, idle_s=0.01)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        holding = await sent(process, f"hold {tmp_path / 'go'} on")
        pid = process.pid
        await asyncio.sleep(0.05)
        (tmp_path / "go").touch()
        assert await holding == f"{tmp_path / 'go'} on"
        assert pid is not None
        running.cancel()


async def test_an_engine_starts_with_the_first_request_and_not_before() -> None:
    process = EngineProcess(SCRIPTED)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        await process.configure({"word": "prepared"}, load=False)
        for _ in range(5):
            await asyncio.sleep(0)
        assert (process.pid, process.state) == (None, State.ENDED)
        assert await transcribe(process, "echo first") == "first prepared"
        assert process.state is State.READY
        assert process.memory_bytes > 1_000_000
        running.cancel()


async def test_many_cancelled_requests_never_restart_an_engine_that_lives(
    engine: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    await transcribe(engine, "echo warm")
    first = engine.pid
    monkeypatch.setattr(host, "ABANDON_S", 20.0)
    for number in range(200):
        task = asyncio.create_task(transcribe(engine, f"echo {number} " + "more " * 10_000))
        for _ in range(number % 7):
            await asyncio.sleep(0)
        await given_up(task)
        if number % 20 == 0:
            assert await transcribe(engine, f"echo {number}") == str(number)
    assert await transcribe(engine, "echo fine") == "fine"
    await until(lambda: engine._line.stuck_at is None)
    assert (engine.restarts, engine.pid) == (0, first)


async def test_speech_that_is_closed_early_leaves_nothing_behind_in_the_engine(
    engine: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "ABANDON_S", 20.0)
    speech = HostedTextToSpeech(engine)
    async with aclosing(speech.synthesize(SpeechRequest("one two three", "en"))) as answers:
        await anext(answers)
    await until(lambda: engine._line.stuck_at is None)
    assert engine.restarts == 0


async def test_speech_streams_and_may_be_closed_early(engine: EngineProcess) -> None:
    speech = HostedTextToSpeech(engine)
    request = SpeechRequest("one two three", "en")
    chunks = [chunk async for chunk in speech.synthesize(request)]
    assert [chunk.audio for chunk in chunks] == [b"oneone", b"twotwo", b"threethree"]
    assert {chunk.rate_hz for chunk in chunks} == {22_050}
    async with aclosing(speech.synthesize(request)) as answers:
        async for chunk in answers:
            assert chunk.audio == b"oneone"
            break
    assert [c.audio async for c in speech.synthesize(SpeechRequest("four", "en"))] == [b"fourfour"]


async def test_speech_that_was_half_spoken_is_not_spoken_again_after_a_crash(
    engine: EngineProcess,
) -> None:
    heard: list[bytes] = []

    async def listen() -> None:
        speech = HostedTextToSpeech(engine)
        async for chunk in speech.synthesize(SpeechRequest("crash in the middle", "en")):
            heard.append(chunk.audio)  # noqa: PERF401 - what came before the failure counts

    with pytest.raises(EngineError, match="crashed"):
        await listen()
    assert heard == [b"\x01\x00"]


async def test_an_engine_that_can_not_be_loaded_says_what_is_missing() -> None:
    process = EngineProcess("tests.hub.engines.scripted_engine:BrokenEngine")
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        with pytest.raises(EngineError, match="a library is missing; install it") as failure:
            await transcribe(process, "echo anything")
        assert failure.value.code == "engine-missing"
        running.cancel()


async def test_an_engine_that_does_not_exist_is_named_with_those_that_do() -> None:
    process = EngineProcess("telepathy")
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        with pytest.raises(EngineError, match=r"no engine 'telepathy'.*phrases"):
            await transcribe(process, "echo anything")
        running.cancel()


async def test_the_process_ends_with_its_host() -> None:
    process = EngineProcess(SCRIPTED)
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        await transcribe(process, "echo warm")
        pid = process.pid
        assert pid is not None
        running.cancel()
    await until(lambda: not Path(f"/proc/{pid}").exists())


async def test_espeak_speaks_in_its_process_and_says_when_each_word_starts() -> None:
    process = EngineProcess("espeak")
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        await process.configure({"rate_wpm": 200})
        speech = HostedTextToSpeech(process)
        text = "Red kitchen light. " * 30
        chunks = [c async for c in speech.synthesize(SpeechRequest(text, "en"))]
        running.cancel()
    seconds = [len(chunk.audio) / 2 / chunk.rate_hz for chunk in chunks]
    assert 10 < sum(seconds) < 60
    words = [word for chunk in chunks for word in chunk.words]
    assert [text[word.start : word.end] for word in words] == text.replace(".", "").split()
    assert len(chunks) > 1
    for index, chunk in enumerate(chunks):
        start_ms, end_ms = (1000 * sum(seconds[:until]) for until in (index, index + 1))
        assert all(start_ms <= word.offset_ms <= end_ms for word in chunk.words)


async def test_a_host_that_is_cancelled_while_its_process_starts_leaves_none_behind() -> None:
    for turns in (0, 1, 2, 3, 5, 8):
        process = EngineProcess(SCRIPTED)
        running = asyncio.create_task(process.run())
        for _ in range(turns):
            await asyncio.sleep(0)
            process.wake()
        running.cancel()
        await asyncio.wait([running], timeout=LIMIT_S)
        assert running.cancelled()
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if children.exists():
        for pid in children.read_text().split():
            assert b"hub.engines.worker" not in Path(f"/proc/{pid}/cmdline").read_bytes()


async def test_a_host_that_is_cancelled_while_its_process_ends_leaves_none_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ending = asyncio.Event()
    end = worker_process.end

    async def noted(process: asyncio.subprocess.Process) -> None:
        ending.set()
        await end(process)

    monkeypatch.setattr(host, "end", noted)
    process = EngineProcess("telepathy")
    running = asyncio.create_task(process.run())
    asking = asyncio.create_task(transcribe(process, "echo anything"))
    async with asyncio.timeout(LIMIT_S):
        await ending.wait()
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running], timeout=LIMIT_S)
    assert running.cancelled()
    assert isinstance((await asyncio.gather(asking, return_exceptions=True))[0], EngineError)
    # A process that was not waited for warns when it is collected, and a warning fails the test.
    gc.collect()


async def test_an_engine_that_can_not_be_loaded_is_tried_again_ever_more_slowly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    delays_s = (0.0, 0.01, 0.02, 60.0)
    monkeypatch.setattr(host, "RESTART_DELAYS_S", delays_s)
    process = EngineProcess("telepathy")
    with capture_logs() as logs:
        running = asyncio.create_task(process.run())
        with pytest.raises(EngineError, match="telepathy"):
            await transcribe(process, "echo anything")
        await until(lambda: process.restarts >= 3)
        assert [entry["delay_s"] for entry in logs if "delay_s" in entry] == list(delays_s[1:])
        assert process.state is State.FAILED
        # Whoever asks for something gets another try, and its error, without waiting for that.
        with pytest.raises(EngineError, match="telepathy"):
            await transcribe(process, "echo anything")
    running.cancel()
    await asyncio.wait([running])
