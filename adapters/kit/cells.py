"""The object that is being answered: what is known of it, what is asked, where it goes.

In: a record or key stub and the program of what is asked. Out: the program of its concrete type,
and what the record does not speak of yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.kit.definition import Lookup, Wanted
from adapters.kit.faults import PathLink
from adapters.kit.program import Composite, ObjectProgram
from adapters.kit.reading import ABSENT, read
from adapters.kit.shapes import Shapes

__all__ = ["Cell", "find_program", "knows_more_than_key", "missing", "put", "type_name_of"]


@dataclass(slots=True)
class Cell:
    """One object of one level."""

    composite: Composite
    record: Any
    holder: Any  # the object or list that holds the object
    slot: Any
    link: PathLink
    non_null: bool = False  # the place may not be null
    must_exist: bool = False  # a keyed root: null if there is no such record
    load: tuple[Lookup, Any] | None = None  # the lookup and key that were planned for it
    program: ObjectProgram | None = None  # once the concrete type is known


def put(holder: Any, slot: Any, value: Any) -> None:
    """Put a value into a dict, a list, or one of the executor's records."""
    if isinstance(holder, msgspec.Struct):
        setattr(holder, slot, value)
    else:
        holder[slot] = value


def find_program(cell: Cell) -> ObjectProgram | None:
    """Give the program of the record's concrete type; None while that type is not known."""
    composite = cell.composite
    if composite.sole is not None:
        return composite.programs[composite.sole]
    name = read(cell.record, "__typename")
    if name is ABSENT:
        name = type(cell.record).__name__
    return composite.programs.get(name) if isinstance(name, str) else None


def type_name_of(cell: Cell, program: ObjectProgram | None) -> str:
    """Name the type by which the record is looked up, which may be an interface."""
    if program is not None:
        return program.type_name
    name = read(cell.record, "__typename")
    return name if isinstance(name, str) else cell.composite.type_name


def missing(cell: Cell, program: ObjectProgram | None, name: str, shapes: Shapes) -> Wanted:
    """Give what is asked and the record does not speak of.

    Records of one batch hold the same fields, so the answer is kept by program and fields.
    """
    if program is not None and type(cell.record) is dict:
        held = tuple(cell.record)
        known = program.missing.get(held)
        if known is None:
            known = program.missing[held] = _missing(cell.record, program.wanted)
        return known
    if program is not None:
        return _missing(cell.record, program.wanted)
    programs = cell.composite.programs
    possible = (programs[p].wanted for p in shapes.possible(name) if p in programs)
    return _missing(cell.record, frozenset().union(*possible))


def knows_more_than_key(cell: Cell, program: ObjectProgram) -> bool:
    """Tell whether the record came with asked fields of its own, which must not be lost."""
    if cell.must_exist or cell.load is None:
        return False
    key = {path.split(".", 1)[0] for path in cell.load[0].key}
    return any(read(cell.record, name) is not ABSENT for name in program.reads - key)


def _missing(record: Any, wanted: Wanted) -> Wanted:
    return frozenset(w for w in wanted if read(record, w.split(".", 1)[0]) is ABSENT)
