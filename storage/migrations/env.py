"""Run by Alembic: on the connection that the caller gives, within the caller's transaction."""

from alembic import context

from storage.migrations import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
