"""Differential composition: our verdict, codes and API schema beside the references'.

In: sets of subgraphs. Out: what differs. A verdict is right if it is the one both references
give; where they differ from each other, either is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphql import GraphQLError, build_schema, lexicographic_sort_schema, print_schema

from schema.composition.composer import compose
from schema.subgraph.model import SubgraphSource
from schema.supergraph.api_schema import render_api_schema
from tests.oracle.reference import Reference, Verdict

__all__ = ["Comparison", "canonical", "compare"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our answer and theirs."""

    codes: tuple[str, ...]
    messages: tuple[str, ...]
    api: str | None
    theirs: dict[str, Verdict]

    @property
    def verdict_differs(self) -> bool:
        """Tell whether we accept what both refuse, or refuse what both accept."""
        return all((each.api is None) != (self.api is None) for each in self.theirs.values())

    @property
    def codes_differ(self) -> bool:
        """Tell whether no reference refuses with our set of codes."""
        refusing = [each for each in self.theirs.values() if each.api is None]
        refusing = [each for each in refusing if "CRASH" not in each.codes]
        if self.api is not None or not refusing:
            return False
        return all(each.codes != self.codes for each in refusing)

    @property
    def api_differs(self) -> bool:
        """Tell whether no reference that accepts has our API schema."""
        accepting = [each.api for each in self.theirs.values() if each.api is not None]
        if self.api is None or not accepting:
            return False
        ours = canonical(self.api)
        return all(canonical(api) != ours for api in accepting)

    def __str__(self) -> str:
        """Print the answers side by side."""
        lines = [f"ours: {list(self.codes) or 'accepted'}", *(f"  {m}" for m in self.messages)]
        for name, each in self.theirs.items():
            lines.append(f"{name}: {list(each.codes) or 'accepted'}")
            lines.extend(f"  {message}" for message in each.messages)
        return "\n".join(lines)


def compare(subgraphs: Sequence[SubgraphSource], reference: Reference) -> Comparison:
    """Compose by all and compare."""
    result = compose(subgraphs)
    api = None if result.supergraph is None else render_api_schema(result.supergraph)
    return Comparison(
        codes=tuple(sorted({str(error.code) for error in result.errors})),
        messages=tuple(str(error) for error in result.errors),
        api=api,
        theirs=reference.compose(subgraphs),
    )


def canonical(sdl: str) -> str:
    """Print a schema so that only its meaning decides equality."""
    try:
        schema = build_schema(sdl, assume_valid_sdl=True)
    except (GraphQLError, TypeError):
        return sdl
    return print_schema(lexicographic_sort_schema(schema))
