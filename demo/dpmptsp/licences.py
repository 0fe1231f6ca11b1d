"""The licence collection over the agency's own database.

In: a `LicenceQuery`. Out: records as the agency writes them, and whether a next page exists.
A licence without an end is written null, "-" or "0000-00-00", by id.
"""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from demo.dpmptsp.query import LicenceQuery

__all__ = ["Licences"]

_ENDLESS = (None, "-", "0000-00-00")


@dataclass(slots=True)
class Licences:
    """Reads the store."""

    store: Path
    _rows: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self._rows = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        self._rows.row_factory = sqlite3.Row

    def page(self, query: LicenceQuery) -> tuple[list[dict[str, object]], bool]:
        """Read one page; True when another follows."""
        rows = self._rows.execute(
            f"SELECT * FROM licences WHERE {query.where} ORDER BY {query.order} LIMIT ? OFFSET ?",
            (*query.values, query.limit + 1, (query.page - 1) * query.limit),
        ).fetchall()
        records = [_render(row, query.relations) for row in rows[: query.limit]]
        return records, len(rows) > query.limit

    def find(self, number: str) -> dict[str, object] | None:
        """Read one record by id."""
        row = self._rows.execute("SELECT * FROM licences WHERE id = ?", (number,)).fetchone()
        return None if row is None else _render(row, ("history", "business"))


def _render(row: sqlite3.Row, relations: tuple[str, ...]) -> dict[str, object]:
    record: dict[str, object] = dict(row)
    record["application_date"] = f"{row['application_date']} 00:00:00"
    if row["expired_date"] is None:
        record["expired_date"] = _ENDLESS[row["id"] % 3]
    if "history" in relations:
        record["history"] = [
            {"status": "DIAJUKAN", "date": row["application_date"]},
            {"status": "TERBIT", "date": row["issued_date"]},
        ]
    if "business" in relations:
        identity = row["owner_identity_number"]
        owns = identity.isdecimal() and len(identity) == 13
        record["business"] = {"nib": identity, "kbli": row["kbli"]} if owns else None
    return record
