"""INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE: who finds an interface by key knows all its types.

Otherwise the subgraph could be asked for an object that it cannot name.
"""

from __future__ import annotations

from schema.composition.context import CompositionContext
from schema.subgraph.model import TypeKind
from schema.supergraph.model import InterfaceType, Supergraph

__all__ = ["check_interface_key_missing_implementation_type"]


def check_interface_key_missing_implementation_type(
    context: CompositionContext, supergraph: Supergraph
) -> None:
    """Report every subgraph with an interface key that lacks an implementation."""
    for definition in supergraph.types.values():
        if not isinstance(definition, InterfaceType):
            continue
        for source in context.type_sources(definition.name):
            if source.element.kind is not TypeKind.INTERFACE or not source.element.is_entity:
                continue
            known = source.subgraph.possible_types(definition.name)
            for name in supergraph.implementations(definition.name):
                if name not in known:
                    context.report(
                        "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
                        f'"{source.graph}" has a resolvable @key on the interface '
                        f'"{definition.name}" and does not know its implementation "{name}"; '
                        "define it there.",
                        [definition.name, name],
                        [source.graph],
                    )
