"""CONTEXT_NOT_SET, NO_CONTEXT_IN_SELECTION: a @fromContext names a context that a type sets.

Where no context can ever set an argument (on an interface, on a directive, with a default of its
own) the field's composers say CONTEXT_NOT_SET too.
"""

from __future__ import annotations

from schema.coordinates import directive_coordinate
from schema.subgraph.contexts import ContextUse, context_settings, context_uses
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, TypeKind

__all__ = ["check_context_not_set"]


def check_context_not_set(subgraph: Subgraph, findings: Findings) -> None:
    """Report every use of no context, or of one that nothing sets."""
    settings = context_settings(subgraph)
    _check_directives(subgraph, findings)
    for use in context_uses(subgraph):
        problem = _misplaced(subgraph, use)
        if problem is not None:
            findings.report("CONTEXT_NOT_SET", f'"{use.coordinate}" {problem}', use.coordinate)
        elif use.context is None:
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


def _misplaced(subgraph: Subgraph, use: ContextUse) -> str | None:
    if use.parent.kind is not TypeKind.OBJECT or use.parent.is_interface_object:
        return "is set from a context on an abstract type; write it on the object types."
    for interface in use.parent.interfaces:
        if subgraph.find_field(interface, use.field.name) is not None:
            return f'is set from a context on a field of "{interface}", which is asked without one.'
    if use.argument.default is not None:
        return "is set from a context and has a default; remove one of the two."
    return None


def _check_directives(subgraph: Subgraph, findings: Findings) -> None:
    for directive in subgraph.directives.values():
        for argument in directive.arguments.values():
            if argument.notes.has("fromContext"):
                place = f"{directive_coordinate(directive.name)}({argument.name}:)"
                text = f'"{place}" is set from a context, which only fields have; remove it.'
                findings.report("CONTEXT_NOT_SET", text, place)
