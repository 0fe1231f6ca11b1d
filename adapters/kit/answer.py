"""Answers one compiled selection, level by level, with one batch per function and level.

In: cells (a record or key stub, and the program of what is asked of it). Out: dicts in the order
asked, and ``Faults``. Each round does three things for all cells of a level:

1. **load** the cells whose record does not speak of everything asked, through the key lookups;
2. **fill** their dicts from the records, which finds the cells of the next level;
3. **relate**: run the relations that the level asks for, which finds more of them.

Invariants: a function is never called twice for one key and field within a fetch; a value is
attached by key; a fault at one place leaves every other place alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from adapters.kit.coercion import coerce_arguments, freeze
from adapters.kit.definition import KeyedRoot, Lookup, Relation, Wanted
from adapters.kit.faults import Faults, PathLink
from adapters.kit.index import Index
from adapters.kit.loading import CRASHED, Crashed, Loads, call_relation, outcome_for, run_together
from adapters.kit.outcome import (
    NOT_GRANTED,
    UNREADABLE,
    Denied,
    Failed,
    FieldMark,
    Found,
    InvalidArgument,
    NotFound,
    Outcome,
    Page,
    PageRequest,
    Refused,
)
from adapters.kit.program import Composite, ObjectProgram, Step
from adapters.kit.reading import ABSENT, has_all, join_records, read, take_key
from schema.supergraph.model import TypeRef

__all__ = ["Answer", "Cell"]

_FIRST_LIMIT = 1000
"""The most nodes of one page: a page of a thousand letters is about 300 kB, as much as a frontend
should get at once; more is walked page by page."""


_MARKS = (FieldMark, Failed, Found, Denied, NotFound, Refused, Crashed)


@dataclass(slots=True)
class Cell:
    """An object to be answered: what is known of it, what is asked, and where it goes."""

    composite: Composite
    record: Any
    holder: Any  # the dict or list that holds the object
    slot: Any
    link: PathLink
    must_exist: bool = False  # a keyed root: null if there is no such record
    load: tuple[Lookup, Any] | None = None  # the lookup and key that were planned for it


@dataclass(slots=True)
class _Batch:
    """The parents of one relation call, and where their values go."""

    relation: Relation
    wanted: Wanted
    arguments: dict[str, Any]
    places: dict[Any, list[tuple[Step, dict[str, Any], PathLink]]] = field(default_factory=dict)


@dataclass(slots=True)
class Answer:
    """The state of answering one fetch."""

    index: Index
    variables: Mapping[str, Any]
    loads: Loads
    faults: Faults
    filled: list[tuple[Cell, ObjectProgram]] = field(default_factory=list)
    has_null: bool = False  # a null stands where the SDL promises a value
    _next: list[Cell] = field(default_factory=list)
    _batches: dict[Any, _Batch] = field(default_factory=dict)

    async def run(self, cells: list[Cell]) -> None:
        """Answer ``cells``, what ``complete`` found before, and everything below them."""
        cells, self._next = [*cells, *self._next], []
        while cells:
            waiting = [cell for cell in cells if self._plan_load(cell)]
            if waiting:
                await self.loads.run()
            for cell in waiting:
                self._take_loaded(cell)
            for cell in cells:
                if cell.record is not None:
                    self._fill(cell)
            if self._batches:
                await self._relate()
            cells, self._next = self._next, []

    # 1. load

    def _plan_load(self, cell: Cell) -> bool:
        program = self._find_program(cell)
        if program is not None and not cell.must_exist and has_all(cell.record, program.reads):
            return False
        name = self._type_name(cell, program)
        cell.load = self._find_lookup(cell, name)
        if cell.load is None:
            return False
        wanted = self._wanted(cell, program, name)
        self.loads.plan(*cell.load, _missing(cell.record, wanted))
        return True

    def _type_name(self, cell: Cell, program: ObjectProgram | None) -> str:
        if program is not None:
            return program.type_name
        name = read(cell.record, "__typename")
        return cell.composite.type_name if name is ABSENT else str(name)

    def _find_program(self, cell: Cell) -> ObjectProgram | None:
        composite = cell.composite
        if composite.sole is not None:
            return composite.programs[composite.sole]
        name = read(cell.record, "__typename")
        if name is ABSENT:
            name = type(cell.record).__name__
        return composite.programs.get(name)

    def _wanted(self, cell: Cell, program: ObjectProgram | None, name: str) -> Wanted:
        if program is not None:
            return program.wanted
        programs = cell.composite.programs
        possible = self.index.shapes.possible(name)
        return frozenset().union(*(programs[p].wanted for p in possible if p in programs))

    def _find_lookup(self, cell: Cell, type_name: str) -> tuple[Lookup, Any] | None:
        """Find the first lookup whose whole key the record holds."""
        for lookup in self.index.lookups.get(type_name, ()):
            try:
                key = take_key(cell.record, self.index.paths[id(lookup)])
                hash(key)
            except (ValueError, TypeError):
                self.faults.unreadable(cell.link, f"{type_name}.{lookup.key[0]}")
                self._nullify(cell)
                return None
            parts = key if len(lookup.key) > 1 else (key,)
            if all(part is not None and part is not ABSENT for part in parts):
                return lookup, key
        if cell.must_exist or self._find_program(cell) is None:
            self.faults.crash(cell.link, type_name)
            self._nullify(cell)
        return None

    def _take_loaded(self, cell: Cell) -> None:
        if cell.load is None:
            return
        program = self._find_program(cell)
        outcome = self.loads.outcome(*cell.load)
        if not isinstance(outcome, Found):
            if program is not None and self._knows_more_than_key(cell, program):
                gaps = [n for n in program.reads if read(cell.record, n) is ABSENT]
                cell.record = join_records(cell.record, dict.fromkeys(gaps, _as_value(outcome)))
                return
            self._explain(cell.link, self._type_name(cell, program), outcome)
            self._nullify(cell)
            return
        asked = read(cell.record, "__typename")
        cell.record = join_records(cell.record, outcome.record)
        self._note(cell.link, outcome)
        if asked in cell.composite.programs and asked != read(cell.record, "__typename"):
            self._nullify(cell)  # the key is another type's: there is no such record of this type

    @staticmethod
    def _knows_more_than_key(cell: Cell, program: ObjectProgram) -> bool:
        """Tell whether the record came with asked fields of its own, which must not be lost."""
        if cell.must_exist or cell.load is None:
            return False
        key = {path.split(".", 1)[0] for path in cell.load[0].key}
        return any(read(cell.record, name) is not ABSENT for name in program.reads - key)

    # 2. fill

    def _fill(self, cell: Cell) -> None:
        program = self._find_program(cell)
        if program is None:
            self.faults.crash(cell.link, cell.composite.type_name)
            self._nullify(cell)
            return
        out: dict[str, Any] = {}
        cell.holder[cell.slot] = out
        self.filled.append((cell, program))
        record = cell.record
        for step in program.steps:
            if step.name == "__typename":
                out[step.response] = program.type_name
            elif step.relation is not None:
                out[step.response] = None
                self._plan_relation(step, step.relation, record, out, cell.link)
            else:
                value = read(record, step.attribute)
                link = (cell.link, step.response)
                out[step.response] = self.complete(step, value, link, out)

    def complete(self, step: Step, value: Any, link: PathLink, out: dict[str, Any]) -> Any:
        """Turn a record's value into JSON; objects become cells of the next level."""
        if value is ABSENT:
            self.faults.crash(link, step.coordinate)
            value = None
        elif isinstance(value, _MARKS):
            value = self._unwrap(value, link, step)
        elif value is None and step.shape.type.non_null:
            self.faults.unreadable(link, step.coordinate)
        return self._complete(step, step.shape.type, value, out, step.response, link)

    def _complete(
        self, step: Step, ref: TypeRef, value: Any, holder: Any, slot: Any, link: PathLink
    ) -> Any:
        if value is None:
            self.has_null = self.has_null or ref.non_null
            return None
        if ref.of is not None:
            return self._complete_list(step, ref.of, value, link)
        if step.below is not None:
            if isinstance(value, Page):
                value = _page_record(value)
            self._next.append(Cell(step.below, value, holder, slot, link))
            return None
        if step.convert is None:
            return value
        try:
            return step.convert(value)
        except ValueError:
            self.faults.unreadable(link, step.coordinate)
            self.has_null = self.has_null or ref.non_null
            return None

    def _complete_list(self, step: Step, ref: TypeRef, value: Any, link: PathLink) -> Any:
        if isinstance(value, (str, bytes, Mapping)) or not hasattr(value, "__iter__"):
            self.faults.crash(link, step.coordinate)
            return None
        items: list[Any] = []
        for place, item in enumerate(value):
            items.append(None)
            here = (link, place)
            if isinstance(item, _MARKS):
                item = self._unwrap(item, here, step)
            elif item is None and ref.non_null:
                self.faults.unreadable(here, step.coordinate)
            items[place] = self._complete(step, ref, item, items, place, here)
        return items

    def _unwrap(self, value: Any, link: PathLink, step: Step) -> Any:
        if value is UNREADABLE:
            self.faults.unreadable(link, step.coordinate)
            return None
        if value is NOT_GRANTED:
            self.faults.deny(link, step.coordinate, None)
            return None
        if isinstance(value, Found):
            self._note(link, value)
            return value.record
        self._explain(link, step.coordinate, value)
        return None

    # 3. relate

    def _plan_relation(
        self,
        step: Step,
        relation: Relation,
        record: Any,
        out: dict[str, Any],
        parent: PathLink,
    ) -> None:
        link = (parent, step.response)
        try:
            arguments = self.arguments(step, relation.arguments, paged=relation.paged)
            key = take_key(record, self.index.paths[id(relation)])
            hash(key)
        except InvalidArgument as refusal:
            self.faults.invalid(link, str(refusal))
            self.has_null = self.has_null or step.non_null
            return
        except (ValueError, TypeError):
            self.faults.unreadable(link, step.coordinate)
            self.has_null = self.has_null or step.non_null
            return
        mark = self._find_mark(key, len(relation.takes) > 1)
        if mark is not ABSENT:
            out[step.response] = self.complete(step, mark, link, out)
            return
        batch_key = (id(relation), step.wanted, freeze(arguments))
        batch = self._batches.get(batch_key)
        if batch is None:
            batch = self._batches[batch_key] = _Batch(relation, step.wanted, arguments)
        batch.places.setdefault(key, []).append((step, out, link))

    @staticmethod
    def _find_mark(key: Any, is_composite: bool) -> Any:
        """Find what keeps the relation from being asked: a mark, or a single key that is null."""
        for part in key if is_composite else (key,):
            if isinstance(part, (FieldMark, Failed)):
                return part
            if part is ABSENT:
                return CRASHED
        return None if key is None else ABSENT

    async def _relate(self) -> None:
        batches, self._batches = [*self._batches.values()], {}
        answers = await run_together(
            [
                call_relation(self.loads.context, b.relation, [*b.places], b.wanted, b.arguments)
                for b in batches
            ]
        )
        for batch, outcomes in zip(batches, answers, strict=True):
            for key, places in batch.places.items():
                outcome = outcome_for(outcomes, key)
                for step, out, link in places:
                    value = _empty(step) if isinstance(outcome, NotFound) else outcome
                    out[step.response] = self.complete(step, value, link, out)

    def arguments(self, step: Step, names: Mapping[str, str], *, paged: bool) -> dict[str, Any]:
        """Coerce a field's arguments into what its function is called with.

        Raises ``InvalidArgument``.
        """
        given = coerce_arguments(
            step.arguments, self.index.shapes, step.shape.arguments, self.variables
        )
        arguments = {names.get(n, n): v for n, v in given.items() if not _is_paging(n, paged)}
        if paged:
            arguments["page"] = _page_request(given)
        return arguments

    # shared

    def root_stub(self, step: Step, root: KeyedRoot) -> dict[str, Any]:
        """Make the key stub that a keyed root's arguments name. Raises ``InvalidArgument``."""
        given = self.arguments(step, {}, paged=False)
        stub: dict[str, Any] = {}
        for path, argument in root.key.items():
            *parents, last = path.split(".")
            place = stub
            for segment in parents:
                place = place.setdefault(segment, {})
            place[last] = given.get(argument)
        return stub

    def _note(self, link: PathLink, found: Found) -> None:
        for failure in found.failures:
            self.faults.fail(link, failure.error, failure.source)

    def _explain(self, link: PathLink, coordinate: str, outcome: Outcome | Crashed) -> None:
        match outcome:
            case Failed(error, source):
                self.faults.fail(link, error, source)
            case Denied(source):
                self.faults.deny(link, coordinate, source)
            case Refused(message):
                self.faults.invalid(link, message)
            case Crashed():
                self.faults.crash(link, coordinate)
            case NotFound() | Found():
                pass
            case _:
                assert_never(outcome)

    def _nullify(self, cell: Cell) -> None:
        cell.record = None
        cell.holder[cell.slot] = None
        self.has_null = True  # the place may be a promised one: propagation finds out


def _as_value(outcome: Outcome | Crashed) -> Any:
    """What a failed load means for each single field that it should have given."""
    if isinstance(outcome, Denied):
        return NOT_GRANTED
    return None if isinstance(outcome, NotFound) else outcome


def _missing(record: Any, wanted: Wanted) -> Wanted:
    """Leave out what the record speaks of already."""
    return frozenset(w for w in wanted if read(record, w.split(".", 1)[0]) is ABSENT)


def _empty(step: Step) -> Any:
    """What a relation without any outcome for a parent means: nothing is related to it."""
    if step.shape.type.is_list:
        return []
    return Page(()) if step.relation is not None and step.relation.paged else None


def _page_record(page: Page) -> dict[str, Any]:
    return {
        "nodes": page.nodes,
        "pageInfo": {"hasNextPage": page.has_next, "endCursor": page.end_cursor},
    }


def _is_paging(name: str, paged: bool) -> bool:
    return paged and name in ("first", "after")


def _page_request(given: Mapping[str, Any]) -> PageRequest:
    first = given.get("first")
    if first is None:
        first = 100
    if not 1 <= first <= _FIRST_LIMIT:
        raise InvalidArgument(f'The argument "first" must lie between 1 and {_FIRST_LIMIT}.')
    return PageRequest(first, given.get("after"))
