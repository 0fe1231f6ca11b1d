"""INTERFACE_FIELD_NO_IMPLEM: an implementation has every field of its merged interface.

One subgraph may add a field to an interface that another subgraph's implementations lack.
"""

from __future__ import annotations

from schema.composition.context import CompositionContext, names_of
from schema.coordinates import coordinate
from schema.supergraph.model import InterfaceType, ObjectType, Supergraph

__all__ = ["check_interface_field_no_implem"]


def check_interface_field_no_implem(context: CompositionContext, supergraph: Supergraph) -> None:
    """Report every field of an interface that an implementation lacks everywhere."""
    for definition in supergraph.types.values():
        if not isinstance(definition, ObjectType):
            continue
        for name in definition.interfaces:
            interface = supergraph.types.get(name)
            if not isinstance(interface, InterfaceType):
                continue
            for field in interface.fields:
                if field not in definition.fields and not _failed(context, definition, field):
                    _report(context, coordinate(name, field), definition.name)


def _failed(context: CompositionContext, definition: ObjectType, field: str) -> bool:
    """Tell whether the field is missing only because it could not be merged."""
    return bool(context.field_sources(definition.name, field))


def _report(context: CompositionContext, place: str, implementation: str) -> None:
    interface, _, field = place.partition(".")
    context.report(
        "INTERFACE_FIELD_NO_IMPLEM",
        f'"{place}" is not implemented by "{implementation}"; add it there in the subgraph that '
        "knows it, or remove it from the interface.",
        [place, implementation],
        names_of(context.field_sources(interface, field)),
    )
