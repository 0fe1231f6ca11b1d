"""Heads of requests that came before, so that one that differs in few lines is not read again.

In: a whole head. Out: what ``parse_head`` gives for it, or the same ``Refused``. A client sends the
same head again and again but for an id or two. Lines whose value was seen to change are cut out;
if the rest is known byte by byte, with the same lines cut out, only those lines are read. Whatever
is not known goes to ``parse_head``, which alone decides what is regular. A line that says how a
message is framed is never cut out.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from gateway.server.head import FRAMING_NAMES, HEADER_VALUE, RequestHead, parse_head
from gateway.server.settings import EdgeSettings

__all__ = ["KnownRequestHeads"]

_KEPT = 256  # heads; when there are more, all are forgotten
_KEPT_BYTES = 2_048  # of one head, so that all are 1 MB at most
# Lines that are cut out: an id of the request, two of its trace, and one to spare. Each is looked
# for in every head.
_CHANGING = 4


class _Known(NamedTuple):
    """A head as it was read, without the lines that were cut out."""

    changing: tuple[str, ...]  # the names of those lines, in lower case
    head: RequestHead


class KnownRequestHeads:
    """The regular heads of one server's clients."""

    def __init__(self, settings: EdgeSettings) -> None:
        self._settings = settings
        self._longest = min(_KEPT_BYTES, settings.headers_bytes)
        self._known: dict[bytes, _Known] = {}  # by all bytes that were not cut out
        self._marks: dict[bytes, str] = {}  # how the lines to cut out begin, and their names
        self._latest: list[bytes] = []  # lines of the latest head that was not known

    def read(self, head: bytes) -> RequestHead:
        """Read a whole head, up to and with the empty line; raises ``Refused``."""
        if len(head) > self._longest:
            return parse_head(head, self._settings)
        rest, changing = head, {}
        for mark, name in self._marks.items():
            begin = rest.find(mark)
            if begin >= 0:
                end = rest.find(b"\r\n", begin + 2)
                value = rest[begin + len(mark) : end]
                if HEADER_VALUE.fullmatch(value) is None:
                    return parse_head(head, self._settings)
                changing[name] = value.strip(b" \t").decode("latin-1")
                rest = rest[:begin] + rest[end:]
        known = self._known.get(rest)
        if known is None or known.changing != tuple(changing):
            return self._read_new(head, rest, tuple(changing))
        if not changing:
            return known.head
        of = known.head
        return RequestHead(
            of.target,
            of.fields | changing,
            of.repeated,
            of.content_length,
            of.is_chunked,
            of.keep_alive,
            of.expects_continue,
        )

    def _read_new(self, head: bytes, rest: bytes, changing: tuple[str, ...]) -> RequestHead:
        read = parse_head(head, self._settings)
        if read.repeated or b"?" in rest.partition(b"\r\n")[0]:  # a target may hold values
            return read
        self._learn(head)
        if len(self._known) >= _KEPT:
            self._known.clear()
        fields = {name: value for name, value in read.fields.items() if name not in changing}
        self._known[rest] = _Known(changing, msgspec.structs.replace(read, fields=fields))
        return read

    def _learn(self, head: bytes) -> None:
        """Compare with the latest head that was not known: which of its lines has another value?"""
        lines, latest = head.split(b"\r\n"), self._latest
        self._latest = lines
        if len(lines) != len(latest) or lines[0] != latest[0]:
            return
        names = [line.partition(b":")[0] for line in lines]
        if names != [line.partition(b":")[0] for line in latest]:
            return
        for name, line, former in zip(names, lines, latest, strict=True):
            if line != former and name.lower() not in FRAMING_NAMES:
                self._marks[b"\r\n%b:" % name] = name.lower().decode("ascii")
        while len(self._marks) > _CHANGING:
            del self._marks[next(iter(self._marks))]
