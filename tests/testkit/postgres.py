"""A private PostgreSQL for tests: in a temporary folder on a free port, gone afterwards.

Tests that use it are marked ``needs_postgres``. Without Debian's postgresql they are skipped and
say so; with ``SIMPUL_TEST_ALL=1`` that is a failure.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.testkit.needs import skip_or_fail

_SERVER_USER = "postgres"  # Debian's; PostgreSQL refuses to run as root


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server, whose user ``simpul`` has the password ``simpul``."""

    port: int
    folder: Path
    programs: Path

    def url(self, database: str = "test", user: str = "simpul:simpul") -> str:
        """Give the URL for SQLAlchemy."""
        return f"postgresql+asyncpg://{user}@127.0.0.1:{self.port}/{database}"

    def new_database(self, name: str) -> str:
        """Make an empty database of the user ``simpul``, and give its URL."""
        made = f"CREATE DATABASE {name} OWNER simpul ENCODING 'UTF8' TEMPLATE template0"
        self.run(made, "postgres")
        return self.url(name)

    def run(self, sql: str | bytes, database: str = "test", encoding: str = "UTF8") -> str:
        """Run statements as the superuser, in their own encoding, and give what they print."""
        options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        place = [f"--host={self.folder}", f"--port={self.port}", f"--username={_SERVER_USER}"]
        done = subprocess.run(
            [self.programs / "psql", *options, *place, database],
            input=sql.encode() if isinstance(sql, str) else sql,
            env={**os.environ, "PGCLIENTENCODING": encoding},
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(done.stderr.decode(errors="replace"))
        return done.stdout.decode(errors="replace")


def need_postgres() -> Path:
    """Find the folder of the server's programs, or skip the test."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    if not found and (program := shutil.which("initdb")) is not None:
        found = [Path(program).parent]
    if not found:
        skip_or_fail("needs Debian's postgresql")
    return found[-1]


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server, and stop it at the end."""
    programs = need_postgres()
    with tempfile.TemporaryDirectory(prefix="simpul-postgres-") as made:
        folder = Path(made)
        if os.geteuid() == 0:
            shutil.chown(folder, _SERVER_USER)
        data = folder / "data"
        options = ["--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync", "--locale=C"]
        _run(programs / "initdb", f"--pgdata={data}", f"--username={_SERVER_USER}", *options)
        server = Postgres(_free_port(), folder, programs)
        settings = (
            f"-p {server.port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
            " -c shared_buffers=16MB -c max_connections=30"
        )
        log = f"--log={folder / 'log'}"
        _run(programs / "pg_ctl", "start", "--wait", f"--pgdata={data}", log, "-o", settings)
        try:
            server.run(
                "CREATE ROLE simpul LOGIN PASSWORD 'simpul';"
                "CREATE DATABASE test OWNER simpul ENCODING 'UTF8' TEMPLATE template0;",
                "postgres",
            )
            yield server
        finally:
            _run(programs / "pg_ctl", "stop", "--mode=immediate", f"--pgdata={data}")


def _run(*command: str | Path) -> None:
    prefix = ["runuser", "-u", _SERVER_USER, "--"] if os.geteuid() == 0 else []
    # Not captured: the server that pg_ctl starts would keep the pipe open.
    subprocess.run(
        [*prefix, *map(str, command)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
        cwd="/",
    )


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
