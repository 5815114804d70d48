"""Announcements that wait to be said."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "announcements",
        sa.Column("id", sa.String(400), nullable=False),
        sa.Column("kept", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("announcement", sa.Text(), nullable=False),
        sa.Column("fates", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
    )
    op.create_index("ix_announcements_kept", "announcements", ["kept"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_announcements_kept", "announcements")
    op.drop_table("announcements")
