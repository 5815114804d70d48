"""The sentences of docs/timers.md, said one after the other, are understood and carried out."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest

from hub.timekeeping import appointment, ringing, timekeeping
from hub.timekeeping.appointment import Kind
from tests.hub.timekeeping.house import House, lives
from tests.hub.timekeeping.test_spoken_time import Spoken

PAGE = Path(__file__).parents[3] / "docs" / "timers.md"
_HEADINGS = {"English": "en", "Français": "fr", "Deutsch": "de", "Español": "es"}
_RINGING = ("ringing", "sonnerie", "Klingeln", "al sonar")
_QUOTED = re.compile(r"[\"„«]\s*(.+?)\s*[\"“»]")


def _examples(language: str) -> list[tuple[str, str]]:
    """The sentences of a language, and in which row they stand."""
    for part in PAGE.read_text("utf-8").split("\n### ")[1:]:
        heading, _, body = part.partition("\n")
        if _HEADINGS[heading] == language:
            rows = [line.strip("|").split("|") for line in body.splitlines() if "|" in line][2:]
            return [
                (row.strip(), text) for row, *cells in rows for text in _QUOTED.findall(cells[0])
            ]
    raise AssertionError(f"no examples in {language}")


@pytest.mark.parametrize("language", sorted(_HEADINGS.values()))
def test_every_example_is_understood_and_carried_out(tmp_path: Path, language: str) -> None:
    examples = _examples(language)
    assert len(examples) >= 20

    async def play(house: House) -> None:
        spoken = Spoken(house, language)
        for row, text in examples:
            if row in _RINGING:
                await house.at(house.clock.now() + timedelta(seconds=1), Kind.ALARM)
                await asyncio.sleep(2)
                assert house.time.ringing()
            result = await spoken.say(text)
            assert result.ok, f"{text}: {result.speech}"
            assert house.time.ringing() == (), text
            if row in _RINGING:
                await house.time.cancel(*(one.id for one in house.time.all()))

    lives(tmp_path, play)


def test_the_limits_of_the_page_are_those_of_the_hub() -> None:
    page = " ".join(PAGE.read_text("utf-8").split())
    for text in (
        f"falls silent after {ringing.TIMER_S / 60:.0f} minutes, an alarm after "
        f"{ringing.ALARM_S / 60:.0f}",
        f"due up to {ringing.INSISTENT_S / 60:.0f} minutes ago",
        f"{timekeeping.MAX_APPOINTMENTS} appointments, none further ahead than "
        f"{appointment.MAX_AHEAD.days} days",
    ):
        assert text in page
    assert timekeeping.SNOOZE_S == 9 * 60
    assert timekeeping.SNOOZABLE_S == 5 * 60
    assert timekeeping.MAX_LATE_COMMAND_S == 3600
