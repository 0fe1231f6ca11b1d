"""The parameters of one GraphQL request, out of a JSON body or a query string.

In: bytes. Out: a ``GraphQLRequest`` in which only the JSON kinds are checked. What cannot be read
is 400 (``Refused``); what can be read and is no request is 422 (``BadUserInput``), as GraphQL over
HTTP has it. Python's own ``json`` takes NaN, fails on long numbers and on deep nesting: msgspec.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from gateway.errors import BadUserInput
from gateway.request import GraphQLRequest
from gateway.server.refusal import Refused

__all__ = ["decode_body", "decode_query_string"]

_NAMES = ("query", "operationName", "variables", "extensions")
_QUOTED_NAMES = tuple(f'"{name}"'.encode() for name in _NAMES)
_QUOTES_OF_ONE_NAME = 4  # one member with a string has no more; of two, one may be a repetition
_MAX_PARAMETERS = 100  # of a query string; four are ours


class _Proper(msgspec.Struct, gc=False):
    """The four known members, each of its kind; every other member is ignored."""

    query: str
    operationName: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


class _Parameters(msgspec.Struct):
    """The four known members, of any kind: to say which is wrong."""

    query: Any = msgspec.UNSET
    operationName: Any = None
    variables: Any = None
    extensions: Any = None


_DECODER = msgspec.json.Decoder(_Proper)
_ANY_KIND = msgspec.json.Decoder(_Parameters)


def decode_body(body: bytes, *, headers: Mapping[str, str], depth: int) -> GraphQLRequest:
    """Decode a POST body; ``depth`` bounds the nesting of variables and extensions."""
    try:
        proper = _DECODER.decode(body)
    except msgspec.ValidationError:
        return _decode_any_kind(body, headers, depth)
    except (ValueError, RecursionError) as exc:
        raise _unreadable("the body", exc) from None
    variables, extensions = proper.variables, proper.extensions
    if variables or extensions or body.count(b'"') > _QUOTES_OF_ONE_NAME:
        _check(body, variables, extensions, depth)
    return GraphQLRequest(
        proper.query, proper.operationName, variables or {}, extensions or {}, headers
    )


def _decode_any_kind(body: bytes, headers: Mapping[str, str], depth: int) -> GraphQLRequest:
    """Say which parameter is of a wrong kind, or missing; first that the rest is no JSON."""
    try:
        parameters = _ANY_KIND.decode(body)
    except msgspec.ValidationError:
        raise _explain_kind(body) from None
    except (ValueError, RecursionError) as exc:
        raise _unreadable("the body", exc) from None
    _check(body, parameters.variables, parameters.extensions, depth)
    return _build_request(parameters, headers, is_get=False)


def _check(body: bytes, variables: object, extensions: object, depth: int) -> None:
    """Refuse what is said twice, and what is nested too deeply."""
    if body.count(b'"') > _QUOTES_OF_ONE_NAME:
        _refuse_repeated(body)
    if (variables or extensions) and body.count(b"{") + body.count(b"[") > depth:
        _refuse_deep(variables, depth)
        _refuse_deep(extensions, depth)


def decode_query_string(
    query_string: bytes, *, headers: Mapping[str, str], depth: int
) -> GraphQLRequest:
    """Decode the parameters of a GET; an empty optional parameter is an absent one."""
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_PARAMETERS,
        )
    except ValueError:
        raise Refused(
            400,
            "the query string cannot be read: it must be percent-encoded UTF-8 with at most "
            f"{_MAX_PARAMETERS} parameters",
        ) from None
    texts: dict[str, str] = {}
    for name, text in pairs:
        if name in texts and name in _NAMES:
            raise BadUserInput(f'the parameter "{name}" is given twice; give it once')
        texts[name] = text
    parameters = _Parameters(
        query=texts.get("query", msgspec.UNSET),
        operationName=texts.get("operationName") or None,
        variables=_decode_member(texts, "variables", depth),
        extensions=_decode_member(texts, "extensions", depth),
    )
    return _build_request(parameters, headers, is_get=True)


def _decode_member(texts: Mapping[str, str], name: str, depth: int) -> Any:
    text = texts.get(name)
    if not text:
        return None
    try:
        value = msgspec.json.decode(text)
    except (ValueError, RecursionError) as exc:
        raise _unreadable(f'the parameter "{name}"', exc) from None
    _refuse_deep(value, depth)
    return value


def _build_request(
    parameters: _Parameters, headers: Mapping[str, str], *, is_get: bool
) -> GraphQLRequest:
    query = parameters.query
    if query is msgspec.UNSET:
        raise BadUserInput('the request has no "query"; send the operation\'s text there')
    if not isinstance(query, str):
        raise _wrong_kind("query", "a string", query)
    name = parameters.operationName
    if name is not None and not isinstance(name, str):
        raise _wrong_kind("operationName", "a string or null", name)
    variables = parameters.variables
    if variables is not None and not isinstance(variables, dict):
        raise _wrong_kind("variables", "an object or null", variables)
    extensions = parameters.extensions
    if extensions is not None and not isinstance(extensions, dict):
        raise _wrong_kind("extensions", "an object or null", extensions)
    return GraphQLRequest(query, name, variables or {}, extensions or {}, headers, is_get)


def _wrong_kind(name: str, wanted: str, value: object) -> BadUserInput:
    return BadUserInput(f'the parameter "{name}" must be {wanted}, not {_name_kind(value)}')


def _name_kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case list():
            return "an array"
        case dict():
            return "an object"
        case _:
            return "a number"


def _explain_kind(body: bytes) -> Exception:
    """Say why the body is no object of parameters, after reading it whole."""
    try:
        value = msgspec.json.decode(body)
    except (ValueError, RecursionError) as exc:
        return _unreadable("the body", exc)
    if isinstance(value, list):
        return BadUserInput(
            "the body is an array: this server takes no batches; send one request per body"
        )
    return BadUserInput(f"the body must be a JSON object, not {_name_kind(value)}")


def _unreadable(what: str, exc: Exception) -> Refused:
    """Name the place, from msgspec's text; never the bytes."""
    match exc:
        case RecursionError():
            reason = "it is nested too deeply"
        case UnicodeDecodeError():
            reason = "a string in it is not UTF-8"
        case _:
            reason = str(exc).removeprefix("JSON is malformed: ")
    return Refused(400, f"{what} is not JSON: {reason}")


def _refuse_repeated(body: bytes) -> None:
    """Refuse a body that says one parameter twice: which one counts would depend on the reader.

    A repeated name is first suspected from the bytes, which costs nothing on usual bodies.
    """
    for name in _QUOTED_NAMES:
        if body.count(name) > 1:
            break
    else:
        return
    try:
        members = json.loads(body, object_pairs_hook=list)
    except (ValueError, RecursionError) as exc:
        raise _unreadable("the body", exc) from None
    sent = [member[0] for member in members]
    for parameter in _NAMES:
        if sent.count(parameter) > 1:
            raise Refused(400, f'the body has the member "{parameter}" twice; send it once')


def _refuse_deep(value: object, depth: int) -> None:
    """Refuse nesting beyond ``depth``: later stages walk values recursively."""
    level = [value]
    for _ in range(depth):
        level = [
            child
            for parent in level
            if isinstance(parent, (dict, list))
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
        if not level:
            return
    raise Refused(400, f"the request is nested more than {depth} levels deep; send it flatter")
