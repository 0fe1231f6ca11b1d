"""INVALID_SHAREABLE_USAGE: @shareable stands on what is resolved, and once on each.

An interface's field is resolved nowhere. Where the directive is repeatable (from 2.2) it may
repeat between a type and its fields, not on one element.
"""

from __future__ import annotations

from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, TypeKind

__all__ = ["check_invalid_shareable_usage"]

_CODE = "INVALID_SHAREABLE_USAGE"


def check_invalid_shareable_usage(subgraph: Subgraph, findings: Findings) -> None:
    """Report misplaced and repeated @shareable."""
    for definition in subgraph.composites():
        for field in definition.fields.values():
            place = f"{definition.name}.{field.name}"
            if definition.kind is TypeKind.INTERFACE and field.notes.has("shareable"):
                findings.report(
                    _CODE,
                    f'"{place}" is a field of an interface and @shareable; mark the fields of its '
                    "implementations instead.",
                    place,
                )
            elif len(field.notes.every("shareable")) > 1:
                findings.report(_CODE, f'"{place}" is @shareable twice; say it once.', place)
