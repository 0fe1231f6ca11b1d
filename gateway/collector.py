"""Pausing Python's cycle collector while a schema is built.

In: a block. Out: nothing; inside it no cycle is looked for. A schema is built of objects that all
stay: at a thousand types the collector walks them again and again and finds nothing, for a third
of the whole time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["paused_collector"]


@contextmanager
def paused_collector() -> Iterator[None]:
    """Collect nothing inside the block, unless a block around it has paused already."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
