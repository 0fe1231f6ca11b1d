"""INTERFACE_OBJECT_USAGE_ERROR: an @interfaceObject is an entity, and nothing implements it here.

That some other subgraph has the interface is judged after merging.
"""

from __future__ import annotations

from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph

__all__ = ["check_interface_object_usage_error"]


def check_interface_object_usage_error(subgraph: Subgraph, findings: Findings) -> None:
    """Report every @interfaceObject without a key."""
    for definition in subgraph.objects():
        if definition.is_interface_object and not definition.keys:
            findings.report(
                "INTERFACE_OBJECT_USAGE_ERROR",
                f'"{definition.name}" is an @interfaceObject without a @key; add the key of the '
                "interface.",
                definition.name,
            )
