"""Conversations, turns, and an index of their words where the database has one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hub.store.tables import Moment

revision = "0005"
down_revision = "0004"

_INDEX = (
    """CREATE VIRTUAL TABLE turn_words USING fts5(transcript, answer, content='turns',
    content_rowid='key', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')""",
    """CREATE TRIGGER turn_words_added AFTER INSERT ON turns BEGIN
    INSERT INTO turn_words(rowid, transcript, answer)
    VALUES (new.key, new.transcript, new.answer); END""",
    """CREATE TRIGGER turn_words_gone AFTER DELETE ON turns BEGIN
    INSERT INTO turn_words(turn_words, rowid, transcript, answer)
    VALUES ('delete', old.key, old.transcript, old.answer); END""",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("satellite", sa.Text(), nullable=False),
        sa.Column("satellite_name", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("started", Moment(), nullable=False),
        sa.Column("last", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_last", "conversations", ["last"])
    op.create_table(
        "turns",
        sa.Column("key", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("satellite", sa.Text(), nullable=False),
        sa.Column("satellite_name", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("opening", sa.String(16), nullable=False),
        sa.Column("started", Moment(), nullable=False),
        sa.Column("took_ms", sa.Float(), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("transcript", sa.Text(), nullable=True),
        sa.Column("language", sa.String(16), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("heard", sa.Text(), nullable=True),
        sa.Column("intent", sa.Text(), nullable=True),
        sa.Column("stages", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("audio", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"],
            ["conversations.id"],
            name="fk_turns_conversation",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name="pk_turns"),
        sa.UniqueConstraint("id", name="uq_turns_id"),
    )
    op.create_index("ix_turns_conversation", "turns", ["conversation"])
    op.create_index("ix_turns_started", "turns", ["started"])
    op.create_table(
        "turn_retention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("audio", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_turn_retention"),
    )
    if _has_word_index(op.get_bind()):
        for statement in _INDEX:
            op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE IF EXISTS turn_words")
    op.drop_table("turn_retention")
    op.drop_table("turns")
    op.drop_table("conversations")


def _has_word_index(connection: Connection) -> bool:
    """Tell whether this is a SQLite with FTS5."""
    if connection.dialect.name != "sqlite":
        return False
    try:
        connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.trial USING fts5(words)")
        connection.exec_driver_sql("DROP TABLE temp.trial")
    except DBAPIError:
        return False
    return True
