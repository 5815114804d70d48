"""Changes of what was made in the dashboard, to be taken back."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "addition_steps",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_addition_steps"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("addition_steps")
