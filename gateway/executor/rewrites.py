"""Renames of the plan: internal aliases undone, @interfaceObject type names set.

In: a representation (input rewrites) or a fetch's data (output rewrites), changed in place; an
error's path, given back renamed. Out: the same values under the names the rest expects.

A path leads through names, ``@`` and type conditions; lists are entered even where ``@`` is not
written, and an object without ``__typename`` passes every type condition: an internal alias exists
only on the objects it was made for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.contract import Path
from gateway.plan.nodes import FetchPath, KeyRenamer, Rewrite, TypeCondition, TypenameSetter

__all__ = ["apply_rewrites", "rename_path"]

_TYPENAME = "__typename"


def apply_rewrites(value: Any, rewrites: tuple[Rewrite, ...]) -> None:
    """Apply ``rewrites`` in their order to ``value``, in place."""
    for rewrite in rewrites:
        if isinstance(rewrite, KeyRenamer):
            _rename_key(value, rewrite)
        else:
            _set_typename(value, rewrite)


def rename_path(path: Path, rewrites: tuple[Rewrite, ...]) -> Path:
    """Give an error's path with internal aliases replaced as the data's were."""
    renamed = list(path)
    for rewrite in rewrites:
        if isinstance(rewrite, KeyRenamer):
            position = _position_of(renamed, _names_of(rewrite.path))
            if position is not None:
                renamed[position] = rewrite.rename_to
    return tuple(renamed)


def _rename_key(value: Any, rewrite: KeyRenamer) -> None:
    last = rewrite.path[-1]
    for found in _walk(value, rewrite.path[:-1]):
        if last in found:
            found[rewrite.rename_to] = found.pop(last)


def _set_typename(value: Any, rewrite: TypenameSetter) -> None:
    path = rewrite.path[:-1] if rewrite.path[-1:] == (_TYPENAME,) else rewrite.path
    for found in _walk(value, path):
        found[_TYPENAME] = rewrite.type_name


def _walk(value: Any, path: FetchPath) -> Iterator[dict[str, Any]]:
    """Yield every object at ``path`` below ``value``."""
    if isinstance(value, list):
        rest = path[1:] if path[:1] == ("@",) else path
        for item in value:
            yield from _walk(item, rest)
    elif isinstance(value, dict):
        if not path:
            yield value
        elif isinstance(path[0], TypeCondition):
            if value.get(_TYPENAME, path[0].types[0]) in path[0].types:
                yield from _walk(value, path[1:])
        else:
            yield from _walk(value.get(path[0]), path[1:])


def _names_of(path: FetchPath) -> list[str]:
    return [element for element in path if isinstance(element, str) and element != "@"]


def _position_of(path: list[str | int], names: list[str]) -> int | None:
    """Find where in ``path`` the last of ``names`` stands, if the path begins with all of them."""
    places = [index for index, element in enumerate(path) if isinstance(element, str)]
    if len(places) < len(names) or [path[place] for place in places[: len(names)]] != names:
        return None
    return places[len(names) - 1]
