"""Tools that are messages: one goes to the broker, and perhaps an answer comes back."""

import asyncio
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
import structlog
from jsonschema.exceptions import best_match

from hub.engines.base import ToolError, ToolSpec
from hub.home import asking_words
from hub.home.verbs import Risk
from hub.mqtt.errors import DiscoveryError, MqttUnavailable
from hub.mqtt.templates import Template
from hub.origin import Origin
from hub.tools.argument_schemas import ArgumentValidator
from hub.tools.mqtt_tool_file import CORRELATION, MAX_TOPIC_CHARS, MqttTool
from hub.words import worded

log = structlog.get_logger(__name__)

MAX_REPLY_BYTES = 65_536
MAX_RESULT_CHARS = 4_000
MAX_CALLS = 32
"""Of all tools at once."""

_SILENCE = "no answer within {seconds:g} s. It is not known whether it was done."
_WILD = "+#\x00"
"""What no topic may contain that a message is sent to."""

Handler = Callable[[str, bytes, bool], None]


class Link(Protocol):
    """The broker."""

    def subscribe(self, topic_filter: str, handler: Handler) -> None:
        """Hand every message that matches to `handler`."""

    def unsubscribe(self, topic_filter: str, handler: Handler) -> None:
        """Take back one `subscribe`."""

    async def publish(
        self, topic: str, payload: str | bytes, *, qos: int = 1, retain: bool = False
    ) -> None:
        """Publish. Raises MqttUnavailable."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a tool sends."""

    topic: str
    payload: str
    qos: int
    retain: bool
    reply_topic: str | None
    """Where its answer is waited for."""


class MqttTools:
    """The tools of one file, over one link."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._tools: dict[str, _Running] = {}
        self._calls = 0

    def put(self, tools: Sequence[MqttTool]) -> None:
        """Replace the tools; those that are as they were are left alone."""
        before, self._tools = self._tools, {}
        for tool in tools:
            known = before.get(tool.name)
            if known is not None and known.tool == tool:
                self._tools[tool.name] = before.pop(tool.name)
            else:
                self._tools[tool.name] = _Running(tool, self._link)
        for gone in before.values():
            gone.close()

    def tool(self, name: str) -> MqttTool | None:
        """Return a tool by its name."""
        running = self._tools.get(name)
        return None if running is None else running.tool

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tools, in the order of the file."""
        return [one.spec for one in self._tools.values()]

    def risk(self, name: str) -> Risk:
        """Return whether a yes is needed first."""
        return self._tools[name].tool.risk

    def question(self, name: str, arguments: Mapping[str, Any], language: str) -> str:
        """Return how somebody is asked; empty: as the hub asks."""
        del arguments
        questions: Mapping[Any, str] = self._tools[name].tool.questions
        return questions.get(language.split("-", maxsplit=1)[0], "")

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        """Send the message; return the answer, or that it was sent. Raises ToolError."""
        del origin
        running = self._tools.get(name)
        if running is None:
            raise ToolError(f"there is no tool {name}.")
        if self._calls >= MAX_CALLS:
            raise ToolError(
                worded("tools-busy", "too much is going on at once. Try again in a moment.")
            )
        self._calls += 1
        try:
            return await running.call(arguments)
        finally:
            self._calls -= 1

    def rehearse(self, name: str, arguments: Mapping[str, Any]) -> Message:
        """Return what a tool would send, and send nothing. Raises ToolError."""
        running = self._tools.get(name)
        if running is None:
            raise ToolError(f"there is no tool {name}.")
        return running.message(arguments, secrets.token_hex(8))

    def answer(self, name: str, arguments: Mapping[str, Any], result: str, language: str) -> str:
        """Return what is said of a result; empty where the tool does not tell."""
        running = self._tools.get(name)
        if running is None:  # it was taken out of the file meanwhile
            return ""
        tool = running.tool
        templates: Mapping[Any, str] = tool.answers
        source = templates.get(language.split("-", maxsplit=1)[0])
        if source is None:
            return asking_words.done(language) if tool.reply_topic is None else ""
        try:
            values = {**_defaults(tool), **arguments, "result": result}
            return Template(source).render(result, **values)
        except DiscoveryError as error:
            log.warning("an answer of an mqtt tool failed", tool=name, error=str(error))
            return ""


def rehearsed(tool: MqttTool, arguments: Mapping[str, Any]) -> Message:
    """Return what a tool that is not in use would send. Raises ToolError."""
    return _Running(tool, _Nowhere()).message(arguments, secrets.token_hex(8))


class _Nowhere:
    """A broker that is none."""

    def subscribe(self, topic_filter: str, handler: Handler) -> None:
        """Do nothing."""

    def unsubscribe(self, topic_filter: str, handler: Handler) -> None:
        """Do nothing."""

    async def publish(
        self, topic: str, payload: str | bytes, *, qos: int = 1, retain: bool = False
    ) -> None:
        """Do nothing."""


@dataclass(slots=True)
class _Awaited:
    """An answer that is waited for."""

    topic: str
    reply: "asyncio.Future[str]"


class _Running:
    """One tool, subscribed to its answers."""

    def __init__(self, tool: MqttTool, link: Link) -> None:
        self.tool = tool
        self._link = link
        self.spec = ToolSpec(tool.name, tool.description, tool.schema_of_arguments())
        self._validator = ArgumentValidator(self.spec.parameters)
        self._waiting: dict[str, _Awaited] = {}
        self._one_at_a_time = asyncio.Lock()
        # An answer that does not tell which message it is for can only be that for the last one.
        self._marked = bool(tool.reply_match) or CORRELATION in (tool.reply_topic or "")
        levels = (tool.reply_topic or "").split("/")
        # Subscribed once and for all: the answer may come before a subscription would be made.
        self._filter = "/".join("+" if "{" in level else level for level in levels)
        if self._filter:
            link.subscribe(self._filter, self._on_reply)

    def close(self) -> None:
        """Wait for no answers any more."""
        if self._filter:
            self._link.unsubscribe(self._filter, self._on_reply)
        for awaited in self._waiting.values():
            awaited.reply.cancel()

    def message(self, arguments: Mapping[str, Any], mark: str) -> Message:
        """Return what is sent. Raises ToolError for arguments that do not fit."""
        tool = self.tool
        error = best_match(self._validator.iter_errors(dict(arguments)))
        if error is not None:
            where = ".".join(str(part) for part in error.absolute_path)
            raise ToolError(f"{where + ': ' if where else ''}{error.message[:300]}.")
        values = {**_defaults(tool), **arguments}
        reply = tool.reply_topic
        return Message(
            self._topic(tool.topic, values, mark),
            self._payload(values, mark),
            tool.qos,
            tool.retain,
            None if reply is None else self._topic(reply, values, mark),
        )

    async def call(self, arguments: Mapping[str, Any]) -> str:
        mark = secrets.token_hex(8)
        message = self.message(arguments, mark)
        if message.reply_topic is None:
            await self._publish(message)
            return "Sent."
        values = {**_defaults(self.tool), **arguments}
        if self._marked:
            return await self._ask(message, message.reply_topic, values, mark)
        try:
            async with asyncio.timeout(self.tool.timeout_s), self._one_at_a_time:
                return await self._ask(message, message.reply_topic, values, mark)
        except TimeoutError:
            raise self._silence() from None

    async def _ask(
        self, message: Message, reply_topic: str, values: Mapping[str, Any], mark: str
    ) -> str:
        """Send, and wait for the answer. Raises ToolError."""
        awaited = _Awaited(reply_topic, asyncio.get_running_loop().create_future())
        self._waiting[mark] = awaited
        try:
            async with asyncio.timeout(self.tool.timeout_s):
                await self._publish(message)
                reply = await awaited.reply
        except TimeoutError:
            raise self._silence() from None
        finally:
            del self._waiting[mark]
        return self._told(reply, values)

    def _silence(self) -> ToolError:
        return ToolError(worded("tool-no-answer", _SILENCE, seconds=self.tool.timeout_s))

    async def _publish(self, message: Message) -> None:
        try:
            await self._link.publish(
                message.topic, message.payload, qos=message.qos, retain=message.retain
            )
        except MqttUnavailable as error:
            raise ToolError(
                worded("tool-not-sent", "it was not sent: {why}", why=str(error))
            ) from None

    def _topic(self, source: str, values: Mapping[str, Any], mark: str) -> str:
        """Return a topic. Arguments fill in words, never levels or wildcards."""
        if "{" not in source:
            return source
        for name, value in values.items():
            # Whatever a template does with it: a list and an object are judged as they are written.
            if re.search(rf"\b{re.escape(name)}\b", source) and _breaks_topic(str(value)):
                text = "{name}: it must not contain / + or #."
                raise ToolError(worded("tool-bad-argument", text, name=name))
        topic = self._render(source, values, mark)
        if topic.startswith("$") and not source.startswith("$"):
            text = "the topic that these arguments make must not begin with $."
            raise ToolError(worded("tool-topic-dollar", text))
        if not topic or len(topic) > MAX_TOPIC_CHARS or any(sign in topic for sign in _WILD):
            text = "the topic that these arguments make can not be used."
            raise ToolError(worded("tool-bad-topic", text))
        return topic

    def _payload(self, values: Mapping[str, Any], mark: str) -> str:
        if self.tool.payload is not None:
            return self._render(self.tool.payload, values, mark)
        marked = {CORRELATION: mark} if self._marked else {}
        return orjson.dumps({**values, **marked}, default=str).decode()

    def _render(self, source: str, values: Mapping[str, Any], mark: str) -> str:
        try:
            return Template(source).render("", **values, correlation=mark)
        except DiscoveryError as error:
            raise ToolError(str(error)) from None

    def _told(self, reply: str, values: Mapping[str, Any]) -> str:
        text = reply
        if self.tool.result is not None:
            try:
                text = Template(self.tool.result).render(reply, **values)
            except DiscoveryError as error:
                text = "the answer is not what was expected. {why}"
                raise ToolError(worded("tool-odd-answer", text, why=str(error))) from None
        return text[:MAX_RESULT_CHARS]

    def _on_reply(self, topic: str, payload: bytes, retained: bool) -> None:
        """Take an answer; one that was kept from before is none."""
        if retained or len(payload) > MAX_REPLY_BYTES or not self._waiting:
            return
        text = payload.decode(errors="replace")
        for mark, awaited in self._waiting.items():
            if awaited.topic == topic and not awaited.reply.done() and self._is_for(mark, text):
                awaited.reply.set_result(text)

    def _is_for(self, mark: str, text: str) -> bool:
        """Return whether an answer on the right topic is for the message of this mark."""
        if not self.tool.reply_match:
            return True
        found: Any = None
        with suppress(ValueError, TypeError, LookupError):
            found = orjson.loads(text)
            for part in self.tool.reply_match.split("."):
                found = found[int(part)] if isinstance(found, list) else found[part]
        return str(found) == mark


def _breaks_topic(text: str) -> bool:
    return any(sign in text for sign in f"/{_WILD}")


def _defaults(tool: MqttTool) -> dict[str, Any]:
    return {name: one["default"] for name, one in tool.parameters.items() if "default" in one}
