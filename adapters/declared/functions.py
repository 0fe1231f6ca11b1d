"""The batch functions of a declared adapter: one closure per lookup, relation and list.

In: a checked file and its plans. Out: the functions of an ``AdapterDefinition``. A row belongs to
the key that is read from it, whatever was asked and in whatever order it came; of two rows with
one key the first counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.declared.choices import build_choices, read_fixed
from adapters.declared.kind import Ordering, PartlyFailed, Question, Records, Sought
from adapters.declared.model import FileModel, ListModel, RelationModel, names_of
from adapters.declared.plan import Leaf, TypePlan, argument_of
from adapters.errors import BadRecord
from adapters.kit.context import Context
from adapters.kit.definition import KeyedRoot, Listing, Lookup, Relation, Wanted
from adapters.kit.outcome import Failed, FieldMark, Outcomes, Page, PageRequest
from adapters.kit.paging import page_of

__all__ = ["build_keyed_roots", "build_listings", "build_lookups", "build_relations"]


_LONGEST = 100
"""Records in a list without pages. Doubled, an answer for a hundred parents may hold twenty
thousand records before anyone notices that the list wants pages."""


def build_lookups(plans: dict[str, TypePlan]) -> tuple[Lookup, ...]:
    """Make one lookup per type and key."""
    return tuple(_lookup(plan, key) for plan in plans.values() for key in plan.keys)


def build_keyed_roots(file: FileModel, plans: dict[str, TypePlan]) -> tuple[KeyedRoot, ...]:
    """Make the root fields that a key answers."""
    roots = []
    for name, lookup in file.lookups.items():
        key = plans[lookup.type].keys[0] if lookup.by is None else names_of(lookup.by)
        arguments = {path: argument_of(path) for path in key}
        roots.append(KeyedRoot(name, arguments, lookup.type))
    return tuple(roots)


def build_relations(file: FileModel, plans: dict[str, TypePlan]) -> tuple[Relation, ...]:
    """Make the fields that lead back to records of ours."""
    return tuple(
        _relation(parent, name, relation, plans[relation.type])
        for parent, relations in file.relations.items()
        for name, relation in relations.items()
    )


def build_listings(file: FileModel, plans: dict[str, TypePlan]) -> tuple[Listing, ...]:
    """Make the lists."""
    return tuple(_listing(name, each, plans[each.type]) for name, each in file.lists.items())


def _lookup(plan: TypePlan, key: tuple[str, ...]) -> Lookup:
    by = tuple(plan.leaves[path] for path in key)

    async def find(keys: Sequence[Any], wanted: Wanted, context: Context) -> Outcomes:
        fields = plan.needed(wanted, key)
        found: dict[Any, Any] = {}
        rows, failed = await _ask(Sought(plan, by, _tuples(keys, by), fields), context)
        for row in rows:
            found.setdefault(_key_of(row, by), plan.map_row(row, fields))
        return found | failed

    return Lookup(plan.name, key, find)


def _relation(parent: str, name: str, relation: RelationModel, plan: TypePlan) -> Relation:
    by = tuple(plan.leaves[path] for path in relation.by.values())
    own = tuple(plan.leaves[path] for path in plan.keys[0])
    choices = build_choices(relation.where, relation.sort, plan)

    async def find(
        keys: Sequence[Any],
        wanted: Wanted,
        context: Context,
        page: PageRequest | None = None,
        **given: Any,
    ) -> Outcomes:
        fields = plan.needed(wanted, relation.by.values())
        conditions, order = choices.conditions(given), choices.order(given)
        sought = Sought(plan, by, _tuples(keys, by), fields, conditions, order)
        groups: dict[Any, dict[Any, dict[str, Any]]] = {key: {} for key in keys}
        rows, failed = await _ask(sought, context)
        for row in rows:
            group = groups.get(_key_of(row, by))
            if group is not None:
                group.setdefault(_identity(row, own), plan.map_row(row, fields))
        if relation.one:
            return {
                key: next(iter(group.values())) for key, group in groups.items() if group
            } | failed
        if page is not None:
            return {key: _page(group, page, order) for key, group in groups.items()} | failed
        return {key: _bounded(f"{parent}.{name}", group) for key, group in groups.items()} | failed

    arguments = choices.arguments
    return Relation(parent, name, tuple(relation.by), find, arguments, paged=relation.paged)


def _page(group: dict[Any, dict[str, Any]], page: PageRequest, order: Ordering) -> Page:
    """Cut a page out of a parent's records: in the order chosen, else in that of their keys, which
    does not change from page to page."""
    if order:
        return page_of([*group.values()], page)
    turned = sorted(group.items(), key=lambda item: str(item[0]))
    return page_of([record for _, record in turned], page)


def _bounded(place: str, group: dict[Any, dict[str, Any]]) -> Any:
    """Give a parent's records; a list that grew too long is an error and is not cut silently."""
    if len(group) <= _LONGEST:
        return [*group.values()]
    return Failed(
        BadRecord(
            f'more than {_LONGEST} records belong to one key of "{place}": narrow the question, or '
            'declare the relation with "paged: true"'
        )
    )


def _listing(name: str, listed: ListModel, plan: TypePlan) -> Listing:
    paths = dict.fromkeys((*listed.order, *plan.keys[0]))
    order = tuple((plan.leaves[path], listed.descending) for path in paths)
    choices = build_choices(listed.where, listed.sort, plan)

    async def select(wanted: Wanted, context: Context, page: PageRequest, **given: Any) -> Page:
        conditions = (*read_fixed(listed.filters, plan, given), *choices.conditions(given))
        fields = plan.needed(wanted)
        records: Records = context.sources
        question = Question(plan, conditions, _joined(choices.order(given), order), fields, page)
        found = await records.select(question, context)
        nodes = [plan.map_row(row, fields) for row in found.nodes]
        return Page(nodes, found.has_next, found.end_cursor)

    arguments = {argument: argument for argument in listed.filters} | choices.arguments
    return Listing(name, select, arguments, paged=True)


def _joined(chosen: Ordering, own: Ordering) -> Ordering:
    """Sort by what was chosen, and then as the list always is."""
    named = {leaf.path for leaf, _ in chosen}
    return (*chosen, *((leaf, turn) for leaf, turn in own if leaf.path not in named))


async def _ask(sought: Sought, context: Context) -> tuple[Sequence[Any], dict[Any, Any]]:
    """Give the rows, and the outcomes of the keys whose calls failed."""
    records: Records = context.sources
    try:
        return await records.find(sought, context), {}
    except PartlyFailed as partly:
        is_single = len(sought.by) == 1
        failed = {key[0] if is_single else key: Failed(e) for key, e in partly.failed.items()}
        return partly.rows, failed


def _tuples(keys: Sequence[Any], by: tuple[Leaf, ...]) -> Sequence[tuple[Any, ...]]:
    return [(key,) for key in keys] if len(by) == 1 else keys


def _key_of(row: Any, by: tuple[Leaf, ...]) -> Any:
    return by[0].read(row) if len(by) == 1 else tuple(leaf.read(row) for leaf in by)


def _identity(row: Any, own: tuple[Leaf, ...]) -> Any:
    """Give what two rows of one record share; a row whose key cannot be read is its own."""
    parts = [leaf.read(row) for leaf in own]
    is_whole = all(part is not None and not isinstance(part, FieldMark) for part in parts)
    return tuple(parts) if is_whole else id(row)
