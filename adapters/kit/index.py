"""An adapter's definition, indexed and checked once for answering.

In: ``AdapterDefinition``. Out: ``Index``: shapes of the SDL, and the function behind each
coordinate. A definition whose SDL and functions disagree is refused here, all findings at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adapters.kit.definition import (
    AdapterDefinition,
    Event,
    KeyedRoot,
    Listing,
    Lookup,
    Mutation,
    Relation,
)
from adapters.kit.reading import KeyPath, compile_path
from adapters.kit.shapes import Shapes, read_shapes

__all__ = ["DefinitionError", "Index", "build_index"]


class DefinitionError(Exception):
    """An adapter's SDL and its functions disagree."""


@dataclass(frozen=True, slots=True)
class Index:
    """What the runtime asks of a definition."""

    definition: AdapterDefinition
    shapes: Shapes
    lookups: Mapping[str, tuple[Lookup, ...]]  # concrete or abstract type -> its lookups
    relations: Mapping[tuple[str, str], Relation]
    roots: Mapping[tuple[str, str], KeyedRoot | Listing | Mutation | Event]
    paths: Mapping[int, tuple[KeyPath, ...]]  # id of a Lookup or Relation -> its key paths


def build_index(definition: AdapterDefinition) -> Index:
    """Index ``definition``; raises ``DefinitionError`` naming every disagreement."""
    shapes = read_shapes(definition.sdl)
    findings = [*_find_disagreements(definition, shapes)]
    if findings:
        text = "\n".join(f"- {finding}" for finding in findings)
        raise DefinitionError(f'The adapter "{definition.name}" cannot be served:\n{text}')
    return Index(
        definition,
        shapes,
        _spread_lookups(definition, shapes),
        _spread_relations(definition, shapes),
        _collect_roots(definition, shapes),
        {
            id(item): tuple(compile_path(shapes, item.type_name, p) for p in paths)
            for item, paths in _keyed(definition)
        },
    )


def _keyed(definition: AdapterDefinition) -> Iterator[tuple[Lookup | Relation, tuple[str, ...]]]:
    for lookup in definition.lookups:
        yield lookup, lookup.key
    for relation in definition.relations:
        yield relation, relation.takes


def _spread_lookups(definition: AdapterDefinition, shapes: Shapes) -> dict[str, tuple[Lookup, ...]]:
    """A type's own lookups come first, those of its interfaces after."""
    found: dict[str, tuple[Lookup, ...]] = {}
    for shape in shapes.types.values():
        names = (shape.name, *shape.interfaces)
        lookups = tuple(x for name in names for x in definition.lookups if x.type_name == name)
        if lookups:
            found[shape.name] = lookups
    return found


def _spread_relations(
    definition: AdapterDefinition, shapes: Shapes
) -> dict[tuple[str, str], Relation]:
    found: dict[tuple[str, str], Relation] = {}
    for relation in definition.relations:
        for concrete in shapes.possible(relation.type_name):
            found.setdefault((concrete, relation.field), relation)
    for relation in definition.relations:
        found[relation.type_name, relation.field] = relation
    return found


def _collect_roots(
    definition: AdapterDefinition, shapes: Shapes
) -> dict[tuple[str, str], KeyedRoot | Listing | Mutation | Event]:
    roots: dict[tuple[str, str], KeyedRoot | Listing | Mutation | Event] = {}
    roots |= {(shapes.query, root.field): root for root in definition.roots}
    roots |= {(shapes.mutation, root.field): root for root in definition.mutations}
    roots |= {(shapes.subscription, root.field): root for root in definition.events}
    return roots


def _find_disagreements(definition: AdapterDefinition, shapes: Shapes) -> Iterator[str]:
    for item, _ in _keyed(definition):
        if item.type_name not in shapes.types:
            yield f'the type "{item.type_name}" has a function and is not in the SDL'
    for relation in definition.relations:
        shape = shapes.types.get(relation.type_name)
        if shape is not None and relation.field not in shape.fields:
            yield f'the field "{relation.type_name}.{relation.field}" is not in the SDL'
    roots = _collect_roots(definition, shapes)
    for coordinate in roots:
        shape = shapes.types.get(coordinate[0])
        if shape is None or coordinate[1] not in shape.fields:
            yield f'the root field "{".".join(coordinate)}" is not in the SDL'
    for root_type in (shapes.query, shapes.mutation, shapes.subscription):
        for name in shapes.types[root_type].fields if root_type in shapes.types else ():
            if (root_type, name) not in roots:
                yield f'the root field "{root_type}.{name}" has no function'
    for root in definition.roots:
        if isinstance(root, KeyedRoot) and not _has_lookup(definition, root):
            keys = ", ".join(root.key)
            yield f'"Query.{root.field}" needs a lookup of "{root.type_name}" by "{keys}"'


def _has_lookup(definition: AdapterDefinition, root: KeyedRoot) -> bool:
    return any(
        lookup.type_name == root.type_name and set(lookup.key) == set(root.key)
        for lookup in definition.lookups
    )
