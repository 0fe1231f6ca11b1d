"""The two values that the edge and the pipeline exchange.

In: the edge decodes HTTP bytes into a ``GraphQLRequest``. Out: the pipeline gives a
``GraphQLResponse``, which the edge encodes. Neither knows how the other works.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["GraphQLRequest", "GraphQLResponse"]


@dataclass(slots=True)
class GraphQLRequest:
    """One request as decoded, nothing checked but JSON kinds. Built per request: not frozen."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(
        default_factory=dict
    )  # lower-case names; repeated ones joined
    is_get: bool = False  # only queries, and no personal argument


@dataclass(slots=True)
class GraphQLResponse:
    """What the client gets. A request error has no ``data`` member.

    ``status`` 200 becomes 294 at the edge where data and errors are both present.
    """

    data: Any  # the executor's: dicts, or records that msgspec encodes as the answer
    errors: Sequence[Mapping[str, Any]] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    has_data: bool = True  # False: a request error, the member ``data`` is left out
    headers: tuple[tuple[str, str], ...] = ()  # Allow, Retry-After, WWW-Authenticate
    encoded: bytes | None = None  # set by the edge: who shares an answer shares its bytes
