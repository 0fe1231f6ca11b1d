"""The shell's way in: `python -m demo COMMAND …`.

In: arguments. Out: READY lines on stdout, progress on stderr, exit status. Only the module of the
command that is run is imported: a server of the fleet must be up within a second.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

__all__ = ["main"]

COMMANDS = {
    "fleet": "all servers, until SIGTERM",
    "dukcapil": "the civil registry: reading and verifying",
    "dpmptsp": "the licensing agency",
    "oss": "the business registry, which pushes",
    "pbb": "the tax office, over SOAP",
    "bsre": "the certificate authority, which signs",
    "registers": "the kelurahan registers: makes the folder",
    "world": "people, stores and truth, without servers",
    "fault": "break, lock or restore a register that is a file",
    "proxy": "a TCP proxy that can fail, before any server",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name; return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="python -m demo", description="The legacy systems that Simpul joins, as real servers."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    wanted = next((word for word in words if not word.startswith("-")), "")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if name == wanted:
            import_module(f"demo.commands.{name}").add_options(command)
    options = parser.parse_args(words)
    try:
        status: int = import_module(f"demo.commands.{options.command}").run(options)
    except KeyboardInterrupt:
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
