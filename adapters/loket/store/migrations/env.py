"""Runs the migrations on the connection that ``engine`` opened; alembic loads this file by path."""

from __future__ import annotations

from alembic import context

from adapters.loket.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
