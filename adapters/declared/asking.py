"""Questions to services that are asked by values: one call a key, or many keys in one.

In: the parts of a request with ``{path}`` where a key's value goes. Out: the calls that ask for
all keys. A key is sent as its rule's first spelling.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

from adapters.declared.kind import PartlyFailed, Sought
from adapters.declared.plan import Leaf, Row
from adapters.errors import SourceError
from adapters.yaml_document import Finding

__all__ = [
    "MANY",
    "Ask",
    "KeyValues",
    "ask_parts",
    "batches",
    "fill",
    "fill_all",
    "find_unasked",
    "placeholders",
    "text_of",
    "texts_in",
    "values_by_path",
]

T = TypeVar("T")

KeyValues: TypeAlias = "tuple[Any, ...]"
"""One key, as ``Sought`` holds it."""


class Ask(Protocol):
    """How a service is asked by some paths."""

    @property
    def takes_many(self) -> bool:
        """Tell whether one call asks for many keys."""
        ...

    @property
    def texts(self) -> Sequence[str]:
        """Give the texts in which a key's values have their places."""
        ...


MANY = "{*}"
"""Stands for all keys of one call, where a service takes several."""

_PLACE = re.compile(r"\{([A-Za-z][A-Za-z0-9.]*)\}")


def placeholders(*texts: str) -> set[str]:
    """Give the paths that texts name."""
    return {name for text in texts for name in _PLACE.findall(text)}


def fill(text: str, values: Mapping[str, str], quote: Callable[[str], str] = str) -> str:
    """Put values in their places."""
    return _PLACE.sub(lambda match: quote(values[match[1]]), text)


def texts_in(value: Any) -> list[str]:
    """Give all texts in a nested request."""
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in texts_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [value] if isinstance(value, str) else []


def fill_all(value: Any, values: Mapping[str, str], many: Sequence[str] = ()) -> Any:
    """Put values in their places in a nested request; ``MANY`` becomes the list of all keys."""
    if isinstance(value, Mapping):
        return {name: fill_all(item, values, many) for name, item in value.items()}
    if isinstance(value, list):
        return [fill_all(item, values, many) for item in value]
    if value == MANY:
        return [*many]
    return fill(value, values) if isinstance(value, str) else value


def find_unasked(
    name: str, found_by: Iterable[tuple[str, ...]], asks: Mapping[str, Ask]
) -> Iterator[Finding]:
    """Find the keys and relations of a type that its service is not told how to find by."""
    where = ("types", name, "from", "find")
    for paths in found_by:
        key = " ".join(paths)
        ask = asks.get(key)
        if ask is None:
            yield where, f'"{key}" is a key or a relation: say how records are found by it'
        elif ask.takes_many and len(paths) > 1:
            yield (*where, key), "many keys in one call go with a single path"
        elif not ask.takes_many and placeholders(*ask.texts) != set(paths):
            yield (*where, key), f"each of {', '.join(paths)} needs its place in braces"


def text_of(leaf: Leaf, value: Any) -> str:
    """Write a value as the source wants it."""
    return str(value if leaf.spell is None else leaf.spell(value)[0])


def values_by_path(sought: Sought, key: tuple[Any, ...]) -> dict[str, str]:
    """Give a key's values as texts by path."""
    return {leaf.path: text_of(leaf, value) for leaf, value in zip(sought.by, key, strict=True)}


async def ask_parts(parts: Sequence[tuple[Sequence[KeyValues], Awaitable[list[Row]]]]) -> list[Row]:
    """Put several questions at the same time, each for some keys; a failed one costs its own.

    Raises ``SourceError`` if all failed, ``PartlyFailed`` if some did.
    """
    answers = await asyncio.gather(*(asking for _, asking in parts), return_exceptions=True)
    rows: list[Row] = []
    failed: dict[KeyValues, SourceError] = {}
    for (keys, _), answer in zip(parts, answers, strict=True):
        if isinstance(answer, SourceError):
            failed |= dict.fromkeys(keys, answer)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            rows += answer
    if not failed:
        return rows
    if all(isinstance(answer, SourceError) for answer in answers):
        raise next(iter(failed.values()))
    raise PartlyFailed(rows, failed)


def batches(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Cut into parts of at most ``size``."""
    return [items[at : at + size] for at in range(0, len(items), size)]
