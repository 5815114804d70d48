"""How timers, alarms, reminders and delayed commands look from outside."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field, JsonValue

from hub.timekeeping.appointment import Appointment, State, local
from hub.timekeeping.timekeeping import Timekeeping

AppointmentKind = Literal["timer", "alarm", "reminder", "command"]
_EXAMPLE: dict[str, JsonValue] = {
    "id": "5f0c",
    "kind": "timer",
    "state": "waiting",
    "due": "2026-03-01T18:12:00Z",
    "left_s": None,
    "name": "pasta",
    "text": "",
    "area": "Kitchen",
    "satellite": "kitchen-1",
    "duration_s": 480.0,
    "at": None,
    "on": "2026-03-01",
    "weekdays": [],
}


class Timer(BaseModel):
    """A timer, an alarm, a reminder or a delayed command."""

    id: str
    kind: AppointmentKind
    state: Literal["waiting", "paused", "ringing", "started"] = Field(
        description="`started`: of a command, it is being carried out."
    )
    due: datetime
    left_s: float | None = Field(default=None, description="What is left while it is paused.")
    name: str = ""
    text: str = Field(default="", description="What to remind of, or the command.")
    area: str | None = Field(default=None, description="The room where it was set.")
    satellite: str | None = None
    duration_s: float | None = Field(
        default=None, description="For how long it was set; null where a time of day was named."
    )
    at: str | None = Field(default=None, description="The time of day that was named: `07:30`.")
    on: date = Field(description="The day on which it is due, at home.")
    weekdays: list[int] = Field(default=[], description="Days of every week; Monday is 0.")

    model_config = {"json_schema_extra": {"examples": [_EXAMPLE]}}


def timer(time: Timekeeping, one: Appointment) -> Timer:
    """Return how an appointment looks."""
    paused = one.state is State.PAUSED
    return Timer(
        id=one.id,
        kind=one.kind.value,
        state=one.state.value,
        due=one.due,
        left_s=one.left_s(time.now) if paused else None,
        name=one.name,
        text=one.text,
        area=one.place.area,
        satellite=one.place.satellite,
        duration_s=one.duration_s,
        at=None if one.at is None else one.at.isoformat(timespec="minutes"),
        on=local(one.due, time.zone).date(),
        weekdays=sorted(one.weekdays),
    )
