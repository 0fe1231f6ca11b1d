"""Filters and orders that a caller chooses: what a list or relation allows, and what was asked.

In: the arguments ``saring`` (field -> comparison -> value) and ``urutkan`` (values of an enum), and
what the field allows. Out: ``Filter``s and ``Order``s for the source; ``InvalidArgument`` that
names the field and what it allows, and never repeats a value. Input types are shared by all
subgraphs and so hold every comparison of a scalar; which of them a source can do is said here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from adapters.kit.outcome import InvalidArgument

__all__ = [
    "COMPARISONS",
    "COMPARISON_NAMES",
    "Compare",
    "Filter",
    "Order",
    "as_enum_value",
    "order_values",
    "read_filters",
    "read_order",
]

Compare: TypeAlias = Literal["equal", "in", "from", "to", "prefix"]
"""``from`` and ``to`` include their bound."""

COMPARISONS: tuple[Compare, ...] = get_args(Compare)

COMPARISON_NAMES: Mapping[str, Compare] = {
    "sama": "equal",
    "dalam": "in",
    "dari": "from",
    "sampai": "to",
    "awalan": "prefix",
}
"""Comparison as the graph names it -> as adapters do."""

_MOST_VALUES = 500
"""Values of one ``dalam``: a source takes as many in one statement or a few calls. Who has more
asks for entities by key, which are batched."""

_TURNS = {"NAIK": False, "TURUN": True}


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition; all of a list must hold."""

    field: str
    compare: Compare
    value: Any  # of ``in`` a tuple


@dataclass(frozen=True, slots=True)
class Order:
    """One field that is sorted by."""

    field: str
    descending: bool = False


def read_filters(
    given: Mapping[str, Any] | None,
    allowed: Mapping[str, Iterable[Compare]],
    argument: str = "saring",
) -> tuple[Filter, ...]:
    """Give the conditions of an argument; a null asks for nothing. Raises ``InvalidArgument``."""
    return tuple(
        _read_filter(f"{argument}.{field}", field, name, value, allowed.get(field, ()))
        for field, comparisons in (given or {}).items()
        for name, value in (comparisons or {}).items()
        if value is not None
    )


def order_values(fields: Iterable[str]) -> dict[str, Order]:
    """Give the enum of the orders by these fields: ``tanggalTerbit`` is ``TANGGAL_TERBIT_NAIK``."""
    return {
        f"{as_enum_value(field)}_{turn}": Order(field, descending)
        for field in fields
        for turn, descending in _TURNS.items()
    }


def read_order(
    given: Sequence[str] | None, values: Mapping[str, Order], argument: str = "urutkan"
) -> tuple[Order, ...]:
    """Give the orders of an argument, the first first. Raises ``InvalidArgument``."""
    found: dict[str, Order] = {}
    for name in given or ():
        if name not in values:
            known = ", ".join(values) or "nothing"
            raise InvalidArgument(f'"{argument}" cannot be "{name}" here: allowed are {known}.')
        found.setdefault(values[name].field, values[name])
    return tuple(found.values())


def as_enum_value(field: str) -> str:
    """Write a field's name as an enum's value."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", field).upper()


def _read_filter(
    place: str, field: str, name: str, value: Any, allowed: Iterable[Compare]
) -> Filter:
    compare = COMPARISON_NAMES[name]
    able = tuple(allowed)
    if compare not in able:
        known = ", ".join(f'"{own}"' for own, each in COMPARISON_NAMES.items() if each in able)
        told = f"allowed are {known}" if known else "this field cannot be filtered"
        raise InvalidArgument(f'"{place}.{name}" cannot be asked of the source: {told}.')
    if compare != "in":
        return Filter(field, compare, value)
    if len(value) > _MOST_VALUES:
        raise InvalidArgument(f'"{place}.{name}" holds more than {_MOST_VALUES} values.')
    return Filter(field, compare, tuple(dict.fromkeys(each for each in value if each is not None)))
