"""EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE: who does not resolve a field provides nothing."""

from __future__ import annotations

from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph

__all__ = ["check_external_collision_with_another_directive"]


def check_external_collision_with_another_directive(subgraph: Subgraph, findings: Findings) -> None:
    """Report every @external field that also carries @provides."""
    for definition in subgraph.composites():
        for field in definition.fields.values():
            if field.is_external and field.notes.has("provides"):
                place = f"{definition.name}.{field.name}"
                findings.report(
                    "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
                    f'"{place}" is @external and carries @provides; remove one of the two.',
                    place,
                )
