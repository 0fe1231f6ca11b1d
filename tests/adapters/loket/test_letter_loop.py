"""While a letter is made, signed and issued, the event loop serves others."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from adapters.loket.life import Step
from tests.testkit.counter_desk import Desk, open_desk

pytestmark = pytest.mark.anyio

# Ten thousand calls of Python's draw a letter's QR, and 25,000 read its signature: some
# milliseconds each. What remains on the loop is a step of the store or of a graph's answer.
_MOST_CALLS = 4_000


class Passes:
    """Counts the calls of Python that each pass of the loop makes, in its own thread."""

    def __init__(self) -> None:
        self.most = 0
        self.passes = 0
        self._calls = 0

    def note(self, frame: FrameType, kind: str, argument: Any) -> None:
        """Take a call; a new callback of the loop begins to count anew."""
        if kind == "call" and frame.f_code is asyncio.Handle._run.__code__:
            self.passes += 1
            self._calls = 0
        self._calls += kind in ("call", "c_call")
        self.most = max(self.most, self._calls)


@contextmanager
def counted() -> Iterator[Passes]:
    """Count until the block ends."""
    passes = Passes()
    sys.setprofile(passes.note)
    try:
        yield passes
    finally:
        sys.setprofile(None)


async def make_letter(desk: Desk) -> Passes:
    """Bring an application to its letter; counts the signature and the issue."""
    number = (await desk.submit()).number
    assert number is not None
    await desk.to_draft(number)
    await desk.step("petugas", Step.SUSUN_DRAF, number, teks="Menerangkan bahwa ...")
    seen = (await desk.read(number))["sidikDraf"]
    with counted() as passes:
        signed = await desk.step("lurah", Step.TANDA_TANGANI, number, sidikDraf=seen)
        issued = await desk.step("petugas", Step.TERBITKAN, number)
    assert (signed.refusal, issued.refusal) == (None, None)
    return passes


async def test_no_pass_of_the_loop_makes_a_file_or_reads_one(tmp_path: Path) -> None:
    """The first letter loads what all need; of the second, the longest pass is counted."""
    async with open_desk(f"sqlite+aiosqlite:///{tmp_path}/loket.sqlite", tmp_path) as desk:
        await make_letter(desk)
        passes = await make_letter(desk)
    assert passes.passes > 20
    assert passes.most < _MOST_CALLS


async def test_a_pass_that_is_too_long_would_be_seen() -> None:
    """The count is of the loop's own thread, callback by callback."""
    with counted() as passes:
        await asyncio.sleep(0)
        await asyncio.to_thread(_work)
        short = passes.most
        _work()
    assert short < _MOST_CALLS < passes.most


def _work() -> None:
    for _ in range(_MOST_CALLS):
        len(())
