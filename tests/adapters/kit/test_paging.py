"""Pages and cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.kit.outcome import InvalidArgument, PageRequest
from adapters.kit.paging import pack_cursor, page_of, unpack_cursor


@given(st.lists(st.integers()), st.integers(1, 7))
def test_pages_together_are_the_rows(rows: list[int], first: int) -> None:
    """Walking pages of any size gives every row once, in order."""
    seen: list[int] = []
    after, more = None, True
    while more:
        page = page_of(rows, PageRequest(first, after))
        seen += page.nodes
        after, more = page.end_cursor, page.has_next
    assert seen == rows


def test_cursor_keeps_its_parts() -> None:
    """Texts and numbers come back as they went in."""
    assert unpack_cursor(pack_cursor("a", 1), str, int) == ("a", 1)


@pytest.mark.parametrize("cursor", ["", "abc", "%%%", pack_cursor("x"), pack_cursor(1, 2)])
def test_foreign_cursor_is_refused(cursor: str) -> None:
    """What this list did not write is the caller's error."""
    with pytest.raises(InvalidArgument):
        unpack_cursor(cursor, int)
