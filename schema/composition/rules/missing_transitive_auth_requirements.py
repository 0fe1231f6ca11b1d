"""MISSING_TRANSITIVE_AUTH_REQUIREMENTS: a field asks at least for what its inputs ask.

A @requires reads other fields on behalf of whoever asks, and so does a @fromContext; a field less
protected than its inputs would leak them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from schema.composition.context import CompositionContext
from schema.composition.merge.requirements import Alternatives, read_alternatives
from schema.coordinates import coordinate
from schema.field_set import parse_field_set
from schema.selection import Directive, Field
from schema.subgraph.field_sets import walk
from schema.subgraph.model import argument_of, text_argument
from schema.supergraph.model import (
    EnumType,
    FieldDefinition,
    JoinField,
    ObjectType,
    ScalarType,
    Supergraph,
)

__all__ = ["check_missing_transitive_auth_requirements"]

_ARGUMENTS = {"requiresScopes": "scopes", "policy": "policies"}


def check_missing_transitive_auth_requirements(
    context: CompositionContext, supergraph: Supergraph
) -> None:
    """Report every field whose @requires or @fromContext reads a better protected field."""
    for definition in supergraph.types.values():
        if not isinstance(definition, ObjectType):
            continue
        for field in definition.fields.values():
            own = _requirements(supergraph, definition, field)
            for join in field.joins:
                for place, needed in _inputs(supergraph, join):
                    if all(_covers(own, directive) for directive in needed):
                        continue
                    context.report(
                        "MISSING_TRANSITIVE_AUTH_REQUIREMENTS",
                        f'"{definition.name}.{field.name}" requires "{place}" and asks for less '
                        "than it; repeat its @authenticated, @requiresScopes and @policy.",
                        [coordinate(definition.name, field.name)],
                        [str(join.graph)],
                    )


def _inputs(supergraph: Supergraph, join: JoinField) -> Iterator[tuple[str, tuple[Directive, ...]]]:
    for parent, selected in _read_fields(supergraph, join):
        definition = supergraph.types.get(parent)
        if isinstance(definition, ObjectType) and selected.name in definition.fields:
            field = definition.fields[selected.name]
            yield f"{parent}.{selected.name}", _requirements(supergraph, definition, field)


def _read_fields(supergraph: Supergraph, join: JoinField) -> Iterator[tuple[str, Field]]:
    if join.requires is not None:
        yield from walk(join.requires)
    for argument in join.context_arguments:
        for type_name in _setting_types(supergraph, argument.context):
            yield from walk(
                parse_field_set(argument.selection, type_name, partial(_field_type, supergraph))
            )


def _setting_types(supergraph: Supergraph, name: str) -> Iterator[str]:
    for definition in supergraph.types.values():
        for directive in definition.applied.directives:
            if directive.name == "context" and text_argument(directive, "name") == name:
                yield definition.name


def _field_type(supergraph: Supergraph, type_name: str, field: str) -> str | None:
    definition = supergraph.types.get(type_name)
    found = definition.fields.get(field) if isinstance(definition, ObjectType) else None
    return None if found is None else found.type.named


def _requirements(
    supergraph: Supergraph, parent: ObjectType, field: FieldDefinition
) -> tuple[Directive, ...]:
    returned = supergraph.types.get(field.type.named)
    applied = [parent.applied, field.applied]
    if isinstance(returned, ObjectType | EnumType | ScalarType):
        applied.append(returned.applied)
    return tuple(
        d for a in applied for d in a.directives if d.name in (*_ARGUMENTS, "authenticated")
    )


def _covers(own: tuple[Directive, ...], needed: Directive) -> bool:
    same = [directive for directive in own if directive.name == needed.name]
    if needed.name == "authenticated":
        return bool(same)
    wanted = _alternatives(needed)
    return any(_implies(_alternatives(directive), wanted) for directive in same)


def _implies(own: Alternatives, wanted: Alternatives) -> bool:
    """Tell whether whoever satisfies ``own`` satisfies ``wanted``."""
    return all(any(group >= other for other in wanted) for group in own)


def _alternatives(directive: Directive) -> Alternatives:
    return read_alternatives(argument_of(directive, _ARGUMENTS[directive.name]))
