"""How long turns are kept, and whether what was said is recorded: the settings, or a choice."""

from dataclasses import dataclass

from hub.store.database import Store
from hub.store.turns import RetentionRow

MAX_DAYS = 3650
_ROW = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """What the owner chose; None: as the settings say."""

    days: int | None = None
    audio: bool | None = None


class Retention:
    """What holds now. `load` comes first."""

    def __init__(self, store: Store, *, days: int, audio: bool) -> None:
        """`days` and `audio` are what the settings say."""
        self.settings = Choice(days, audio)
        self.choice = Choice()
        self._store = store
        self._days = days
        self._audio = audio

    @property
    def days(self) -> int:
        """How many days turns are kept; 0: not at all."""
        return self._days if self.choice.days is None else self.choice.days

    @property
    def audio(self) -> bool:
        """Whether what was said is recorded."""
        wanted = self._audio if self.choice.audio is None else self.choice.audio
        return wanted and self.days > 0

    async def load(self) -> None:
        """Take up what was chosen. Raises StoreError."""
        async with self._store.session() as session:
            row = await session.get(RetentionRow, _ROW)
        if row is not None:
            self.choice = Choice(row.days, row.audio)

    async def choose(self, choice: Choice) -> None:
        """Choose anew, to stay. Raises StoreError."""
        async with self._store.session() as session:
            await session.merge(RetentionRow(id=_ROW, days=choice.days, audio=choice.audio))
        self.choice = choice
