"""MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL: an external field says nothing to the supergraph.

What is merged from every subgraph belongs, on a field that is resolved elsewhere, there.
"""

from __future__ import annotations

from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph

__all__ = ["check_merged_directive_application_on_external"]

_MERGED = (
    *("tag", "inaccessible", "deprecated"),
    *("authenticated", "requiresScopes", "policy"),
    *("cost", "listSize"),
)


def check_merged_directive_application_on_external(subgraph: Subgraph, findings: Findings) -> None:
    """Report every merged directive on an @external field."""
    for definition in subgraph.composites():
        for field in definition.fields.values():
            if not field.is_external:
                continue
            for name in _MERGED:
                if field.notes.has(name):
                    place = f"{definition.name}.{field.name}"
                    findings.report(
                        "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
                        f'"{place}" is @external and carries @{name}; move @{name} to the '
                        "subgraph that resolves the field.",
                        place,
                    )
