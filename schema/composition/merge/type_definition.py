"""Merging all types: each goes to the file of its kind.

In: the context. Out: the supergraph's types by name. A type that subgraphs declare as different
kinds, or that is extended and defined nowhere, is reported and left out. Enums come last: how they
merge depends on where the merged fields use them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from schema.composition.context import CompositionContext, Source, names_of
from schema.composition.merge.composite import merge_composite
from schema.composition.merge.enum_type import TypeUse, merge_enum, read_type_use
from schema.composition.merge.input_type import merge_input
from schema.composition.merge.interface_object import spread_interface_objects
from schema.composition.merge.interface_requirements import spread_requirements
from schema.composition.merge.scalar_type import merge_scalar
from schema.composition.merge.union_type import merge_union
from schema.subgraph.model import ROOT_TYPES, SubgraphType, TypeKind
from schema.supergraph.model import DirectiveDefinition, TypeDefinition

__all__ = ["merge_types"]

_UNUSED = TypeUse(frozenset(), frozenset())


def merge_types(
    context: CompositionContext, directives: Sequence[DirectiveDefinition]
) -> dict[str, TypeDefinition]:
    """Merge every type of every subgraph."""
    sources = {name: context.type_sources(name) for name in context.type_names()}
    mergeable = {name: found for name, found in sources.items() if _is_mergeable(context, found)}
    types = {
        name: _merge_type(context, found, _UNUSED)
        for name, found in mergeable.items()
        if found[0].element.kind is not TypeKind.ENUM
    }
    use = read_type_use(types, [a.type.named for d in directives for a in d.arguments])
    for name, found in mergeable.items():
        if found[0].element.kind is TypeKind.ENUM:
            types[name] = _merge_type(context, found, use)
    return spread_requirements(spread_interface_objects(context, {n: types[n] for n in mergeable}))


def _merge_type(
    context: CompositionContext, sources: Sequence[Source[SubgraphType]], use: TypeUse
) -> TypeDefinition:
    kind = sources[0].element.kind
    match kind:
        case TypeKind.OBJECT | TypeKind.INTERFACE:
            return merge_composite(context, sources)
        case TypeKind.UNION:
            return merge_union(context, sources)
        case TypeKind.ENUM:
            return merge_enum(context, sources, use)
        case TypeKind.INPUT:
            return merge_input(context, sources)
        case TypeKind.SCALAR:
            return merge_scalar(context, sources)
        case _:
            assert_never(kind)


def _is_mergeable(context: CompositionContext, sources: Sequence[Source[SubgraphType]]) -> bool:
    return _has_one_kind(context, sources) and _has_base(context, sources)


def _has_one_kind(context: CompositionContext, sources: Sequence[Source[SubgraphType]]) -> bool:
    kinds = {_merged_kind(source.element) for source in sources}
    if len(kinds) == 1:
        return True
    name = sources[0].element.name
    listed = ", ".join(f'{_merged_kind(s.element)} in "{s.graph}"' for s in sources)
    context.report(
        "TYPE_KIND_MISMATCH",
        f'"{name}" is of different kinds: {listed}; make it one kind, or rename one.',
        [name],
        names_of(sources),
    )
    return False


def _merged_kind(definition: SubgraphType) -> TypeKind:
    return TypeKind.INTERFACE if definition.is_interface_object else definition.kind


def _has_base(context: CompositionContext, sources: Sequence[Source[SubgraphType]]) -> bool:
    name = sources[0].element.name
    if name in ROOT_TYPES or not all(source.element.is_extension for source in sources):
        return True
    context.report(
        "EXTENSION_WITH_NO_BASE",
        f'"{name}" is extended and no subgraph defines it; define it without "extend".',
        [name],
        names_of(sources),
    )
    return False
