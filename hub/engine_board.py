"""What the engines are at the moment, as they tell it, by what they do."""

from collections.abc import Callable, Mapping

from hub.events import EngineChanged

MAX_ROLES = 20

Show = Callable[[str, EngineChanged], None]


class EngineBoard:
    """The last word of each engine. It is told everything before the bus is."""

    def __init__(self, publish: Callable[[EngineChanged], None] = lambda _: None) -> None:
        self._publish = publish
        self._last: dict[str, EngineChanged] = {}
        self._shown: list[Show] = []

    @property
    def last(self) -> Mapping[str, EngineChanged]:
        """Return what each told last, by role."""
        return self._last

    def publish(self, fact: EngineChanged) -> None:
        """Take note of a fact, and publish it."""
        if fact.role in self._last or len(self._last) < MAX_ROLES:
            self._last[fact.role] = fact
            for show in self._shown:
                show(fact.role, fact)
        self._publish(fact)

    def on_change(self, show: Show) -> None:
        """Call `show` with all that is known, and with whatever is told from now on."""
        self._shown.append(show)
        for role, fact in self._last.items():
            show(role, fact)
