"""Answers that hold no data: what the client did wrong, and what we did.

In: an error and the operation's id. Out: a ``GraphQLResponse``. The text of a client's error is
shown; a bug of ours is masked, and its id joins answer and log.
"""

from __future__ import annotations

import logging
import traceback

from gateway.errors import ClientError, GatewayError, InternalError
from gateway.request import GraphQLResponse

__all__ = ["mask", "refuse"]

logger = logging.getLogger("simpul.pipeline")

_HEADERS = {405: (("allow", "POST"),), 401: (("www-authenticate", "Bearer"),)}


def refuse(error: GatewayError, operation_id: str) -> GraphQLResponse:
    """Answer a request that gets no data."""
    if not isinstance(error, ClientError) and error.status == 500:
        return mask(error, operation_id)
    headers = _HEADERS.get(error.status, ())
    return GraphQLResponse(
        None, error.render(), status=error.status, has_data=False, headers=headers
    )


def mask(bug: Exception, operation_id: str) -> GraphQLResponse:
    """Log where it broke, never the exception's text, and give the client the id."""
    logger.error(
        "%s (error id %s)\n%s",
        type(bug).__name__,
        operation_id,
        "".join(traceback.format_tb(bug.__traceback__)),
    )
    error = InternalError("internal error; the operators find it by its error id")
    rendered = error.render()
    rendered[0]["extensions"]["errorId"] = operation_id
    return GraphQLResponse(None, rendered, status=500, has_data=False)
