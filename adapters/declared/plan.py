"""What a declared file means: types with the columns behind their fields, ready for mapping.

In: a ``FileModel`` whose names meet (``checks``). Out: ``TypePlan``s: for every path that holds a
value the column and the rule, and a row made into a record. A path is a field's name, or a
reference's and its key field's: ``kelurahan.kode``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.declared.model import FieldModel, FileModel, TypeModel, names_of
from adapters.declared.rules import (
    RULES,
    SCALAR_RULES,
    SPELLINGS,
    Rule,
    Spell,
    enum_rule,
    enum_spellings,
)
from adapters.kit.normalize.null import readable
from adapters.kit.outcome import UNREADABLE

__all__ = ["Leaf", "Row", "TypePlan", "argument_of", "build_plans", "key_fields", "spread_fields"]

Row = Mapping[str, Any]
"""What a source gave for one record, by column."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a record."""

    path: str
    column: str
    scalar: str  # or the enum
    rule: Rule
    spell: Spell | None  # None: the source cannot be asked for a value of it

    def read(self, row: Row) -> Any:
        """Give the value of a row; ``UNREADABLE`` if its rule does not understand it."""
        return readable(self.rule, row.get(self.column))


@dataclass(frozen=True, slots=True)
class TypePlan:
    """One type of ours."""

    name: str
    model: TypeModel
    keys: tuple[tuple[str, ...], ...]
    fields: Mapping[str, tuple[Leaf, ...]]  # a value's one leaf, or a reference's key
    leaves: Mapping[str, Leaf]  # by path

    def needed(self, wanted: Iterable[str], paths: Iterable[str] = ()) -> tuple[str, ...]:
        """Give the fields that hold what is wanted, what finds the record, and its keys."""
        heads = {path.split(".")[0] for path in (*wanted, *paths)}
        heads |= {path.split(".")[0] for key in self.keys for path in key}
        return tuple(name for name in self.fields if name in heads)

    def columns(self, fields: Iterable[str]) -> tuple[str, ...]:
        """Give the columns behind fields, each once."""
        return tuple(dict.fromkeys(leaf.column for name in fields for leaf in self.fields[name]))

    def map_row(self, row: Row, fields: Iterable[str]) -> dict[str, Any]:
        """Make a record of a row."""
        return {name: self._value(row, name) for name in fields}

    def _value(self, row: Row, name: str) -> Any:
        leaves = self.fields[name]
        if leaves[0].path == name:
            return leaves[0].read(row)
        key = {leaf.path.removeprefix(f"{name}."): leaf.read(row) for leaf in leaves}
        if UNREADABLE in key.values():
            return UNREADABLE
        return None if None in key.values() else key


def argument_of(path: str) -> str:
    """Name the argument of a path: ``kelurahan.kode`` is ``kelurahanKode``."""
    head, *rest = path.split(".")
    return head + "".join(part[0].upper() + part[1:] for part in rest)


def build_plans(file: FileModel) -> dict[str, TypePlan]:
    """Plan every type of ours."""
    return {name: _plan(file, name, model) for name, model in file.types.items()}


def spread_fields(file: FileModel, model: TypeModel) -> dict[str, tuple[Leaf, ...]]:
    """Give the leaves of each field."""
    return {name: _leaves(file, name, field) for name, field in model.fields.items()}


def key_fields(file: FileModel, type_name: str) -> dict[str, str]:
    """Give the key of a type that is referred to: key field -> scalar; empty if there is none."""
    if type_name in file.references:
        return dict(file.references[type_name].key)
    model = file.types.get(type_name)
    if model is None:
        return {}
    return {
        name: model.fields[name].type for name in names_of(model.keys[0]) if name in model.fields
    }


def _plan(file: FileModel, name: str, model: TypeModel) -> TypePlan:
    fields = spread_fields(file, model)
    leaves = {leaf.path: leaf for group in fields.values() for leaf in group}
    return TypePlan(name, model, tuple(names_of(key) for key in model.keys), fields, leaves)


def _leaves(file: FileModel, name: str, field: FieldModel) -> tuple[Leaf, ...]:
    if not field.key:
        return (_leaf(file, name, field.from_ or name, field.type, field.normalize),)
    scalars = key_fields(file, field.type)
    return tuple(
        _leaf(file, f"{name}.{part}", column, scalars.get(part, "String"), field.normalize)
        for part, column in field.key.items()
    )


def _leaf(file: FileModel, path: str, column: str, scalar: str, rule: str | None) -> Leaf:
    enum = file.enums.get(scalar)
    if enum is not None and rule is None:
        return Leaf(path, column, scalar, enum_rule(enum), enum_spellings(enum))
    named = rule or SCALAR_RULES.get(scalar, "text")
    return Leaf(path, column, scalar, RULES.get(named, RULES["text"]), SPELLINGS.get(named))
