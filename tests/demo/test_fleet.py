"""The fleet starts, says where it is, and never outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.fleet import SERVERS, FleetStartError, environment_name, start_fleet

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds: of a failure only; a healthy wait ends long before
NAMES = (
    *("dukcapil", "dukcapil-verify", "dukcapil-control", "dukcapil-ca"),
    *("dpmptsp", "dpmptsp-control", "oss", "oss-control", "pbb", "pbb-control"),
    *("bsre", "bsre-control", "bsre-ca", "registers", "carik", "truth", "world"),
)


def _spawn(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "demo", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _read_fleet(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    addresses: dict[str, str] = {}
    for line in process.stdout:
        if line == "FLEET READY\n":
            return addresses
        word, name, address = line.split()
        assert word == "READY"
        addresses[name] = address
    raise AssertionError("the fleet ended before it was ready")


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(number) for number in text.split()]


def _wait_until_gone(pids: list[int]) -> None:
    """Wait until no process is left; fails when patience does."""
    deadline = time.monotonic() + PATIENCE
    while any(_is_running(pid) for pid in pids):
        assert time.monotonic() < deadline, "a child outlived its parent"
        os.sched_yield()


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def fleet_process(store: Path, world: Path) -> Iterator[subprocess.Popen[str]]:
    """`python -m demo fleet` as a process."""
    process = _spawn("fleet", f"--store={store}")
    yield process
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def test_it_announces_every_server(fleet_process: subprocess.Popen[str]) -> None:
    """One READY line per name, then FLEET READY; SIGTERM ends it and its children cleanly."""
    addresses = _read_fleet(fleet_process)
    assert tuple(addresses) == NAMES
    assert Path(addresses["registers"], "31.71.02.1005", "REGLAMA.DBF").exists()
    children = _children(fleet_process.pid)
    assert len(children) == len(SERVERS)
    fleet_process.terminate()
    assert fleet_process.wait(PATIENCE) == 0
    _wait_until_gone(children)
    assert not Path(addresses["dukcapil-ca"]).exists()


def test_children_die_with_a_killed_parent(fleet_process: subprocess.Popen[str]) -> None:
    """A parent that could tell nobody leaves no server behind."""
    _read_fleet(fleet_process)
    children = _children(fleet_process.pid)
    assert len(children) == len(SERVERS)
    fleet_process.kill()
    fleet_process.wait()
    _wait_until_gone(children)


def test_a_dead_server_ends_the_fleet(fleet_process: subprocess.Popen[str]) -> None:
    """When one server ends by itself the fleet says so and ends with an error."""
    _read_fleet(fleet_process)
    os.kill(_children(fleet_process.pid)[0], signal.SIGKILL)
    assert fleet_process.wait(PATIENCE) == 1
    assert fleet_process.stdout is not None
    assert fleet_process.stdout.read() == "FLEET FAILED server dukcapil ended\n"


def test_a_server_runs_alone(store: Path, world: Path) -> None:
    """`python -m demo dpmptsp` prints its READY line on stdout and ends at SIGTERM."""
    process = _spawn("dpmptsp", f"--store={store}")
    assert process.stdout is not None
    words = process.stdout.readline().split()
    assert words[0] == "READY"
    assert words[1].startswith("http://127.0.0.1:")
    assert words[2].startswith("control=http://127.0.0.1:")
    process.terminate()
    assert process.wait(PATIENCE) == 0
    process.stdout.close()


def test_registers_are_a_folder(store: Path, world: Path) -> None:
    """`python -m demo registers` prints the folder and ends."""
    process = _spawn("registers", f"--store={store}")
    said, _ = process.communicate(timeout=PATIENCE)
    assert said == f"READY {world / 'registers'}\n"
    assert process.returncode == 0


def test_environment_names_follow_the_server() -> None:
    """A configuration can name each address."""
    assert environment_name("dukcapil") == "SIMPUL_FLEET_DUKCAPIL"
    assert environment_name("dukcapil-ca") == "SIMPUL_FLEET_DUKCAPIL_CA"


def test_a_taken_port_fails_the_start(store: Path, world: Path) -> None:
    """A server that cannot listen is an error that names it; nothing is left running."""
    with start_fleet(store, ["dpmptsp"]) as fleet:
        port = fleet.addresses["dpmptsp"].rpartition(":")[2]
        with pytest.raises(FleetStartError, match='"dpmptsp"'):
            start_fleet(store, ["dpmptsp"], options={"dpmptsp": ["--port", port]})


def test_help_lists_every_command() -> None:
    """`python -m demo --help` helps."""
    said = subprocess.run(
        [sys.executable, "-m", "demo", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in (*SERVERS, "fleet", "registers", "world", "fault", "proxy"):
        assert f"\n    {name}" in said
