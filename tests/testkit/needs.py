"""What a test needs of the machine: without it the test skips and says why, or fails in CI."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

__all__ = ["skip_or_fail"]


def skip_or_fail(reason: str) -> NoReturn:
    """Skip the test, or fail it under SIMPUL_TEST_ALL=1."""
    if os.environ.get("SIMPUL_TEST_ALL") == "1":
        pytest.fail(f"{reason}, and SIMPUL_TEST_ALL=1 allows no skip")
    pytest.skip(reason)
