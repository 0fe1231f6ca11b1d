"""``PageInfo``: one type for every connection of every subgraph, hence shareable.

In: nothing. Out: the strawberry type that an author's connection names in ``page_info``.
"""

from __future__ import annotations

import strawberry

from adapters.kit.python import field, text

__all__ = ["PageInfo"]


@strawberry.federation.type(
    shareable=True,
    description=text("Letak halaman dalam daftar panjang.", "Where a page stands in a long list."),
)
class PageInfo:
    """The page's place; the same in every subgraph."""

    has_next_page: bool = field("Masih ada halaman berikutnya.", "There is a next page.")
    end_cursor: str | None = field(
        "Penanda untuk `after` halaman berikutnya.", "The next page's `after`."
    )
