"""What is chosen of rooms and devices in the dashboard."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "device_choices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("exposed", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_device_choices"),
    )
    op.create_table(
        "area_choices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_area_choices"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("area_choices")
    op.drop_table("device_choices")
