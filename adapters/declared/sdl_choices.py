"""The input types and enums of what callers may choose: filters and orders, as SDL.

In: the lists and relations of a checked file. Out: their arguments, and the types these name: one
input per field with filters, one enum per field with orders, and the comparisons of each scalar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from adapters.declared.choices import FILTER_ARGUMENT, ORDER_ARGUMENT
from adapters.declared.model import FileModel, Where
from adapters.declared.plan import TypePlan, argument_of
from adapters.declared.sdl_text import quote_text
from adapters.kit.comparison_inputs import COMPARISON_TEXTS, comparison_input, comparison_types
from adapters.kit.filtering import order_values

__all__ = ["choice_arguments", "choice_type_names", "render_choices"]


def choice_arguments(name: str, where: Where, sort: Sequence[str] = ()) -> list[str]:
    """Give the arguments of a field that is called so."""
    found = [f"{FILTER_ARGUMENT}: {_filter_input(name)}"] if where else []
    return found + ([f"{ORDER_ARGUMENT}: [{_order_enum(name)}!]"] if sort else [])


def choice_type_names(file: FileModel) -> Iterator[str]:
    """Yield the names of the types of the file's own fields, which nothing else may have."""
    for name, _, where, sort in _choosing(file):
        if where:
            yield _filter_input(name)
        if sort:
            yield _order_enum(name)


def render_choices(file: FileModel, plans: dict[str, TypePlan]) -> Iterator[str]:
    """Write all types."""
    compared: dict[str, None] = {}
    for name, type_name, where, sort in _choosing(file):
        plan = plans[type_name]
        if where:
            compared |= dict.fromkeys(plan.leaves[path].scalar for path in where)
            yield _render_filters(name, where, plan)
        if sort:
            yield _render_orders(name, sort)
    yield from (_render_comparisons(scalar) for scalar in sorted(compared))


def _choosing(file: FileModel) -> Iterator[tuple[str, str, Where, Sequence[str]]]:
    """Yield every field that may have choices: its name, its records' type, filters, orders."""
    for name, listed in file.lists.items():
        yield _upper(name), listed.type, listed.where, listed.sort
    for parent, relations in file.relations.items():
        for name, each in relations.items():
            yield f"{parent}{_upper(name)}", each.type, each.where, each.sort
    for name, summary in file.summaries.items():
        yield _upper(name), summary.type, summary.where, ()


def _render_filters(name: str, paths: Iterable[str], plan: TypePlan) -> str:
    head = quote_text("Syarat yang harus dipenuhi semua.\n\nConditions that must all hold.", "")
    fields = "".join(
        quote_text(f"Menurut {path}.\n\nBy {path}.", "  ")
        + f"  {argument_of(path)}: {comparison_input(plan.leaves[path].scalar)}\n"
        for path in paths
    )
    return f"{head}input {_filter_input(name)} {{\n{fields}}}\n"


def _render_orders(name: str, paths: Iterable[str]) -> str:
    head = quote_text("Urutan; yang pertama didahulukan.\n\nAn order; the first comes first.", "")
    values = "".join(
        quote_text(_order_text(order.field, descending=order.descending), "  ") + f"  {value}\n"
        for value, order in order_values(argument_of(path) for path in paths).items()
    )
    return f"{head}enum {_order_enum(name)} {{\n{values}}}\n"


def _order_text(field: str, *, descending: bool) -> str:
    if descending:
        return f"{field}, dari yang terbesar.\n\n{field}, the greatest first."
    return f"{field}, dari yang terkecil.\n\n{field}, the least first."


def _render_comparisons(scalar: str) -> str:
    head = quote_text(f"Perbandingan {scalar}.\n\nComparisons of {scalar}.", "")
    fields = "".join(
        quote_text("\n\n".join(COMPARISON_TEXTS[compare]), "  ") + f"  {name}: {kind}\n"
        for compare, (name, kind) in comparison_types(scalar).items()
    )
    return f"{head}input {comparison_input(scalar)} {{\n{fields}}}\n"


def _filter_input(name: str) -> str:
    return f"Saring{name}"


def _order_enum(name: str) -> str:
    return f"Urutan{name}"


def _upper(name: str) -> str:
    return name[0].upper() + name[1:]
