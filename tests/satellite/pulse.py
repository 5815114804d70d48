"""A PulseAudio of its own for a test: a room to speak into, and a speaker to listen to."""

import asyncio
import os
import shutil
import wave
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest

from tests.satellite.echo_room import RATE_HZ as ROOM_HZ
from tests.satellite.echo_room import response

START_S = 60.0
RATE = 48_000
_USB = """
pcm.usb_microphone { type pulse device usb_in.monitor hint { description "USB microphone" } }
pcm.usb_speaker { type pulse device usb_out hint { description "USB speaker" } }
"""
# Whoever connects finds the default devices: they are chosen before anybody is let in.
_BEGIN = f"""
load-module module-native-protocol-unix socket={{folder}}/native auth-anonymous=1
load-module module-null-sink sink_name=room rate={RATE} channels=1
load-module module-null-sink sink_name=speaker rate={RATE} channels=1
load-module module-remap-source master=room.monitor source_name=ear
set-default-source ear
set-default-sink speaker
"""
_PROGRAMS = ("pulseaudio", "pactl", "pacat")
_BEFORE_OTHERS = ("nice", "-n", "-11")
"""As the sound server itself is by default, where that is allowed: nobody stutters who speaks."""


class Pulse:
    """Null sinks: what is played into `room` is heard by the microphone `ear`."""

    def __init__(self, folder: Path) -> None:
        """Skips the test, saying so, where PulseAudio is not installed."""
        missing = [program for program in _PROGRAMS if shutil.which(program) is None]
        if missing:
            pytest.skip(f"no {', '.join(missing)}: install pulseaudio and pulseaudio-utils")
        self._folder = folder
        self._stack = AsyncExitStack()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PULSE_", "SOTTO_"))},
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "PULSE_SERVER": f"unix:{folder}/native",
        }

    async def __aenter__(self) -> Self:
        self._folder.chmod(0o700)
        (self._folder / ".asoundrc").write_text(_USB)
        await self.begin()
        return self

    async def begin(self) -> None:
        """Start the sound server."""
        script = self._folder / "begin.pa"
        script.write_text(_BEGIN.format(folder=self._folder))
        self._server = await self.start(
            "pulseaudio",
            *("-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"),
            *("--disable-shm=yes", "-F", str(script)),
        )
        async with asyncio.timeout(START_S):
            while (await self._control("info"))[0] != 0:
                pass

    async def crash(self) -> None:
        """Kill the sound server."""
        self._server.kill()
        await self._server.wait()

    async def plug_in(self, name: str) -> None:
        """Plug a device in: a sink of this name, and the microphone that hears it."""
        module = ("module-null-sink", f"sink_name={name}", f"rate={RATE}", "channels=1")
        assert (await self._control("load-module", *module))[0] == 0

    async def pull_out_all(self) -> None:
        """Unplug every device. One of several would be replaced by PulseAudio itself."""
        for module in ("module-remap-source", "module-null-sink"):
            assert (await self._control("unload-module", module))[0] == 0

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def start(self, *command: str, stdin: int | None = None) -> asyncio.subprocess.Process:
        """Start a program beside PulseAudio; it is ended with it."""
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self._folder,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL if stdin is None else stdin,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

        async def end() -> None:
            if process.returncode is None:
                process.kill()
            await process.communicate()

        self._stack.push_async_callback(end)
        return process

    async def say(
        self, pcm16: bytes, rate_hz: int, *, into: str = "room", latency_ms: int = 20
    ) -> None:
        """Play into the room, which hands sound on in pieces of a part of `latency_ms` at most.

        With more of it who speaks over an answer is heard less well.
        """
        process = await self.start(
            *_BEFORE_OTHERS,
            *("pacat", "--playback", f"--device={into}", "--raw", "--format=s16le", "--channels=1"),
            *(f"--rate={rate_hz}", f"--latency-msec={latency_ms}"),
            stdin=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None
        process.stdin.write(pcm16)
        process.stdin.close()

    async def record(
        self, rate_hz: int, *, source: str = "speaker.monitor", into: Path | None = None
    ) -> asyncio.subprocess.Process:
        """Record what the speaker plays, into the process's standard output or a file.

        It has begun when this returns: nothing that is played from then on is missed.
        """
        recorder = await self.start(
            *("pacat", "--record", f"--device={source}", "--raw", "--format=s16le"),
            *("--channels=1", f"--rate={rate_hz}", "--latency-msec=20"),
            *([] if into is None else [str(into)]),
        )
        assert recorder.stdout is not None
        async with asyncio.timeout(START_S):
            if into is None:
                await recorder.stdout.readexactly(2)
            else:
                while not into.exists() or not into.stat().st_size:
                    await asyncio.sleep(0.01)
        return recorder

    async def reflect(self, level: float) -> None:
        """Let the room hear the speaker, as rooms do; before anything is started.

        The sound server does it by itself: a program beside it would stumble under load.
        PulseAudio brings a response to a loudness of its own: `level` is that of all the echo.
        """
        taps = np.repeat(response(level=1.0), RATE // ROOM_HZ)
        file = self._folder / "room.wav"
        with wave.open(str(file), "wb") as wav:
            wav.setparams((2, 2, RATE, 0, "NONE", "not compressed"))
            samples = taps / np.abs(taps).max() * 32_767
            wav.writeframes(np.repeat(samples.astype("<i2"), 2).tobytes())
        number = next(
            line.split()[0]
            for line in (await self._control("list", "short", "modules"))[1].decode().splitlines()
            if "sink_name=speaker" in line
        )
        speaker = ("sink_name=speaker", "sink_master=room", f"hrir={file}", "use_volume_sharing=no")
        for words in (
            ("unload-module", number),
            ("load-module", "module-virtual-surround-sink", *speaker),
            ("set-sink-volume", "speaker", str(level)),
            ("set-default-sink", "speaker"),
        ):
            assert (await self._control(*words))[0] == 0

    async def _control(self, *words: str) -> tuple[int, bytes]:
        process = await self.start("pactl", *words)
        said, _ = await process.communicate()
        return process.returncode or 0, said
