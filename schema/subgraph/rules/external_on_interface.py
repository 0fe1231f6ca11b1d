"""EXTERNAL_ON_INTERFACE: an interface's field is resolved nowhere, so it is external nowhere."""

from __future__ import annotations

from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, TypeKind

__all__ = ["check_external_on_interface"]


def check_external_on_interface(subgraph: Subgraph, findings: Findings) -> None:
    """Report every @external field of an interface."""
    for definition in subgraph.composites():
        if definition.kind is not TypeKind.INTERFACE:
            continue
        for field in definition.fields.values():
            if field.is_external:
                place = f"{definition.name}.{field.name}"
                findings.report(
                    "EXTERNAL_ON_INTERFACE",
                    f'"{place}" is a field of an interface and @external; mark the fields of its '
                    "implementations instead.",
                    place,
                )
