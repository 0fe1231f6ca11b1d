"""A field's arguments, as the function behind it is called.

In: a step with its raw arguments, and the request's variables. Out: keyword arguments, the page of
a connection among them; or the key stub that a keyed root names. Raises ``InvalidArgument``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.kit.coercion import coerce_arguments
from adapters.kit.definition import KeyedRoot
from adapters.kit.outcome import InvalidArgument, PageRequest
from adapters.kit.program import Step
from adapters.kit.shapes import Shapes

__all__ = ["build_arguments", "build_root_stub"]

_FIRST_LIMIT = 1000
"""The most nodes of one page: a page of a thousand letters is about 300 kB, as much as a frontend
should get at once; more is walked page by page."""

_FIRST_DEFAULT = 100


def build_arguments(
    step: Step,
    names: Mapping[str, str],
    variables: Mapping[str, Any],
    shapes: Shapes,
    *,
    paged: bool,
) -> dict[str, Any]:
    """Coerce a step's arguments; ``names`` maps those of the SDL to the function's own."""
    given = coerce_arguments(step.arguments, shapes, step.shape.arguments, variables)
    if not paged:
        return {names.get(name, name): value for name, value in given.items()}
    page = _page_request(given)
    given.pop("first", None)
    given.pop("after", None)
    return {**{names.get(name, name): value for name, value in given.items()}, "page": page}


def build_root_stub(
    step: Step, root: KeyedRoot, variables: Mapping[str, Any], shapes: Shapes
) -> dict[str, Any]:
    """Make the key stub that a keyed root's arguments name."""
    given = coerce_arguments(step.arguments, shapes, step.shape.arguments, variables)
    stub: dict[str, Any] = {}
    for path, argument in root.key.items():
        *parents, last = path.split(".")
        place = stub
        for segment in parents:
            place = place.setdefault(segment, {})
        place[last] = given.get(argument)
    return stub


def _page_request(given: Mapping[str, Any]) -> PageRequest:
    first = given.get("first")
    if first is None:
        first = _FIRST_DEFAULT
    if not 1 <= first <= _FIRST_LIMIT:
        raise InvalidArgument(f'The argument "first" must lie between 1 and {_FIRST_LIMIT}.')
    return PageRequest(first, given.get("after"))
