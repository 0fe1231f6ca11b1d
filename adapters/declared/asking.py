"""Questions to services that are asked by values: one call a key, or many keys in one.

In: the parts of a request with ``{path}`` where a key's value goes. Out: the calls that ask for
all keys. A key is sent as its rule's first spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from adapters.declared.kind import Sought
from adapters.declared.plan import Leaf

__all__ = [
    "MANY",
    "batches",
    "fill",
    "fill_all",
    "placeholders",
    "text_of",
    "texts_in",
    "values_by_path",
]

T = TypeVar("T")

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


def text_of(leaf: Leaf, value: Any) -> str:
    """Write a value as the source wants it."""
    return str(value if leaf.spell is None else leaf.spell(value)[0])


def values_by_path(sought: Sought, key: tuple[Any, ...]) -> dict[str, str]:
    """Give a key's values as texts by path."""
    return {leaf.path: text_of(leaf, value) for leaf, value in zip(sought.by, key, strict=True)}


def batches(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Cut into parts of at most ``size``."""
    return [items[at : at + size] for at in range(0, len(items), size)]
