"""The two values that the edge and the pipeline exchange.

In: the edge decodes HTTP bytes into a ``GraphQLRequest``. Out: the pipeline gives a
``GraphQLResponse``, which the edge encodes. Neither knows how the other works.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

__all__ = ["GraphQLRequest", "GraphQLResponse"]


class GraphQLRequest(msgspec.Struct):
    """One request as decoded, nothing checked but JSON kinds. Built per request, so a struct."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = msgspec.field(default_factory=dict)
    extensions: Mapping[str, Any] = msgspec.field(default_factory=dict)
    # Names in lower case; repeated ones joined.
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    is_get: bool = False  # only queries, and no personal argument


class GraphQLResponse(msgspec.Struct):
    """What the client gets. A request error has no ``data`` member.

    ``status`` 200 becomes 294 at the edge where data and errors are both present.
    """

    data: Any  # the executor's: dicts, or records that msgspec encodes as the answer
    errors: Sequence[Mapping[str, Any]] = ()
    extensions: Mapping[str, Any] = msgspec.field(default_factory=dict)
    status: int = 200
    has_data: bool = True  # False: a request error, the member ``data`` is left out
    headers: tuple[tuple[str, str], ...] = ()  # Allow, Retry-After, WWW-Authenticate
    encoded: bytes | None = None  # set by the edge: who shares an answer shares its bytes
