"""A room in which a microphone hears the loudspeaker: direct sound, reflections, reverberation."""

import asyncio
import sys

import numpy as np
import numpy.typing as npt

from audio.sinc import Samples

RATE_HZ = 16_000
BLOCK_SAMPLES = 320


def response(*, delay_ms: float = 10.0, tail_ms: float = 60.0, level: float = 0.5) -> Samples:
    """Return the impulse response of a small furnished room; `level` is the direct sound's."""
    rng = np.random.default_rng(7)
    begin = int(delay_ms * RATE_HZ / 1000)
    tail = int(tail_ms * RATE_HZ / 1000)
    taps: Samples = np.zeros(begin + tail, dtype=np.float32)
    # 60 dB down at the end of the tail.
    fade = 10 ** (-3 * np.arange(tail) / tail)
    taps[begin:] = 0.15 * level * rng.standard_normal(tail) * fade
    taps[begin] = level
    return taps


class Room:
    """Convolves a stream with a response."""

    def __init__(self, taps: Samples) -> None:
        self._taps = taps
        self._before: Samples = np.zeros(taps.size - 1, dtype=np.float32)

    def echo(self, sound: npt.NDArray[np.floating]) -> Samples:
        """Return the echo of the next piece of sound, as long as it is."""
        whole = np.concatenate([self._before, sound], dtype=np.float32)
        self._before = whole[whole.size - self._before.size :]
        echoed: Samples = np.convolve(whole, self._taps, mode="valid")
        return echoed


async def main() -> None:
    """Read the speaker's sound from PulseAudio, and play its echo into the room, for ever."""
    raw = ("--raw", "--format=s16le", "--channels=1", f"--rate={RATE_HZ}", "--latency-msec=10")
    pipe = asyncio.subprocess.PIPE
    speaker = await asyncio.create_subprocess_exec(
        "pacat", "--record", "--device=speaker.monitor", *raw, stdout=pipe
    )
    air = await asyncio.create_subprocess_exec(
        "pacat", "--playback", "--device=room", *raw, stdin=pipe
    )
    assert speaker.stdout is not None
    assert air.stdin is not None
    room = Room(response(level=float(sys.argv[1])))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    try:
        while True:
            block = await speaker.stdout.readexactly(BLOCK_SAMPLES * 2)
            echo = room.echo(np.frombuffer(block, dtype="<i2").astype(np.float32))
            air.stdin.write(np.clip(np.rint(echo), -32768, 32767).astype("<i2").tobytes())
            await air.stdin.drain()
    finally:
        for process in (speaker, air):
            if process.returncode is None:
                process.kill()


if __name__ == "__main__":
    asyncio.run(main())
