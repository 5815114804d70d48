"""Appointments (timers, alarms, reminders, delayed commands) and lists."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "appointments",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due", Moment(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("duration_s", sa.Float(), nullable=True),
        sa.Column("remaining_s", sa.Float(), nullable=True),
        sa.Column("at", sa.String(8), nullable=True),
        sa.Column("weekdays", sa.String(7), nullable=False),
        sa.Column("satellite", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("repeatable", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
    )
    op.create_table(
        "list_items",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("added", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_list_items"),
    )
    op.create_index("ix_list_items_list", "list_items", ["list"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_list_items_list", "list_items")
    op.drop_table("list_items")
    op.drop_table("appointments")
