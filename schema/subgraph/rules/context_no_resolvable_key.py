"""CONTEXT_NO_RESOLVABLE_KEY: a type with a contextual argument can be reached again.

The context's value may come from another subgraph, after which the object is fetched by its key.
"""

from __future__ import annotations

from schema.subgraph.contexts import context_uses
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, TypeKind

__all__ = ["check_context_no_resolvable_key"]


def check_context_no_resolvable_key(subgraph: Subgraph, findings: Findings) -> None:
    """Report every contextual argument on a type without a resolvable key."""
    for use in context_uses(subgraph):
        if use.parent.kind is TypeKind.OBJECT and not use.parent.is_entity:
            findings.report(
                "CONTEXT_NO_RESOLVABLE_KEY",
                f'"{use.coordinate}" is set from a context and "{use.parent.name}" has no '
                "resolvable @key; add one.",
                use.coordinate,
            )
