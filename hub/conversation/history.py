"""What was said in a conversation, as the person heard it: the memory of a language model."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.engines.base import WordTime

MAX_MESSAGES = 40
MAX_CHARS = 24_000
"""About 6000 tokens: what a small model at home reads in a second or two."""

ONE_MESSAGE_SHARE = 4
"""One message keeps at most this part (a quarter) of all characters, so that a pair always fits."""

NOTED_WORDS = 8
"""Words before the cut that tell the model where it was interrupted."""

NOTED_REST_CHARS = 240
"""Of what was not heard, the model is told this much: enough to go on when asked to."""

END_SLACK_MS = 50.0
"""An answer whose end is this near counts as heard: its last samples are silence."""


class Role(StrEnum):
    """Who spoke, by the names language models use."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that was said."""

    role: Role
    text: str
    """What was heard of it."""
    turn: int
    at: float
    """When, in seconds of the caller's clock."""
    interrupted: bool = False
    """An answer that was cut off."""
    unheard: str = ""
    """The rest of it, which nobody heard."""

    @property
    def chars(self) -> int:
        """Characters it takes up."""
        return len(self.text) + len(self.unheard)


class History:
    """A bounded list of messages: the oldest go first, and the first is always a user's."""

    def __init__(self, max_messages: int = MAX_MESSAGES, max_chars: int = MAX_CHARS) -> None:
        self._max_messages = max_messages
        self._max_chars = max_chars
        self._chars = 0
        self._messages: deque[Message] = deque()

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages)

    @property
    def unheard(self) -> str:
        """What nobody heard of the last answer."""
        last = next((m for m in reversed(self._messages) if m.role is Role.ASSISTANT), None)
        return last.unheard.strip() if last is not None else ""

    def clear(self) -> None:
        """Forget everything."""
        self._messages.clear()
        self._chars = 0

    def add_user(self, text: str, turn: int, at: float) -> None:
        """Add what the person said; nothing is added when that is blank."""
        if text.strip():
            self._add(Message(Role.USER, self._cut(text), turn, at))

    def take_back(self, turn: int) -> None:
        """Forget what the person said last, if that was in `turn`: there is more of it."""
        last = self._messages[-1] if self._messages else None
        if last is not None and last.role is Role.USER and last.turn == turn:
            self._chars -= self._messages.pop().chars

    def add_assistant(
        self, heard: str, unheard: str, turn: int, at: float, *, interrupted: bool
    ) -> None:
        """Add what was heard of an answer; an answer of which nothing was heard leaves no message.

        Nor does one that comes before any user message: models want a user to speak first.
        """
        if heard.strip():
            self._add(
                Message(Role.ASSISTANT, self._cut(heard), turn, at, interrupted, self._cut(unheard))
            )

    def prompt(self, said: str = "") -> list[tuple[str, str]]:
        """Return (role, content) for a language model: roles alternate, a user comes first.

        `said` is what the user says now, and is not in the history yet.

        An interrupted answer ends in a dash, and what the user says next starts with a line in
        brackets that tells after which words.
        """
        contents: list[tuple[str, str]] = []
        note = ""
        now = [Message(Role.USER, said, 0, 0.0)] if said.strip() else []
        for message in (*self._messages, *now):
            content = message.text.strip()
            if message.role is Role.ASSISTANT:
                note = _note(message) if message.interrupted else ""
                content = _dashed(content) if message.interrupted else content
            else:
                content, note = note + content, ""
            if contents and contents[-1][0] == message.role.value:
                content = f"{contents.pop()[1]}\n{content}"
            contents.append((message.role.value, content))
        return contents

    def _add(self, message: Message) -> None:
        self._messages.append(message)
        self._chars += message.chars
        while len(self._messages) > self._max_messages or self._chars > self._max_chars:
            self._drop_first()
        while self._messages and self._messages[0].role is Role.ASSISTANT:
            self._drop_first()

    def _drop_first(self) -> None:
        self._chars -= self._messages.popleft().chars

    def _cut(self, text: str) -> str:
        return text[: self._max_chars // ONE_MESSAGE_SHARE]


def heard_text(
    text: str, words: Sequence[WordTime], audio_ms: float, heard_ms: float
) -> tuple[str, str]:
    """Cut `text` where its listener was interrupted; return what was heard, and the rest.

    `audio_ms` is all the audio of `text`, `heard_ms` what the speaker played of it. A word was
    heard when at least half of it was played; without word times the cut is by share of the audio,
    at the end of a word.
    """
    if heard_ms <= 0:
        return "", text
    if heard_ms >= audio_ms - END_SLACK_MS:
        return text, ""
    if words:
        cut = _cut_by_words(words, audio_ms, heard_ms)
    else:
        cut = _cut_by_share(text, heard_ms / audio_ms)
    heard, rest = text[:cut], text[cut:]
    return (heard, rest) if any(map(str.isalnum, rest)) else (text, "")


def _cut_by_words(words: Sequence[WordTime], audio_ms: float, heard_ms: float) -> int:
    ends_ms = [*(word.offset_ms for word in words[1:]), audio_ms]
    cut = 0
    for word, end_ms in zip(words, ends_ms, strict=True):
        if heard_ms < (word.offset_ms + end_ms) / 2:
            break
        cut = word.end
    return cut


def _cut_by_share(text: str, share: float) -> int:
    limit = len(text) * share
    return max((word.end() for word in re.finditer(r"\S+", text) if word.end() <= limit), default=0)


def _dashed(text: str) -> str:
    return text.rstrip(" \t\n,;:-–—") + "—"


def _note(message: Message) -> str:
    words = message.text.split()
    start = "… " if len(words) > NOTED_WORDS else ""
    last = start + " ".join(words[-NOTED_WORDS:])
    rest = " ".join(message.unheard.split())
    if len(rest) > NOTED_REST_CHARS:
        rest = rest[:NOTED_REST_CHARS].rsplit(" ", 1)[0] + " …"
    not_heard = f' The user did not hear: "{rest}"' if rest else ""
    return f'[You were interrupted after "{last}".{not_heard}]\n'
