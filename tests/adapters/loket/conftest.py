"""Both databases of the counter: whoever asks for ``store_url`` runs once over each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testkit.postgres import Postgres


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Postgres) -> str:
    """One database for all; to make one costs a second and forty megabytes."""
    return postgres_server.new_database("loket")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name an empty database: a file, or one on the run's own server."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/loket.sqlite"
    url: str = request.getfixturevalue("postgres_url")
    server: Postgres = request.getfixturevalue("postgres_server")
    server.run("DROP OWNED BY simpul", "loket")
    return url
