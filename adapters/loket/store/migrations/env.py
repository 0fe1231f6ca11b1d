"""Runs the migrations on the connection that ``engine`` opened; alembic loads this file by path."""

from __future__ import annotations

from alembic import context

from adapters.loket.store.tables import metadata

__all__ = ["run"]


def run() -> None:
    """Run what is not run yet."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    context.run_migrations()


if __name__ == "env_py":  # as alembic names it
    run()
