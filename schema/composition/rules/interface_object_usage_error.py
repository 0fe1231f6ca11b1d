"""INTERFACE_OBJECT_USAGE_ERROR, across subgraphs.

An @interfaceObject needs the interface in another subgraph, and its own subgraph must not know
the implementations: it could not tell which of the two an object is.
"""

from __future__ import annotations

from schema.composition.context import CompositionContext, names_of
from schema.supergraph.model import InterfaceType, Supergraph

__all__ = ["check_interface_object_usage_error"]

_CODE = "INTERFACE_OBJECT_USAGE_ERROR"


def check_interface_object_usage_error(context: CompositionContext, supergraph: Supergraph) -> None:
    """Report interface objects without an interface or beside implementations."""
    for name in sorted(context.interface_objects):
        sources = context.type_sources(name)
        if name in supergraph.types and not isinstance(supergraph.types[name], InterfaceType):
            context.report(
                _CODE,
                f'"{name}" is an @interfaceObject in every subgraph that has it; one must define '
                "it as an interface.",
                [name],
                names_of(sources),
            )
            continue
        for source in sources:
            if source.element.is_interface_object:
                known = [i for i in supergraph.implementations(name) if i in source.subgraph.types]
                for implementation in known:
                    context.report(
                        _CODE,
                        f'"{name}" is an @interfaceObject in "{source.graph}", which also has its '
                        f'implementation "{implementation}"; remove one of the two.',
                        [name, implementation],
                        [source.graph],
                    )
