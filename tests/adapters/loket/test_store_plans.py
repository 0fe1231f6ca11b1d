"""What is read often is found by an index: no statement of a screen walks a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event

from adapters.loket.actors import Sight
from adapters.loket.store.history import entries_of, verify_part
from adapters.loket.store.letters import find_by_code
from adapters.loket.store.reading import (
    Filter,
    find_applications,
    numbers_of_people,
    read_dossiers,
    read_letters,
)
from adapters.loket.store.reports import Basis, Month, Reach, count_letters, count_refusals
from adapters.loket.store.tables import metadata
from adapters.loket.store.writing import claim_key, read_locked
from cache.hash_chain import START
from tests.testkit.counter_desk import KARTINI

NOW = datetime(2026, 7, 1, tzinfo=UTC)
OFFICER = Sight(area=KARTINI)
READS: dict[str, Callable[[Connection], Any]] = {
    "application": lambda tx: read_dossiers(tx, ["n"]),
    "applications": lambda tx: read_dossiers(tx, ["n", "m"]),
    "queue": lambda tx: find_applications(
        tx, Filter(area=KARTINI, states=("DIAJUKAN", "DRAF")), OFFICER, 51, None
    ),
    "next page": lambda tx: find_applications(
        tx, Filter(area=KARTINI, states=("DRAF",)), OFFICER, 51, ("2026", "n")
    ),
    "own": lambda tx: find_applications(tx, Filter(), Sight(person="3"), 51, None),
    "submitted": lambda tx: find_applications(tx, Filter(), Sight(submitted_by="jaki"), 51, None),
    "people": lambda tx: numbers_of_people(tx, ["3"], OFFICER),
    "letters": lambda tx: read_letters(tx, [(KARTINI, "1", 2026)]),
    "code": lambda tx: find_by_code(tx, "0"),
    "history": lambda tx: entries_of(tx, ["n"]),
    "chain": lambda tx: verify_part(tx, b"k", START),
    "key": lambda tx: claim_key(tx, ("warga", "k"), "d", NOW),
    "locked": lambda tx: read_locked(tx, "n"),
    "refusals of a month": lambda tx: count_refusals(
        tx, Reach(KARTINI, [Month("2026-07", "2026-07", "2026-08")]), 51, None
    ),
    "letters of a month": lambda tx: count_letters(
        tx, Basis.applicant(), KARTINI, (date(2026, 7, 1), date(2026, 7, 31)), 3, slice(0, 51)
    ),
}


@pytest.fixture
def told() -> Iterator[tuple[Connection, list[str]]]:
    """Lend an empty store, and the list of how each statement on it is answered."""
    engine, steps = create_engine("sqlite://"), list[str]()

    @event.listens_for(engine, "before_cursor_execute")
    def explain(_: Any, cursor: Any, statement: str, values: Sequence[Any], *__: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            rows = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            steps.extend(row[3] for row in rows)

    with engine.connect() as connection:
        metadata.create_all(connection)
        connection.exec_driver_sql("INSERT INTO rantai VALUES (1, 0, '')")
        steps.clear()
        yield connection, steps
    engine.dispose()


@pytest.mark.parametrize("name", READS)
def test_no_table_is_walked(told: tuple[Connection, list[str]], name: str) -> None:
    """Every step that reads one of our tables searches it; a table of one row is no search."""
    connection, steps = told
    READS[name](connection)
    kept = {table.name for table in metadata.sorted_tables} - {"rantai"}
    walked = [each for each in steps if each.split()[0] == "SCAN" and each.split()[1] in kept]
    assert not walked
