"""EXTERNAL_UNUSED: an @external field is named by a field set, or needed by an interface.

Otherwise the mark is a mistake: often the field was meant to be resolved here. Federation 1
schemas lose such fields silently when they are upgraded.
"""

from __future__ import annotations

from schema.subgraph.field_sets import read_usage
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph

__all__ = ["check_external_unused"]


def check_external_unused(subgraph: Subgraph, findings: Findings) -> None:
    """Report every @external field that nothing uses."""
    usage = read_usage(subgraph)
    for definition in subgraph.composites():
        for field in definition.fields.values():
            if field.is_external and not usage.is_used(definition.name, field.name):
                place = f"{definition.name}.{field.name}"
                findings.report(
                    "EXTERNAL_UNUSED",
                    f'"{place}" is @external and no @key, @provides, @requires or interface of '
                    "this subgraph uses it; remove the field, or the @external.",
                    place,
                )
