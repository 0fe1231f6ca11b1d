"""A compiled selection: per concrete type, what to read, load and relate.

In: nothing (values, made by ``compiler``). Out: ``Composite``s of ``ObjectProgram``s of ``Step``s:
flat tuples that answering walks, and beside them the functions that ``writer`` wrote for records as
they mostly are. What they make are dicts, or the executor's own records if the fetch has a shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from adapters.contract import RecordShape
from adapters.kit.definition import Event, KeyedRoot, Listing, Mutation, Relation, Wanted
from adapters.kit.shapes import FieldShape
from schema.selection import Argument

__all__ = ["Composite", "Fill", "FillMany", "ObjectProgram", "Source", "Step", "fill_nothing"]

Fill: TypeAlias = Callable[[Any, Any, Any], Any]
"""(record, place, answer) -> its object; None if the record does not speak of everything asked."""

FillMany: TypeAlias = Callable[[Any, Any, Any], "list[Any]"]
"""(records, place, answer) -> their objects."""


def fill_nothing(record: Any, link: Any, answer: Any) -> None:
    """Stand in where nothing was written: every record is answered step by step."""


@dataclass(slots=True)
class Composite:
    """Selections on a type that has fields; ``programs`` holds one program per concrete type."""

    type_name: str
    programs: dict[str, ObjectProgram] = field(default_factory=dict)
    wanted: Wanted = frozenset()  # over all concrete types
    sole: str | None = None  # the only concrete type, where there is one


class Source(Enum):
    """Where a response name's value comes from."""

    RECORD = "record"
    RELATION = "relation"
    ROOT = "root"
    TYPENAME = "typename"


@dataclass(slots=True)
class Step:
    """One response name of an object: where its value comes from."""

    response: str
    slot: str  # of its object: the key of a dict, or the attribute of the executor's record
    name: str  # "__typename" too
    attribute: str  # the record's own name for it
    coordinate: str
    shape: FieldShape
    arguments: tuple[Argument, ...] = ()
    below: Composite | None = None  # None: a leaf
    convert: Callable[[Any], Any] | None = None  # leaf value -> JSON; raises ValueError
    relation: Relation | None = None
    root: KeyedRoot | Listing | Mutation | Event | None = None
    wanted: Wanted = frozenset()  # for the function of the relation or root
    source: Source = Source.RECORD
    is_text: bool = False  # a single text that is its own JSON
    one: Fill | None = None  # makes the object below at once, without a level of its own
    many: FillMany | None = None  # the same for a list of objects
    key_rule: Callable[[Any], Any] | None = None  # of the relation's key; None: any text is one

    @property
    def non_null(self) -> bool:
        """Tell whether the SDL promises a value."""
        return self.shape.type.non_null


@dataclass(slots=True)
class ObjectProgram:
    """All steps for one concrete type, in the order asked."""

    type_name: str
    steps: tuple[Step, ...]
    reads: frozenset[str]  # attributes that the record must speak of
    wanted: Wanted
    shape: RecordShape | None = None  # of its objects; None: dicts
    missing: dict[tuple[str, ...], Wanted] = field(default_factory=dict)
    """Fields that a record holds -> what it lacks; as many as an adapter has forms of records."""
    is_plain: bool = False  # no relation here or below: needs no level of its own
    fill: Fill = fill_nothing  # writes the object of a dict that speaks of everything asked
    compiled: dict[Any, Any] = field(default_factory=dict)  # what ``kit.entities`` compiled of it

    def new(self) -> Any:
        """Make an object with nothing in it yet."""
        if self.shape is None:
            return {}
        return self.shape.record(**dict.fromkeys(self.shape.attributes.values()))

    @property
    def is_written(self) -> bool:
        """Tell whether ``fill`` was written for it."""
        return self.fill is not fill_nothing
