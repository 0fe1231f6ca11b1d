"""Merging an enum: by where it is used.

In: each subgraph's form of the enum, and whether merged fields return it, merged arguments and
input fields take it, or both. Out: an ``EnumType``: returned, all values (a subgraph may answer
any of its own); taken, the values that all subgraphs accept; both, the values must be equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schema.composition.context import CompositionContext, Source, names_of
from schema.composition.merge.joins import merge_type_joins
from schema.composition.merge.notes import merge_notes
from schema.coordinates import coordinate
from schema.subgraph.model import SubgraphType
from schema.supergraph.model import (
    EnumType,
    EnumValue,
    InputObjectType,
    ObjectType,
    TypeDefinition,
)

__all__ = ["TypeUse", "merge_enum", "read_type_use"]


@dataclass(frozen=True, slots=True)
class TypeUse:
    """The names of types that the merged schema returns, and that it takes."""

    returned: frozenset[str]
    taken: frozenset[str]


def read_type_use(types: Mapping[str, TypeDefinition], arguments: Iterable[str]) -> TypeUse:
    """Collect the uses of types by merged fields; ``arguments`` adds those of directives."""
    returned: set[str] = set()
    taken: set[str] = set(arguments)
    for definition in types.values():
        if isinstance(definition, ObjectType):
            for field in definition.fields.values():
                returned.add(field.type.named)
                taken.update(argument.type.named for argument in field.arguments)
        elif isinstance(definition, InputObjectType):
            taken.update(field.type.named for field in definition.fields.values())
    return TypeUse(frozenset(returned), frozenset(taken))


def merge_enum(
    context: CompositionContext, sources: Sequence[Source[SubgraphType]], use: TypeUse
) -> EnumType:
    """Merge one enum."""
    name = sources[0].element.name
    names = dict.fromkeys(value for source in sources for value in source.element.values)
    values = (_merge_value(context, sources, value) for value in names)
    kept = {v.name: v for v in values if _is_kept(context, sources, v, use)}
    if name not in use.returned and name not in use.taken:
        text = f'The enum "{name}" is used nowhere; its values are those of all subgraphs.'
        context.hint("UNUSED_ENUM_TYPE", text, [name], names_of(sources))
    if not kept:
        context.report(
            "EMPTY_MERGED_ENUM_TYPE",
            f'No value of the enum "{name}" is in all of its subgraphs, and it is used as input; '
            "share at least one.",
            [name],
            names_of(sources),
        )
    return EnumType(
        name,
        kept,
        merge_type_joins(context, sources),
        merge_notes(context, [Source(s.subgraph, s.element.notes) for s in sources], name),
    )


def _merge_value(
    context: CompositionContext, sources: Sequence[Source[SubgraphType]], name: str
) -> EnumValue:
    found = [
        Source(s.subgraph, s.element.values[name].notes)
        for s in sources
        if name in s.element.values
    ]
    place = coordinate(sources[0].element.name, name)
    return EnumValue(name, names_of(found), merge_notes(context, found, place))


def _is_kept(
    context: CompositionContext,
    sources: Sequence[Source[SubgraphType]],
    value: EnumValue,
    use: TypeUse,
) -> bool:
    """Decide about one value, and report where subgraphs disagree."""
    missing = [graph for graph in names_of(sources) if graph not in value.graphs]
    if not missing or value.applied.inaccessible:
        return True
    name = sources[0].element.name
    place = coordinate(name, value.name)
    where = ", ".join(f'"{graph}"' for graph in missing)
    returned, taken = name in use.returned, name in use.taken
    if returned and taken:
        context.report(
            "ENUM_VALUE_MISMATCH",
            f'The enum "{name}" is used as input and as output, and its value "{value.name}" is '
            f"missing in {where}; add it there, or hide it with @inaccessible.",
            [place],
            missing,
        )
        return True
    if not returned and not taken:
        return True
    kind = "INPUT" if taken else "OUTPUT"
    fate = " and is left out" if taken else ""
    context.hint(
        f"INCONSISTENT_ENUM_VALUE_FOR_{kind}_ENUM",
        f'The value "{place}" is missing in {where}{fate}.',
        [place],
        missing,
    )
    return not taken
