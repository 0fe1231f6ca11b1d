"""docs/source-faults.md as a whole: no kind may leave a fault out."""

from __future__ import annotations

import pytest

from tests.testkit.source_faults import FAULTS, source_faults


@pytest.mark.parametrize("kind", sorted({row.kind for row in source_faults()}))
def test_every_kind_has_every_fault(kind: str) -> None:
    """Each of the faults has at least one row, and no row is of another."""
    assert {row.fault for row in source_faults(kind)} == set(FAULTS)


def test_no_row_is_twice() -> None:
    """A second row of a fault says in which other form it comes."""
    rows = [str(row) for row in source_faults()]
    assert len(rows) == len(set(rows))
