"""How often somebody may try something that can be guessed: who guesses waits longer and longer.

A try counts as failed from its beginning, so that many at once are no way around it.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from hub.accounts.errors import AccountError
from hub.words import worded

FORGOTTEN_S = 3_600.0
"""Without another try."""
MOST = 4_096
"""Keys that are remembered; those with the fewest tries go, so that many made-up ones push out
nobody who has tried often."""


@dataclass(slots=True)
class _Tries:
    count: float = 0.0
    last_s: float = 0.0
    until_s: float = 0.0


class Attempts:
    """Tries by one kind of key."""

    def __init__(
        self,
        free: int,
        longest_s: float,
        clock: Callable[[], float],
        *,
        forgiven_per_h: float = 0.0,
    ) -> None:
        """`free` tries need no wait; each after them doubles it. `forgiven_per_h` are forgotten."""
        self._free = free
        self._longest_s = longest_s
        self._clock = clock
        self._forgiven_per_s = forgiven_per_h / 3_600.0
        self._tries: OrderedDict[str, _Tries] = OrderedDict()

    def wait_s(self, key: str) -> float:
        """Return how long a key has to wait before its next try; 0: not at all."""
        tries = self._tries.get(key)
        return 0.0 if tries is None else max(0.0, tries.until_s - self._clock())

    def begin(self, key: str) -> None:
        """Count a try."""
        now = self._clock()
        tries = self._tries.get(key)
        if tries is None or now - tries.last_s > FORGOTTEN_S:
            tries = self._tries[key] = _Tries(last_s=now)
        self._tries.move_to_end(key)
        forgiven = (now - tries.last_s) * self._forgiven_per_s
        tries.count = max(0.0, tries.count - forgiven) + 1
        tries.last_s = now
        beyond = math.ceil(tries.count) - self._free
        if beyond >= 0:
            tries.until_s = now + min(self._longest_s, 2.0 ** min(beyond, 20))
        if len(self._tries) > MOST:
            others = (other for other in self._tries if other != key)
            del self._tries[min(others, key=lambda other: self._tries[other].count)]

    def take_back(self, key: str) -> None:
        """Count one try less: it was none that failed. Those before it stay."""
        tries = self._tries.get(key)
        if tries is not None:
            tries.count = max(0.0, tries.count - 1)
            if tries.count < self._free:
                tries.until_s = 0.0

    def forget(self, key: str) -> None:
        """Forget the tries of a key."""
        self._tries.pop(key, None)


def check_wait(wait_s: float) -> None:
    """Raise AccountError while there is a wait."""
    if wait_s > 0:
        raise AccountError(
            "too-many-tries",
            worded(
                "too-many-tries",
                "Too many tries. Wait {seconds} s and try again.",
                seconds=math.ceil(wait_s),
            ),
            wait_s,
        )


def address_key(address: str) -> str:
    """Return what an address is counted by, however it is written."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(parsed if mapped is None else mapped)


def network_key(address: str) -> str:
    """Return the same, but one for all of an IPv6 network: who has one can take any in it."""
    key = address_key(address)
    try:
        parsed = ip_address(key)
    except ValueError:
        return key
    return f"{int(parsed) >> 64:x}" if isinstance(parsed, IPv6Address) else key
