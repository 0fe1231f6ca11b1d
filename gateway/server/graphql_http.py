"""GraphQL over HTTP: one request's head and body in, one answer's bytes out.

In: a head and a body, already framed. Out: an answer in JSON, always; the pipeline between the two
is a function. Methods, media types and statuses follow the GraphQL-over-HTTP draft of August 2026:
a request that cannot be read is 400, one that can be read and is wrong 422, data with errors 294.
"""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from gateway.errors import ClientError, GatewayError
from gateway.request import GraphQLRequest, GraphQLResponse
from gateway.server.decode import decode_body, decode_query_string
from gateway.server.head import RequestHead
from gateway.server.load import Load
from gateway.server.negotiation import (
    GRAPHQL_RESPONSE,
    JSON,
    check_content_type,
    choose_media_type,
)
from gateway.server.refusal import Refusal, Refused
from gateway.server.reply import Headers, Reply, build_refused
from gateway.server.settings import EdgeSettings

__all__ = ["Answer", "GraphQLHttp"]

Answer = Callable[[GraphQLRequest], Awaitable[GraphQLResponse]]
"""The pipeline: raises nothing that a client or an upstream may cause, but may be cancelled."""

logger = logging.getLogger("simpul.edge")

_ALLOWED = ((b"allow", b"GET, POST"),)
_ONLY_POST = ((b"allow", b"POST"),)
_VARY: Headers = ((b"vary", b"Accept"),)
_PARTIAL_SUCCESS = 294
_ENCODE = msgspec.json.Encoder().encode
# Two of one of these would let two readers see two callers.
_SINGLE = frozenset(
    ("authorization", "content-type", "simpul-purpose", "simpul-case", "simpul-person")
)


class GraphQLHttp:
    """The endpoint; ``answer`` runs a decoded request."""

    def __init__(self, answer: Answer, settings: EdgeSettings, load: Load) -> None:
        self._answer = answer
        self._settings = settings
        self._load = load
        self._overloaded = Refusal(
            503,
            "this gateway has all the requests in flight that it takes; try again shortly",
            ((b"retry-after", b"%d" % settings.retry_after_seconds),),
        )

    async def __call__(self, head: RequestHead, body: bytes) -> Reply:
        """Answer one request; raises only on cancellation."""
        load = self._load
        if load.in_flight >= load.limit:
            load.note_refusal()
            return build_refused(self._overloaded)
        load.in_flight += 1
        media_type = GRAPHQL_RESPONSE
        try:
            if head.repeated:
                _check_repeated(head.repeated)
            if head.target.method != "POST":
                _check_get(head.target.method, head.fields)
            media_type = choose_media_type(head.fields.get("accept"))
            request = self._decode(head, body)
            return _encode_response(await self._answer(request), media_type)
        except Refused as exc:
            reply = build_refused(exc.refusal)
            reply.headers += _VARY
            return reply
        except ClientError as exc:
            failed = GraphQLResponse(None, exc.render(), status=exc.status, has_data=False)
            return _encode_response(failed, media_type)
        except Exception as exc:  # the outermost border: a bug of ours is answered, never shown
            return _encode_response(_mask(exc), media_type)
        finally:
            load.in_flight -= 1

    def _decode(self, head: RequestHead, body: bytes) -> GraphQLRequest:
        depth, headers = self._settings.json_depth, head.fields
        if head.target.method == "GET":
            return decode_query_string(head.target.query_string, headers=headers, depth=depth)
        check_content_type(headers.get("content-type"))
        coding = headers.get("content-encoding")
        if coding is not None and coding.lower() != "identity":
            raise Refused(415, 'send the body without "Content-Encoding"')
        return decode_body(body, headers=headers, depth=depth)


def _check_repeated(repeated: Iterable[str]) -> None:
    for name in repeated:
        if name in _SINGLE:
            raise Refused(400, f'the header "{name}" is sent twice; send it once')


def _check_get(method: str, headers: Mapping[str, str]) -> None:
    if method != "GET":
        raise Refused(405, "this method is not allowed here; use POST, or GET to query", _ALLOWED)
    # A page of another site can send a GET with the reader's cookies and no preflight; a header
    # of one's own is what only a preflighted request can carry.
    site = headers.get("sec-fetch-site", "none").strip().lower()
    if site in ("cross-site", "same-site") and "apollo-require-preflight" not in headers:
        raise Refused(
            403,
            "a GET from another site is refused; use POST, or send the header "
            '"Apollo-Require-Preflight"',
        )


def _encode_response(response: GraphQLResponse, media_type: bytes) -> Reply:
    status = response.status
    if status == 200 and response.errors and response.has_data:
        status = _PARTIAL_SUCCESS
    if media_type is JSON and status >= 300:
        media_type = GRAPHQL_RESPONSE
    body = response.encoded
    if body is None:
        # Members in the order of the GraphQL specification, errors first where there are.
        members: dict[str, Any] = {}
        if response.errors:
            members["errors"] = response.errors
        if response.has_data:
            members["data"] = response.data
        if response.extensions:
            members["extensions"] = response.extensions
        body = response.encoded = _ENCODE(members)
    if not response.headers and status != 405:
        return Reply(status, media_type, body, _VARY)
    return Reply(status, media_type, body, _build_headers(response, status))


def _build_headers(response: GraphQLResponse, status: int) -> Headers:
    headers = tuple((name.lower().encode(), value.encode()) for name, value in response.headers)
    if status == 405 and not any(name == b"allow" for name, _ in headers):
        headers += _ONLY_POST
    return _VARY + headers


def _mask(exc: Exception) -> GraphQLResponse:
    """Give the client an id, and the log the same id with the place of the fault.

    The text of the exception may hold a value of somebody's record: it is not logged.
    """
    error_id = uuid.uuid4().hex
    frames = traceback.extract_tb(exc.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
    logger.error("internal error %s: %s at %s", error_id, type(exc).__name__, place)
    status = exc.status if isinstance(exc, GatewayError) else 500
    code = exc.code if isinstance(exc, GatewayError) else "INTERNAL_SERVER_ERROR"
    headers = (("retry-after", "1"),) if status == 503 else ()
    error = {
        "message": f"the gateway failed on this request; its log has the cause under {error_id}",
        "extensions": {"code": code, "errorId": error_id},
    }
    return GraphQLResponse(None, [error], status=status, has_data=False, headers=headers)
