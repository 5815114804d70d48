"""Settings of the store: where the hub keeps what must not be lost."""

import re
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, SecretStr, StringConstraints, field_validator

from hub.setting_section import Section

_URL = re.compile(r"^(sqlite:///|postgresql://)\S+$")

ListName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class StoreSection(Section):
    """Where timers, alarms, reminders, lists and conversations are kept."""

    url: SecretStr = Field(default=SecretStr(""))
    """sqlite:////folder/hub.db or postgresql://user:password@host/database; empty: a file in the
    user's data folder."""

    lists: tuple[ListName, ...] = Field(default=(), max_length=50)
    """Names of lists beside the shopping list and the to-do list: "hardware store"."""
    turns_days: int = Field(default=30, ge=0, le=3650)
    """How many days what was said and answered is kept; 0: not at all. The dashboard can change
    it."""
    turns_audio: bool = False
    """Whether recordings of what was said are kept as long, in files beside the database. The
    dashboard can change it."""

    @field_validator("url")
    @classmethod
    def _names_a_database(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not _URL.match(url.get_secret_value()):
            raise ValueError(
                "a database is named like sqlite:////folder/hub.db or "
                "postgresql://user:password@host/database"
            )
        return url

    @property
    def place(self) -> str:
        """The address of the database, with the empty one worked out."""
        return self.url.get_secret_value() or f"sqlite:///{default_file()}"

    @property
    def recordings(self) -> Path:
        """The folder of recordings: beside the database where that is a file."""
        _, is_file, file = self.place.partition("sqlite:///")
        database = Path(file).expanduser() if is_file and file else default_file()
        return database.parent / "recordings"


def default_file() -> Path:
    """Return where the store is when no other place is named."""
    return platformdirs.user_data_path("sotto") / "hub.db"
