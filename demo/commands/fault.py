"""`python -m demo fault FILE FAULT`: break, lock or restore a register that is a file."""

import argparse
import signal
from pathlib import Path

from demo.faults.files import FileFault, break_file, lock_file, restore

__all__ = ["add_options", "run"]

_RESTORE = "restore"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument("file", type=Path, help="registers/<kode>/<file>")
    parser.add_argument("fault", choices=[*(str(fault) for fault in FileFault), _RESTORE])


def run(options: argparse.Namespace) -> int:
    """Do it; a lock is held until the command is interrupted."""
    if options.fault == _RESTORE:
        restore(options.file)
    elif options.fault == FileFault.LOCKED:
        # Before anyone is told: a signal that comes at once must release the lock, too.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with lock_file(options.file):
            print("LOCKED until SIGINT or SIGTERM", flush=True)
            signal.pause()
    else:
        break_file(options.file, FileFault(options.fault))
    return 0
