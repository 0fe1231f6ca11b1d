"""What a piece of work costs, told without a clock: the calls it makes, of Python and of C.

A clock would also count a pause of the collector over a whole suite's objects, or a busy machine;
the calls are the same on every machine and in every order of the tests.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Calls", "count_calls", "counting_calls"]


class Calls:
    """How many calls were made so far; a coroutine that goes on after waiting is one more."""

    def __init__(self) -> None:
        self.python = 0
        self.c = 0  # made from Python


@contextmanager
def counting_calls(*folders: str) -> Iterator[Calls]:
    """Count the calls of this thread inside the block.

    With ``folders``, only calls of functions whose file is below one of them, as ``/gateway/``;
    what those call in C is then not counted.
    """
    calls = Calls()

    def see(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            file = frame.f_code.co_filename
            calls.python += not folders or any(folder in file for folder in folders)
        elif event == "c_call" and not folders:
            calls.c += 1

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def count_calls(run: Callable[[], object]) -> int:
    """Run and count all calls made, which grow as the work does; exceptions pass through."""
    with counting_calls() as calls:
        run()
    return calls.python + calls.c
