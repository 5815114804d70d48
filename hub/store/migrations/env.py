"""What Alembic runs: the migrations, on the connection that it was given."""

from alembic import context

from hub.store import announcements, appointments, list_items, tool_audit
from hub.store.tables import Table

DECLARED = (announcements, appointments, list_items, tool_audit)
"""The files whose tables the migrations make."""

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
context.run_migrations()
