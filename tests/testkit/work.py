"""What a piece of work costs, told without a clock: the calls it makes, of Python and of C.

A clock would also count a pause of the collector over a whole suite's objects, or a busy machine;
the calls are the same on every machine and in every order of the tests.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

__all__ = ["count_calls"]


def count_calls(run: Callable[[], object]) -> int:
    """Run and count the calls made, which grow as the work does; exceptions pass through."""
    calls = 0

    def see(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        run()
    finally:
        sys.setprofile(before)
    return calls
