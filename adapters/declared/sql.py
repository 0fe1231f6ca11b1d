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
    Place,
    Question,
    Sought,
)
from adapters.declared.plan import Leaf, Row
from adapters.errors import SourceError
from adapters.kit.adapter import Opening
from adapters.kit.context import Context
from adapters.kit.outcome import Page
from adapters.kit.paging import pack_cursor, unpack_cursor
from adapters.resilience.guard import SourceGuard
from adapters.sources.sql import (
    SqlSettings,
    SqlSource,
    TableFacts,
    describe_tables,
    has_password,
    rebase_url,
)
from adapters.yaml_document import Finding

__all__ = ["SQL"]

_COMPARISONS = {"from": ">=", "to": "<="}
_ORDERED = frozenset({"Int", "Float", "Rupiah", "Tanggal", "Waktu", "String", "ID"})


class SqlKindSettings(KindSettings):
    """A database."""

    url: str = Field(description="Such as sqlite+aiosqlite:///klinik.sqlite, mysql+asyncmy://…")
    encoding: str | None = Field(None, description="Of SQLite texts that are not UTF-8.")
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
        self._tables = {
            name: ".".join(source.quote(part) for part in place.table.split("."))
            for name, place in declaration.places.items()
        }

    async def find(self, sought: Sought, context: Context) -> Sequence[Row]:
        """Give the rows of these keys."""
        keys = [
            spelled
            for key in sought.keys
            for spelled in product(
                *(_spell(leaf, v) for leaf, v in zip(sought.by, key, strict=True))
            )
        ]
        names = ", ".join(self._source.quote(leaf.column) for leaf in sought.by)
        if len(sought.by) == 1:
            condition, given = f"{names} IN :keys", [key[0] for key in keys]
        else:
            condition, given = f"({names}) IN :keys", keys
        columns = sought.plan.columns(sought.fields)
        statement = f"SELECT {self._columns(columns)} FROM {self._tables[sought.plan.name]}"
        guarded = await self._source.fetch(
            f"{statement} WHERE {condition}", context.call, keys=list(dict.fromkeys(given))
        )
        return context.take(self._name, guarded)

    async def select(self, question: Question, context: Context) -> Page:
        """Give a page of rows."""
        start = 0
        if question.page.after is not None:
            (start,) = unpack_cursor(question.page.after, int)
        first = question.page.first
        parameters: dict[str, Any] = {"limit": first + 1, "start": start}
        statement = self._statement(question, parameters)
        guarded = await self._source.fetch(statement, context.call, parameters=parameters)
        rows = context.take(self._name, guarded)
        end = start + min(len(rows), first)
        return Page(rows[:first], len(rows) > first, pack_cursor(end) if rows else None)

    async def aclose(self) -> None:
        """Close the connections; idempotent."""
        await self._guard.aclose()  # first, or what is under way would open it again
        await self._source.aclose()

    def _statement(self, question: Question, parameters: dict[str, Any]) -> str:
        columns = question.plan.columns(question.fields)
        parts = [f"SELECT {self._columns(columns)} FROM {self._tables[question.plan.name]}"]
        if question.conditions:
            terms = [
                self._term(condition, f"c{place}", parameters)
                for place, condition in enumerate(question.conditions)
            ]
            parts.append(f"WHERE {' AND '.join(terms)}")
        turn = " DESC" if question.descending else ""
        order = ", ".join(f"{self._source.quote(leaf.column)}{turn}" for leaf in question.order)
        parts.append(f"ORDER BY {order} LIMIT :limit OFFSET :start")
        return " ".join(parts)

    def _term(self, condition: Condition, name: str, parameters: dict[str, Any]) -> str:
        column = self._source.quote(condition.leaf.column)
        spelled = _spell(condition.leaf, condition.value)
        if condition.compare != "equal":
            parameters[name] = spelled[0]
            return f"{column} {_COMPARISONS[condition.compare]} :{name}"
        given = {f"{name}_{place}": value for place, value in enumerate(spelled)}
        parameters |= given
        return f"{column} IN ({', '.join(f':{each}' for each in given)})"

    def _columns(self, columns: Sequence[str]) -> str:
        return ", ".join(self._source.quote(column) for column in columns)


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
        for path, compare in filters:
            if compare != "equal" and plan.leaves[path].scalar not in _ORDERED:
                yield (*place, path.split(".")[0]), f'"{compare}" needs a number, date or text'


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
