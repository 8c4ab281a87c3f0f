"""Alembic's entry: runs steps on the connection that `kentongan/store/schema.py` hands in, inside its transaction."""

from alembic import context

connection = context.config.attributes["connection"]
# SQLite changes a table by making it anew: batch mode. Its DDL is transactional once BEGIN is said aloud, as we do.
context.configure(connection=connection, render_as_batch=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
