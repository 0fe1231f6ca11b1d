"""The kit for pytest: one test per check, for an author's own test suite.

In: an adapter and the folder of its recording. Out: a test function. Needs no plugin for async::

    from adapters.check.testing import conformance_test
    from pajak.adapter import adapter

    test_conformance = conformance_test(adapter, Path(pajak.__file__).parent / "recorded")
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.check.catalog import CHECKS
from adapters.check.model import Check
from adapters.check.recording import load_recording
from adapters.check.run import run_check
from adapters.check.subject import Subject
from adapters.kit.adapter import Adapter
from schema.subgraph.model import SubgraphSource

__all__ = ["conformance_test"]


def conformance_test(
    adapter: Adapter[Any], recorded: Path, neighbours: Sequence[Adapter[Any]] = ()
) -> Callable[[Check], None]:
    """Build a test of every check; what does not apply to the adapter passes."""
    sources = tuple(SubgraphSource(each.name, "", each.sdl) for each in neighbours)
    subject = Subject(adapter, load_recording(recorded), neighbours=sources)

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
    def test(check: Check) -> None:
        """The claim of the check holds."""
        assert asyncio.run(run_check(check, subject)).findings == ()

    return test
