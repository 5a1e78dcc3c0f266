"""Runs the migrations on the connection that `app.migrations` hands over."""

from alembic import context

from app.migrations import metadata, run_with, standalone_connection

connection = context.config.attributes.get("connection")
if connection is not None:
    run_with(connection)
else:
    with standalone_connection() as own:
        run_with(own)

target_metadata = metadata()
