"""Tools, rules, automations and servers that are made in the dashboard."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "additions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_additions"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("additions")
