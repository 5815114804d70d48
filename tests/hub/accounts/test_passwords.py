"""Passwords are hashed aside, few at a time, whatever becomes of those who wait for it."""

import asyncio
import threading

import pytest

from hub.accounts import passwords as module
from hub.accounts.errors import AccountError
from tests.hub.accounts.accounts_bench import quick_passwords


async def test_work_that_takes_too_long_keeps_its_place_until_it_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LIMIT_S", 0.05)
    passwords, going_on = quick_passwords(), threading.Event()
    begun: list[str] = []

    def work(password: str, known: str | None) -> str | None:
        begun.append(password)
        going_on.wait(60)
        return known

    monkeypatch.setattr(passwords, "_work", work)
    try:
        for password in ("one", "two", "three", "four"):
            with pytest.raises(AccountError, match="too busy"):
                await passwords.matches(password, "known")
        async with asyncio.timeout(30):  # a thread may take longer to begin than who waits for it
            while len(begun) < module.AT_ONCE:
                await asyncio.sleep(0.01)
        assert sorted(begun) == ["one", "two"]
    finally:
        going_on.set()
    monkeypatch.setattr(module, "LIMIT_S", 60.0)
    assert await passwords.matches("five", "known")
    async with asyncio.timeout(30):
        while passwords._slots._value != module.AT_ONCE:
            await asyncio.sleep(0)


async def test_too_many_at_once_are_told_to_come_back() -> None:
    passwords = quick_passwords()
    tries = [passwords.matches("x", None) for _ in range(module.MOST_WAITING + 4)]
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, AccountError) for one in found) == 4
