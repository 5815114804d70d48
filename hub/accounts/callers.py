"""Who is known to be logged in, for a short while, and who waits for a login to end."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from hub.accounts.user import User

KNOWN_S = 10.0
"""What another program changes in the store is noticed after so long."""
MOST = 4_096


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks for something, and by which proof."""

    user: User
    proof: str
    """The id of the login, or the hash of the token."""
    scopes: frozenset[str] | None = None
    """What a token is limited to; None: it is a login."""
    by_cookie: bool = False
    """The browser sent the proof by itself, whoever's page asked it to."""


class Callers:
    """Callers by their proofs."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, Caller]] = OrderedDict()
        self._watching: dict[str, set[asyncio.Event]] = {}
        self.forgotten = 0
        """How many proofs were forgotten so far."""

    def get(self, proof: str) -> Caller | None:
        """Return who a proof belongs to; None: it is not known now."""
        at, caller = self._known.get(proof, (0.0, None))
        if caller is None or self._clock() - at > KNOWN_S:
            return None
        return caller

    def was_good(self, proof: str) -> bool:
        """Return whether a proof was good not long ago, and has not ended here since."""
        return proof in self._known

    def put(self, caller: Caller, forgotten: int) -> Caller:
        """Know somebody for a while, unless a proof was forgotten since `forgotten` were."""
        if forgotten != self.forgotten:
            return caller
        self._known[caller.proof] = (self._clock(), caller)
        self._known.move_to_end(caller.proof)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return caller

    def forget(self, proof: str) -> None:
        """Know a proof no more, and tell who watches it."""
        self.forgotten += 1
        self._known.pop(proof, None)
        for event in self._watching.get(proof, ()):
            event.set()

    def forget_user(self, user: str, *, but: str | None = None) -> None:
        """Know no proof of a user any more, or one alone."""
        known = {proof for proof, (_, caller) in self._known.items() if caller.user.id == user}
        for proof in known - {but}:
            self.forget(proof)

    def renew(self, user: User) -> None:
        """Know what a user is now."""
        for proof, (at, caller) in self._known.items():
            if caller.user.id == user.id:
                self._known[proof] = (at, replace(caller, user=user))

    async def watch(self, proof: str, limit_s: float) -> bool:
        """Wait until a proof is forgotten, a limit at most; return whether it was."""
        event = asyncio.Event()
        self._watching.setdefault(proof, set()).add(event)
        try:
            async with asyncio.timeout(limit_s):
                await event.wait()
        except TimeoutError:
            return False
        finally:
            self._watching[proof].discard(event)
            if not self._watching[proof]:
                del self._watching[proof]
        return True
