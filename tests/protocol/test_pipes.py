"""Pipes of programs that have ended are read to their end."""

import asyncio
import sys

from protocol.pipes import read_out

PATIENCE_S = 60.0


async def started(program: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program), stdout=asyncio.subprocess.PIPE
    )


async def test_more_than_a_reader_holds_is_read_to_its_end() -> None:
    process = await started("import sys; sys.stdout.write('x' * 60_000 * 10)")
    assert process.stdout is not None
    await process.stdout.readexactly(1)
    await read_out(stream=process.stdout, seconds=PATIENCE_S)
    assert process.stdout.at_eof()
    assert await process.wait() == 0


async def test_a_pipe_that_does_not_end_is_given_up() -> None:
    stream = asyncio.StreamReader()
    for_ever = asyncio.create_task(asyncio.sleep(3600))
    ended = asyncio.create_task(asyncio.sleep(0))
    async with asyncio.timeout(PATIENCE_S):
        await read_out(for_ever, ended, stream=stream, seconds=0.01)
    assert for_ever.cancelled()
    assert not ended.cancelled()
    assert not stream.at_eof()
