"""Statements over one table, built without text: so that every kind of database gets its own.

In: names of a table and its columns, and how they are compared. Out: a SQLAlchemy construct with
bound parameters. A description is a value, so the source keeps what was built for it and compares
equal questions. Parameters are named by place: ``keys``; ``t0``, ``t1``, … for the terms; ``limit``
and ``start`` for a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    TableClause,
    bindparam,
    column,
    func,
    or_,
    select,
    table,
    tuple_,
)

__all__ = ["SelectRows", "SelectSummary", "Statement", "Term", "bind_terms"]

_ESCAPE = "!"

AnySelect: TypeAlias = Select[*tuple[Any, ...]]
"""A statement of whatever columns."""


@dataclass(frozen=True, slots=True)
class Term:
    """One condition of a WHERE; all of them hold."""

    column: str
    compare: Literal["in", "from", "to", "prefix"]
    spellings: int = 1  # of a prefix: how many are tried


@dataclass(frozen=True, slots=True)
class SelectRows:
    """Rows of a table, by keys or as a page."""

    table: str  # with its schema before a dot, if needed
    columns: tuple[str, ...]
    keys: tuple[str, ...] = ()  # columns that ``keys`` are values of
    terms: tuple[Term, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()  # column, descending
    is_page: bool = False

    def build(self) -> AnySelect:
        """Build the statement."""
        statement = _filtered(
            select(*(column(name) for name in self.columns)).select_from(_table(self.table)),
            self.keys,
            self.terms,
        )
        for name, descending in self.order:
            place: ColumnElement[Any] = column(name)
            statement = statement.order_by(place.desc() if descending else place)
        if self.is_page:
            statement = statement.limit(bindparam("limit")).offset(bindparam("start"))
        return statement


@dataclass(frozen=True, slots=True)
class SelectSummary:
    """Counts, least, greatest and mean values of a table's rows, by groups.

    A row has the columns of ``groups``, ``n``, and for the value at place i ``n_i`` (how many rows
    have it), ``least_i``, ``most_i``, and ``mean_i`` where it is a number.
    """

    table: str
    groups: tuple[str, ...] = ()
    values: tuple[tuple[str, bool], ...] = ()  # column, is a number
    terms: tuple[Term, ...] = ()

    def build(self) -> AnySelect:
        """Build the statement."""
        groups: list[ColumnElement[Any]] = [column(name) for name in self.groups]
        told: list[ColumnElement[Any]] = [*groups, func.count().label("n")]
        for place, (name, is_number) in enumerate(self.values):
            value: ColumnElement[Any] = column(name)
            told.append(func.count(value).label(f"n_{place}"))
            told.append(func.min(value).label(f"least_{place}"))
            told.append(func.max(value).label(f"most_{place}"))
            if is_number:
                told.append(func.avg(value).label(f"mean_{place}"))
        statement = select(*told).select_from(_table(self.table))
        return _filtered(statement, (), self.terms).group_by(*groups)


Statement: TypeAlias = str | SelectRows | SelectSummary
"""What a source runs: described, or written by hand with ``:names``."""


def bind_terms(values: Sequence[tuple[Term, Sequence[Any]]]) -> dict[str, Any]:
    """Give the parameters of terms, each with the spellings of what it is compared with."""
    bound: dict[str, Any] = {}
    for place, (term, given) in enumerate(values):
        match term.compare:
            case "in":
                bound[f"t{place}"] = [*given]
            case "prefix":
                bound |= {f"t{place}_{n}": _starting(each) for n, each in enumerate(given)}
            case "from" | "to":
                bound[f"t{place}"] = given[0]
    return bound


def _filtered(statement: AnySelect, keys: tuple[str, ...], terms: tuple[Term, ...]) -> AnySelect:
    if keys:
        columns: list[ColumnElement[Any]] = [column(name) for name in keys]
        known: ColumnElement[Any] = columns[0] if len(columns) == 1 else tuple_(*columns)
        statement = statement.where(known.in_(bindparam("keys", expanding=True)))
    return statement.where(*(_condition(term, f"t{n}") for n, term in enumerate(terms)))


def _condition(term: Term, name: str) -> ColumnElement[bool]:
    compared: ColumnElement[Any] = column(term.column)
    match term.compare:
        case "in":
            return compared.in_(bindparam(name, expanding=True))
        case "from":
            return compared >= bindparam(name)
        case "to":
            return compared <= bindparam(name)
        case "prefix":
            tried = [
                compared.like(bindparam(f"{name}_{n}"), escape=_ESCAPE)
                for n in range(term.spellings)
            ]
            return or_(*tried)


def _starting(text: Any) -> str:
    """Write the pattern of what begins with a text."""
    plain = str(text)
    for special in (_ESCAPE, "%", "_"):
        plain = plain.replace(special, _ESCAPE + special)
    return f"{plain}%"


def _table(name: str) -> TableClause:
    schema, _, own = name.rpartition(".")
    return table(own, schema=schema or None)
