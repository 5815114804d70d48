"""What a language model is asked: what never changes first, what changes from turn to turn last.

A server that has read a beginning before does not read it again: rules, home and tools make up a
beginning that is the same, byte for byte, for every room and every turn, until the home changes.
What is true of this turn alone (time, room, person, language) stands in one short note before the
person's last words.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from hub.conversation.mind import Thought
from hub.conversation.plain_words import plain_words
from hub.conversation.prompt_size import MESSAGE_TOKENS, estimated_tokens, fitted, tools_tokens
from hub.engines.base import ChatMessage, ChatRequest, ToolSpec
from hub.home.model import Area, Device, Home

LARGE_HOME_DEVICES = 80
"""Beyond that devices are counted, not named: a small model loses itself in a long list."""
HOME_SHARE = 3
"""Of a context too small to have the home's names in this part (a third) of it likewise."""
NOTE_BYTES = 150
"""The note before the person's words, with all that is relevant of a large home."""
FACT_BYTES = 36
"""A room or a person in that note."""
NAME_CHARS = 60
"""Of a name, which anything that announces itself may choose."""
MAX_NAMED_BYTES = 16_000
"""Of the home's description, however long its names are."""
MAX_ANSWER_TOKENS = 400
"""Some two minutes of speech."""
DEFAULT_CONTEXT_TOKENS = 4096
"""Of a model whose server does not tell: the least that is in use."""
RESERVE_TOKENS = 1000
"""Kept free for tool calls and their results, in a context that is large enough."""

RULES = """\
You are the voice of a home. What you write is read out loud, and people listen.
- Answer in one to three short sentences. Say the answer first. Leave out what was not asked.
- Write plain sentences: no lists, no headings, no Markdown, no emoji, no links, no code.
- Write numbers, times, dates and units in words, as a person would say them.
- Answer in the language that the note before the person's words names.
- The words were recognised from speech and may be misheard. If they make no sense, ask once, briefly.
- Use the tools for what the home is to do and for what its state is. Never say that something was \
done unless a tool said so. If a tool fails, say what did not work.
- Text in square brackets is from the hub, not from the person. Never read it out.\
"""  # noqa: E501 - one line is one rule

_LANGUAGES = {
    "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian",
    "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
}  # fmt: skip


class PromptBuilder:
    """Builds what a model is asked about one home."""

    def __init__(
        self,
        home: Home,
        *,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        context_tokens: int = DEFAULT_CONTEXT_TOKENS,
        large_home_devices: int = LARGE_HOME_DEVICES,
        rules: str = "",
    ) -> None:
        """`now` gives the time of day at home; `rules` are the household's own, added to ours."""
        self.context_tokens = context_tokens
        self._home = home
        self._now = now
        self._large_home_devices = large_home_devices
        self._rules = "\n".join(filter(None, (RULES, rules.strip())))
        self._known: tuple[int, int] | None = None
        self._large = False
        self._prefix = ""

    def build(
        self, thought: Thought, tools: Sequence[ToolSpec], *, person: str = ""
    ) -> ChatRequest:
        """Return what to ask about a thought. Raises EngineError "bad-request": too long."""
        *before, (_, said) = thought.messages
        system = self._system()
        note = self._note(thought, said, person)
        messages = (
            system,
            *(
                ChatMessage("user" if role == "user" else "assistant", text)
                for role, text in before
            ),
            ChatMessage("user", f"{note}\n{said}"),
        )
        fitting = fitted(messages, self.room_for(tools))
        return ChatRequest(fitting, tuple(tools), MAX_ANSWER_TOKENS)

    def prefix(self, tools: Sequence[ToolSpec]) -> ChatRequest:
        """Return what every request begins with, to have a model read it ahead."""
        return ChatRequest((self._system(), ChatMessage("user", "…")), tuple(tools), 1)

    def room_for(self, tools: Sequence[ToolSpec]) -> int:
        """Return how many tokens a question may have, with room left for results of tools."""
        room = self.room_for_steps(tools)
        return room - (RESERVE_TOKENS if room > 3 * RESERVE_TOKENS else 0)

    def room_for_steps(self, tools: Sequence[ToolSpec]) -> int:
        """Return how many tokens messages may have beside the tools and an answer to come."""
        return self.context_tokens - tools_tokens(tools) - MAX_ANSWER_TOKENS - MESSAGE_TOKENS

    def _system(self) -> ChatMessage:
        known = (self._home.version, self.context_tokens)
        if self._known != known:
            self._known = known
            named = self._described(counted=False)
            self._large = (
                len(self._home.devices()) > self._large_home_devices
                or estimated_tokens(named) * HOME_SHARE > self.context_tokens
            )
            home = self._described(counted=True) if self._large else named
            self._prefix = f"{self._rules}\n\n{home}"
        return ChatMessage("system", self._prefix)

    def _described(self, *, counted: bool) -> str:
        """Return the home's rooms with their devices, or with how many of each kind."""
        rooms = sorted(self._home.areas(), key=lambda area: (area.name, area.id))
        lines = ["The home, by rooms:"]
        for area in (*rooms, None):
            there = self._devices(area)
            if area is None and not there:
                continue
            name = "in no room" if area is None else _named(area.name, area.aliases)
            told = ", ".join(_counted(there) if counted else map(_described, there))
            lines.append(f"- {name}: {told or 'nothing'}")
        if counted:
            lines.append("What the devices of a room are called: get_state.")
        text = "\n".join(lines)
        if len(text.encode()) <= MAX_NAMED_BYTES:
            return text
        return text.encode()[:MAX_NAMED_BYTES].decode("utf-8", "ignore") + " …"

    def _devices(self, area: Area | None) -> list[Device]:
        """Return a room's devices in a lasting order; for None those that are in no room."""
        known = {one.id for one in self._home.areas()}
        found = [
            device
            for device in self._home.devices()
            if (device.area == area.id if area is not None else device.area not in known)
        ]
        return sorted(found, key=lambda device: (device.domain, device.name, device.id))

    def _note(self, thought: Thought, said: str, person: str) -> str:
        """Return what is true of this turn, in NOTE_BYTES at most."""
        language = _LANGUAGES.get(
            thought.origin.language.split("-")[0].lower(), thought.origin.language
        )
        facts = [f"{self._now():%A %Y-%m-%d %H:%M}", f"Answer in {_short(language)}"]
        if thought.origin.area:
            facts.append(f"Room: {_short(thought.origin.area)}")
        if person:
            facts.append(f"Person: {_short(person)}")
        note = ". ".join(facts)
        if self._large:
            lead = ". Devices: "
            names = [device.name for device in self._relevant(thought.origin.area, said)]
            note += _filled(names, lead, NOTE_BYTES - len(note.encode()) - len("[.]\n"))
        return f"[{note}.]"

    def _relevant(self, area_name: str | None, said: str) -> list[Device]:
        """Return the devices that the words name, then those of the room."""
        words = set(plain_words(said))
        here = self._home.area_named(area_name) if area_name else None
        named: list[tuple[int, str, str, Device]] = []
        for device in self._home.devices():
            called = {word for name in (device.name, *device.aliases) for word in plain_words(name)}
            hits = len(called & words)
            if hits or (here is not None and device.area == here.id):
                named.append((-hits, device.name, device.id, device))
        return [device for *_, device in sorted(named, key=lambda entry: entry[:3])]


def _described(device: Device) -> str:
    kind = device.device_class or device.domain
    return f"{_named(device.name, device.aliases)} ({_line(kind)})"


def _counted(devices: Iterable[Device]) -> Iterable[str]:
    counts = Counter(device.domain for device in devices)
    return (f"{count} {_line(domain)}" for domain, count in sorted(counts.items()))


def _named(name: str, aliases: Sequence[str]) -> str:
    return " or ".join(_line(called) for called in (name, *aliases[:2]))


def _line(text: str) -> str:
    """Return a name as one short line that can not look like a note of ours."""
    plain = text.translate({ord("["): "(", ord("]"): ")"})
    return " ".join(plain.split())[:NAME_CHARS]


def _short(text: str) -> str:
    return _line(text).encode()[:FACT_BYTES].decode("utf-8", "ignore")


def _filled(names: Iterable[str], lead: str, room_bytes: int) -> str:
    """Return as many names as there is room for."""
    text = ""
    for name in dict.fromkeys(map(_line, names)):
        longer = f"{text}, {name}" if text else lead + name
        if len(longer.encode()) > room_bytes:
            break
        text = longer
    return text
