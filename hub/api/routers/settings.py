"""What is set, and where. To be looked at: it is changed where it stands."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.api.access import Owner
from hub.api.parts import Hub
from hub.engine_choice import chosen_settings
from hub.settings_report import Source, report, sections

router = APIRouter(prefix="/settings", tags=["settings"])


class SettingView(BaseModel):
    """One setting."""

    name: str = Field(examples=["mqtt.discovery_prefix"])
    value: Any = Field(description='A secret is "***", or null where there is none.')
    source: Source = Field(description="What the value is from; the first is the strongest.")
    secret: bool
    text: str = Field(description="What it is for.")


class SettingsView(BaseModel):
    """All settings."""

    file: str | None = Field(examples=["/home/ada/.config/sotto/hub.toml"])
    sections: dict[str, str] = Field(
        description="What the sections are for, by their names.",
        examples=[{"listening": "When speech begins and ends."}],
    )
    settings: list[SettingView]


@router.get("")
async def settings(_: Owner, hub: Hub) -> SettingsView:
    """List what is set, where each value is from and what it is for; secrets never."""
    found = [
        SettingView(
            name=one.name, value=one.value, source=one.source, secret=one.secret, text=one.text
        )
        for one in report(hub.desk.settings, chosen_settings(hub.desk.choice))
    ]
    file = hub.settings.file
    return SettingsView(
        file=None if file is None else str(file), sections=sections(), settings=found
    )
