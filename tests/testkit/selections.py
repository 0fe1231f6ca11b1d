"""Fetches from GraphQL text, for tests of adapters.

In: an opened adapter and a selection set as text. Out: its answer, as the gateway would get it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from adapters.check.selecting import select
from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from adapters.kit.runtime import LocalExecutor
from adapters.kit.shapes import read_shapes

__all__ = ["ask", "ask_entities", "select"]


async def ask(
    executor: LocalExecutor,
    text: str,
    variables: dict[str, Any] | None = None,
    *,
    call: CallContext | None = None,
    root: str = "Query",
) -> SubgraphResponse:
    """Run a root fetch."""
    shapes = _shapes_of(executor.definition.sdl)
    return await executor.execute(
        SubgraphRequest(
            executor.definition.name,
            b"",
            select(text, root, shapes),
            call or CallContext(),
            variables or {},
            is_mutation=root == "Mutation",
        )
    )


async def ask_entities(
    executor: LocalExecutor,
    text: str,
    representations: Sequence[dict[str, Any]],
    variables: dict[str, Any] | None = None,
    *,
    call: CallContext | None = None,
) -> SubgraphResponse:
    """Run an entity fetch; ``text`` holds fragments on entity types."""
    shapes = _shapes_of(executor.definition.sdl)
    return await executor.execute(
        SubgraphRequest(
            executor.definition.name,
            b"",
            select(text, "_Entity", shapes),
            call or CallContext(),
            variables or {},
            representations=representations,
        )
    )


_shapes_of = cache(read_shapes)  # the same few adapters are asked over and over
