from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from hub.audit_table import MAX_SHOWN_CHARS, json_of, latest, table_of
from hub.origin import Origin
from hub.settings import HubSettings
from hub.store.database import Store
from hub.store_settings import StoreSection
from hub.tools.audit import AuditEntry
from hub.tools.stored_audit import StoredAudit

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(tool: str, verdict: str = "allowed", arguments: str = "{}") -> AuditEntry:
    origin = Origin("Kitchen", "en", "kitchen-1", "Ann", "c1", 7)
    return AuditEntry(NOON, origin, tool, arguments, verdict, "ok", 12.4)  # type: ignore[arg-type]


def shown(*entries: AuditEntry) -> str:
    console = Console(width=250, no_color=True)
    with console.capture() as capture:
        console.print(table_of(entries))
    return capture.get()


async def test_the_latest_entries_are_read_from_the_store(tmp_path: Path) -> None:
    settings = HubSettings(store=StoreSection(url=f"sqlite:///{tmp_path}/hub.db"))
    async with Store(settings.store.place) as store:
        await StoredAudit(store).add([entry("HassTurnOn"), entry("HassTurnOff"), entry("get_time")])
    assert [one.tool for one in await latest(settings, 2)] == ["get_time", "HassTurnOff"]


def test_a_line_tells_who_wanted_what_where_and_what_came_of_it() -> None:
    text = shown(entry("HassTurnOff", "refused"), entry("HassTurnOn", arguments='{"name": "[x]"}'))
    lines = text.splitlines()
    assert "HassTurnOn" in lines[1]
    for word in ("Ann", "Kitchen", '{"name": "[x]"}', "allowed", "ok", "12"):
        assert word in lines[1]
    assert "refused" in lines[2]


def test_long_arguments_are_cut_in_the_table_and_whole_in_json() -> None:
    long = entry("say", arguments="x" * 500)
    assert "x" * MAX_SHOWN_CHARS not in shown(long)
    [told] = json_of([long])
    assert told["arguments"] == "x" * 500
    assert (told["at"], told["area"], told["turn"]) == (NOON.isoformat(), "Kitchen", 7)
