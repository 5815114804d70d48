"""Who may try to log in now.

A browser in which somebody has logged in before has tries of its own for that user: nobody else can
use them up. All others are counted by address, and by name: who guesses from one address waits
soon, and one name can be tried from all addresses together only so often.
"""

from collections.abc import Callable, Sequence

from hub.accounts.attempts import Attempts, address_key, check_wait, network_key

FREE = 5
"""Tries of one name from one place before there is a wait: people mistype."""
LONGEST_S = 60.0
FREE_BY_ADDRESS = 20
LONGEST_BY_ADDRESS_S = 900.0
PER_HOUR_BY_NETWORK = 200
"""From all addresses of an IPv6 network, which a whole house shares; then a minute's wait."""
PER_HOUR_BY_NAME = 100
"""From all places where nobody has logged in before; then a minute's wait."""
MAX_NAME_CHARS = 200

Counted = Sequence[tuple[Attempts, str]]


class LoginLimits:
    """Counts tries."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._by_browser = Attempts(FREE, LONGEST_S, clock)
        self._by_place = Attempts(FREE, LONGEST_S, clock)
        self._by_address = Attempts(FREE_BY_ADDRESS, LONGEST_BY_ADDRESS_S, clock)
        self._by_network = Attempts(
            PER_HOUR_BY_NETWORK, LONGEST_S, clock, forgiven_per_h=PER_HOUR_BY_NETWORK
        )
        self._by_name = Attempts(
            PER_HOUR_BY_NAME, LONGEST_S, clock, forgiven_per_h=PER_HOUR_BY_NAME
        )

    def begin(self, name: str, address: str, browser: str | None) -> Counted:
        """Count a try of a name, as it is compared; return by what it was counted.

        `browser` is the one it comes from, where that user has logged in there. Raises
        AccountError while there is a wait.
        """
        counted = self._keys(name[:MAX_NAME_CHARS], address, browser)
        check_wait(max(attempts.wait_s(key) for attempts, key in counted))
        for attempts, key in counted:
            attempts.begin(key)
        return counted

    def succeeded(self, counted: Counted) -> None:
        """Take note that a try was no failure. Tries of other names from the same address stay."""
        for attempts, key in counted:
            if attempts is self._by_browser or attempts is self._by_place:
                attempts.forget(key)
            else:
                attempts.take_back(key)

    def _keys(self, name: str, address: str, browser: str | None) -> Counted:
        if browser is not None:
            return ((self._by_browser, browser),)
        return (
            (self._by_place, f"{address_key(address)} {name}"),
            (self._by_address, address_key(address)),
            (self._by_network, network_key(address)),
            (self._by_name, name),
        )
