"""CONTEXT_NOT_SET, NO_CONTEXT_IN_SELECTION: a @fromContext names a context that a type sets."""

from __future__ import annotations

from schema.subgraph.contexts import context_settings, context_uses
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph

__all__ = ["check_context_not_set"]


def check_context_not_set(subgraph: Subgraph, findings: Findings) -> None:
    """Report every use of no context, or of one that nothing sets."""
    settings = context_settings(subgraph)
    for use in context_uses(subgraph):
        if use.context is None:
            findings.report(
                "NO_CONTEXT_IN_SELECTION",
                f'The @fromContext of "{use.coordinate}" names no context; write '
                '"$name { field }".',
                use.coordinate,
            )
        elif use.context not in settings:
            findings.report(
                "CONTEXT_NOT_SET",
                f'"{use.coordinate}" is set from the context "{use.context}", which no type sets; '
                f'write @context(name: "{use.context}") on one.',
                use.coordinate,
            )
