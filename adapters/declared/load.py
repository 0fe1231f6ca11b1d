"""A declared adapter's file to an ``Adapter``.

In: a path, and what gives a kind of source by name. Out: an ``Adapter`` like any other, or
``DocumentError`` with every mistake at its line and column. The settings that the file itself
gives hold where the configuration is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from adapters.declared.checks import find_mistakes
from adapters.declared.functions import (
    build_keyed_roots,
    build_listings,
    build_lookups,
    build_relations,
)
from adapters.declared.kind import Declaration, Kind, Records
from adapters.declared.model import FileModel, ListModel, RelationModel, SummaryModel, names_of
from adapters.declared.plan import TypePlan, build_plans
from adapters.declared.sdl import render_sdl
from adapters.declared.summaries import build_summaries
from adapters.kit.adapter import Adapter, Opening
from adapters.kit.definition import AdapterDefinition
from adapters.kit.filtering import Compare
from adapters.yaml_document import Finding, Location, YamlDocument, load_document, message_of

__all__ = ["LoadKind", "load_declared"]

LoadKind = Callable[[str], Kind]
"""Gives a kind of source by name; raises ``LookupError`` with what to do."""


def load_declared(path: Path, load_kind: LoadKind) -> Adapter[Any]:
    """Load a declared adapter; raises ``DocumentError``."""
    document = load_document(path)
    file = _read_model(document)
    mistakes = find_mistakes(file)
    if mistakes:
        raise document.refuse(mistakes)
    kind = _find_kind(file, document, load_kind)
    given = {name: value for name, value in file.source.items() if name != "kind"}
    plans = build_plans(file)
    places = _read_places(file, kind, given, document)
    declaration = Declaration(
        file.name,
        plans,
        places,
        found_by=_sought(file),
        listed_by=_filters(file),
        listed=frozenset(each.type for each in file.lists.values()),
        ordered=_ordered(file),
        summarized=frozenset(each.type for each in file.summaries.values()),
        refined=frozenset(each.type for each in _relations(file) if each.where or each.sort),
    )
    mistakes = [*kind.find_mistakes(declaration)]
    if mistakes:
        raise document.refuse(mistakes)

    async def open_sources(settings: Any, opening: Opening) -> Records:
        return await kind.open(settings, declaration, opening)

    defaults = kind.rebase(given, path.parent.absolute())
    return Adapter(_define(file, plans), kind.settings, open_sources, defaults)


def _read_model(document: YamlDocument) -> FileModel:
    try:
        return FileModel.model_validate(_plain(document.root))
    except ValidationError as error:
        raise document.refuse_entries([dict(entry) for entry in error.errors()]) from None


def _plain(node: Any) -> Any:
    """Give mappings and lists without their places."""
    if isinstance(node, Mapping):
        return {str(name): _plain(value) for name, value in node.items()}
    return [_plain(item) for item in node] if isinstance(node, list) else node


def _find_kind(file: FileModel, document: YamlDocument, load_kind: LoadKind) -> Kind:
    try:
        return load_kind(str(file.source.get("kind", "")))
    except LookupError as error:
        raise document.refuse([(("source", "kind"), str(error.args[0]))]) from None


def _read_places(
    file: FileModel, kind: Kind, given: Mapping[str, Any], document: YamlDocument
) -> dict[str, Any]:
    """Check the settings that the file gives, and where each type's records are."""
    findings = [
        finding
        for finding in _validate(kind.settings, given, ("source",))[1]
        if finding[1] != "is required"  # the configuration may give it
    ]
    places: dict[str, Any] = {}
    for name, model in file.types.items():
        place, found = _validate(kind.place, model.from_, ("types", name, "from"))
        places[name] = place
        findings += found
    if findings:
        raise document.refuse(findings)
    return places


def _validate(
    model: type[BaseModel], values: Mapping[str, Any], place: Location
) -> tuple[Any, list[Finding]]:
    try:
        return model.model_validate(dict(values)), []
    except ValidationError as error:
        return None, [((*place, *e["loc"]), message_of(dict(e))) for e in error.errors()]


def _sought(file: FileModel) -> dict[str, tuple[tuple[str, ...], ...]]:
    """List for each type the paths that its records are sought by."""
    found = {name: [names_of(key) for key in model.keys] for name, model in file.types.items()}
    for relation in _relations(file):
        found[relation.type].append(tuple(relation.by.values()))
    return {name: tuple(dict.fromkeys(groups)) for name, groups in found.items()}


def _filters(file: FileModel) -> dict[str, tuple[tuple[str, Compare], ...]]:
    found: dict[str, list[tuple[str, Compare]]] = {name: [] for name in file.types}
    fixed: list[ListModel | SummaryModel] = [*file.lists.values(), *file.summaries.values()]
    for listed in fixed:
        found[listed.type] += [(each.path, each.compare) for each in listed.filters.values()]
    for each in (*_choosing(file), *file.summaries.values()):
        found[each.type] += [(path, one) for path, able in each.where.items() for one in able]
    return {name: tuple(dict.fromkeys(pairs)) for name, pairs in found.items()}


def _ordered(file: FileModel) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {name: [] for name in file.types}
    for listed in file.lists.values():
        found[listed.type] += listed.order
        if listed.descending:
            found[listed.type] += names_of(file.types[listed.type].keys[0])
    for each in _choosing(file):
        found[each.type] += each.sort
    return {name: tuple(dict.fromkeys(paths)) for name, paths in found.items()}


def _choosing(file: FileModel) -> list[ListModel | RelationModel]:
    return [*file.lists.values(), *_relations(file)]


def _relations(file: FileModel) -> list[RelationModel]:
    return [each for group in file.relations.values() for each in group.values()]


def _define(file: FileModel, plans: dict[str, TypePlan]) -> AdapterDefinition:
    return AdapterDefinition(
        file.name,
        render_sdl(file, plans),
        build_lookups(plans),
        build_relations(file, plans),
        (
            *build_keyed_roots(file, plans),
            *build_listings(file, plans),
            *build_summaries(file, plans),
        ),
    )
