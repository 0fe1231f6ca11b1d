"""Whether an aggregate of a declared file can be, and may be shown to whom it is shown.

In: a ``FileModel`` and the leaves of its types. Out: findings. Without a class everybody may ask:
nobody is then to be found by who they are, and no protected value is to be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapters.declared.model import FileModel, SummaryModel
from adapters.declared.plan import Leaf
from adapters.declared.summaries import CLOSED, COUNT, head_of, is_number
from adapters.kit.comparison_inputs import comparison_types
from adapters.yaml_document import Finding, Location

__all__ = ["find_summary_mistakes"]

_GROUPED = frozenset({"Boolean", "KodeWilayah", "KBLI"})
"""Scalars of few values, beside every enum."""

_PEOPLE = frozenset({"NIK", "NomorKK"})


def find_summary_mistakes(
    file: FileModel, paths: Mapping[str, Mapping[str, Leaf]]
) -> Iterator[Finding]:
    """Find what is wrong with the aggregates."""
    for name, model in file.summaries.items():
        place: Location = ("summaries", name)
        known = paths.get(model.type)
        if known is None:
            yield (*place, "type"), f'there is no type "{model.type}" under "types"'
            continue
        asked = (*(each.path for each in model.filters.values()), *model.where)
        unknown = [path for path in (*asked, *model.groups, *model.values) if path not in known]
        for path in unknown:
            yield place, f'there is no value "{path}"; there are {", ".join(known)}'
        if not unknown:
            yield from _check_paths(file, model, place, known)
            yield from _check_public(file, model, place, known)


def _check_paths(
    file: FileModel, model: SummaryModel, place: Location, known: Mapping[str, Leaf]
) -> Iterator[Finding]:
    compared = [(each.path, each.compare) for each in model.filters.values()]
    compared += [(path, each) for path, able in model.where.items() for each in able]
    for path, compare in compared:
        able = comparison_types(known[path].scalar)
        if compare not in able:
            yield place, f'{known[path].scalar} has no "{compare}"; it has {", ".join(able)}'
    for path in model.groups:
        if known[path].scalar not in _GROUPED and known[path].scalar not in file.enums:
            told = f'"{path}" is not enumerated: an enum, {", ".join(sorted(_GROUPED))} can be'
            yield (*place, "groups"), told
        if sum(leaf.startswith(f"{head_of(path)}.") for leaf in known) > 1:
            yield (*place, "groups"), f'"{path}" is one part of a key'
    for path in model.values:
        if not is_number(known[path].scalar) and known[path].scalar != "Tanggal":
            yield (*place, "values"), f'"{path}" is no number and no date'
    heads = [*map(head_of, model.groups), *model.values, COUNT, CLOSED]
    for head in sorted({head for head in heads if heads.count(head) > 1}):
        yield place, f'"{head}" would be twice in a group'


def _check_public(
    file: FileModel, model: SummaryModel, place: Location, known: Mapping[str, Leaf]
) -> Iterator[Finding]:
    if model.kelas is not None:
        return
    fields = file.types[model.type].fields
    for path in (*(each.path for each in model.filters.values()), *model.where):
        if known[path].scalar in _PEOPLE or fields[head_of(path)].kelas:
            yield place, f'"{path}" tells who somebody is: give the aggregate a "kelas"'
    for path in model.values:
        if fields[path].kelas:
            yield (*place, "values"), f'"{path}" is protected: give the aggregate a "kelas"'
