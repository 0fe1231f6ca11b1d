"""Says why an entity could not be asked for: another failure took its key or an input away.

In: the positions that a fetch found no key at, those whose @requires input was lost, and what
earlier errors explain. Out: errors for those nulls that follow from a failure; a key that is null
in the record itself is no error. The error names the subgraph that failed, not the one that could
not be asked, and carries its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapters.contract import Path
from gateway.executor.fetch.places import FetchPlaces
from gateway.executor.lost_inputs import Withheld
from gateway.executor.response_path import Position, nearest_list, path_of
from gateway.executor.state.answer_error import AnswerError
from gateway.executor.state.explained import Cause, ExplainedNulls
from gateway.executor.state.visible_names import VisibleNames
from gateway.plan.nodes import FetchNode
from schema.selection import Field, SelectionSet

__all__ = ["find_consequences"]


def find_consequences(
    keyless: Iterable[Position],
    withheld: Iterable[Withheld],
    places: FetchPlaces,
    explained: ExplainedNulls,
    visible: VisibleNames,
) -> tuple[AnswerError, ...]:
    """Find the failures behind missing keys, and note what all of them explain in turn."""
    errors: dict[Path, AnswerError] = {}
    names = places.names()
    for position, cause, what in _causes(keyless, withheld, places.node, explained):
        path = path_of(position.link)
        for name in names:
            explained.add((*path, name), cause)
        for place in _reported(path, names, visible):
            errors.setdefault(place, _error(place, places.node, cause, what))
    return tuple(errors.values())


def _causes(
    keyless: Iterable[Position],
    withheld: Iterable[Withheld],
    node: FetchNode,
    explained: ExplainedNulls,
) -> Iterator[tuple[Position, Cause, str]]:
    keys = tuple(_key_names(node))
    for position in keyless:
        cause = _cause_of(path_of(position.link), keys, explained)
        if cause is not None:
            yield position, cause, "the key of the record"
    for lost in withheld:
        yield lost.position, lost.cause, "a field that it requires"


def _cause_of(path: Path, keys: tuple[str, ...], explained: ExplainedNulls) -> Cause | None:
    causes = (explained.cause((*path, name)) for name in keys)
    return next((cause for cause in causes if cause is not None), None)


def _reported(path: Path, names: tuple[str, ...], visible: VisibleNames) -> list[Path]:
    """Give the fields that stay null; below a list, the list."""
    cut = nearest_list(path)
    if len(cut) < len(path):
        return [visible.cut(cut)]
    return [(*path, name) for name in visible.among(path, names)]


def _error(path: Path, node: FetchNode, cause: Cause, what: str) -> AnswerError:
    failed = "" if cause.subgraph is None else f' by subgraph "{cause.subgraph}"'
    message = f'Subgraph "{node.subgraph}" was not asked: {what} was not given{failed}.'
    return AnswerError(message, cause.code, path or None, cause.subgraph, cause.source)


def _key_names(node: FetchNode) -> Iterator[str]:
    """Name what identifies the entity; a plan that does not say so counts all it requires."""
    keys = node.keys if node.keys is not None else node.requires
    if keys is not None:
        yield from dict.fromkeys(_names_in(keys))


def _names_in(selections: SelectionSet) -> Iterator[str]:
    for selection in selections:
        if isinstance(selection, Field):
            if selection.name != "__typename":
                yield selection.response_name
        else:
            yield from _names_in(selection.selections)
