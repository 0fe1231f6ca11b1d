"""What an answer of 10 MB with 100,000 entities takes of a gateway's memory."""

from __future__ import annotations

import sys

import pytest

from bench.large import ENTITIES, run_large

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]

# Ten times the answer is what is promised; twice that is allowed here, for the allocator's sake.
_MULTIPLE = 20


@pytest.mark.parametrize("slow_reader", [False, True], ids=["fast reader", "slow reader"])
def test_a_large_answer_takes_a_bounded_multiple_of_itself(slow_reader: bool) -> None:
    """Whether its client reads fast or slowly, one answer never grows beyond some copies."""
    for answer in run_large(slow_reader):
        assert answer.size > 40 * ENTITIES
        assert answer.multiple < _MULTIPLE, answer
