"""The kinds of database server that are read: one name for each, and its private server for tests.

In: a name out of ``SERVERS``, which parametrize a fixture. Out: the running server. A test over
them is marked as its kind of server needs, so that it is skipped where that is not installed.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final, TypeAlias

import pytest

from tests.testkit.mariadb import MariaDB, running_mariadb
from tests.testkit.postgres import Postgres, running_postgres

__all__ = ["SERVERS", "Server", "running_server"]

Server: TypeAlias = "MariaDB | Postgres"
"""Both have ``url()``, ``port`` and ``run(statements)``."""

SERVERS: Final = (
    pytest.param("mariadb", marks=pytest.mark.needs_mariadb),
    pytest.param("postgres", marks=pytest.mark.needs_postgres),
)


def running_server(kind: str) -> AbstractContextManager[Server]:
    """Start a server, and stop it at the end of the block."""
    return running_mariadb() if kind == "mariadb" else running_postgres()
