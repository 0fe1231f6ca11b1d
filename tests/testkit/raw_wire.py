"""What a sloppy source keeps and sends: its recorded rows picked anew, at the raw wire.

In: a recording, and a way to pick from a list. Out: the same recording whose answers hold any rows
of anybody, in any order, with gaps and doubles: JSON and XML before they are sent, tables and files
before they are opened. Nothing of the adapter's own has touched them yet.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from adapters.check.exchange import Exchange
from adapters.check.recording import Recording

__all__ = ["Pick", "pick_answers", "pick_files"]

T = TypeVar("T")

Pick: TypeAlias = "Callable[[Sequence[Any]], list[Any]]"
"""Gives some of these, in any order, some of them more than once."""

_DIGITS = re.compile(r"\d+")
_PARCEL = re.compile(r"<s:objek>.*?</s:objek>", re.DOTALL)


def pick_answers(recording: Recording, pick: Pick) -> Recording:
    """Answer every question with rows picked from all answers to questions of its kind."""
    kinds: dict[str, list[Any]] = {}
    for each in recording.exchanges:
        kinds.setdefault(_kind_of(each), []).append(each.answer)
    exchanges = [
        each.model_copy(update={"answer": _answer(each.answer, kinds[_kind_of(each)], pick)})
        for each in recording.exchanges
    ]
    return replace(recording, exchanges=tuple(exchanges))


def pick_files(files: Sequence[Path], pick: Pick) -> None:
    """Rewrite databases and files with picked rows; of a file the first line stays."""
    for path in files:
        if path.suffix == ".sqlite":
            _pick_tables(path, pick)
        elif path.suffix == ".csv":
            head, *lines = path.read_bytes().splitlines(keepends=True)
            path.write_bytes(b"".join((head, *(pick(lines) if lines else ()))))


def _kind_of(exchange: Exchange) -> str:
    return _DIGITS.sub("", f"{exchange.method} {exchange.target.partition('?')[0]}")


def _answer(answer: Any, alike: Sequence[Any], pick: Pick) -> Any:
    if isinstance(answer, str):
        rows = [row for each in alike for row in _PARCEL.findall(each)]
        if not _PARCEL.search(answer) or not rows:
            return answer
        before, after = answer.partition("<s:objek>")[0], answer.rpartition("</s:objek>")[2]
        return before + "".join(pick(rows)) + after
    for name in ("content", "data"):
        if isinstance(answer.get(name), list):
            rows = [row for each in alike for row in each.get(name) or ()]
            return {**answer, name: pick(rows) if rows else []}
    return (pick(alike) or [answer])[0]


def _pick_tables(path: Path, pick: Pick) -> None:
    with closing(sqlite3.connect(path)) as store, store:
        names = store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            rows = store.execute(f'SELECT * FROM "{name}"').fetchall()
            if rows and not name.startswith("sqlite_"):
                marks = ", ".join("?" for _ in rows[0])
                store.execute(f'DELETE FROM "{name}"')
                insert = f'INSERT OR IGNORE INTO "{name}" VALUES ({marks})'
                store.executemany(insert, pick(rows))
