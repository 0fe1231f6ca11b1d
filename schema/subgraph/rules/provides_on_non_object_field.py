"""PROVIDES_ON_NON_OBJECT_FIELD: @provides stands where there are fields to provide."""

from __future__ import annotations

from schema.subgraph.field_sets import field_set_uses
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, TypeKind

__all__ = ["check_provides_on_non_object_field"]


def check_provides_on_non_object_field(subgraph: Subgraph, findings: Findings) -> None:
    """Report every @provides on a field of leaf type."""
    for use in field_set_uses(subgraph):
        if use.directive.name != "provides":
            continue
        kind = subgraph.kind_of(use.type_name)
        if kind in (TypeKind.SCALAR, TypeKind.ENUM):
            findings.report(
                "PROVIDES_ON_NON_OBJECT_FIELD",
                f'@provides stands on "{use.coordinate}", whose type "{use.type_name}" has no '
                "fields; remove it.",
                use.coordinate,
            )
