"""What the page calls the hub's own tools, and what sentences ask for, in each language."""

import json
import re
from pathlib import Path

from home_assistant_intents import get_intents

from hub.timekeeping import time_tools
from hub.tools import device_control, home_tools, maths_tools, news_tools, weather_tools

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "web_dashboard" / "src" / "i18n"


def test_everything_that_the_hub_can_do_has_a_name_for_people() -> None:
    sources = [file.read_text() for file in (ROOT / "hub").rglob("*.py")]
    asked = {
        name for text in sources for name in re.findall(r'"((?:Hass|Sotto)[A-Z][A-Za-z]+)"', text)
    }
    asked |= set((get_intents("en") or {})["intents"])
    tools = {
        spec.name
        for spec in (
            device_control.CONTROL_DEVICE,
            home_tools.GET_STATE,
            home_tools.GET_TIME,
            maths_tools.CALCULATE,
            maths_tools.CONVERT,
            time_tools.SET_APPOINTMENT,
            time_tools.SHOW_APPOINTMENTS,
            time_tools.CHANGE_APPOINTMENT,
            time_tools.USE_LIST,
        )
    }
    tools |= {news_tools.NAME, weather_tools.NAME}
    for language in ("en", "de", "fr", "es"):
        names = json.loads((TEXTS / language / "tool_names.json").read_text())
        # "On" is something else for a lamp, a blind and a lock.
        assert {name.partition(".")[0] for name in names} == asked | tools
