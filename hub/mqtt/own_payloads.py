"""Payloads of the commands that drive the hub: JSON objects, or plain text where that is enough."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from hub.announcing import MOST_TIMES, Announcement, Priority
from hub.controlling import ControlError

MAX_TEXT_CHARS = 2_000
MAX_TARGETS = 100
MAX_ID_CHARS = 120
_PRESSED = {"", "PRESS"}
"""What buttons send."""
_SWITCHED = {"ON": True, "TRUE": True, "1": True, "OFF": False, "FALSE": False, "0": False}

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_TEXT_CHARS)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=256)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_CHARS)] | int
Language = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z]{2,3}([_-][a-zA-Z0-9]{1,8}){0,2}$")]


class Payload(BaseModel):
    """What every command may hold. An unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Id | None = None
    """Comes back in the result. A second command with the same id is not carried out."""
    satellite: Name | None = None
    satellites: Annotated[list[Name], Field(max_length=MAX_TARGETS)] = []
    room: Name | None = None
    rooms: Annotated[list[Name], Field(max_length=MAX_TARGETS)] = []

    @property
    def all_satellites(self) -> tuple[str, ...]:
        """The satellites that are named."""
        return tuple(
            dict.fromkeys([*([self.satellite] if self.satellite else ()), *self.satellites])
        )

    @property
    def all_rooms(self) -> tuple[str, ...]:
        """The rooms that are named."""
        return tuple(dict.fromkeys([*([self.room] if self.room else ()), *self.rooms]))


class Say(Payload):
    """`announce` and `ask`."""

    text: Text = ""
    priority: Literal["low", "normal", "high", "urgent"] = "normal"
    chime: Literal["chime", "alarm"] | None = None
    language: Language | None = None
    within_s: float = Field(default=300.0, ge=1, le=86_400)
    volume: float | None = Field(default=None, ge=0, le=100)
    """Percent."""
    times: int = Field(default=1, ge=1, le=MOST_TIMES)
    pause_s: float = Field(default=10.0, ge=1, le=600)

    def announcement(self, satellites: tuple[str, ...], rooms: tuple[str, ...]) -> Announcement:
        """Return what is to be said there."""
        return Announcement(
            self.text,
            satellites,
            rooms,
            Priority[self.priority.upper()],
            self.chime,
            self.language,
            self.within_s,
            None if self.volume is None else self.volume / 100,
            self.times,
            self.pause_s,
        )


class Do(Payload):
    """`text`."""

    text: Annotated[Text, Field(min_length=1)]
    language: Language | None = None


class Press(Payload):
    """`listen`, `stop` and `forget`."""


class Confirm(Payload):
    """`confirm`."""

    announcement: Id | None = None
    """The `id` that it came with; None: all that are said several times."""


class Cancel(Payload):
    """`cancel_timer`."""

    timer: Name
    """Its id, as it is in the list of timers."""


class Volume(Payload):
    """`volume`."""

    volume: float = Field(ge=0, le=100)
    """Percent."""


class Mute(Payload):
    """`mute`."""

    muted: bool


class Change(Payload):
    """`settings`."""

    settings: Annotated[dict[str, Any], Field(max_length=MAX_TARGETS)] = {}
    """New values by name, null for what the satellite's file says; none: what holds is told."""


class Identify(Payload):
    """`identify`."""

    seconds: float = Field(default=5.0, ge=0, le=60)


def _text(plain: str) -> dict[str, Any]:
    return {"text": plain}


def _press(plain: str) -> dict[str, Any]:
    if plain.strip().upper() in _PRESSED:
        return {}
    raise ValueError("nothing, PRESS or a JSON object is expected")


def _confirm(plain: str) -> dict[str, Any]:
    return {} if plain.strip().upper() in _PRESSED else {"announcement": plain.strip()}


def _nothing(plain: str) -> dict[str, Any]:
    if plain.strip():
        raise ValueError("nothing or a JSON object is expected")
    return {}


def _volume(plain: str) -> dict[str, Any]:
    try:
        return {"volume": float(plain)}
    except ValueError:
        raise ValueError("a number from 0 to 100 or a JSON object is expected") from None


def _mute(plain: str) -> dict[str, Any]:
    muted = _SWITCHED.get(plain.strip().upper())
    if muted is None:
        raise ValueError("ON, OFF or a JSON object is expected")
    return {"muted": muted}


_KINDS: dict[str, tuple[type[Payload], Callable[[str], dict[str, Any]]]] = {
    "announce": (Say, _text),
    "ask": (Say, _text),
    "text": (Do, _text),
    "listen": (Press, _press),
    "stop": (Press, _press),
    "forget": (Press, _press),
    "stop_ringing": (Press, _press),
    "confirm": (Confirm, _confirm),
    "cancel_timer": (Cancel, lambda plain: {"timer": plain}),
    "identify": (Identify, _press),
    "settings": (Change, _nothing),
    "volume": (Volume, _volume),
    "mute": (Mute, _mute),
}
COMMANDS = tuple(_KINDS)
"""The names of all commands."""


def read(command: str, payload: bytes) -> Payload:
    """Return what a payload asks for. Raises ControlError."""
    if command not in _KINDS:
        raise ControlError(
            "unknown-command", f"There is no such command; there are {', '.join(COMMANDS)}."
        )
    kind, plain = _KINDS[command]
    try:
        text = payload.decode()
        values = _object(payload) if text.lstrip().startswith("{") else plain(text)
        return kind.model_validate(values)
    except UnicodeDecodeError:
        raise ControlError("bad-payload", "The payload is no UTF-8 text.") from None
    except ValidationError as error:
        raise ControlError("bad-payload", _reason(error)) from None
    except ValueError as error:
        raise ControlError("bad-payload", f"The payload is not understood: {error}.") from None


def command_id(payload: bytes) -> str | int | None:
    """Return the id in a payload that may be wrong otherwise, so that its error can be told."""
    try:
        value = _object(payload).get("id")
    except ValueError:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return value if isinstance(value, int) or len(value) <= MAX_ID_CHARS else None


def _object(payload: bytes) -> dict[str, Any]:
    try:
        values = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"it is no JSON ({error})") from None
    if not isinstance(values, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - of a payload, not of a caller
    return values


def _reason(error: ValidationError) -> str:
    """Return what is wrong, in a line."""
    first = error.errors(include_url=False, include_input=False)[0]
    name, *within = first["loc"] or ("payload",)
    # Behind the name stands the number of an entry, or pydantic's own name of a type.
    key = ".".join([str(name), *(str(part) for part in within[:1] if isinstance(part, int))])
    if name == "id":
        return f"id: a whole number, or text of 1 to {MAX_ID_CHARS} characters, is expected."
    if first["type"] == "extra_forbidden":
        return f"There is no key {key[:80]!r} here."
    if first["type"] == "missing":
        return f"The key {key!r} is missing."
    return f"{key[:80]}: {first['msg']}."
