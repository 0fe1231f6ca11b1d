"""MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL: an external field says nothing to the supergraph.

What is merged from every subgraph belongs, on a field that is resolved elsewhere, there.
"""

from __future__ import annotations

from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, text_argument

__all__ = ["check_merged_directive_application_on_external"]

_MERGED = (
    *("tag", "inaccessible", "deprecated"),
    *("authenticated", "requiresScopes", "policy"),
    *("cost", "listSize"),
)


def check_merged_directive_application_on_external(subgraph: Subgraph, findings: Findings) -> None:
    """Report every merged directive on an @external field."""
    composed = {
        (text_argument(directive, "name") or "").removeprefix("@")
        for directive in subgraph.notes.every("composeDirective")
    }
    for definition in subgraph.composites():
        for field in definition.fields.values():
            if not field.is_external:
                continue
            merged = [d.name for d in field.notes.known if d.name in _MERGED]
            merged += [d.name for d in field.notes.custom if d.name in composed]
            for name in dict.fromkeys(merged):
                place = f"{definition.name}.{field.name}"
                findings.report(
                    "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
                    f'"{place}" is @external and carries @{name}; move @{name} to the '
                    "subgraph that resolves the field.",
                    place,
                )
