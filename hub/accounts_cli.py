"""`sotto-hub account`: the link of the first start, who there is, and a new password."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from hub.accounts.state_folder import link_file
from hub.command_line import ConfigOption, fail, read_settings

if TYPE_CHECKING:
    from hub.accounts.accounts import Accounts
    from hub.accounts.user import User

app = typer.Typer(
    help="People who log in to the dashboard. docs/accounts.md tells more.", no_args_is_help=True
)
_output = Console()
_T = TypeVar("_T")

MOST = 500


@app.command("setup-link")
def setup_link(config: ConfigOption = None) -> None:
    """Print the one-time link that makes the first owner, while a hub waits for one."""
    try:
        link = link_file().read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        link = ""
    except OSError as error:
        fail(f"{link_file()} can not be read: {error.strerror}. Run this as the hub's user.")
    if link:
        typer.echo(link)
        return
    if _with_accounts(config, lambda accounts: accounts.users.has_owner()):
        fail(
            "There is an owner already, so there is no link. A forgotten password is replaced "
            "with `sotto-hub account reset-password NAME`."
        )
    fail("No hub of this user waits for its first owner. Start it with `sotto-hub serve`.")


@app.command("list")
def list_users(config: ConfigOption = None) -> None:
    """Show who there is."""
    users = _with_accounts(config, lambda accounts: accounts.users.page(MOST))
    if not users:
        typer.echo("There is nobody yet. `sotto-hub account setup-link` makes the first owner.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "role", "language", ""):
        table.add_column(heading, no_wrap=True)
    for user in users:
        off = "can not log in" if user.disabled else ""
        table.add_row(user.name, user.role.name.lower(), user.language, off)
    _output.print(table)


@app.command("reset-password")
def reset_password(
    name: Annotated[str, typer.Argument(help="Who has forgotten it.")],
    config: ConfigOption = None,
) -> None:
    """Set a new password for NAME, who is signed out everywhere and may log in again."""
    from hub.accounts.user import name_key

    async def find(accounts: "Accounts") -> "User | None":
        users = await accounts.users.page(MOST)
        return next((user for user in users if name_key(user.name) == name_key(name)), None)

    user = _with_accounts(config, find)
    if user is None:
        fail(f"There is no user {name!r}. `sotto-hub account list` shows who there is.")
    password: str = typer.prompt(
        f"New password for {user.name}", hide_input=True, confirmation_prompt=True
    )
    known = user.id
    _with_accounts(
        config,
        lambda accounts: accounts.users.change(known, password=password, disabled=False),
    )
    typer.echo(f"{user.name} can log in with the new password.")


def _with_accounts(config: Path | None, act: "Callable[[Accounts], Awaitable[_T]]") -> _T:
    """Do something with the accounts in the store; end where that can not be done."""
    from hub.accounts.accounts import Accounts
    from hub.accounts.errors import AccountError
    from hub.store.database import Store
    from hub.store.errors import StoreError

    settings = read_settings(config)

    async def run() -> _T:
        async with Store(settings.store.place) as store:
            # No login is made or read here, so that the hub's own key is not needed.
            return await act(Accounts(store, key=secrets.token_bytes(32)))

    try:
        return asyncio.run(run())
    except (StoreError, AccountError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("Interrupted.")
