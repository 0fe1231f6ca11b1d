"""A private MariaDB for tests: on a temporary folder and a free port, gone afterwards.

Tests that use it are marked ``needs_mariadb``. Without Debian's mariadb-server they are skipped
and say so; with ``SIMPUL_TEST_ALL=1`` that is a failure.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.testkit.needs import skip_or_fail


@dataclass(frozen=True, slots=True)
class MariaDB:
    """A running server, whose user ``simpul`` has the password ``simpul``."""

    port: int
    socket: Path
    client: str

    def url(self, database: str = "test") -> str:
        """Give the URL for SQLAlchemy."""
        return f"mysql+asyncmy://simpul:simpul@127.0.0.1:{self.port}/{database}?charset=utf8mb4"

    def run(self, sql: str, database: str = "test") -> str:
        """Run statements as root and give what they print."""
        command = [self.client, f"--socket={self.socket}", "--user=root", "--batch", database]
        done = subprocess.run(command, input=sql, text=True, capture_output=True, check=True)
        return done.stdout


def need_mariadb() -> tuple[str, str, str]:
    """Find installer, server and client, or skip the test."""
    names = ("mariadb-install-db", "mariadbd", "mariadb")
    search = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    found = [shutil.which(name, path=search) for name in names]
    if None in found:
        skip_or_fail("needs Debian's mariadb-server")
    installer, server, client = (str(name) for name in found)
    return installer, server, client


@contextmanager
def running_mariadb() -> Iterator[MariaDB]:
    """Start a server, and stop it at the end."""
    installer, server, client = need_mariadb()
    with tempfile.TemporaryDirectory(prefix="simpul-mariadb-") as folder:
        data, place = Path(folder) / "data", Path(folder) / "s.sock"
        common = ["--no-defaults", f"--datadir={data}", f"--user={_user()}"]
        subprocess.run(
            [installer, *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True,
            capture_output=True,
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = [f"--socket={place}", f"--port={port}", "--bind-address=127.0.0.1"]
        quiet = ["--skip-log-bin", "--innodb-buffer-pool-size=16M", "--skip-name-resolve"]
        process = subprocess.Popen(
            [server, *common, *options, *quiet],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            database = MariaDB(port, place, client)
            _wait(process, database)
            database.run(
                "CREATE DATABASE test; CREATE USER simpul IDENTIFIED BY 'simpul';"
                "GRANT ALL ON test.* TO simpul;",
                "mysql",
            )
            yield database
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait(process: subprocess.Popen[bytes], database: MariaDB) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + 60
    while True:
        try:
            database.run("SELECT 1", "mysql")
            return
        except subprocess.CalledProcessError:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.05)


def _user() -> str:
    return "root" if os.geteuid() == 0 else os.environ.get("USER", "mysql")
