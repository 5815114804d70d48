"""Which device of this machine is meant by a setting's words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from satellite.errors import SatelliteError

Kind = Literal["input", "output"]

_NOUNS: dict[Kind, str] = {"input": "microphone", "output": "speaker"}
_ALSA_PLACE = re.compile(r"\s*\(hw:\d+,\d+\)$")
_MOST_NAMES = 12
_ADVICE = "`sotto-satellite devices` lists what there is; without a sound card use wav:FILE or none"


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device of this machine."""

    index: int
    name: str
    inputs: int
    outputs: int
    rate_hz: int
    default_input: bool
    default_output: bool

    def channels(self, kind: Kind) -> int:
        """Return how many channels it has one way."""
        return self.inputs if kind == "input" else self.outputs

    @property
    def lasting_name(self) -> str:
        """Return its name without its place, which may be another when it is plugged in again."""
        return lasting_name(self.name)


def lasting_name(name: str) -> str:
    """Return a device's name as it is compared: without its place, in lower case."""
    return _ALSA_PLACE.sub("", name).strip().lower()


def missing(kind: Kind, text: str) -> SatelliteError:
    """Return the error "no-microphone" or "no-speaker", with advice."""
    return SatelliteError(f"no-{_NOUNS[kind]}", f"{text}; {_ADVICE}")


def choose(
    found: Sequence[DeviceInfo], wanted: str, kind: Kind, known_as: str | None = None
) -> DeviceInfo:
    """Return the device that `wanted` means: `default`, a number, a name, or a part of one.

    `known_as` is the name of the device that was meant before: the same one is looked for, since
    numbers and places change when something is plugged in. Raises SatelliteError "no-microphone",
    "no-speaker".
    """
    usable = [device for device in found if device.channels(kind)]
    if known_as is not None and wanted != "default":
        again = _called(usable, known_as)
        if again or wanted.isdecimal():
            return _only(again[:1], usable, known_as, kind)
    if wanted == "default":
        default = "default_input" if kind == "input" else "default_output"
        meant = [device for device in usable if getattr(device, default)]
        return _only(meant[:1], usable, wanted, kind)
    if wanted.isdecimal():
        return _only([d for d in usable if d.index == int(wanted)], usable, wanted, kind)
    part = wanted.lower()
    meant = _called(usable, wanted) or [d for d in usable if part in d.name.lower()]
    return _only(meant, usable, wanted, kind)


def _called(usable: Sequence[DeviceInfo], name: str) -> list[DeviceInfo]:
    """Return the devices of exactly this name; if there are none, those that differ by place."""
    exact = [device for device in usable if device.name.lower() == name.lower()]
    # Two sound systems may show one device under one name; the first is the machine's own.
    return exact[:1] or [d for d in usable if d.lasting_name == lasting_name(name)]


def _only(
    meant: Sequence[DeviceInfo], usable: Sequence[DeviceInfo], wanted: str, kind: Kind
) -> DeviceInfo:
    if len(meant) == 1:
        return meant[0]
    noun = _NOUNS[kind]
    if meant:
        raise missing(kind, f"{wanted!r} may be several {noun}s: {_list(meant)}; name one of them")
    if not usable:
        raise missing(kind, f"there is no {noun} at all, so also none {wanted!r}")
    raise missing(kind, f"there is no {noun} {wanted!r}; there are {_list(usable)}")


def _list(devices: Sequence[DeviceInfo]) -> str:
    names = [f"{device.index} {device.name!r}" for device in devices[:_MOST_NAMES]]
    more = len(devices) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")
