"""DIRECTIVE_COMPOSITION_ERROR: what @composeDirective names can be composed.

The name starts with ``@``, the directive is defined here and comes from a linked specification
that is not one of those which composition understands itself.
"""

from __future__ import annotations

from schema.spec.federation import KNOWN_IDENTITIES
from schema.spec.link import LINK_IDENTITY
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, text_argument

__all__ = ["check_directive_composition_error"]

_MERGED = ("tag", "inaccessible", "authenticated", "requiresScopes", "policy")


def check_directive_composition_error(subgraph: Subgraph, findings: Findings) -> None:
    """Report every @composeDirective that cannot have an effect."""
    for directive in subgraph.notes.every("composeDirective"):
        name = text_argument(directive, "name") or ""
        problem = _problem(subgraph, name)
        if problem is not None:
            findings.report(
                "DIRECTIVE_COMPOSITION_ERROR",
                f'@composeDirective names "{name}", {problem}.',
                name if name.startswith("@") else f"@{name}",
            )


def _problem(subgraph: Subgraph, name: str) -> str | None:
    if not name.startswith("@"):
        return f'which does not start with "@"; write "@{name}"'
    resolved = subgraph.names.resolve_directive(name[1:])
    if resolved is not None and resolved[1] in _MERGED:
        return None  # carried anyway
    if resolved is not None and resolved[0].url.identity in (*KNOWN_IDENTITIES, LINK_IDENTITY):
        return "which composition treats itself; remove it"
    if name[1:] not in subgraph.directives:
        return "which this subgraph does not define; define it, or correct the name"
    if resolved is None:
        return "which comes from no linked specification; link one that imports it"
    return None
