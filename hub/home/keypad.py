"""The codes of locks and alarm panels: which command wants one, and how often one may be wrong."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from hub.home.model import Device, DeviceId, Home, HomeCommand
from hub.home.spoken_codes import Code
from hub.origin import Origin

MAX_WRONG = 3
"""So often a wrong code may be said to a device, one after the other."""
LOCKED_S = 300.0
"""After that, none is taken for it for so long; three in five minutes find four digits in years."""
CODE_KNOWN = "code_known"
"""The feature of a device whose code the owner has given."""
_CHECKED = frozenset({CODE_KNOWN, "code_checked"})
"""Features of devices whose codes the hub compares: it knows whether one was right."""
_WANTING = frozenset({"code", "code_to_arm", "code_to_disarm"})


@dataclass(slots=True)
class Entry:
    """Where a code is put before what waits for it is done."""

    origin: Origin
    """Who said it, or who asked for what wants it."""
    code: Code | None = None


@dataclass(slots=True)
class _Tries:
    """How a device was told wrong codes."""

    wrong: int = 0
    latest_s: float = 0.0
    open: int = 0
    """Codes that a device was sent and has not answered yet."""


class Keypad:
    """Takes the codes that are said. For one event loop."""

    def __init__(self, home: Home, clock: Callable[[], float] = time.monotonic) -> None:
        self._home = home
        self._clock = clock
        self._tries: dict[DeviceId, _Tries] = {}

    @property
    def used(self) -> bool:
        """Whether anything in the home takes a code."""
        return any(device.features & _WANTING for device in self._home.devices())

    def taking(self, commands: Collection[HomeCommand]) -> list[Device]:
        """Return the devices that take a code for what they are told."""
        found = (
            device
            for command in commands
            if (device := self._home.device(command.device)) is not None
            and _wanted(command.verb) in device.features
        )
        return list(found)

    def wanting(self, commands: Collection[HomeCommand]) -> list[Device]:
        """Return the devices of which somebody has to say the code."""
        return [one for one in self.taking(commands) if CODE_KNOWN not in one.features]

    def with_code(self, commands: Sequence[HomeCommand], code: Code) -> tuple[HomeCommand, ...]:
        """Return the commands with the code, where they take one."""
        return tuple(
            replace(one, values={**one.values, "code": code}) if self.taking((one,)) else one
            for one in commands
        )

    def checks(self, device: Device) -> bool:
        """Return whether the hub knows a right code of this device from a wrong one."""
        return bool(device.features & _CHECKED)

    def is_locked(self, device: DeviceId) -> bool:
        """Return whether too many wrong codes were said for it just now."""
        tries = self._tries.get(device)
        if tries is None:
            return False
        if not tries.open and self._clock() - tries.latest_s >= LOCKED_S:
            del self._tries[device]
            return False
        return tries.wrong + tries.open >= MAX_WRONG

    @contextmanager
    def trying(self, device: DeviceId) -> Iterator[None]:
        """Have a code count as a wrong one while the device has not shown what it makes of it: who
        tries many at once can try no more of them."""
        self.is_locked(device)  # forgets what is long past
        tries = self._tries.setdefault(device, _Tries())
        tries.open, tries.latest_s = tries.open + 1, self._clock()
        try:
            yield
        except BaseException:  # nobody waited for what the device makes of it
            tries.wrong += 1
            raise
        finally:
            tries.open -= 1
            if not (tries.open or tries.wrong) and self._tries.get(device) is tries:
                del self._tries[device]

    def note(self, device: DeviceId, *, right: bool) -> None:
        """Take note of a code that was tried, or to which a device did not react."""
        self.is_locked(device)  # forgets what is long past
        tries = self._tries.setdefault(device, _Tries())
        if right:
            tries.wrong = 0
            if not tries.open:
                del self._tries[device]
            return
        tries.wrong, tries.latest_s = tries.wrong + 1, self._clock()


def wants_said(device: Device) -> bool:
    """Return whether somebody has to say the code of a device."""
    return bool(device.features & _WANTING) and CODE_KNOWN not in device.features


def _wanted(verb: str) -> str:
    """Return the feature of a device that takes a code for this verb."""
    if verb.startswith("arm_"):
        return "code_to_arm"
    if verb == "disarm":
        return "code_to_disarm"
    return "code" if verb in {"lock", "unlock", "open"} else ""
