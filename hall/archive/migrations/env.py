"""Alembic runs this with the connection of whoever opens the archive."""

from alembic import context

from hall.archive.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
