"""A real household on loopback for a browser to look at: broker, home, hub, satellites."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hub.demo.processes import Process

OWNER = "Ada"
PASSWORD = "correct horse battery"
START_S = 120.0


@dataclass(slots=True)
class RunningHub:
    """A hub that runs."""

    process: Process
    page: str
    """The address of its page."""
    link: str | None
    """Its one-time set-up link, as long as there is no owner."""
    satellites: int
    """The port for satellites."""


@dataclass(slots=True)
class Household:
    """Broker and simulated home, hubs that come and go, satellites made of files."""

    folder: Path
    stack: AsyncExitStack
    broker: str
    settings: str = ""
    """More settings for its hubs, as TOML."""
    token: str = ""
    """What its satellites have to know; empty: nothing."""
    ports: tuple[int, int] = (0, 0)
    """Of the page and of the satellites: a hub that comes again comes where it was."""
    hubs: list[Process] = field(default_factory=list)

    async def process(self, name: str, *arguments: str) -> Process:
        """Start a program of ours; it ends with the household."""
        process = await Process.start(name, *arguments, cwd=self.folder)
        self.stack.push_async_callback(process.end)
        return process

    async def hub(self) -> RunningHub:
        """Start a hub, with what the one before kept."""
        page, satellites = self.ports
        token = f'token = "{self.token}"\n' if self.token else ""
        settings = self.folder / "hub.toml"
        settings.write_text(
            f'[satellites]\nhost = "127.0.0.1"\nport = {satellites}\ndiscoverable = false\n'
            f"{token}"
            f'[mqtt]\nurl = "{self.broker}"\n'
            f'[store]\nurl = "sqlite:///{self.folder}/hub.db"\n'
            f"[dashboard]\nport = {page}\n"
            '[[policy.rules]]\nthen = "allow"\n'
            # What is tested must not depend on the models that happen to be on this machine.
            '[engines]\nspeech_to_text = "phrases"\ntext_to_speech = "espeak"\n'
            'language_model = "none"\n'
            # A busy machine hears slowly, and is no broken engine.
            f"[listening]\ntranscript_ms = 10000\n{self.settings}",
            encoding="utf-8",
        )
        process = await self.process("hub", "hub", "serve", "--config", str(settings))
        said: dict[str, str] = {}
        async with asyncio.timeout(START_S):
            async for line in process.lines():
                what, _, rest = line.partition(": ")
                said[what] = rest.strip()
                if line.startswith("Ready"):
                    break
            else:
                raise AssertionError(f"the hub ended: {said}\n{process.log_tail}")
        address = said["Dashboard"].rstrip("/")
        port = int(said["Satellites"].rsplit(":", 1)[1])
        self.ports = (int(address.rsplit(":", 1)[1]), port)
        self.hubs.append(process)
        return RunningHub(process, address, said.get("Set up"), port)

    async def satellite(self, name: str, area: str) -> tuple[Process, Path]:
        """Start a satellite; return it, and the folder that its speaker writes what it plays to."""
        answers = Path(tempfile.mkdtemp(prefix="speaker-", dir=self.folder))
        process = await self.process(
            "satellite", "satellite", "run", "--hub", f"127.0.0.1:{self.ports[1]}", "--events",
            "--mic", "none", "--speaker", f"wav:{answers}/", "--name", name, "--area", area,
        )  # fmt: skip
        return process, answers


@asynccontextmanager
async def household(
    folder: Path, settings: str = "", *, home: bool = True
) -> AsyncIterator[Household]:
    """Run a broker and, unless told not to, the demo's home while the block runs."""
    async with AsyncExitStack() as stack:
        house = Household(folder, stack, "", settings)
        broker = await house.process("broker", "hub", "broker", "--port", "0")
        line = await broker.wait_for_line(lambda line: "mqtt://" in line)
        house.broker = line.rsplit(maxsplit=1)[1]
        if home:
            devices = await house.process(
                "home", "hub.demo.simulated_home", "--broker", house.broker
            )
            await devices.wait_for_line(lambda line: line == "ready")
        yield house
