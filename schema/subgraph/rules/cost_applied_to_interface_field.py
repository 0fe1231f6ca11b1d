"""COST_APPLIED_TO_INTERFACE_FIELD: what a field costs is said where it is resolved."""

from __future__ import annotations

from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, TypeKind

__all__ = ["check_cost_applied_to_interface_field"]


def check_cost_applied_to_interface_field(subgraph: Subgraph, findings: Findings) -> None:
    """Report every @cost on an interface's field."""
    for definition in subgraph.composites():
        if definition.kind is not TypeKind.INTERFACE:
            continue
        for field in definition.fields.values():
            if field.notes.has("cost"):
                place = f"{definition.name}.{field.name}"
                findings.report(
                    "COST_APPLIED_TO_INTERFACE_FIELD",
                    f'"{place}" carries @cost and belongs to an interface; write it on the '
                    "implementations.",
                    place,
                )
