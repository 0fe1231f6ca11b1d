"""Statements as text for each kind of database, those included that no test asks: their dialects
are SQLAlchemy's, and no server of Oracle or SQL Server stands behind what is compared here."""

from __future__ import annotations

import pytest
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.engine import Dialect

from adapters.sources.sql.statement import SelectRows, SelectSummary, Term, bind_terms

PAGE = SelectRows(
    "siak.BIODATA_WNI",
    ("NIK", "order"),
    terms=(Term("agama", "in"), Term("tgl", "from"), Term("tgl", "to"), Term("kel", "prefix", 2)),
    order=(("tgl", True), ("NIK", False)),
    is_page=True,
)
KEYS = SelectRows("surat", ("nama",), keys=("nomor", "tahun"))
SUMMARY = SelectSummary("surat", ("jenis",), (("biaya", True), ("tgl", False)), PAGE.terms[1:2])

_LIKE = "(kel LIKE {} ESCAPE '!' OR kel LIKE {} ESCAPE '!')"
_VALUES = (
    "count(*) AS n, count(biaya) AS n_0, min(biaya) AS least_0, max(biaya) AS most_0,"
    " avg(biaya) AS mean_0, count(tgl) AS n_1, min(tgl) AS least_1, max(tgl) AS most_1"
)

DIALECTS: dict[str, tuple[Dialect, str, str]] = {
    "sqlite": (
        sqlite.dialect(),
        'SELECT "NIK", "order" FROM siak."BIODATA_WNI" WHERE agama IN (__[POSTCOMPILE_t0])'
        f" AND tgl >= ? AND tgl <= ? AND {_LIKE.format('?', '?')}"
        ' ORDER BY tgl DESC, "NIK" LIMIT ? OFFSET ?',
        "?",
    ),
    "mariadb": (
        mysql.dialect(),
        "SELECT `NIK`, `order` FROM siak.`BIODATA_WNI` WHERE agama IN (__[POSTCOMPILE_t0])"
        f" AND tgl >= %s AND tgl <= %s AND {_LIKE.format('%s', '%s')}"
        " ORDER BY tgl DESC, `NIK` LIMIT %s, %s",
        "%s",
    ),
    "postgresql": (
        postgresql.asyncpg.dialect(),
        'SELECT "NIK", "order" FROM siak."BIODATA_WNI" WHERE agama IN (__[POSTCOMPILE_t0])'
        f" AND tgl >= $1 AND tgl <= $2 AND {_LIKE.format('$3', '$4')}"
        ' ORDER BY tgl DESC, "NIK" LIMIT $5 OFFSET $6',
        "$1",
    ),
    "oracle": (
        oracle.dialect(),
        'SELECT "NIK", "order" FROM siak."BIODATA_WNI" WHERE agama IN (__[POSTCOMPILE_t0])'
        f" AND tgl >= :t1 AND tgl <= :t2 AND {_LIKE.format(':t3_0', ':t3_1')}"
        ' ORDER BY tgl DESC, "NIK" OFFSET :"start" ROWS FETCH FIRST :limit ROWS ONLY',
        ":t0",
    ),
    "mssql": (
        mssql.dialect(),
        "SELECT anon_1.[NIK], anon_1.[order] FROM (SELECT [NIK], [order], ROW_NUMBER() OVER"
        " (ORDER BY tgl DESC, [NIK]) AS mssql_rn FROM siak.[BIODATA_WNI]"
        " WHERE agama IN (__[POSTCOMPILE_t0])"
        f" AND tgl >= :t1 AND tgl <= :t2 AND {_LIKE.format(':t3_0', ':t3_1')}) AS anon_1"
        " WHERE mssql_rn > :start AND mssql_rn <= :limit + :start",
        ":t0",
    ),
}


def text_of(statement: SelectRows | SelectSummary, dialect: Dialect) -> str:
    """Write a statement on one line."""
    return " ".join(str(statement.build().compile(dialect=dialect)).split())


@pytest.mark.parametrize("name", DIALECTS)
def test_texts(name: str) -> None:
    """Names are quoted where they must be, values are bound, pages are the dialect's own."""
    dialect, page, place = DIALECTS[name]
    assert text_of(PAGE, dialect) == page
    assert text_of(SUMMARY, dialect) == (
        f"SELECT jenis, {_VALUES} FROM surat WHERE tgl >= {place} GROUP BY jenis"
    )
    keys = "SELECT nama FROM surat WHERE (nomor, tahun) IN (__[POSTCOMPILE_keys])"
    assert text_of(KEYS, dialect) == keys


def test_parameters() -> None:
    """Parameters are named by place; a prefix's own letters are no pattern."""
    given = [(PAGE.terms[0], ["1", "ISLAM"]), (PAGE.terms[3], ["31.7_", "50%!"])]
    assert bind_terms(given) == {
        "t0": ["1", "ISLAM"],
        "t1_0": "31.7!_%",
        "t1_1": "50!%!!%",
    }
