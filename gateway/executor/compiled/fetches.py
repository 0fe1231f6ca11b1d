"""Compiles one fetch of a plan: what it asks, how its answer is read, where that goes.

In: a fetch and its places. Out: a ``FetchProgram``. Where the entities of one fetch go to places of
different records, their bytes are split first, and each is decoded for every place that it goes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.contract import ResponseShape
from gateway.executor.compiled.entities import Ask, Asked, compile_ask
from gateway.executor.compiled.gathering import Gather, compile_gather
from gateway.executor.compiled.merging import Merge, compile_merge
from gateway.executor.compiled.paths import Reached
from gateway.executor.compiled.place_tree import PlaceTree
from gateway.executor.compiled.places import Place
from gateway.executor.compiled.ranges import Ranges
from gateway.executor.compiled.records import FetchShape, Loader, Records, has_records
from gateway.executor.compiled.source import Deviation
from gateway.operation.model import OperationKind
from gateway.plan.nodes import FetchNode

__all__ = ["EntityPlace", "FetchProgram", "compile_entity_fetch", "compile_root_fetch"]


@dataclass(frozen=True, slots=True)
class EntityPlace:
    """One place that a fetch completes."""

    path: int  # which of the fetch's paths leads there
    list_number: int
    record: type[msgspec.Struct] | None  # of its objects, where the path leads to other types too
    loader: Loader | None  # None: the fetch's shape made the records
    is_alone: bool  # no other object is asked for
    is_apart: bool  # each object has records of its own, because others add to them
    merge: Merge | None
    gather: Gather | None

    def take(
        self, gathered: list[list[Any]], indices: Sequence[int], data: list[Any], *, is_read: bool
    ) -> None:
        """Put the entities, records if ``is_read``, into its objects; raises ``Deviation``."""
        objects = gathered[self.list_number]
        found: Iterable[Any]
        if self.is_alone and len(data) == len(indices):  # each object has its own, in order
            found = entities = data
        elif is_read:
            own = indices if self.record is None else self._own(objects, indices)
            found = [data[index] for index in dict.fromkeys(own)]
            entities = [data[index] for index in indices]
        else:
            loaded, numbers = self._loaded(objects, indices, data)
            found = loaded.values()
            entities = [loaded.get(number) for number in numbers]
        if self.gather is not None:  # first: it may put other objects into the entities
            self.gather(found, gathered)
        if self.merge is not None:
            self.merge(objects, entities)

    def _own(self, objects: Sequence[Any], indices: Sequence[int]) -> Iterable[int]:
        """Give the indices of the objects that are of this place."""
        if self.record is None:
            return indices
        pairs = zip(objects, indices, strict=True)
        return [index for each, index in pairs if type(each) is self.record]

    def _loaded(
        self, objects: Sequence[Any], indices: Sequence[int], data: list[Any]
    ) -> tuple[dict[int, Any], Sequence[int]]:
        """Make the records of this place, and give each object's number among them."""
        assert self.loader is not None
        load = self.loader.load
        if self.is_apart:
            numbers = range(len(objects))
            own = [n for n, each in enumerate(objects) if self.record in (None, type(each))]
            return {n: load(data[indices[n]]) for n in own}, numbers
        wanted = dict.fromkeys(self._own(objects, indices))
        return {index: load(data[index]) for index in wanted}, indices


@dataclass(frozen=True, slots=True)
class FetchProgram:
    """How one fetch is done on records."""

    fetch: FetchNode
    is_mutation: bool
    shape: FetchShape
    ranges: Ranges | None  # None: the shape does not depend on how many are asked for
    ask: Ask | None  # None: a root fetch
    places: tuple[EntityPlace, ...]  # where it does not go into the root itself
    root_merge: Merge | None
    root_gather: Gather | None

    def shape_for(self, asked: Asked | None) -> ResponseShape:
        """Give the shape of the answer about what is asked."""
        if self.ranges is None or asked is None:
            return self.shape
        return self.ranges.shape(asked.ends) or self.shape

    def merge_root(self, root: Any, data: Any, gathered: list[list[Any]]) -> None:
        """Put a root fetch's answer into the root record; raises ``Deviation``."""
        record = self.shape.accept(data)
        if self.root_gather is not None:  # first: it may put other objects into the record
            self.root_gather((record,), gathered)
        if self.root_merge is not None:
            self.root_merge((root,), (record,))

    def accept_part(self, size: int, data: Any) -> list[Any]:
        """Give one part of the entities as ``merge_entities`` takes it; raises ``Deviation``."""
        if type(data) is not list or len(data) != size:
            raise Deviation
        accepted: list[Any] = data if self.places[0].loader is not None else self.shape.accept(data)
        return accepted

    def merge_entities(self, asked: Asked, data: Any, gathered: list[list[Any]]) -> None:
        """Put the answer into the objects that were asked for; raises ``Deviation``."""
        if self.fetch.requires is None:  # all of them are the query root
            data = [data if self.places[0].loader is not None else self.shape.accept(data)]
        elif type(data) is not list or len(data) != len(asked.items):
            raise Deviation
        elif self.places[0].loader is None:
            data = self.shape.accept(data)
        is_read = self.places[0].loader is None or (self.ranges is not None and has_records(data))
        for place in self.places:
            place.take(gathered, asked.indices[place.path], data, is_read=is_read)


def compile_root_fetch(fetch: FetchNode, root: Place, records: Records) -> FetchProgram:
    """Compile a fetch of root fields."""
    record = records.given(root, fetch.id)
    return FetchProgram(
        fetch=fetch,
        is_mutation=fetch.kind is OperationKind.MUTATION,
        shape=FetchShape(
            record,
            records.shape(root, fetch.id, record),
            is_entity_fetch=False,
            has_packed=root.holds_packed(fetch.id),
        ),
        ranges=None,
        ask=None,
        places=(),
        root_merge=compile_merge(root, fetch.id, root, records, is_only=True),
        root_gather=compile_gather(root, fetch.id, records),
    )


def compile_entity_fetch(
    fetch: FetchNode, paths: Sequence[Reached], tree: PlaceTree, records: Records
) -> FetchProgram:
    """Compile a fetch of entities, or one of the root for objects that are the root again."""
    is_entity_fetch = fetch.requires is not None
    places = [place for reached in paths for place in reached.places]
    is_split = _is_split(fetch, places)
    kind: Any = msgspec.Raw
    filled = None
    if not is_split:
        record = records.given(places[0], fetch.id)
        kind = record | None if is_entity_fetch else record
        filled = records.shape(places[0], fetch.id, record)
    completed = [
        EntityPlace(
            path=path,
            list_number=reached.list_number,
            record=None if reached.is_one_kind else records.of(place),
            loader=_loader(place, fetch, records) if is_split else None,
            is_alone=_is_alone(fetch, places, reached) and not is_split,
            is_apart=_is_apart(place, fetch),
            merge=compile_merge(
                place,
                fetch.id,
                place if is_split else places[0],
                records,
                is_only=reached.is_one_kind,
            ),
            gather=compile_gather(place, fetch.id, records),
        )
        for path, reached in enumerate(paths)
        for place in reached.places
    ]
    return FetchProgram(
        fetch=fetch,
        is_mutation=fetch.kind is OperationKind.MUTATION,
        shape=FetchShape(
            list[kind] if is_entity_fetch else kind,
            filled,
            is_entity_fetch=is_entity_fetch,
            has_packed=not is_split and places[0].holds_packed(fetch.id),
        ),
        ranges=_ranges(fetch, paths, completed) if is_split else None,
        ask=compile_ask(fetch, paths, tree, records),
        places=tuple(completed),
        root_merge=None,
        root_gather=None,
    )


def _is_alone(fetch: FetchNode, places: Sequence[Place], reached: Reached) -> bool:
    """Tell whether all is asked for one place, in the order of its objects."""
    return len(places) == 1 and reached.is_one_kind and not fetch.contexts


def _is_apart(place: Place, fetch: FetchNode) -> bool:
    """Tell whether two objects with one representation may become different ones later on."""
    return place.makes_unshared(fetch.id)


def _ranges(
    fetch: FetchNode, paths: Sequence[Reached], completed: Sequence[EntityPlace]
) -> Ranges | None:
    """Give the shapes of entities that are of one type per path; None: they may be of several.

    Of paths to the same type, one may ask for what another has asked for.
    """
    type_names = {place.type_name for reached in paths for place in reached.places}
    is_told_by_path = len(type_names) == len(paths) == len(completed)
    if fetch.requires is None or fetch.input_rewrites or fetch.contexts or not is_told_by_path:
        return None
    if any(each.is_apart or each.loader is None or each.record for each in completed):
        return None
    return Ranges([each.loader.kind for each in completed if each.loader is not None])


def _loader(place: Place, fetch: FetchNode, records: Records) -> Loader:
    kind: Any = records.given(place, fetch.id) | None
    return Loader(kind, has_packed=place.holds_packed(fetch.id))


def _is_split(fetch: FetchNode, places: Sequence[Place]) -> bool:
    """Tell whether the places differ in the records that they need, or their objects do."""
    if any(_is_apart(place, fetch) for place in places):
        return True
    if len(places) == 1:
        return False
    given = [place.given_by(fetch.id) for place in places]
    if any(each.children for fields in given for each in fields):
        return True
    kinds = [
        {each.response_name: (each.type, each.name_from(fetch.id)) for each in fields}
        for fields in given
    ]
    return any(each != kinds[0] for each in kinds)
