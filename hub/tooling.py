"""The tools of the hub, put together: what a model may use, what can be said, and the rules."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from hub.engines.base import Toolbox
from hub.home.actions import Actions
from hub.home.model import Home
from hub.home.own_commands import OwnCommands
from hub.home_rules import HomeRules
from hub.settings import HubSettings
from hub.tools.home_tools import HomeTools
from hub.tools.maths_tools import MathsTools, maths_commands
from hub.tools.mcp_tools import McpTools
from hub.tools.mqtt_tool_file import ToolFile, read_tools
from hub.tools.mqtt_tools import Link, MqttTools
from hub.tools.news_tools import NewsTools, news_commands
from hub.tools.own_sentences import OwnSentences, Perform
from hub.tools.sentence_files import SentenceFiles, read_sentences
from hub.tools.spoken_tools import mqtt_commands
from hub.tools.toolbox import JoinedToolbox
from hub.tools.weather_sentences import weather_commands
from hub.tools.weather_tools import WeatherTools
from hub.tools.when_rules import When

log = structlog.get_logger(__name__)

LOOK_S = 5.0
"""How often the owner's files are looked at; files of a home are edited by hand."""


@dataclass(frozen=True, slots=True)
class _Files:
    """What the owner's files hold."""

    stamp: tuple[tuple[str, int, int], ...]
    tools: ToolFile
    sentences: SentenceFiles


class Tooling:
    """All tools, and the sentences that use them."""

    def __init__(
        self,
        settings: HubSettings,
        home: Home,
        link: Link,
        actions: Actions,
        rules: HomeRules,
        *,
        perform: Perform,
        boxes: Sequence[Toolbox] = (),
        weather: WeatherTools | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`boxes` stand between those of the home and those of the owner; `perform` does what a
        text says; `weather` is there if the owner has it; `changed` is called when a model has to
        be told of other tools."""
        self._settings = settings
        self._actions = actions
        self._changed = changed
        self._audit = rules.audit
        self._mqtt = MqttTools(link)
        self._mcp = McpTools(settings.mcp.servers, changed)
        maths = [MathsTools()] if settings.tools.maths else []
        news = NewsTools(settings.news) if settings.news.feeds else None
        sources = [box for box in (weather, news) if box is not None]
        self.toolbox = JoinedToolbox(
            [HomeTools(home, actions), *boxes, *maths, *sources, self._mqtt, self._mcp],
            rules.gate,
            rules.audit,
        )
        """What a model may use."""
        self.commands = OwnCommands(home, self._failed)
        """What can be said beside the package's sentences."""
        self._own = OwnSentences(home, actions, self.toolbox, perform, rules.confirmations)
        self.whens: tuple[When, ...] = ()
        """What is done when something happens at a device."""
        self._followers: list[Callable[[], None]] = []
        self._told: tuple[str, ...] = ()
        self._files: _Files | None = None
        self._take(self._read())
        if maths:  # after the owner's sentences, which may say it otherwise
            self.commands.put("maths", maths_commands(self.toolbox, self._failed))
        if weather is not None:
            self.commands.put("weather", weather_commands(self.toolbox, actions))
        if news is not None:
            self.commands.put("news", news_commands(self.toolbox, news.feeds))

    async def run(self) -> None:
        """Keep the tools until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._audit.run())
            tasks.create_task(self._mcp.run())
            tasks.create_task(self._follow_files())

    def on_files(self, follower: Callable[[], None]) -> None:
        """Call `follower` now and whenever the owner's files were read again."""
        self._followers.append(follower)
        follower()

    async def _follow_files(self) -> None:
        """Read the owner's files again whenever they change."""
        while True:
            await asyncio.sleep(LOOK_S)
            before = self._files
            if before is None or await asyncio.to_thread(self._stamp) != before.stamp:
                self._take(await asyncio.to_thread(self._read))
                self._changed()

    def _read(self) -> _Files:
        stamp = self._stamp()
        file = self._settings.tools.tool_file
        wanted = file.exists() or self._settings.tools.file is not None
        tools = read_tools(file) if wanted else ToolFile()
        return _Files(stamp, tools, read_sentences(self._settings.tools.sentence_folder))

    def _take(self, files: _Files) -> None:
        self._files = files
        self.whens = files.tools.whens
        self._mqtt.put(files.tools.tools)
        spoken = mqtt_commands(files.tools.tools, self._mqtt, self.toolbox, self._failed)
        self.commands.put("sentences", self._own.commands(files.sentences.sentences))
        self.commands.put("mqtt tools", spoken)
        self.commands.warm_up(self._settings.spoken_languages)
        problems = (*files.tools.problems, *files.sentences.problems)
        for problem in problems:
            if problem not in self._told:
                log.warning("a file of yours has a mistake", problem=problem)
        self._told = problems
        for follower in self._followers:
            follower()

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        tools = self._settings.tools
        found = []
        for path in (tools.tool_file, *sorted(tools.sentence_folder.glob("*/*.yaml"))):
            try:
                stat = path.stat()
            except OSError:
                continue
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
        return tuple(found)

    def _failed(self, language: str) -> str:
        return self._actions.answers(language).error("handle_error")
