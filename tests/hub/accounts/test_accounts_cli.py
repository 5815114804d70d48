"""`sotto-hub account`, as people meet it."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.__main__ import app
from hub.accounts.role import Role
from hub.accounts.state_folder import link_file
from tests.hub.accounts.accounts_bench import ADDRESS, PASSWORD, bench

runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("SOTTO_HUB_STORE__URL", f"sqlite:///{tmp_path}/hub.db")
    monkeypatch.setattr("hub.command_line.log.set_up", lambda *_: None)  # it would outlive the test
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make_users(folder: Path) -> None:
    async def make() -> None:
        async with bench(folder) as here:
            await here.accounts.users.add("Ada", PASSWORD, Role.OWNER, "en")
            bob = await here.accounts.users.add("Bob", PASSWORD, Role.GUEST, "de")
            await here.accounts.users.change(bob.id, disabled=True)

    asyncio.run(make())


def test_the_link_is_printed_again_while_it_is_good(folder: Path) -> None:
    nobody = runner.invoke(app, ["account", "setup-link"])
    assert nobody.exit_code == 1
    assert "sotto-hub serve" in nobody.output
    link_file().parent.mkdir(parents=True, exist_ok=True)
    link_file().write_text(f"{ADDRESS}/setup?code=x\n")
    assert runner.invoke(app, ["account", "setup-link"]).output == f"{ADDRESS}/setup?code=x\n"


def test_where_there_is_an_owner_there_is_no_link_but_a_way_to_a_new_password(folder: Path) -> None:
    make_users(folder)
    link = runner.invoke(app, ["account", "setup-link"])
    assert link.exit_code == 1
    assert "reset-password" in link.output


def test_users_are_listed_with_what_they_may_do(folder: Path) -> None:
    assert "nobody yet" in runner.invoke(app, ["account", "list"]).output
    make_users(folder)
    ada, bob = runner.invoke(app, ["account", "list"]).output.splitlines()[-2:]
    assert ada.split() == ["Ada", "owner", "en"]
    assert bob.split() == ["Bob", "guest", "de", "can", "not", "log", "in"]


def test_a_new_password_lets_somebody_in_again_and_ends_old_logins(folder: Path) -> None:
    make_users(folder)

    async def logged_in(password: str) -> str:
        async with bench(folder) as here:
            proofs = await here.accounts.logins.log_in("bob", password, address="", client="")
            return proofs.access

    new = "quite another sentence"
    done = runner.invoke(app, ["account", "reset-password", "BOB"], input=f"{new}\n{new}\n")
    assert done.exit_code == 0, done.output
    assert new not in done.output
    access = asyncio.run(logged_in(new))
    runner.invoke(app, ["account", "reset-password", "bob"], input=f"{new}!\n{new}!\n")

    async def still_in() -> bool:
        async with bench(folder) as here:
            return await here.accounts.logins.caller(access, by_cookie=False) is not None

    assert not asyncio.run(still_in())


@pytest.mark.parametrize(("name", "password"), [("Eve", "quite another sentence"), ("Ada", "x")])
def test_an_unknown_name_and_a_weak_password_are_said_so(
    folder: Path, name: str, password: str
) -> None:
    make_users(folder)
    done = runner.invoke(app, ["account", "reset-password", name], input=f"{password}\n" * 2)
    assert done.exit_code == 1
    assert "sotto-hub:" in done.output
