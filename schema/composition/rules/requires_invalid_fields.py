"""REQUIRES_INVALID_FIELDS, across subgraphs: a @requires passes arguments that are resolved.

The subgraph that requires a field declares it @external with arguments of its own; those of the
merged field are what the resolving subgraphs take.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.composition.context import CompositionContext
from schema.coordinates import coordinate
from schema.selection import Field
from schema.subgraph.field_sets import walk
from schema.supergraph.model import FieldDefinition, ObjectType, Supergraph

__all__ = ["check_requires_invalid_fields"]


def check_requires_invalid_fields(context: CompositionContext, supergraph: Supergraph) -> None:
    """Report arguments in @requires that the merged field does not take, or lacks."""
    for definition in supergraph.types.values():
        if not isinstance(definition, ObjectType):
            continue
        for field in definition.fields.values():
            for join in field.joins:
                for parent, selected in walk(join.requires) if join.requires else ():
                    required = _find(supergraph, parent, selected.name)
                    disputed = _disputed(context, parent, selected)
                    for problem in _problems(required, selected, disputed) if required else ():
                        context.report(
                            "REQUIRES_INVALID_FIELDS",
                            f'The @requires of "{definition.name}.{field.name}" {problem} '
                            f'"{parent}.{selected.name}" where it is resolved; correct it.',
                            [coordinate(definition.name, field.name)],
                            [str(join.graph)],
                        )


def _find(supergraph: Supergraph, parent: str, name: str) -> FieldDefinition | None:
    definition = supergraph.types.get(parent)
    return definition.fields.get(name) if isinstance(definition, ObjectType) else None


def _disputed(context: CompositionContext, parent: str, selected: Field) -> set[str]:
    """Name the arguments that all resolving subgraphs take, whether they could be merged or not."""
    sources = context.field_sources(parent, selected.name)
    taken = [set(s.element.arguments) for s in sources if not s.element.is_external]
    return set.intersection(*taken) if taken else set()


def _problems(required: FieldDefinition, selected: Field, disputed: set[str]) -> Iterator[str]:
    known = {argument.name: argument for argument in required.arguments}
    passed = {argument.name for argument in selected.arguments}
    for name in sorted(passed - set(known) - disputed):
        yield f'passes an argument "{name}" that is unknown to'
    for name, argument in known.items():
        if argument.type.non_null and argument.default is None and name not in passed:
            yield f'lacks the argument "{name}", required by'
