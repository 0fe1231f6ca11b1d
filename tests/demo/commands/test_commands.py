"""The commands that break files and connections from the shell."""

import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "demo", *words]


def _spawn(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        _command(*words),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.fixture
def book(world: Path, tmp_path: Path) -> Path:
    """A copy of one register that may be broken."""
    registers = shutil.copytree(world / "registers", tmp_path / "registers")
    return Path(registers) / "31.71.02.1004" / "register_lama.csv"


def test_a_file_is_broken_and_restored(book: Path) -> None:
    """`fault FILE missing` removes it, `fault FILE restore` brings it back."""
    before = book.read_bytes()
    subprocess.run(_command("fault", str(book), "missing"), cwd=ROOT, check=True)
    assert not book.exists()
    subprocess.run(_command("fault", str(book), "restore"), cwd=ROOT, check=True)
    assert book.read_bytes() == before


def test_a_lock_lasts_as_long_as_the_command(book: Path) -> None:
    """`fault FILE locked` holds the lock until it is interrupted."""
    process = _spawn("fault", str(book), "locked")
    marker = book.with_name(f".~lock.{book.name}#")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("LOCKED")
    assert marker.exists()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=5)
    assert not marker.exists()


def test_an_unknown_fault_is_refused(book: Path) -> None:
    """The known faults are named."""
    said = subprocess.run(
        _command("fault", str(book), "melted"), cwd=ROOT, capture_output=True, text=True
    )
    assert said.returncode == 2
    assert "half_written" in said.stderr


def test_the_proxy_is_switched_over_stdin() -> None:
    """A mode per line; the end of stdin ends the proxy."""
    process = _spawn("proxy", "127.0.0.1:1")
    assert process.stdin is not None
    assert process.stdout is not None
    port = int(process.stdout.readline().rpartition(":")[2])
    socket.create_connection(("127.0.0.1", port), timeout=2).close()
    for line, answer in (("refuse\n", "MODE refuse\n"), ("what\n", "modes are pass")):
        process.stdin.write(line)
        process.stdin.flush()
        assert process.stdout.readline().startswith(answer)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)
    process.communicate(timeout=5)
    assert process.returncode == 0
