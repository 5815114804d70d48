"""How browsers look from outside while one can talk in them. They are no satellites: they go."""

from datetime import datetime

from pydantic import BaseModel, Field

from hub.api.access import Role
from hub.api.live import Topic
from hub.api.parts import Parts
from hub.rooms.directory import Connected


class Browser(BaseModel):
    """A window of the dashboard that talks, or a program on the same socket."""

    id: str
    name: str = Field(description="As it calls itself.")
    area: str | None = Field(default=None, description="The room that somebody chose there.")
    person: str | None = Field(default=None, description="Who is logged in there.")
    state: str = Field(description="`idle`, `listening`, `thinking`, `speaking`.")
    microphone: bool = Field(description="Whether its microphone is on.")
    since: datetime = Field(description="When it came.")

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "id": "browser-1f0c2a7e-tab-5f2c",
                    "name": "Ada, Android",
                    "area": "Kitchen",
                    "person": "Ada",
                    "state": "listening",
                    "microphone": True,
                    "since": "2026-03-02T19:30:00Z",
                }
            ]
        }
    }


def browser(session: Connected, since: datetime) -> Browser:
    """Return how a browser looks now."""
    status = session.status
    return Browser(
        id=session.satellite,
        name=session.name or session.satellite,
        area=session.area,
        person=session.person,
        state="idle" if status is None else status.state,
        microphone=status is not None and not status.muted,
        since=since,
    )


def browsers_of(parts: Parts) -> Topic:
    """Return the live topic of the browsers: who is there is not for guests and panels."""
    return parts.live.topic("browsers", Role.MEMBER)
