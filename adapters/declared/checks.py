"""Whether the names of a declared file meet: fields, keys, relations, lookups, lists.

In: a ``FileModel``. Out: findings, each at its place, all of them. What a kind of source cannot do
is found by the kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapters.declared.choices import FILTER_ARGUMENT, ORDER_ARGUMENT
from adapters.declared.model import (
    ChoiceModel,
    FieldModel,
    FileModel,
    RelationModel,
    names_of,
)
from adapters.declared.plan import Leaf, key_fields, spread_fields
from adapters.declared.rules import RULES, SCALAR_RULES
from adapters.declared.sdl_choices import choice_type_names
from adapters.declared.sdl_summaries import summary_type_names
from adapters.declared.summary_checks import find_summary_mistakes
from adapters.kit.comparison_inputs import comparison_input, comparison_types
from adapters.kit.filtering import Compare
from adapters.yaml_document import Finding, Location

__all__ = ["find_mistakes"]

_OWN = frozenset({"Query", "Mutation", "Subscription", "PageInfo", "TingkatKelas", "PolaSamaran"})


def find_mistakes(file: FileModel) -> list[Finding]:
    """Find every name that leads nowhere, and every one that is taken twice."""
    paths = {
        name: {leaf.path: leaf for group in spread_fields(file, model).values() for leaf in group}
        for name, model in file.types.items()
    }
    return [
        *_find_clashes(file),
        *_check_types(file, paths),
        *_check_references(file),
        *_check_relations(file, paths),
        *_check_lookups(file),
        *_check_lists(file, paths),
        *find_summary_mistakes(file, paths),
    ]


_Paths = Mapping[str, Mapping[str, Leaf]]


def _find_clashes(file: FileModel) -> Iterator[Finding]:
    scalars = (*SCALAR_RULES, *file.enums)
    seen = {*_OWN, *SCALAR_RULES, *map(comparison_input, scalars), *choice_type_names(file)}
    seen |= {*summary_type_names(file)}
    for section in ("types", "references", "enums"):
        for name in getattr(file, section):
            if name in seen:
                yield (section, name), "the name is taken"
            seen.add(name)
    for name in file.lists:
        if name in file.lookups:
            yield ("lists", name), "a lookup has this name"
    for name in file.summaries:
        if name in file.lookups or name in file.lists:
            yield ("summaries", name), "a lookup or list has this name"


def _check_types(file: FileModel, paths: _Paths) -> Iterator[Finding]:
    for name, model in file.types.items():
        for field_name, field in model.fields.items():
            yield from _check_field(file, ("types", name, "fields", field_name), field)
        for key in model.keys:
            for path in names_of(key):
                if path not in paths[name]:
                    yield ("types", name, "keys"), _no_path(path, paths[name])


def _check_field(file: FileModel, place: Location, field: FieldModel) -> Iterator[Finding]:
    if field.normalize is not None and field.normalize not in RULES:
        yield (*place, "normalize"), f"there is no such rule; there are {', '.join(RULES)}"
    if field.type in file.types or field.type in file.references:
        expected = key_fields(file, field.type)
        if set(field.key) != set(expected):
            told = ", ".join(f'"{name}"' for name in expected) or "none that it can be found by"
            yield (*place, "key"), f'the key of "{field.type}" has the fields {told}'
        if field.from_ is not None:
            yield (*place, "from"), 'a reference has "key" and no "from"'
        return
    if field.type not in SCALAR_RULES and field.type not in file.enums:
        yield (*place, "type"), f'there is no type "{field.type}" in this file'
    if field.key:
        yield (*place, "key"), '"key" goes with a type of "types" or "references"'


def _check_references(file: FileModel) -> Iterator[Finding]:
    for name, reference in file.references.items():
        for part, scalar in reference.key.items():
            if scalar not in SCALAR_RULES:
                place = ("references", name, "key", part)
                yield place, f"there is no such scalar; there are {', '.join(SCALAR_RULES)}"


def _check_relations(file: FileModel, paths: _Paths) -> Iterator[Finding]:
    for parent, relations in file.relations.items():
        expected = key_fields(file, parent)
        if not expected:
            told = f'there is no type "{parent}" with a key of its own fields'
            yield ("relations", parent), told
            continue
        for name, relation in relations.items():
            place = ("relations", parent, name)
            if parent in file.types and name in file.types[parent].fields:
                yield place, "the type has a field of this name"
            yield from _check_relation(relation, place, expected, paths)


def _check_relation(
    relation: RelationModel, place: Location, expected: dict[str, str], paths: _Paths
) -> Iterator[Finding]:
    if set(relation.by) != set(expected):
        told = ", ".join(f'"{name}"' for name in expected)
        yield (*place, "by"), f"the parent's key has the fields {told}"
        return
    if relation.one and relation.paged:
        yield (*place, "paged"), 'one record has no pages: give either "one" or "paged"'
    known = paths.get(relation.type)
    if known is None:
        yield (*place, "type"), f'there is no type "{relation.type}" under "types"'
        return
    for part, path in relation.by.items():
        if path not in known:
            yield (*place, "by", part), _no_path(path, known)
        elif known[path].scalar != expected[part]:
            told = f'"{path}" is {known[path].scalar} and "{part}" is {expected[part]}'
            yield (*place, "by", part), told
    yield from _check_choices(relation, place, known)


def _check_choices(
    model: ChoiceModel, place: Location, known: Mapping[str, Leaf]
) -> Iterator[Finding]:
    for path, comparisons in model.where.items():
        if path not in known:
            yield (*place, "where", path), _no_path(path, known)
            continue
        for compare in comparisons:
            yield from _check_compare(compare, known[path], (*place, "where", path))
    for number, path in enumerate(model.sort):
        if path not in known:
            yield (*place, "sort", number), _no_path(path, known)


def _check_compare(compare: Compare, leaf: Leaf, place: Location) -> Iterator[Finding]:
    able = comparison_types(leaf.scalar)
    if compare not in able:
        yield place, f'{leaf.scalar} has no "{compare}"; it has {", ".join(able)}'


def _check_lookups(file: FileModel) -> Iterator[Finding]:
    for name, lookup in file.lookups.items():
        model = file.types.get(lookup.type)
        if model is None:
            yield ("lookups", name, "type"), f'there is no type "{lookup.type}" under "types"'
        elif lookup.by is not None and lookup.by not in model.keys:
            yield ("lookups", name, "by"), f'"{lookup.type}" has no such key'


def _check_lists(file: FileModel, paths: _Paths) -> Iterator[Finding]:
    for name, listed in file.lists.items():
        known = paths.get(listed.type)
        if known is None:
            yield ("lists", name, "type"), f'there is no type "{listed.type}" under "types"'
            continue
        for argument, each in listed.filters.items():
            filtered = ("lists", name, "filters", argument)
            if each.path not in known:
                yield (*filtered, "path"), _no_path(each.path, known)
            else:
                yield from _check_compare(each.compare, known[each.path], filtered)
            if argument in ("first", "after"):
                yield filtered, "the page has an argument of this name"
            if argument in (FILTER_ARGUMENT, ORDER_ARGUMENT):
                yield filtered, 'this is the argument of "where" or "sort"'
        for place, path in enumerate(listed.order):
            if path not in known:
                yield ("lists", name, "order", place), _no_path(path, known)
        yield from _check_choices(listed, ("lists", name), known)


def _no_path(path: str, known: Mapping[str, Leaf]) -> str:
    return f'there is no value "{path}"; there are {", ".join(known)}'
