"""A text of the hub by its name, for clients that say it in another language."""

from typing import Any

from pydantic import BaseModel, Field

from hub.words import told


class Said(BaseModel):
    """Which text it is, and what was put into it."""

    key: str = Field(description="Stable. `web_dashboard/src/i18n/en/hub.json` lists them.")
    values: dict[str, Any] = Field(description="A value with a `key` is a text in turn.")


def said(text: str) -> Said | None:
    """Return the name of a text; None for one that has none."""
    named = told(text)
    return None if named is None else Said.model_validate(named)
