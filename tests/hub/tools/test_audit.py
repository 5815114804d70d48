import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.origin import Origin
from hub.store.database import Store
from hub.tools.audit import (
    KEPT,
    MAX_ARGUMENT_CHARS,
    MAX_WAITING,
    Audit,
    AuditEntry,
)
from hub.tools.stored_audit import StoredAudit
from tests.hub.tools.audit_in_memory import AuditInMemory
from tests.virtual_time import run_virtual

WHO = Origin("Kitchen", "en", "pi", "Anna", "c1", 7)


async def written(audit: Audit) -> None:
    writing = asyncio.create_task(audit.run())
    await asyncio.sleep(0.05)
    writing.cancel()
    await asyncio.wait([writing])


def test_an_entry_tells_who_where_what_and_how_it_ended() -> None:
    async def main() -> None:
        repository = AuditInMemory()
        audit = Audit(repository)
        audit.note(WHO, "open_gate", {"gate": "north"}, "allowed", code=None, took_ms=12.34)
        await written(audit)
        [entry] = await audit.recent()
        assert entry.origin == WHO
        assert (entry.tool, entry.arguments) == ("open_gate", '{"gate":"north"}')
        assert (entry.verdict, entry.code, entry.took_ms) == ("allowed", "ok", 12.3)

    run_virtual(main())


def test_secrets_are_masked_wherever_they_stand() -> None:
    async def main() -> None:
        repository = AuditInMemory()
        audit = Audit(repository)
        arguments = {"pin": "1234", "list": [{"password": "hunter2"}], "alarm_code": 99, "x": "y"}
        audit.note(WHO, "disarm", arguments, "allowed")
        await written(audit)
        told = repository.entries[0].arguments
        assert "1234" not in told
        assert "hunter2" not in told
        assert "99" not in told
        assert '"x":"y"' in told

    run_virtual(main())


def test_arguments_are_shortened() -> None:
    async def main() -> None:
        repository = AuditInMemory()
        audit = Audit(repository)
        audit.note(WHO, "shout", {"text": "a" * 100_000}, "allowed")
        audit.note(WHO, "odd", {"text": object()}, "allowed")
        await written(audit)
        assert [len(one.arguments) <= MAX_ARGUMENT_CHARS for one in repository.entries] == [
            True
        ] * 2

    run_virtual(main())


def test_old_entries_are_forgotten_now_and_then() -> None:
    async def main() -> None:
        repository = AuditInMemory()
        now = datetime(2026, 3, 1, tzinfo=UTC)
        audit = Audit(repository, now=lambda: now)
        audit.note(WHO, "old", {}, "allowed")
        await written(audit)
        now += KEPT + timedelta(seconds=1)
        await written(audit)
        assert repository.entries == []

    run_virtual(main())


def test_what_waits_is_written_when_the_hub_ends() -> None:
    async def main() -> None:
        repository = AuditInMemory()
        audit = Audit(repository)
        writing = asyncio.create_task(audit.run())
        await asyncio.sleep(0)
        audit.note(WHO, "last", {}, "allowed")
        writing.cancel()
        await asyncio.wait([writing])
        assert [one.tool for one in repository.entries] == ["last"]

    run_virtual(main())


def test_more_than_can_wait_is_counted_and_harms_nobody() -> None:
    async def main() -> None:
        audit = Audit(AuditInMemory())
        for _ in range(MAX_WAITING + 3):
            audit.note(WHO, "one", {}, "allowed")
        assert audit.batches.lost == 3

    run_virtual(main())


async def test_the_store_keeps_entries_and_forgets_the_old_and_the_too_many(
    tmp_path: Path,
) -> None:
    async with Store(f"sqlite:///{tmp_path}/hub.db") as store:
        stored = StoredAudit(store)
        start = datetime(2026, 3, 1, tzinfo=UTC)
        entries = [
            AuditEntry(start + timedelta(days=day), WHO, f"t{day}", "{}", "allowed", "ok", 1.0)
            for day in range(10)
        ]
        await stored.add(entries)
        assert list(await stored.recent(2)) == [entries[9], entries[8]]
        await stored.prune(start + timedelta(days=3), 100)
        assert len(await stored.recent(100)) == 7
        await stored.prune(start, 4)
        assert [one.tool for one in await stored.recent(100)] == ["t9", "t8", "t7", "t6"]
