"""Which media type a client may have, and which one it sent.

In: values of ``Accept`` and ``Content-Type``. Out: the media type of the answer, or a ``Refused``
with 406 or 415. RFC 9110 section 12.5.1 (quality values, the more specific range wins); at equal
quality the type that GraphQL over HTTP prefers.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gateway.server.refusal import Refused

__all__ = ["GRAPHQL_RESPONSE", "JSON", "check_content_type", "choose_media_type"]

GRAPHQL_RESPONSE = b"application/graphql-response+json; charset=utf-8"
JSON = b"application/json; charset=utf-8"

_OFFERED = (
    ("application/graphql-response+json", GRAPHQL_RESPONSE),
    ("application/json", JSON),
)
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_MEDIA_TYPE = re.compile(rf"({_TOKEN}/{_TOKEN})[ \t]*(;.*)?", re.DOTALL)
_PARAMETER = re.compile(
    rf';[ \t]*(?:({_TOKEN})=({_TOKEN}|"(?:[^"\\]|\\.)*+"))?[ \t]*',
)
# A quote that is never closed takes the rest with it: tried again from each place, it would cost
# the square of the header's length.
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+(?:"|\\?\Z))++', re.DOTALL)
_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_UTF_8 = ("utf-8", "utf8")


@lru_cache(maxsize=256)
def choose_media_type(accept: str | None) -> bytes:
    """Choose the answer's media type; raises ``Refused`` (406) if the client takes none of ours."""
    if accept is None or not accept.strip(" \t,"):
        return GRAPHQL_RESPONSE
    ranges = _parse_ranges(accept)
    qualities = [_find_quality(name, ranges) for name, _ in _OFFERED]
    best = max(qualities)
    if best <= 0:
        raise Refused(
            406,
            'the header "Accept" allows neither "application/graphql-response+json" nor '
            '"application/json"; this server answers in these two',
        )
    return _OFFERED[qualities.index(best)][1]


@lru_cache(maxsize=256)
def check_content_type(value: str | None) -> None:
    """Check that a body is JSON in UTF-8; raises ``Refused`` (415)."""
    parsed = None if value is None else _parse_media_type(value.strip(" \t"))
    if parsed is None or parsed[0] != "application/json":
        raise _unsupported('send the body as "Content-Type: application/json"')
    charsets = [text for name, text in parsed[1] if name == "charset"]
    if any(charset.lower() not in _UTF_8 for charset in charsets):
        raise _unsupported('send the body in UTF-8: the "charset" of "Content-Type" is another')


def _unsupported(message: str) -> Refused:
    return Refused(415, message, ((b"accept-post", b"application/json"),))


def _parse_ranges(accept: str) -> list[tuple[str, float]]:
    """Give the readable media ranges with their quality; an unreadable one allows nothing."""
    ranges = []
    for element in _ELEMENT.findall(accept):
        parsed = _parse_media_type(element.strip(" \t"))
        if parsed is None:
            continue
        name, parameters = parsed
        quality = 1.0
        readable = True
        for key, value in parameters:
            if key == "q":
                readable = _QUALITY.fullmatch(value) is not None
                quality = float(value) if readable else 0.0
            elif key == "charset":
                readable = value.lower() in (*_UTF_8, "*")
            if not readable:
                break
        if readable:
            ranges.append((name, quality))
    return ranges


def _parse_media_type(text: str) -> tuple[str, list[tuple[str, str]]] | None:
    match = _MEDIA_TYPE.fullmatch(text)
    if match is None:
        return None
    parameters = []
    rest = match[2] or ""
    place = 0
    while place < len(rest):
        parameter = _PARAMETER.match(rest, place)
        if parameter is None:
            return None
        if parameter[1] is not None:
            parameters.append((parameter[1].lower(), parameter[2].strip('"')))
        place = parameter.end()
    return match[1].lower(), parameters


def _find_quality(name: str, ranges: list[tuple[str, float]]) -> float:
    for candidate in (name, name.partition("/")[0] + "/*", "*/*"):
        qualities = [quality for range_, quality in ranges if range_ == candidate]
        if qualities:
            return max(qualities)
    return 0.0
