"""What Alembic runs: the migrations, on the connection that it was given."""

from alembic import context

from hub.store import (
    accounts,
    additions,
    announcements,
    appointments,
    home_choices,
    list_items,
    satellites,
    tool_audit,
    turns,
)
from hub.store.tables import Table

DECLARED = (
    accounts,
    additions,
    announcements,
    appointments,
    home_choices,
    list_items,
    satellites,
    tool_audit,
    turns,
)


"""The files whose tables the migrations make."""

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
context.run_migrations()
