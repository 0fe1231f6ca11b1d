"""Claims about long lists: they are paged, pages join without seam, and cursors are checked.

In: the samples that name the connection they page. Out: findings by sample and page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.check.comparing import codes_of, unexpected_codes
from adapters.check.model import Check, NotApplicable
from adapters.check.recording import Sample
from adapters.check.subject import Opened, Subject
from adapters.check.tampering import Tamper
from adapters.check.wire import Wire

__all__ = ["PAGE_CHECKS"]

_STEP = 2  # nodes of a page
_MOST_PAGES = 50
_MOST_ITEMS = 100  # of a list that is no connection


async def _lists_bounded(subject: Subject) -> Sequence[str]:
    found = []
    async with subject.open() as opened:
        for sample in subject.recording.samples:
            told = await opened.ask(sample)
            entities = told.data if isinstance(told.data, list) else [told.data]
            found += [
                f'"{sample.title}": the list "{name}" holds more than {_MOST_ITEMS} items and is'
                " no connection"
                for entity in entities
                for name in _long_lists(entity)
            ]
    return [*dict.fromkeys(found)]


async def _pages_join(subject: Subject) -> Sequence[str]:
    found = []
    async with subject.open() as opened:
        for sample in _paged(subject):
            whole = await _page(opened, sample, first=1000)
            walked, ended = await _walk(opened, sample)
            if not ended:
                found.append(f'"{sample.title}": the walk over its pages does not end')
            elif walked != whole.get("nodes"):
                found.append(f'"{sample.title}": pages of {_STEP} join to another list')
    return found


async def _pages_drift(subject: Subject) -> Sequence[str]:
    """Take the first row away behind the first page, and see that nothing comes twice."""
    found = []
    for sample in _paged(subject):
        wire = Wire()
        async with subject.open(wire) as opened:
            first = await _page(opened, sample, first=_STEP)
            wire.after = Tamper(lambda rows: rows[1:])
            nodes, ended = await _walk(opened, sample, first)
        if not ended:
            found.append(f'"{sample.title}": the walk does not end once rows vanish')
        if len({repr(node) for node in nodes}) < len(nodes):
            found.append(f'"{sample.title}": a node comes twice once rows vanish')
    return found


async def _cursor_checked(subject: Subject) -> Sequence[str]:
    found = []
    async with subject.open() as opened:
        for sample in _paged(subject):
            for cursor in ("bukan-penanda", "bnVsbA", "W10", "WyJ4IiwieCIsIngiXQ"):
                told = await opened.ask(sample, after=cursor)
                found += unexpected_codes(sample.title, told, frozenset({"BAD_USER_INPUT"}))
                if not told.errors:
                    found.append(f'"{sample.title}": a cursor of nobody is accepted')
    return [*dict.fromkeys(found)]


async def _first_capped(subject: Subject) -> Sequence[str]:
    found = []
    async with subject.open() as opened:
        for sample in _paged(subject):
            for first in (-1, 1_000_000):
                told = await opened.ask(sample, first=first)
                if codes_of(told) != {"BAD_USER_INPUT"}:
                    found.append(f'"{sample.title}": "first: {first}" is not refused')
    return found


def _paged(subject: Subject) -> list[Sample]:
    samples = [sample for sample in subject.recording.samples if sample.pages]
    if not samples:
        raise NotApplicable('no sample names the connection it "pages"')
    return samples


async def _page(opened: Opened, sample: Sample, **variables: Any) -> dict[str, Any]:
    told = await opened.ask(sample, **variables)
    page: dict[str, Any] = (told.data or {}).get(sample.pages) or {}
    return page


async def _walk(
    opened: Opened, sample: Sample, page: dict[str, Any] | None = None
) -> tuple[list[Any], bool]:
    """Walk on from ``page``; gives the nodes, and whether the walk came to an end."""
    page = await _page(opened, sample, first=_STEP) if page is None else page
    nodes = [*page.get("nodes", ())]
    for _ in range(_MOST_PAGES):
        place = page.get("pageInfo") or {}
        if not place.get("hasNextPage"):
            return nodes, True
        page = await _page(opened, sample, first=_STEP, after=place.get("endCursor"))
        nodes += page.get("nodes", ())
    return nodes, False


def _long_lists(value: Any) -> list[str]:
    """Name the lists beyond the bound that stand in no connection."""
    if isinstance(value, list):
        return [name for item in value for name in _long_lists(item)]
    if not isinstance(value, dict):
        return []
    own = [
        name
        for name, item in value.items()
        if isinstance(item, list) and len(item) > _MOST_ITEMS and name != "nodes"
    ]
    return own + [name for item in value.values() for name in _long_lists(item)]


PAGE_CHECKS: tuple[Check, ...] = (
    Check(
        "LISTS_BOUNDED",
        "No list of more than 100 items comes outside a connection.",
        "A list without pages grows until it fails, on the busiest day.",
        _lists_bounded,
    ),
    Check(
        "PAGES_JOIN",
        "Small pages join to the same list as one large page, and the walk ends.",
        "A seam loses a letter, or prints it twice.",
        _pages_join,
    ),
    Check(
        "PAGES_DRIFT",
        "Rows that vanish while somebody pages make nothing come twice, and the walk ends.",
        "Registers change while they are read.",
        _pages_drift,
    ),
    Check(
        "CURSORS_CHECKED",
        "A cursor that is none of the list's is refused.",
        "A cursor comes from outside, like any argument.",
        _cursor_checked,
    ),
    Check(
        "FIRST_CAPPED",
        "Pages of a negative or an immense size are refused.",
        "The cap protects the source, not us.",
        _first_capped,
    ),
)
