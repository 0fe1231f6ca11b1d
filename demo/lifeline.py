"""Children die with their parent.

In: the parent's process id at the start. Out: this process ends when that parent is gone, also when
the parent was killed and could tell nobody. Polling `getppid` works on every Unix; the kernel's own
death signal is bound to the parent's *thread* and would end children of short-lived threads.
"""

import os
import signal
import threading
import time

__all__ = ["hold_lifeline"]

_PERIOD = 0.2  # seconds; a lost parent costs at most this long


def hold_lifeline() -> None:
    """Watch the parent in the background; when it is gone, terminate this process."""
    parent = os.getppid()
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="lifeline").start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PERIOD)
    os.kill(os.getpid(), signal.SIGTERM)
    # A process that does not heed the signal must not outlive its parent either.
    time.sleep(2)
    os._exit(1)
