"""Answers an entity fetch: one lookup for all its representations, then one loop that writes them.

In: representations of one type and of one form, as a fetch of the plan mostly has them. Out: their
objects, in order, matched by key. Whatever is not so (several types, a key that cannot be used as
it came, an outcome that is no plain record) becomes a ``Cell`` and is answered like any other
object, in the same round and by the same calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.contract import Representation
from adapters.kit.answer import Answer
from adapters.kit.cells import Cell
from adapters.kit.definition import Lookup, Wanted
from adapters.kit.index import Index
from adapters.kit.null_propagation import propagate_nulls
from adapters.kit.program import Composite, ObjectProgram
from adapters.kit.writer import FillLoaded, TakeKeys, write_fill_loaded, write_take_keys

__all__ = ["answer_entities"]

_ENTITIES = (None, "_entities")


@dataclass(frozen=True, slots=True)
class _Form:
    """How representations that hold the same fields are answered."""

    lookup: Lookup
    wanted: Wanted  # what is asked and they do not hold
    take_keys: TakeKeys
    fill: FillLoaded
    is_bare: bool  # they hold nothing but type and key


async def answer_entities(
    answer: Answer, composite: Composite, representations: Sequence[Representation]
) -> list[Any]:
    """Answer all representations; nulls have settled."""
    entities: list[Any] = [None] * len(representations)
    form, program = _find_form(answer.index, composite, representations)
    if form is None or program is None:
        await answer.run(
            [_cell(composite, each, entities, i) for i, each in enumerate(representations)]
        )
    else:
        await _answer_alike(answer, composite, representations, entities, form, program)
    if answer.has_null:
        entities = _in_dicts(composite, entities)
        for place, entity in enumerate(entities):
            if entity is not None:
                name = representations[place]["__typename"]
                kind = answer.kinds.get(id(entity)) or composite.programs[name]
                if propagate_nulls(entity, kind, answer.kinds):
                    entities[place] = None
    return entities


def _in_dicts(composite: Composite, entities: list[Any]) -> list[Any]:
    """Nulls settle in dicts; where the executor's records were filled, they are read again."""
    shapes = [each.shape for each in composite.programs.values()]
    shape = shapes[0] if len(shapes) == 1 else None
    return entities if shape is None else shape.read(entities)


async def _answer_alike(
    answer: Answer,
    composite: Composite,
    representations: Sequence[Representation],
    entities: list[Any],
    form: _Form,
    program: ObjectProgram,
) -> None:
    keys = form.take_keys(representations)
    asked = dict.fromkeys(keys, form.wanted)
    apart = []
    if None in asked:
        del asked[None]
        apart = [
            _cell(composite, representations[place], entities, place)
            for place, key in enumerate(keys)
            if key is None
        ]
    answer.loads.plan_many(form.lookup, asked)
    waiting = [cell for cell in apart if answer.plan_load(cell)]
    await answer.loads.run()

    def take_apart(place: int, key: Any) -> None:
        if key is None:
            return
        cell = _cell(composite, representations[place], entities, place)
        cell.load, cell.program = (form.lookup, key), program
        answer.take_loaded(cell)
        answer.fill(cell)

    outcomes = answer.loads.outcomes(form.lookup)
    if outcomes is None:
        for place, key in enumerate(keys):
            take_apart(place, key)
    else:
        form.fill(outcomes, keys, representations, entities, answer, take_apart)
    await answer.settle(apart, waiting)
    await answer.run([])


def _cell(
    composite: Composite, representation: Representation, entities: list[Any], place: int
) -> Cell:
    return Cell(composite, representation, entities, place, (_ENTITIES, place))


def _find_form(
    index: Index, composite: Composite, representations: Sequence[Representation]
) -> tuple[_Form | None, ObjectProgram | None]:
    """Find how to answer them all alike; None if they are not alike, or not of a usual kind."""
    if not representations:
        return None, None
    first = representations[0]
    name, held = first.get("__typename"), tuple(first)
    program = composite.programs.get(name) if type(name) is str else None
    if program is None:
        return None, None
    if held not in program.compiled:
        program.compiled[held] = _compile_form(index, program, held)
    form: _Form | None = program.compiled[held]
    if form is None or type(name) is not str:
        return None, None
    return (form, program) if _are_alike(representations, name, held, form) else (None, None)


def _are_alike(
    representations: Sequence[Representation], name: str, held: tuple[str, ...], form: _Form
) -> bool:
    """Tell whether all name one type and hold the same fields."""
    try:
        names = [each["__typename"] for each in representations]
    except KeyError:
        return False
    if names.count(name) != len(names):
        return False
    if form.is_bare:  # each must hold the key besides, or is looked at closely: lengths will do
        return {*map(len, representations)} == {len(held)}
    return {*map(tuple, representations)} == {held}


def _compile_form(index: Index, program: ObjectProgram, held: tuple[str, ...]) -> _Form | None:
    fields = {*held} - {"__typename"}
    if not program.is_written or program.reads <= fields:
        return None
    for lookup in index.lookups.get(program.type_name, ()):
        paths = index.paths[id(lookup)]
        heads = {path.segments[0] for path in paths}
        if heads <= fields:
            take_keys = write_take_keys(paths)
            if take_keys is None:
                return None
            is_bare = heads == fields and all(len(path.segments) == 1 for path in paths)
            return _Form(
                lookup,
                frozenset(w for w in program.wanted if w.split(".", 1)[0] not in held),
                take_keys,
                write_fill_loaded(
                    program,
                    laid_over=not program.reads.isdisjoint(fields),
                    is_bare=is_bare,
                    link=_ENTITIES,
                ),
                is_bare,
            )
    return None
