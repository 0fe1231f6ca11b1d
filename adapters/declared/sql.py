"""Declared types over tables: one statement per lookup, relation and page.

In: the tables' names and the columns behind the fields. Out: rows. Only columns that are wanted
are selected; names come from the file and are quoted, values are bound. Keys are asked as the
source may have written them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from adapters.declared.draft import (
    Column,
    Draft,
    DraftError,
    Pointer,
    RecordSet,
    build_draft,
    guess_scalar,
)
from adapters.declared.kind import (
    Condition,
    Declaration,
    Kind,
    KindSettings,
    Measured,
    Ordering,
    Place,
    Question,
    Sought,
)
from adapters.declared.plan import Leaf, Row
from adapters.errors import SourceError
from adapters.kit.adapter import Opening
from adapters.kit.context import Context
from adapters.kit.outcome import FieldMark, Page
from adapters.kit.paging import pack_cursor, unpack_cursor
from adapters.kit.summary import Cell, Measure
from adapters.resilience.guard import SourceGuard
from adapters.sources.sql import (
    SelectRows,
    SelectSummary,
    SqlSettings,
    SqlSource,
    TableFacts,
    Term,
    bind_terms,
    describe_tables,
    has_password,
    rebase_url,
)
from adapters.yaml_document import Finding

__all__ = ["SQL"]


class SqlKindSettings(KindSettings):
    """A database."""

    url: str = Field(
        description="Such as sqlite+aiosqlite:///klinik.sqlite, postgresql+asyncpg://…"
    )
    encoding: str | None = Field(
        None, description="Of SQLite texts that are not UTF-8, or of an SQL_ASCII PostgreSQL."
    )
    statement_seconds: float = Field(10.0, gt=0, description="The server's limit of a statement.")


class SqlPlace(Place):
    """The table of a type."""

    table: str = Field(min_length=1, description="A table or view, with its schema if needed.")

    @field_validator("table")
    @classmethod
    def _check(cls, table: str) -> str:
        if not is_name(table):
            raise ValueError("is no name of a table")
        return table


def is_name(text: str) -> bool:
    """Tell whether a text can be a table's or column's name in a statement with ``:names``."""
    return text.isprintable() and text.strip() != "" and not set(text) & set(":\\`\"'[]%")


class SqlRecords:
    """The tables, opened."""

    def __init__(self, source: SqlSource, guard: SourceGuard, declaration: Declaration) -> None:
        self._source = source
        self._guard = guard
        self._name = declaration.name
        self._tables = {name: place.table for name, place in declaration.places.items()}

    async def find(self, sought: Sought, context: Context) -> Sequence[Row]:
        """Give the rows of these keys."""
        keys = [
            spelled
            for key in sought.keys
            for spelled in product(
                *(_spell(leaf, v) for leaf, v in zip(sought.by, key, strict=True))
            )
        ]
        given = keys if len(sought.by) > 1 else [key[0] for key in keys]
        terms = _terms(sought.conditions)
        statement = SelectRows(
            self._tables[sought.plan.name],
            sought.plan.columns(sought.fields),
            tuple(leaf.column for leaf in sought.by),
            tuple(term for term, _ in terms),
            _order(sought.order),
        )
        guarded = await self._source.fetch(
            statement,
            context.call,
            parameters=bind_terms(terms),
            keys=list(dict.fromkeys(given)),
        )
        return context.take(self._name, guarded)

    async def select(self, question: Question, context: Context) -> Page:
        """Give a page of rows."""
        start = 0
        if question.page.after is not None:
            (start,) = unpack_cursor(question.page.after, int)
        first = question.page.first
        terms = _terms(question.conditions)
        statement = SelectRows(
            self._tables[question.plan.name],
            question.plan.columns(question.fields),
            terms=tuple(term for term, _ in terms),
            order=_order(question.order),
            is_page=True,
        )
        parameters = bind_terms(terms) | {"limit": first + 1, "start": start}
        guarded = await self._source.fetch(statement, context.call, parameters=parameters)
        rows = context.take(self._name, guarded)
        end = start + min(len(rows), first)
        return Page(rows[:first], len(rows) > first, pack_cursor(end) if rows else None)

    async def summarize(self, measured: Measured, context: Context) -> Sequence[Cell]:
        """Let the database count, in one statement."""
        terms = _terms(measured.conditions)
        statement = SelectSummary(
            self._tables[measured.plan.name],
            tuple(leaf.column for leaf in measured.groups),
            tuple((leaf.column, is_number) for leaf, is_number in measured.values),
            tuple(term for term, _ in terms),
        )
        parameters = bind_terms(terms)
        guarded = await self._source.fetch(statement, context.call, parameters=parameters)
        return [_cell(measured, row) for row in context.take(self._name, guarded)]

    async def aclose(self) -> None:
        """Close the connections; idempotent."""
        await self._guard.aclose()  # first, or what is under way would open it again
        await self._source.aclose()


def _cell(measured: Measured, row: Row) -> Cell:
    group = tuple(leaf.read(row) for leaf in measured.groups)
    measures = tuple(_measure(leaf, n, row) for n, (leaf, _) in enumerate(measured.values))
    return Cell(group, row["n"], measures)


def _measure(leaf: Leaf, place: int, row: Row) -> Measure:
    """Read the measures of a column; values that its rule cannot read are no values."""
    least = leaf.read({leaf.column: row[f"least_{place}"]})
    most = leaf.read({leaf.column: row[f"most_{place}"]})
    if any(value is None or isinstance(value, FieldMark) for value in (least, most)):
        return Measure(0)
    mean = row.get(f"mean_{place}")
    return Measure(row[f"n_{place}"], least, most, None if mean is None else float(mean))


def _terms(conditions: Sequence[Condition]) -> list[tuple[Term, tuple[Any, ...]]]:
    """Give the conditions as a database is asked, each with the spellings of its values."""
    terms = []
    for each in conditions:
        spelled = tuple(text for value in each.values for text in _spell(each.leaf, value))
        compare = "in" if each.compare == "equal" else each.compare
        count = len(spelled) if compare == "prefix" else 1
        terms.append((Term(each.leaf.column, compare, count), spelled))
    return terms


def _order(order: Ordering) -> tuple[tuple[str, bool], ...]:
    return tuple((leaf.column, descending) for leaf, descending in order)


def _spell(leaf: Leaf, value: Any) -> tuple[Any, ...]:
    return (value,) if leaf.spell is None else leaf.spell(value)


def _find_mistakes(declaration: Declaration) -> Iterator[Finding]:
    for name, plan in declaration.plans.items():
        place = ("types", name, "fields")
        for field, leaves in plan.fields.items():
            for leaf in leaves:
                if not is_name(leaf.column):
                    yield (*place, field), f'"{leaf.column}" is no name of a column'
        asked = {path for group in declaration.found_by[name] for path in group}
        filters = declaration.listed_by.get(name, ())
        for path in dict.fromkeys((*sorted(asked), *(path for path, _ in filters))):
            if plan.leaves[path].spell is None:
                told = "a database cannot be asked for a value of this rule; list without it"
                yield (*place, path.split(".")[0]), told


def _rebase(settings: dict[str, Any], base: Path) -> dict[str, Any]:
    if isinstance(settings.get("url"), str):
        return {**settings, "url": rebase_url(settings["url"], base)}
    return settings


async def _open(
    settings: SqlKindSettings, declaration: Declaration, opening: Opening
) -> SqlRecords:
    guard = opening.new_guard(declaration.name, settings.guard, parallel=5)
    options = SqlSettings(
        statement_seconds=settings.statement_seconds, text_encoding=settings.encoding
    )
    url = rebase_url(settings.url, opening.base)
    return SqlRecords(SqlSource(declaration.name, url, guard, options), guard, declaration)


_SCALARS = {
    "truth": "Boolean",
    "moment": "Waktu",
    "date": "Tanggal",
    "long": "ID",  # beyond 32 bits, which Int does not hold
    "whole": "Int",
    "decimal": "Float",
    "text": "String",
}


async def _draft(url: str) -> Draft:
    """Draft a type per table with a primary key, and a reference per foreign key."""
    own = rebase_url(url, Path.cwd())
    try:
        tables = await describe_tables(own)
    except SourceError as error:
        raise DraftError(str(error)) from None
    source: dict[str, Any] = {"kind": "sql"}
    if not has_password(url):
        source["url"] = own
    draft = build_draft("basis-data", source, [_record_set(table) for table in tables])
    if has_password(url):
        draft.notes.append("the address holds a password: give it in the configuration's settings")
    return draft


def _record_set(table: TableFacts) -> RecordSet:
    columns = tuple(
        Column(name, guess_scalar(name, _SCALARS.get(kind)) if is_name(name) else None)
        for name, kind in table.columns.items()
    )
    known = {column.name for column in columns if column.scalar}
    key = table.key if known.issuperset(table.key) and is_name(table.name) else ()
    pointers = tuple(Pointer(k.columns, k.table, k.table_columns) for k in table.foreign_keys)
    return RecordSet(table.name, {"table": table.name}, columns, key, pointers)


SQL = Kind(SqlKindSettings, SqlPlace, _rebase, _find_mistakes, _open, _draft)
