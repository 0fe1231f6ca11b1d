"""`python -m demo fleet`: every server, until SIGTERM or until the parent is gone."""

import argparse
import signal
from pathlib import Path
from subprocess import Popen
from threading import Event

from demo.commands.options import add_world_options, world_spec
from demo.fleet import FleetStartError, start_fleet
from demo.lifeline import hold_lifeline
from demo.people.spec import WorldBuildError

__all__ = ["add_options", "run"]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_world_options(parser)
    parser.add_argument("--dukcapil-port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--verify-port", type=int, default=0)
    parser.add_argument("--dpmptsp-port", type=int, default=0)
    parser.add_argument("--token-seconds", type=float, default=300)


def run(options: argparse.Namespace) -> int:
    """Start all, print one READY line each and `FLEET READY`, wait, stop all."""
    hold_lifeline()
    # A signal during the start unwinds it, so that what is half started is stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = {
        "dukcapil": [f"--port={options.dukcapil_port}", f"--verify-port={options.verify_port}"],
        "dpmptsp": [f"--port={options.dpmptsp_port}", f"--token-seconds={options.token_seconds}"],
    }
    try:
        fleet = start_fleet(Path(options.store), spec=world_spec(options), options=arguments)
    except (FleetStartError, WorldBuildError) as error:
        print(f"FLEET FAILED {error}", flush=True)
        return 1
    stop = Event()
    with fleet:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        for name, address in fleet.addresses.items():
            print(f"READY {name} {address}", flush=True)
        print("FLEET READY", flush=True)
        return _watch(fleet.processes, stop)


def _watch(processes: dict[str, Popen[str]], stop: Event) -> int:
    """Wait for the end; a server that died ends the fleet."""
    while not stop.wait(0.5):
        for name, process in processes.items():
            if process.poll() is not None:
                print(f"FLEET FAILED server {name} ended", flush=True)
                return 1
    return 0
