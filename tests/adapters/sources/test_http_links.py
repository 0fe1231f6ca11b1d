"""The Link header, as services write it."""

from __future__ import annotations

import pytest

from adapters.sources.http_links import find_next_link


@pytest.mark.parametrize(
    ("value", "found"),
    [
        pytest.param('</a?page=2>; rel="next"', "/a?page=2", id="quoted"),
        pytest.param("</a?page=2>;rel=next", "/a?page=2", id="token"),
        pytest.param('</a>; rel="prev", </b>; rel="next"', "/b", id="second"),
        pytest.param('</a>; title="x, </no>; rel=next"; rel="last next"', "/a", id="in-a-title"),
        pytest.param('</a>; REL="NEXT"', "/a", id="capitals"),
        pytest.param("</a?q=1,2;3>; rel=next", "/a?q=1,2;3", id="commas"),
        pytest.param('</a>; rel="prev"; rel="next"', None, id="first-rel-counts"),
        pytest.param('</a>; rel="nextish"', None, id="another-word"),
        pytest.param("</a>, </b>", None, id="without-rel"),
        pytest.param("not a link", None, id="garbage"),
        pytest.param("<" * 2000 + ";" * 2000, None, id="long-garbage"),
    ],
)
def test_finds_what_comes_next(value: str, found: str | None) -> None:
    """Targets, titles and relations may hold what divides them elsewhere."""
    assert find_next_link(value) == found
