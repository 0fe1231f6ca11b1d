"""Where a process's CPU time goes: a sampling profile of its main thread.

Out: folded stacks, one line each: frames from the outermost on, joined by ``;``, and how often they
were seen. A sample is taken each millisecond of CPU time, by a signal; what C code takes, the
kernel's included, counts for the frame that called it. A server is sampled from its first signal
``START`` on, so that its start does not count.
"""

from __future__ import annotations

import signal
from collections import Counter
from types import FrameType

__all__ = ["START", "Sampler", "fold"]

START = signal.SIGUSR2
_INTERVAL = 0.001  # seconds of CPU


class Sampler:
    """Samples the process that makes it, once that process is sent ``START``."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        signal.signal(signal.SIGPROF, self._note)
        signal.signal(START, self._start)

    def stop(self) -> str:
        """Sample no more; gives the folded stacks."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        return fold(self._seen)

    def _start(self, _: int, __: FrameType | None) -> None:
        self._seen.clear()
        signal.setitimer(signal.ITIMER_PROF, _INTERVAL, _INTERVAL)

    def _note(self, _: int, frame: FrameType | None) -> None:
        names = []
        while frame is not None:
            names.append(f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}")
            frame = frame.f_back
        self._seen[";".join(reversed(names))] += 1


def fold(seen: Counter[str]) -> str:
    """Print stacks and how often each was seen, in the order of their names."""
    return "".join(f"{stack} {count}\n" for stack, count in sorted(seen.items()))
