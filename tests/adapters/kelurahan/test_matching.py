"""Scores of lines, and what may be linked."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adapters.kelurahan.matching import LINKED, Sought, births_of, is_named, likeness
from bench.matching import run_matching

PERSON = Sought("KVEHAZ DZHORIN", date(1980, 3, 7), "011", "008")
LINE = {"nama": "KVEHAZ DZHORIN", "tanggalLahir": "07-03-1980", "rt": "011", "rw": "008"}

SCORES = {
    "everything agrees": ({}, 1.0),
    "a title": ({"nama": "Hj. Kvehaz Dzhorin, S.H."}, 1.0),
    "another order": ({"nama": "DZHORIN KVEHAZ"}, 0.99),
    "day and month exchanged": ({"tanggalLahir": "03-07-1980"}, 0.95),
    "no birth date": ({"tanggalLahir": "-"}, 0.88),
    "RT and RW in one column": ({"rt": "011/008", "rw": "-"}, 1.0),
    "no RT and RW": ({"rt": "", "rw": ""}, 0.92),
    "another birth date": ({"tanggalLahir": "07-03-1975"}, 0.75),
    "another name": ({"nama": "BLTSMG"}, 0.4),
}


@pytest.mark.parametrize(("change", "score"), SCORES.values(), ids=SCORES)
def test_each_part_counts_as_documented(change: dict[str, Any], score: float) -> None:
    """The table of docs/matching.md."""
    assert likeness(LINE | change, PERSON) == pytest.approx(score, abs=0.006)


@pytest.mark.parametrize("name", ["another birth date", "another name"])
def test_no_single_agreement_links(name: str) -> None:
    """Neither the same name at another birth date, nor the same day and RT, is a link."""
    assert likeness(LINE | SCORES[name][0], PERSON) < LINKED


def test_a_line_is_looked_at_by_name_or_birth_alone() -> None:
    """What came for somebody else in the same question is no evidence."""
    assert births_of(PERSON) == (date(1980, 3, 7), date(1980, 7, 3))
    assert births_of(Sought("A", None, None, None)) == ()
    assert births_of(Sought("A", date(1980, 3, 3), None, None)) == (date(1980, 3, 3),)
    assert is_named("KVEHAZ DZHORIN", None, PERSON)
    assert is_named("OTHER", date(1980, 7, 3), PERSON)
    assert not is_named("KVEHAZ DZHORAN", date(1980, 3, 8), PERSON)


def test_links_are_right_and_most_lines_are_linked(tmp_path: Path) -> None:
    """Precision at least 0.995 and recall at least 0.9 on a world nobody tuned for."""
    found = asyncio.run(run_matching([101], tmp_path))
    assert found.lines > 500
    assert found.precision(LINKED) >= 0.995
    assert found.recall(LINKED) >= 0.9
