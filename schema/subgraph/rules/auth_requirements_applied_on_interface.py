"""AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE: who may see a field is said where it is resolved.

The requirements of an interface are those of its implementations, each of which may differ.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.subgraph.findings import Findings
from schema.subgraph.model import Notes, Subgraph, SubgraphType, TypeKind

__all__ = ["check_auth_requirements_applied_on_interface"]

_REQUIREMENTS = ("authenticated", "requiresScopes", "policy")


def check_auth_requirements_applied_on_interface(subgraph: Subgraph, findings: Findings) -> None:
    """Report every access requirement on an interface, its fields, or an @interfaceObject."""
    for definition in subgraph.composites():
        if definition.kind is not TypeKind.INTERFACE and not definition.is_interface_object:
            continue
        for place, notes in _elements(definition):
            for name in _REQUIREMENTS:
                if notes.has(name):
                    findings.report(
                        "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
                        f'"{place}" carries @{name} and belongs to an interface; write it on the '
                        "implementations.",
                        place,
                    )


def _elements(definition: SubgraphType) -> Iterator[tuple[str, Notes]]:
    yield definition.name, definition.notes
    if definition.is_interface_object:
        return  # its fields are nobody else's
    for field in definition.fields.values():
        yield f"{definition.name}.{field.name}", field.notes
