"""What a letter costs field by field, as ``docs/letter-costs.md`` pins it.

In: a service. Out: the look-ups of the civil registry that its letter would take if every field
asked for itself. ``tests/e2e/test_letter_costs.py`` holds the page to what is counted.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["PAGE", "naive_lookups"]

PAGE = Path(__file__).parent.parent / "docs" / "letter-costs.md"


def naive_lookups(service: str) -> int:
    """Give the civil registry's look-ups of one letter, field by field."""
    return _table()[service]


@cache
def _table() -> dict[str, int]:
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("| `")
    ]
    return {row[0]: int(row[3]) for row in rows if row[1] == "dukcapil"}
