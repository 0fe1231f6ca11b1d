"""Collecting what is wrong with one subgraph.

In: reports of the parser and the rules. Out: ``CompositionError`` values that name the subgraph,
all of them: an author mends a schema faster with the whole list.
"""

from __future__ import annotations

from schema.errors import CompositionError

__all__ = ["Findings"]


class Findings:
    """The errors of one subgraph, in the order found."""

    def __init__(self, subgraph: str) -> None:
        self.subgraph = subgraph
        self.errors: list[CompositionError] = []

    def report(self, code: str, message: str, *coordinates: str) -> None:
        """Note an error once; the same finding by two ways is one finding."""
        error = CompositionError(code, message, coordinates, (self.subgraph,))
        if error not in self.errors:
            self.errors.append(error)
