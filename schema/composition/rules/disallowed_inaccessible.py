"""DISALLOWED_INACCESSIBLE: a composed directive is shown whole or not at all.

Who reads the supergraph reads its directives' arguments; one that the API schema lacked would be
a directive of another shape.
"""

from __future__ import annotations

from schema.composition.context import CompositionContext
from schema.coordinates import directive_coordinate
from schema.supergraph.model import Supergraph

__all__ = ["check_disallowed_inaccessible"]


def check_disallowed_inaccessible(context: CompositionContext, supergraph: Supergraph) -> None:
    """Report every hidden argument of a composed directive."""
    for carried in context.carried.directives:
        for argument in carried.definition.arguments.values():
            if argument.notes.has("inaccessible"):
                context.report(
                    "DISALLOWED_INACCESSIBLE",
                    f'The argument "{argument.name}" of the composed directive "@{carried.name}" '
                    "is @inaccessible; show it.",
                    [directive_coordinate(carried.name, argument.name)],
                    carried.graphs,
                )
