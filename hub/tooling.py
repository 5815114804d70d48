"""The tools of the hub, put together: what a model may use, what can be said, and the rules."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from hub.engines.base import Toolbox
from hub.home.actions import Actions
from hub.home.model import Home
from hub.home.own_commands import OwnCommands
from hub.home_rules import HomeRules
from hub.policy_settings import PolicyRule
from hub.settings import HubSettings
from hub.tools.additions import Additions, HiddenTools, NamedServer
from hub.tools.home_tools import HomeTools
from hub.tools.maths_tools import MathsTools, maths_commands
from hub.tools.mcp_tools import McpTools
from hub.tools.mqtt_tool_file import MqttTool, ToolFile, read_tools
from hub.tools.mqtt_tools import Link, MqttTools
from hub.tools.news_tools import NewsTools, news_commands
from hub.tools.own_sentences import OwnSentences, Perform
from hub.tools.sentence_files import SentenceFiles, read_sentences
from hub.tools.spoken_tools import mqtt_commands
from hub.tools.toolbox import JoinedToolbox
from hub.tools.weather_sentences import weather_commands
from hub.tools.weather_tools import WeatherTools
from hub.tools.when_rules import When
from hub.tools_settings import McpServer
from hub.words import placed, worded

log = structlog.get_logger(__name__)

_COUNTS = "tool {name}: it counts, and the one of this name made in the dashboard does not"

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
        additions: Additions | None = None,
    ) -> None:
        """`boxes` stand between those of the home and those of the owner; `perform` does what a
        text says; `weather` is there if the owner has it; `changed` is called when a model has to
        be told of other tools; `additions` are what was made in the dashboard."""
        self._settings = settings
        self._actions = actions
        self._tell = changed
        self._rules = rules
        self.audit = rules.audit
        self.mqtt = MqttTools(link)
        """The owner's."""
        self.mcp = McpTools({}, self._changed, self._show)
        """Those of servers."""
        self.version = 0
        """How often something of this has changed."""
        self._viewers: list[Callable[[], None]] = []
        maths = [MathsTools()] if settings.tools.maths else []
        news = NewsTools(settings.news) if settings.news.feeds else None
        sources = [box for box in (weather, news) if box is not None]
        self.toolbox = JoinedToolbox(
            [HomeTools(home, actions), *boxes, *maths, *sources, self.mqtt, self.mcp],
            rules.gate,
            rules.audit,
        )
        """What a model may use."""
        self.commands = OwnCommands(home, self._failed)
        """What can be said beside the package's sentences."""
        self._own = OwnSentences(home, actions, self.toolbox, perform, rules.confirmations)
        self.whens: tuple[When, ...] = ()
        """What is done when something happens at a device."""
        self.in_file = ToolFile()
        """What the owner's file of tools holds."""
        self.additions = Additions() if additions is None else additions
        """What was made in the dashboard."""
        self._followers: list[Callable[[], None]] = []
        self.problems: tuple[str, ...] = ()
        """What is wrong with the owner's files, a line each."""
        self._files: _Files | None = None
        self._take(self._read())
        self._put_servers()
        if maths:  # after the owner's sentences, which may say it otherwise
            self.commands.put("maths", maths_commands(self.toolbox, self._failed))
        if weather is not None:
            self.commands.put("weather", weather_commands(self.toolbox, actions))
        if news is not None:
            self.commands.put("news", news_commands(self.toolbox, news.feeds))

    async def run(self) -> None:
        """Keep the tools until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.audit.run())
            tasks.create_task(self.mcp.run())
            tasks.create_task(self._follow_files())

    def on_rules(self, follower: Callable[[], None]) -> None:
        """Call `follower` now and whenever there may be other automations."""
        self._followers.append(follower)
        follower()

    def on_change(self, viewer: Callable[[], None]) -> None:
        """Call `viewer` whenever the tools, or the state of a server, have changed."""
        self._viewers.append(viewer)

    @property
    def in_settings(self) -> Mapping[str, McpServer]:
        """Return the servers of the settings file."""
        return self._settings.mcp.servers

    def put(self, additions: Additions) -> None:
        """Have what was made in the dashboard in force, in place of what was before."""
        before, self.additions = self.additions, additions
        self._put_servers()
        self._settle()
        if all(before.of(kind) == additions.of(kind) for kind in (MqttTool, HiddenTools)):
            self._show()  # what servers offer is told by them
        else:
            self._changed()

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
        self.in_file = files.tools
        self.commands.put("sentences", self._own.commands(files.sentences.sentences))
        self._settle()

    def _settle(self) -> None:
        """Put together what stands in files and what was made in the dashboard."""
        in_file, added = self.in_file, self.additions
        names = {tool.name for tool in in_file.tools}
        own = added.of(MqttTool)
        tools = (*in_file.tools, *(tool for tool in own if tool.name not in names))
        self.whens = (*in_file.whens, *added.of(When))
        self._rules.put(added.of(PolicyRule))
        self.mqtt.put(tools)
        spoken = mqtt_commands(tools, self.mqtt, self.toolbox, self._failed)
        self.commands.put("mqtt tools", spoken)
        self.commands.warm_up(self._settings.spoken_languages)
        sentences = () if self._files is None else self._files.sentences.problems
        twice = tuple(
            placed(
                str(self._settings.tools.tool_file),
                worded("counts-in-file", _COUNTS, name=tool.name),
            )
            for tool in own
            if tool.name in names
        )
        problems = (*in_file.problems, *twice, *sentences)
        for problem in problems:
            if problem not in self.problems:
                log.warning("a file of yours has a mistake", problem=problem)
        self.problems = problems
        for follower in self._followers:
            follower()

    def _put_servers(self) -> None:
        in_file = self.in_settings
        own = {one.name: one for one in self.additions.of(NamedServer) if one.name not in in_file}
        self.mcp.put({**in_file, **own}, self.additions.hidden())

    def _changed(self) -> None:
        """Tell a model of other tools."""
        self._tell()
        self._show()

    def _show(self) -> None:
        """Tell who looks that something is another."""
        self.version += 1
        for viewer in self._viewers:
            viewer()

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
