"""What a caller may choose of a list or relation, and what was chosen.

In: ``where`` and ``sort`` of the file, and the arguments ``saring`` and ``urutkan``. Out:
conditions and an order for the source; raises ``InvalidArgument``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.declared.kind import Condition, Ordering
from adapters.declared.model import FilterModel, Where
from adapters.declared.plan import Leaf, TypePlan, argument_of
from adapters.kit.filtering import Compare, Order, order_values, read_filters, read_order

__all__ = ["FILTER_ARGUMENT", "ORDER_ARGUMENT", "Choices", "build_choices", "read_fixed"]

FILTER_ARGUMENT = "saring"
ORDER_ARGUMENT = "urutkan"


@dataclass(frozen=True, slots=True)
class Choices:
    """What one list or relation allows; fields are named as arguments are."""

    leaves: Mapping[str, Leaf]
    comparisons: Mapping[str, tuple[Compare, ...]]
    orders: Mapping[str, Order]  # value of the enum -> order

    @property
    def arguments(self) -> dict[str, str]:
        """Give the arguments that exist, as a function's own names."""
        names = [FILTER_ARGUMENT] if self.comparisons else []
        names += [ORDER_ARGUMENT] if self.orders else []
        return {name: name for name in names}

    def conditions(self, given: Mapping[str, Any]) -> tuple[Condition, ...]:
        """Give the conditions that were chosen."""
        filters = read_filters(given.get(FILTER_ARGUMENT), self.comparisons)
        return tuple(Condition(self.leaves[f.field], f.compare, f.value) for f in filters)

    def order(self, given: Mapping[str, Any]) -> Ordering:
        """Give the order that was chosen; none if none was."""
        chosen: Sequence[Order] = read_order(given.get(ORDER_ARGUMENT), self.orders)
        return tuple((self.leaves[each.field], each.descending) for each in chosen)


def build_choices(where: Where, sort: Sequence[str], plan: TypePlan) -> Choices:
    """Give what a list, relation or summary allows."""
    paths = dict.fromkeys((*where, *sort))
    return Choices(
        {argument_of(path): plan.leaves[path] for path in paths},
        {argument_of(path): able for path, able in where.items()},
        order_values(argument_of(path) for path in sort),
    )


def read_fixed(
    filters: Mapping[str, FilterModel], plan: TypePlan, given: Mapping[str, Any]
) -> tuple[Condition, ...]:
    """Give the conditions of the arguments that the file names; a null asks for nothing."""
    return tuple(
        Condition(plan.leaves[each.path], each.compare, _one_or_many(given[argument]))
        for argument, each in filters.items()
        if given.get(argument) is not None
    )


def _one_or_many(value: Any) -> Any:
    return tuple(dict.fromkeys(value)) if isinstance(value, list) else value
