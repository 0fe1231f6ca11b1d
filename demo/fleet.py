"""The whole fleet: a world, one process per server, and where each can be reached.

In: a store folder, which servers, parameters of the world. Out: running processes that end with
this one, and the environment by which a configuration names them (`SIMPUL_FLEET_<NAME>`).
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO
from urllib.request import Request, urlopen

from demo.faults.files import restore_all
from demo.people.spec import WorldSpec, require_world

__all__ = ["SERVERS", "Fleet", "FleetStartError", "environment_name", "start_fleet"]

SERVERS = ("dukcapil", "dpmptsp", "oss", "pbb", "bsre")
"""The servers that are processes, in starting order."""

_ROOT = Path(__file__).parent.parent


class FleetStartError(Exception):
    """A server ended before it could serve."""


@dataclass(slots=True)
class Fleet:
    """Running servers; stop it, or use it as a context."""

    world: Path
    addresses: dict[str, str]  # name such as "dukcapil-control" to URL or path, in READY order
    processes: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The addresses as environment variables."""
        return {environment_name(name): value for name, value in self.addresses.items()}

    def counters(self, name: str) -> dict[str, Any]:
        """Read a server's counters (JSON of the control route)."""
        return self.control(name, "counters")

    def switch(self, name: str, fault: str, **settings: object) -> None:
        """Switch a fault on at a server: method=, delay_ms=, drip_ms=."""
        self.control(name, "faults", {"fault": fault, **settings})

    def set_quota(self, user_id: str, limit: int) -> None:
        """Change a Dukcapil credential's daily quota."""
        self.control("dukcapil", "quota", {"user_id": user_id, "limit": limit})

    def push_to(self, gateway: str) -> None:
        """Let the agencies that push do so: to the inboxes of a gateway, by its address."""
        self.control("oss", "push", {"inbox": f"{gateway}/inbox/oss"})

    def reset(self) -> None:
        """Heal every server and set its counters to zero."""
        for name in self.processes:
            self.control(name, "reset", {})
        restore_all(Path(self.addresses["registers"]))
        restore_all(Path(self.addresses["carik"]).parent)

    def control(
        self, name: str, route: str, body: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        """Call a control route; POST when there is a body."""
        url = f"{self.addresses[f'{name}-control']}/_fleet/{route}"
        content = None if body is None else json.dumps(body).encode()
        with urlopen(Request(url, content), timeout=5) as answer:
            reply: dict[str, Any] = json.load(answer)
        return reply

    def stop(self) -> None:
        """End every server and wait for it."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        self.processes.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start_fleet(
    store: Path,
    names: Sequence[str] = SERVERS,
    *,
    spec: WorldSpec | None = None,
    options: Mapping[str, Sequence[str]] | None = None,
    log: TextIO | None = None,
) -> Fleet:
    """Make or find the world, start the named servers side by side, wait until all can serve.

    Args:
        store: the folder under which worlds lie.
        names: which of `SERVERS` to start; the registers' folder is always there.
        spec: the parameters of the world.
        options: further arguments per server, such as `{"dpmptsp": ["--token-seconds", "2"]}`.
        log: where the servers' error output goes; to this process's own when it is not given.

    Raises:
        FleetStartError: a server did not come up; the others are stopped.
        WorldBuildError: the world could not be made.
    """
    world = require_world(store, spec or WorldSpec())
    registers, drops = world / "registers", world / "drops"
    restore_all(registers)
    restore_all(drops)
    fleet = Fleet(world, {})
    try:
        for name in names:
            fleet.processes[name] = _spawn(name, world, (options or {}).get(name, ()), log)
        for name, process in fleet.processes.items():
            fleet.addresses.update(_read_ready(name, process))
    except BaseException:
        fleet.stop()
        raise
    fleet.addresses["registers"] = str(registers)
    fleet.addresses["carik"] = str(drops / "carik")
    fleet.addresses["truth"] = str(world / "truth.sqlite")
    fleet.addresses["world"] = str(world)
    return fleet


def environment_name(name: str) -> str:
    """Tell the environment variable that carries an address."""
    return "SIMPUL_FLEET_" + name.upper().replace("-", "_")


def _spawn(
    name: str, world: Path, options: Sequence[str], log: TextIO | None
) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return subprocess.Popen(
        [sys.executable, "-m", "demo", name, "--world", str(world), *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def _read_ready(name: str, process: subprocess.Popen[str]) -> dict[str, str]:
    line = process.stdout.readline() if process.stdout is not None else ""
    word, *places = line.split() or [""]
    if word != "READY":
        raise FleetStartError(f'server "{name}" ended before it was ready; see its error output')
    addresses = {name: places[0]}
    for place in places[1:]:
        part, _, address = place.partition("=")
        addresses[f"{name}-{part}"] = address
    return addresses
