"""Users, logins and tokens in the store. All methods raise StoreError."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.accounts.errors import AccountError
from hub.accounts.role import Role
from hub.accounts.user import Login, Token, User, name_key
from hub.store.accounts import LoginRow, TokenRow, UserRow
from hub.store.database import Store
from hub.words import worded

MAX_USERS = 500
MAX_LOGINS = 50
"""Of one user; the one that was not seen for longest goes."""
MAX_TOKENS = 100
"""Of one user."""


class StoredAccounts:
    """What is kept of accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def has_owner(self) -> bool:
        """Return whether somebody can decide here."""
        async with self._store.session() as session:
            return await _owners(session) > 0

    async def users(self, limit: int, after: str = "") -> Sequence[User]:
        """Return users by name, those after a name as it is compared."""
        wanted = select(UserRow).where(UserRow.key > after).order_by(UserRow.key).limit(limit)
        async with self._store.session() as session:
            return [_user(row) for row in await session.scalars(wanted)]

    async def user(self, user: str) -> tuple[User, str] | None:
        """Return a user and the hash of the password."""
        async with self._store.session() as session:
            row = await session.get(UserRow, user)
            return None if row is None else (_user(row), row.password)

    async def user_named(self, name: str) -> tuple[User, str] | None:
        """Return a user and the hash of the password."""
        async with self._store.session() as session:
            row = await session.scalar(select(UserRow).where(UserRow.key == name_key(name)))
            return None if row is None else (_user(row), row.password)

    async def add_user(self, user: User, password: str, *, first: bool = False) -> None:
        """Keep a new one; with `first`, only while there is no owner. Raises AccountError."""
        async with self._store.session() as session:
            if first and await _owners(session) > 0:
                raise AccountError("set-up", "There is an owner already: log in.")
            if (await session.scalar(select(func.count()).select_from(UserRow)) or 0) >= MAX_USERS:
                raise AccountError(
                    "too-many",
                    worded(
                        "too-many-users",
                        "There are {most} users: remove one first.",
                        most=MAX_USERS,
                    ),
                )
            await _check_free(session, user)
            session.add(_user_row(user, password))

    async def change_user(self, user: User, password: str | None = None) -> None:
        """Keep what a user is now. Raises AccountError for the last owner."""
        async with self._store.session() as session:
            row = await session.get(UserRow, user.id)
            if row is None:
                raise AccountError("unknown", worded("no-user", "There is no such user any more."))
            if _decides(row) and (user.role < Role.OWNER or user.disabled):
                await _check_not_last(session)
            await _check_free(session, user)
            row.name, row.key = user.name, name_key(user.name)
            row.role, row.language = user.role.name.lower(), user.language
            row.disabled = user.disabled
            if password is not None:
                row.password = password

    async def remove_user(self, user: str) -> None:
        """Forget a user, logins and tokens too. Raises AccountError for the last owner."""
        async with self._store.session() as session:
            row = await session.get(UserRow, user)
            if row is None:
                raise AccountError("unknown", worded("no-user", "There is no such user any more."))
            if _decides(row):
                await _check_not_last(session)
            await session.delete(row)

    async def add_login(self, login: Login) -> None:
        """Keep a new one."""
        async with self._store.session() as session:
            older = select(LoginRow.id).where(LoginRow.user == login.user)
            older = older.order_by(LoginRow.seen.desc()).offset(MAX_LOGINS - 1)
            await session.execute(
                delete(LoginRow).where(LoginRow.id.in_(list(await session.scalars(older))))
            )
            session.add(
                LoginRow(
                    id=login.id,
                    user=login.user,
                    created=login.created,
                    seen=login.seen,
                    client=login.client,
                    generation=login.generation,
                    rotated=login.rotated,
                )
            )

    async def login(self, login: str) -> tuple[Login, User] | None:
        """Return a login and whose it is."""
        async with self._store.session() as session:
            row = await session.get(LoginRow, login)
            owner = None if row is None else await session.get(UserRow, row.user)
            return None if row is None or owner is None else (_login(row), _user(owner))

    async def logins(self, user: str) -> Sequence[Login]:
        """Return where a user is logged in, the latest first."""
        wanted = select(LoginRow).where(LoginRow.user == user).order_by(LoginRow.seen.desc())
        async with self._store.session() as session:
            return [_login(row) for row in await session.scalars(wanted)]

    async def rotate(self, login: Login, now: datetime) -> bool:
        """Count an exchange of a refresh token; return whether nobody was faster."""
        async with self._store.session() as session:
            row = await session.get(LoginRow, login.id)
            if row is None or row.generation != login.generation:
                return False
            row.generation += 1
            row.rotated = row.seen = now
            return True

    async def end_login(self, login: str) -> None:
        """Forget a login."""
        async with self._store.session() as session:
            await session.execute(delete(LoginRow).where(LoginRow.id == login))

    async def end_logins(self, user: str, *, but: str | None = None) -> None:
        """Forget all logins of a user, or all but one."""
        gone = delete(LoginRow).where(LoginRow.user == user)
        if but is not None:
            gone = gone.where(LoginRow.id != but)
        async with self._store.session() as session:
            await session.execute(gone)

    async def prune_logins(self, before: datetime) -> None:
        """Forget logins that were not seen since."""
        async with self._store.session() as session:
            await session.execute(delete(LoginRow).where(LoginRow.seen < before))

    async def add_token(self, token: Token, hash_: str) -> None:
        """Keep a new one. Raises AccountError."""
        async with self._store.session() as session:
            mine = select(func.count()).select_from(TokenRow).where(TokenRow.user == token.user)
            if (await session.scalar(mine) or 0) >= MAX_TOKENS:
                raise AccountError(
                    "too-many",
                    worded(
                        "too-many-tokens",
                        "You have {most} tokens: remove one first.",
                        most=MAX_TOKENS,
                    ),
                )
            session.add(
                TokenRow(
                    id=token.id,
                    user=token.user,
                    hash=hash_,
                    name=token.name,
                    scopes=" ".join(sorted(token.scopes)),
                    created=token.created,
                    expires=token.expires,
                    used=token.used,
                )
            )

    async def token(self, hash_: str) -> tuple[Token, User] | None:
        """Return a token by the hash of it, and whose it is."""
        async with self._store.session() as session:
            row = await session.scalar(select(TokenRow).where(TokenRow.hash == hash_))
            owner = None if row is None else await session.get(UserRow, row.user)
            return None if row is None or owner is None else (_token(row), _user(owner))

    async def tokens(self, user: str | None) -> Sequence[tuple[Token, str]]:
        """Return the tokens of a user, or of all, and whose each is by name."""
        wanted = select(TokenRow, UserRow.name).join(UserRow, UserRow.id == TokenRow.user)
        if user is not None:
            wanted = wanted.where(TokenRow.user == user)
        async with self._store.session() as session:
            rows = await session.execute(wanted.order_by(TokenRow.created, TokenRow.id))
            return [(_token(row), name) for row, name in rows]

    async def note_use(self, token: str, now: datetime) -> None:
        """Keep when a token was used."""
        async with self._store.session() as session:
            await session.execute(update(TokenRow).where(TokenRow.id == token).values(used=now))

    async def remove_token(self, token: str, user: str | None) -> str | None:
        """Forget a token of a user, or of anybody; return its hash, None if there is none."""
        async with self._store.session() as session:
            row = await session.get(TokenRow, token)
            if row is None or (user is not None and row.user != user):
                return None
            await session.delete(row)
            return row.hash


def _decides(row: UserRow) -> bool:
    return row.role == Role.OWNER.name.lower() and not row.disabled


async def _owners(session: AsyncSession) -> int:
    wanted = select(func.count()).select_from(UserRow)
    wanted = wanted.where(UserRow.role == Role.OWNER.name.lower(), UserRow.disabled.is_(False))
    return await session.scalar(wanted) or 0


async def _check_not_last(session: AsyncSession) -> None:
    if await _owners(session) <= 1:
        raise AccountError("last-owner", "This is the last owner: make somebody else one first.")


async def _check_free(session: AsyncSession, user: User) -> None:
    taken = select(UserRow.id).where(UserRow.key == name_key(user.name), UserRow.id != user.id)
    if await session.scalar(taken) is not None:
        raise AccountError(
            "name-taken", worded("name-taken", "There is a user '{name}' already.", name=user.name)
        )


def _user_row(user: User, password: str) -> UserRow:
    return UserRow(
        id=user.id,
        name=user.name,
        key=name_key(user.name),
        password=password,
        role=user.role.name.lower(),
        language=user.language,
        created=user.created,
        disabled=user.disabled,
    )


def _user(row: UserRow) -> User:
    role = Role[row.role.upper()]
    return User(row.id, row.name, role, row.language, row.created, row.disabled)


def _login(row: LoginRow) -> Login:
    return Login(row.id, row.user, row.created, row.seen, row.client, row.generation, row.rotated)


def _token(row: TokenRow) -> Token:
    scopes = frozenset(row.scopes.split())
    return Token(row.id, row.user, row.name, scopes, row.created, row.expires, row.used)
