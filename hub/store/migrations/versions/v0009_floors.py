"""The floor of a room that is chosen in the dashboard."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Change the table."""
    op.add_column("area_choices", sa.Column("floor", sa.Text(), nullable=True))
