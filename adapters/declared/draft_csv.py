"""A draft from one CSV: its encoding, delimiter, columns, and a key that tells its rows apart.

In: a path. Out: a ``Draft``. Types are guessed from all values by the very rules that will read
them; no value goes into the draft or its notes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from adapters.declared.draft import (
    Column,
    Draft,
    DraftError,
    RecordSet,
    build_draft,
    guess_scalar,
)
from adapters.declared.rules import RULES
from adapters.kit.normalize.null import is_null
from adapters.sources.files import FileFormat, VersionRefused, read_delimited

__all__ = ["draft_csv"]

_ENCODINGS = ("utf-8", "cp1252")
_DELIMITERS = ";,\t|"
_WIDEST_KEY = 3  # columns; trying more costs as many combinations again and finds accidents

_GUESSES: tuple[tuple[str, str], ...] = (
    ("Int", "whole"),
    ("Float", "decimal"),
    ("Tanggal", "date"),
)
"""Scalar -> the rule that must read every value of the column; a leading zero is a code."""


async def draft_csv(file: str) -> Draft:
    """Draft one type over one file; raises ``DraftError``."""
    return await asyncio.to_thread(_draft, file)


def _draft(file: str) -> Draft:
    path = Path(file).absolute()
    try:
        text, encoding = _decode(path)
        delimiter = _find_delimiter(text)
        ends = text.endswith(("\n", "\r"))
        form = FileFormat("csv", (), encoding, delimiter, final_newline=ends)
        content = read_delimited(path, form)
    except (OSError, VersionRefused) as error:
        raise DraftError(f'"{path.name}" cannot be read: {error}') from None
    names = content.header
    if len(set(names)) != len(names) or "" in names:
        raise DraftError(f'"{path.name}" has columns without a name, or two of one name')
    place: dict[str, Any] = {"file": path.name, "format": "csv", "encoding": encoding}
    place |= {"delimiter": delimiter, "columns": [*names]}
    if not ends:
        place["final_newline"] = False
    values = {name: [row[at] for row in content.rows] for at, name in enumerate(names)}
    columns = tuple(Column(name, _guess(name, values[name])) for name in names)
    records = RecordSet(path.stem, place, columns, _find_key(columns, content.rows))
    source = {"kind": "files", "folder": str(path.parent)}
    return build_draft(path.stem, source, [records])


def _decode(path: Path) -> tuple[str, str]:
    raw = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise DraftError(f'"{path.name}" is neither UTF-8 nor Windows-1252')


def _find_delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max(_DELIMITERS, key=header.count)


def _guess(name: str, values: Sequence[str]) -> str | None:
    filled = [value for value in values if not is_null(value) or value.strip() == "0"]
    otherwise = "String"
    if filled and not any(value.strip().startswith("0") and len(value) > 1 for value in filled):
        for scalar, rule in _GUESSES:
            if all(_reads(RULES[rule], value, scalar) for value in filled):
                otherwise = scalar
                break
    elif filled and all(_reads(RULES["date"], value, "Tanggal") for value in filled):
        otherwise = "Tanggal"
    return guess_scalar(name, otherwise)


def _reads(rule: Callable[[Any], Any], value: str, scalar: str) -> bool:
    try:
        read = rule(value)
    except ValueError:
        return False
    return scalar != "Int" or (isinstance(read, int) and -(2**31) <= read < 2**31)


def _find_key(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> tuple[str, ...]:
    """Find the fewest columns that are filled and tell all rows apart, the leftmost first.

    Measures and days tell rows apart by accident.
    """
    if not rows:
        return ()
    filled = [
        at
        for at, column in enumerate(columns)
        if column.scalar not in ("Float", "Tanggal") and not any(is_null(row[at]) for row in rows)
    ]
    for width in range(1, _WIDEST_KEY + 1):
        for places in combinations(filled, width):
            if len({tuple(row[at].strip() for at in places) for row in rows}) == len(rows):
                return tuple(columns[at].name for at in places)
    return ()
