"""The types of aggregates, as SDL.

In: ``summaries`` of a checked file. Out: the root fields, a type and an enum of groups for each,
and what measures are made of, which is the same in every subgraph.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapters.declared.model import FileModel, SummaryModel
from adapters.declared.plan import TypePlan, argument_of
from adapters.declared.sdl_choices import choice_arguments
from adapters.declared.sdl_text import quote_description, quote_text
from adapters.declared.summaries import CLOSED, COUNT, GROUP_ARGUMENT, head_of, is_number
from adapters.kit.comparison_inputs import filter_type
from adapters.kit.filtering import as_enum_value

__all__ = ["render_summary_fields", "render_summary_types", "summary_type_names"]

_NUMBER, _DATE = "RingkasanAngka", "RingkasanTanggal"

_MEASURES = {
    "terkecil": "Nilai terkecil.\n\nThe least value.",
    "terbesar": "Nilai terbesar.\n\nThe greatest value.",
    "rataRata": "Nilai rata-rata.\n\nThe mean value.",
}


def summary_type_names(file: FileModel) -> Iterator[str]:
    """Yield the names of all types, which nothing else may have."""
    if file.summaries:
        yield from (_NUMBER, _DATE)
    for name in file.summaries:
        yield from (_row(name), _page(name), _groups(name))


def render_summary_fields(file: FileModel, plans: dict[str, TypePlan]) -> Iterator[str]:
    """Write the root fields."""
    for name, model in file.summaries.items():
        plan = plans[model.type]
        given = ["first: Int", "after: String"]
        given += [
            f"{argument}: {filter_type(plan.leaves[each.path].scalar, each.compare)}"
            f"{'!' if each.required else ''}"
            for argument, each in model.filters.items()
        ]
        given += choice_arguments(_upper(name), model.where)
        if model.groups:
            given.append(f"{GROUP_ARGUMENT}: [{_groups(name)}!]")
        mark = f" @kelas(tingkat: {model.kelas})" if model.kelas else ""
        head = f"{name}({', '.join(given)}): {_page(name)}{mark}"
        yield f"{quote_description(model.description, '  ')}  {head}\n"


def render_summary_types(file: FileModel, plans: dict[str, TypePlan]) -> Iterator[str]:
    """Write all types."""
    measured = set()
    for name, model in file.summaries.items():
        plan = plans[model.type]
        measured |= {_measure(plan.leaves[path].scalar) for path in model.values}
        yield _render_page(name)
        yield _render_row(file, name, model, plan)
        if model.groups:
            yield _render_groups(name, model)
    if _NUMBER in measured:
        yield _render_measure(_NUMBER, "Float", (*_MEASURES,))
    if _DATE in measured:
        yield _render_measure(_DATE, "Tanggal", ("terkecil", "terbesar"))


def _render_page(name: str) -> str:
    head = quote_text("Sehalaman kelompok.\n\nA page of groups.", "")
    nodes = quote_text("Kelompoknya.\n\nThe groups.", "  ")
    info = quote_text("Letak halaman.\n\nThe page's place.", "  ")
    fields = f"{nodes}  nodes: [{_row(name)}]!\n{info}  pageInfo: PageInfo!\n"
    return f"{head}type {_page(name)} {{\n{fields}}}\n"


def _render_row(file: FileModel, name: str, model: SummaryModel, plan: TypePlan) -> str:
    fields = [(head_of(path), plan.model.fields[head_of(path)].type) for path in model.groups]
    fields += [(path, _measure(plan.leaves[path].scalar)) for path in model.values]
    head = quote_text(f"Satu kelompok {model.type}.\n\nOne group of {model.type}.", "")
    body = "".join(
        f"{quote_description(plan.model.fields[each].description, '  ')}  {each}: {kind}\n"
        for each, kind in fields
    )
    count = quote_text("Banyaknya; kosong bila terlalu kecil.\n\nCount; null if too small.", "  ")
    closed = quote_text("Terlalu kecil untuk dibuka.\n\nToo small to be shown.", "  ")
    body += f"{count}  {COUNT}: Int\n{closed}  {CLOSED}: Boolean!\n"
    return f"{head}type {_row(name)} {{\n{body}}}\n"


def _render_groups(name: str, model: SummaryModel) -> str:
    head = quote_text("Pengelompokan.\n\nWhat is grouped by.", "")
    values = "".join(
        f"{quote_text(f'Menurut {path}.', '  ')}  {as_enum_value(argument_of(path))}\n"
        for path in model.groups
    )
    return f"{head}enum {_groups(name)} {{\n{values}}}\n"


def _render_measure(name: str, scalar: str, fields: tuple[str, ...]) -> str:
    head = quote_text("Ringkasan nilai.\n\nA summary of values.", "")
    body = "".join(f"{quote_text(_MEASURES[each], '  ')}  {each}: {scalar}\n" for each in fields)
    return f"{head}type {name} @shareable {{\n{body}}}\n"


def _measure(scalar: str) -> str:
    return _NUMBER if is_number(scalar) else _DATE


def _row(name: str) -> str:
    return f"Kelompok{_upper(name)}"


def _page(name: str) -> str:
    return f"Koneksi{_row(name)}"


def _groups(name: str) -> str:
    return f"Menurut{_upper(name)}"


def _upper(name: str) -> str:
    return name[0].upper() + name[1:]
