"""Aggregates of declared adapters: counts, least, greatest and mean values by group.

In: ``summaries`` of a checked file. Out: root fields' functions. The source counts; a group that
it spells in several ways becomes one here, and small groups are closed where everybody may ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.declared.choices import build_choices, read_fixed
from adapters.declared.kind import Measured, Summaries
from adapters.declared.model import FileModel, SummaryModel
from adapters.declared.plan import TypePlan, argument_of
from adapters.kit.context import Context
from adapters.kit.definition import Listing, Wanted
from adapters.kit.filtering import as_enum_value
from adapters.kit.outcome import Page, PageRequest
from adapters.kit.paging import page_of
from adapters.kit.summary import Cell, Measure, is_small, merge_cells

__all__ = ["CLOSED", "COUNT", "GROUP_ARGUMENT", "build_summaries", "head_of", "is_number"]

GROUP_ARGUMENT = "menurut"
COUNT, CLOSED = "jumlah", "tertutup"

_NUMBERS = frozenset({"Int", "Float", "Rupiah"})


def build_summaries(file: FileModel, plans: dict[str, TypePlan]) -> tuple[Listing, ...]:
    """Make the root fields."""
    return tuple(_summary(name, each, plans[each.type]) for name, each in file.summaries.items())


def is_number(scalar: str) -> bool:
    """Tell whether values of a scalar have a mean."""
    return scalar in _NUMBERS


def head_of(path: str) -> str:
    """Give the field that a path begins with."""
    return path.split(".")[0]


def _summary(name: str, model: SummaryModel, plan: TypePlan) -> Listing:
    choices = build_choices(model.where, (), plan)
    groups = {as_enum_value(argument_of(path)): path for path in model.groups}

    async def summarize(wanted: Wanted, context: Context, page: PageRequest, **given: Any) -> Page:
        conditions = (*read_fixed(model.filters, plan, given), *choices.conditions(given))
        by = [groups[value] for value in dict.fromkeys(given.get(GROUP_ARGUMENT) or ())]
        values = [path for path in model.values if path in wanted]
        measured = Measured(
            plan,
            conditions,
            tuple(plan.leaves[path] for path in by),
            tuple((plan.leaves[path], is_number(plan.leaves[path].scalar)) for path in values),
        )
        records: Summaries = context.sources
        cells = merge_cells(await records.summarize(measured, context))
        hides = model.kelas is None
        return page_of([_record(cell, by, values, hides=hides) for cell in cells], page)

    arguments = {argument: argument for argument in (*model.filters, *choices.arguments)}
    if groups:
        arguments[GROUP_ARGUMENT] = GROUP_ARGUMENT
    return Listing(name, summarize, arguments, paged=True)


def _record(cell: Cell, by: Sequence[str], values: Sequence[str], *, hides: bool) -> dict[str, Any]:
    closed = hides and is_small(cell.count)
    record: dict[str, Any] = {COUNT: None if closed else cell.count, CLOSED: closed}
    for path, value in zip(by, cell.group, strict=True):
        head, _, part = path.partition(".")
        record[head] = {part: value} if part and isinstance(value, str) else value
    for path, measure in zip(values, cell.measures, strict=True):
        is_hidden = closed or (hides and is_small(measure.count))
        record[path] = None if is_hidden or not measure.count else _shown(measure)
    return record


def _shown(measure: Measure) -> dict[str, Any]:
    return {"terkecil": measure.least, "terbesar": measure.most, "rataRata": measure.mean}
