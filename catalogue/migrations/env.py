"""Alembic's entry: migrates over the connection that `catalogue.database` hands it."""

from alembic import context

from catalogue.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction holds everything
)
context.run_migrations()
