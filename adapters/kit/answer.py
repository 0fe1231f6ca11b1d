"""Answers one compiled selection, level by level, with one batch per function and level.

In: cells (a record or key stub, and the program of what is asked of it). Out: objects, which are
dicts in the order asked or the executor's records, and ``Faults``. Each round does three things
for all cells of a level:

1. **load** the cells whose record does not speak of everything asked, through the key lookups;
2. **fill** their objects from the records, which finds the cells of the next level (what a single
   value becomes is ``completion``'s);
3. **relate**: run the relations that the level asks for, which finds more of them.

Invariants: a function is never called twice for one key and field within a fetch; a value is
attached by key; a fault at one place leaves every other place alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.kit.arguments import build_arguments
from adapters.kit.cells import (
    Cell,
    find_program,
    knows_more_than_key,
    missing,
    put,
    type_name_of,
)
from adapters.kit.coercion import freeze
from adapters.kit.completion import Completion
from adapters.kit.definition import Lookup, Relation, Wanted
from adapters.kit.faults import PathLink
from adapters.kit.index import Index
from adapters.kit.loading import CRASHED, Crashed, Loads, call_relation, outcome_for, run_together
from adapters.kit.outcome import (
    NOT_GRANTED,
    Denied,
    Failed,
    FieldMark,
    Found,
    InvalidArgument,
    NotFound,
    Outcome,
    Page,
)
from adapters.kit.program import ObjectProgram, Source, Step
from adapters.kit.reading import ABSENT, has_all, join_records, read, take_key

__all__ = ["Answer"]


@dataclass(slots=True)
class _Batch:
    """The parents of one relation call, and where their values go."""

    relation: Relation
    wanted: Wanted
    arguments: dict[str, Any]
    places: dict[Any, list[tuple[Step, Any, PathLink]]] = field(default_factory=dict)


@dataclass(slots=True)
class Answer(Completion):
    """The state of answering one fetch."""

    index: Index
    variables: Mapping[str, Any]
    loads: Loads
    kinds: dict[int, ObjectProgram] = field(default_factory=dict)
    """Of an object whose place allows several types, by its identity: what was asked of it."""
    _batches: dict[Any, _Batch] = field(default_factory=dict)
    _open: dict[int, _Batch] = field(
        default_factory=dict
    )  # id of a step -> its batch of this level

    async def run(self, cells: list[Cell], beside: Sequence[Awaitable[None]] = ()) -> None:
        """Answer ``cells``, what ``complete`` found before, and everything below them.

        ``beside`` is awaited while the first level loads; what it completes is the second.
        """
        cells, self.found = [*cells, *self.found], []
        while cells or beside:
            waiting = [cell for cell in cells if self.plan_load(cell)]
            if beside:
                await run_together([*beside, self.loads.run()] if waiting else beside)
                beside = ()
            elif waiting:
                await self.loads.run()
            await self.settle(cells, waiting)
            cells, self.found = self.found, []

    async def settle(self, cells: Sequence[Cell], waiting: Sequence[Cell]) -> None:
        """Fill ``cells``, of which those ``waiting`` were loaded, and run the level's relations."""
        for cell in waiting:
            self.take_loaded(cell)
        for cell in cells:
            self.fill(cell)
        if self._batches:
            await self._relate()

    # 1. load

    def plan_load(self, cell: Cell) -> bool:
        """Plan what ``cell`` lacks; tells whether it waits for anything."""
        cell.program = program = find_program(cell)
        if program is not None and not cell.must_exist and has_all(cell.record, program.reads):
            return False
        name = type_name_of(cell, program)
        cell.load = self._find_lookup(cell, name)
        if cell.load is None:
            return False
        self.loads.plan(*cell.load, missing(cell, program, name, self.index.shapes))
        return True

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
            if type(key) is str:
                return lookup, key
            parts = key if len(lookup.key) > 1 else (key,)
            if all(part is not None and part is not ABSENT for part in parts):
                return lookup, key
        if cell.must_exist or find_program(cell) is None:
            self.faults.crash(cell.link, type_name)
            self._nullify(cell)
        return None

    def take_loaded(self, cell: Cell) -> None:
        """Take over what was loaded for ``cell``."""
        if cell.load is None:
            return
        program = cell.program
        outcome = self.loads.outcome(*cell.load)
        if not isinstance(outcome, Found):
            if program is not None and knows_more_than_key(cell, program):
                gaps = [n for n in program.reads if read(cell.record, n) is ABSENT]
                cell.record = join_records(cell.record, dict.fromkeys(gaps, _as_value(outcome)))
                return
            self.explain(cell.link, type_name_of(cell, program), outcome)
            self._nullify(cell)
            return
        asked = read(cell.record, "__typename")
        cell.record = join_records(cell.record, outcome.record)
        if outcome.failures:
            self.note(cell.link, outcome)
        if program is None:
            cell.program = find_program(cell)
        elif asked in cell.composite.programs and asked != read(cell.record, "__typename"):
            self._nullify(cell)  # the key is another type's: there is no such record of this type

    # 2. fill

    def fill(self, cell: Cell) -> None:
        """Make the object of ``cell`` from its record, if it has one."""
        program, record = cell.program, cell.record
        if record is None:
            return
        if program is None:
            self.faults.crash(cell.link, cell.composite.type_name)
            self._nullify(cell)
            return
        out = program.fill(record, cell.link, self) if type(record) is dict else None
        if out is None:
            out = program.new()
            self._fill_stepwise(program, record, out, cell.link)
        put(cell.holder, cell.slot, out)
        if cell.composite.sole is None:
            self.kinds[id(out)] = program

    def _fill_stepwise(
        self, program: ObjectProgram, record: Any, out: Any, place: PathLink
    ) -> None:
        is_dict = type(record) is dict
        for step in program.steps:
            if step.source is Source.RECORD:
                name = step.attribute
                value = record.get(name, ABSENT) if is_dict else read(record, name)
                if type(value) is str and step.is_text:
                    put(out, step.slot, value)  # the common case: nothing to look at twice
                else:
                    link = (place, step.response)
                    put(out, step.slot, self.complete(step, value, link, out))
            elif step.source is Source.TYPENAME:
                put(out, step.slot, program.type_name)
            elif step.relation is not None:
                put(out, step.slot, None)
                self.plan_relation(step, record, out, place)

    # 3. relate

    def plan_relation(self, step: Step, record: Any, out: Any, parent: PathLink) -> None:
        """Note whom the relation at ``step`` is asked for, and where its value goes."""
        link, relation = (parent, step.response), step.relation
        assert relation is not None
        try:
            key = take_key(record, self.index.paths[id(relation)])
            hash(key)
        except (ValueError, TypeError):
            self.faults.unreadable(link, step.coordinate)
            self.has_null = self.has_null or step.non_null
            return
        mark = self._find_mark(key, len(relation.takes) > 1)
        if mark is not ABSENT:
            put(out, step.slot, self.complete(step, mark, link, out))
            return
        self.place(step, key, out, link)

    def place(self, step: Step, key: Any, out: Any, link: PathLink) -> None:
        """Note the key of one parent, and where its value goes."""
        batch = self._open.get(id(step))
        if batch is None:
            try:
                batch = self._open[id(step)] = self._find_batch(step)
            except InvalidArgument as refusal:
                self.faults.invalid(link, str(refusal), refusal.code)
                self.has_null = self.has_null or step.non_null
                return
        batch.places.setdefault(key, []).append((step, out, link))

    def _find_batch(self, step: Step) -> _Batch:
        """Find the level's batch of the same relation, fields and arguments, or begin one."""
        relation = step.relation
        assert relation is not None
        arguments = build_arguments(
            step, relation.arguments, self.variables, self.index.shapes, paged=relation.paged
        )
        batch_key = (id(relation), step.wanted, freeze(arguments))
        batch = self._batches.get(batch_key)
        if batch is None:
            batch = self._batches[batch_key] = _Batch(relation, step.wanted, arguments)
        return batch

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
        batches, self._batches, self._open = [*self._batches.values()], {}, {}
        answers = await run_together(
            [
                call_relation(self.loads.context, b.relation, [*b.places], b.wanted, b.arguments)
                for b in batches
            ]
        )
        for batch, outcomes in zip(batches, answers, strict=True):
            for key, places in batch.places.items():
                outcome = outcome_for(outcomes, key)
                found = None
                if isinstance(outcome, Found) and not outcome.failures:
                    found = outcome.record
                for step, out, link in places:
                    if type(found) is list and step.many is not None:  # the usual, at once
                        put(out, step.slot, step.many(found, link, self))
                        continue
                    value = _empty(step) if isinstance(outcome, NotFound) else outcome
                    put(out, step.slot, self.complete(step, value, link, out))

    def _nullify(self, cell: Cell) -> None:
        cell.record = None
        put(cell.holder, cell.slot, None)
        self.has_null = self.has_null or cell.non_null


def _as_value(outcome: Outcome | Crashed) -> Any:
    """What a failed load means for each single field that it should have given."""
    if isinstance(outcome, Denied):
        return NOT_GRANTED
    return None if isinstance(outcome, NotFound) else outcome


def _empty(step: Step) -> Any:
    """What a relation without any outcome for a parent means: nothing is related to it."""
    if step.shape.type.is_list:
        return []
    return Page(()) if step.relation is not None and step.relation.paged else None
