"""How a declared REST service is walked page by page, with or without totals.

In: ``paging`` of a type's place, a position, and what came there. Out: the parameters that ask for
a position, and the next one, or None on the last page. A position is text, because it travels in
our own cursors: a number, the service's cursor, or the query that a link carries.

Links are not followed where they lead: the collection is asked again with what the link's query
adds to our own. So neither a service nor a caller who forges a cursor can send our credentials
elsewhere, or leave a filter out.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import Field, model_validator

from adapters.declared.kind import Place
from adapters.declared.nested import dig
from adapters.errors import BadRecord
from adapters.kit.outcome import InvalidArgument

__all__ = ["FIRST", "Paging"]

FIRST = ""
"""The position of the first page."""

_MANY_DIGITS = 15  # no service has a page of a number so long


class Paging(Place):
    """How the collection is walked."""

    style: Literal["page", "offset", "cursor", "link"]
    parameter: str | None = Field(
        None, description="Takes the page's number, the offset, or the cursor."
    )
    size_parameter: str | None = Field(None, description="Takes the page's size.")
    size: int = Field(100, ge=1, description="Records of one page.")
    first: int = Field(1, ge=0, description="Number of the first page.")
    next: str | None = Field(
        None,
        description="Path of the next cursor or link, null on the last page; "
        "a link without it is in the Link header.",
    )

    @model_validator(mode="after")
    def _has_its_parts(self) -> Self:
        if self.style != "link" and self.parameter is None:
            raise ValueError(f'style "{self.style}" needs "parameter"')
        if self.style == "cursor" and self.next is None:
            raise ValueError('style "cursor" needs "next": where an answer holds the next cursor')
        return self

    def ask(self, position: str, taken: Collection[str]) -> list[tuple[str, str]]:
        """Give the parameters of a position; raises ``InvalidArgument`` for what is none.

        ``taken``: names of parameters that are ours alone, whatever a link says.
        """
        size = [] if self.size_parameter is None else [(self.size_parameter, str(self.size))]
        name = str(self.parameter)
        match self.style:
            case "page":
                return [(name, str(self.first + _number(position))), *size]
            case "offset":
                return [(name, str(_number(position) * self.size)), *size]
            case "cursor":
                return [*([] if position == FIRST else [(name, position)]), *size]
            case "link":
                told = _query(position)
                names = {name for name, _ in told}
                ours = [each for each in size if each[0] not in names]
                return [each for each in told if each[0] not in taken] + ours

    def advance(
        self, position: str, answer: Any, link: str | None, records: int, source: str
    ) -> str | None:
        """Give the next position; raises ``BadRecord`` if there is none that could be asked."""
        told = link if self.next is None else dig(answer, self.next)
        match self.style:
            case "page" | "offset":
                goes_on = records >= self.size if self.next is None else bool(told and records)
                return str(_number(position) + 1) if goes_on else None
            case "cursor" | "link":
                if told is None or told in ("", False):
                    return None
                following = _following(told, is_link=self.style == "link")
        if following is None or following in (position, FIRST):
            raise BadRecord(f'source "{source}" answered with a next page that cannot be asked')
        return following


def _following(told: Any, *, is_link: bool) -> str | None:
    """Give the position that a cursor or a link tells; None if it tells none."""
    if not is_link:
        return str(told) if isinstance(told, str | int) else None
    try:
        return urlencode(_query(urlsplit(told).query)) if isinstance(told, str) else None
    except ValueError:
        return None


def _number(position: str) -> int:
    """Read a position that counts pages."""
    if position == FIRST:
        return 0
    if not (position.isascii() and position.isdigit() and len(position) <= _MANY_DIGITS):
        raise InvalidArgument('The argument "after" is no cursor of this list.')
    return int(position)


def _query(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True)
