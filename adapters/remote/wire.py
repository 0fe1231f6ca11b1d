"""GraphQL over HTTP as a subgraph speaks it: the body out, the answer in. Pure.

In: a ``SubgraphRequest``; an ``HttpResponse``. Out: the body's bytes; an ``Answer``, or a
``SourceError`` for what is no GraphQL answer. A body that the request's shape refuses is decoded
untyped: only the reference path needs to be exact about errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from adapters.contract import Path, SubgraphError, SubgraphRequest
from adapters.errors import BadRecord, SourceUnavailable
from adapters.http_client import HttpResponse, status_error

__all__ = ["MISSING_CODE", "Answer", "encode_request", "read_answer"]

MISSING_CODE = "DOWNSTREAM_SERVICE_ERROR"
"""The code of a subgraph's error that bears none, as gateways of this field name it."""

_KEPT_DOCUMENTS = 1000

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Answer(msgspec.Struct):
    """A subgraph's answer, read: ``data`` as ``SubgraphResponse`` wants it."""

    data: Any
    errors: tuple[SubgraphError, ...] = ()


def encode_request(request: SubgraphRequest) -> bytes:
    """Give the body; representations travel in the variable of that name."""
    variables: Mapping[str, Any] = request.variables
    if request.representations is not None:
        variables = {**variables, "representations": request.representations}
    parts = [_query_member(request.document)]
    if variables:
        parts += (b',"variables":', _encode(variables))
    if request.operation_name is not None:
        parts += (b',"operationName":', _encode(request.operation_name))
    parts.append(b"}")
    return b"".join(parts)


@lru_cache(_KEPT_DOCUMENTS)
def _query_member(document: bytes) -> bytes:
    """Begin a body; a document is that of a prepared operation, and is sent again and again."""
    return b'{"query":' + _encode(document.decode())


def read_answer(request: SubgraphRequest, response: HttpResponse) -> Answer:
    """Read the whole answer; raises ``SourceError`` if it is no GraphQL answer to the request."""
    if request.shape is not None and response.status < 300:
        try:
            data = request.shape.decode(response.body)
        except ValueError:
            pass  # errors, or leaves of another kind: the exact way decides
        else:
            asked = request.representations
            return Answer(data if asked is None else _checked_data(request, data))
    name = f'subgraph "{request.subgraph}"'
    try:
        body = _decode(response.body)
    except (ValueError, RecursionError) as error:
        raise _not_graphql(response, name) from error
    if not isinstance(body, dict) or not ("data" in body or "errors" in body):
        raise _not_graphql(response, name)
    return _read_body(request, body, name)


def _read_body(request: SubgraphRequest, body: dict[str, Any], name: str) -> Answer:
    data, raw_errors = body.get("data"), body.get("errors")
    if raw_errors is not None and not isinstance(raw_errors, list):
        raise BadRecord(f'{name} answered with "errors" that are no list')
    errors = tuple(_read_error(error) for error in raw_errors or ())
    if data is not None and not isinstance(data, dict):
        raise BadRecord(f'{name} answered with "data" that is no object')
    if data is not None and request.representations is not None:
        data = data.get("_entities")
    if data is None:
        if not errors:
            raise BadRecord(f"{name} answered with neither data nor errors")
        return Answer(None, errors)
    return Answer(_checked_data(request, data), errors)


def _checked_data(request: SubgraphRequest, data: Any) -> Any:
    """Refuse entities that cannot be matched: by position, they would be another's data."""
    if request.representations is None:
        return data
    asked = len(request.representations)
    if type(data) is list and len(data) == asked:
        return data
    name = f'subgraph "{request.subgraph}"'
    if not isinstance(data, list):
        raise BadRecord(f'{name} answered with "_entities" that are no list')
    raise BadRecord(f"{name} answered with {len(data)} entities for {asked} representations")


def _read_error(error: Any) -> SubgraphError:
    if not isinstance(error, dict):
        return SubgraphError("", MISSING_CODE)
    message, extensions = error.get("message"), error.get("extensions")
    if not isinstance(extensions, dict):
        extensions = {}
    code = extensions.get("code")
    return SubgraphError(
        message if isinstance(message, str) else "",
        code if isinstance(code, str) and code else MISSING_CODE,
        _read_path(error.get("path")),
        extensions=extensions,
    )


def _read_path(path: Any) -> Path | None:
    if not isinstance(path, list) or not path:
        return None
    steps = (step for step in path if isinstance(step, str | int) and not isinstance(step, bool))
    clean = tuple(steps)
    return clean if len(clean) == len(path) else None


def _not_graphql(response: HttpResponse, name: str) -> Exception:
    by_status = status_error(response, name)
    return by_status or SourceUnavailable(f"{name} answered with what is no GraphQL response")
