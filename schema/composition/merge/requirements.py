"""Merging access requirements and costs: the stricter wins.

In: the applications of one directive on one element. Out: one application. Scopes and policies
are alternatives of conjunctions; who satisfies the merged one must satisfy each subgraph's, so
alternatives are combined pairwise and those that ask for more than another are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce

from schema.selection import Argument, Directive, ListValue, Literal, Value
from schema.subgraph.model import argument_of

__all__ = ["MERGED_REQUIREMENTS", "conjoin"]

Alternatives = frozenset[frozenset[str]]


def conjoin(first: Alternatives, second: Alternatives) -> Alternatives:
    """Combine two requirements so that both are satisfied by what satisfies the result."""
    both = {one | other for one in first for other in second}
    return frozenset(a for a in both if not any(b < a for b in both))


def read_alternatives(value: Value | None) -> Alternatives:
    """Read ``[["a", "b"], ["c"]]``."""
    groups = value.items if isinstance(value, ListValue) else ()
    return frozenset(
        frozenset(item.text for item in group.items if isinstance(item, Literal))
        for group in groups
        if isinstance(group, ListValue)
    )


def print_alternatives(alternatives: Alternatives) -> Value:
    """Write alternatives in a fixed order."""
    groups = sorted((tuple(sorted(group)) for group in alternatives), key=_length_first)
    return ListValue(tuple(ListValue(tuple(Literal(text) for text in group)) for group in groups))


def _length_first(group: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return len(group), group


def _merge_marks(found: Sequence[Directive]) -> Directive:
    return found[0]


def _merge_alternatives(argument: str, found: Sequence[Directive]) -> Directive:
    if len(set(found)) == 1:
        return found[0]
    merged = reduce(conjoin, (read_alternatives(argument_of(d, argument)) for d in found))
    return Directive(found[0].name, (Argument(argument, print_alternatives(merged)),))


def _merge_costs(found: Sequence[Directive]) -> Directive:
    return max(found, key=lambda directive: _integer(argument_of(directive, "weight")))


def _merge_list_sizes(found: Sequence[Directive]) -> Directive:
    arguments: list[Argument] = []
    sizes = [v for d in found if (v := argument_of(d, "assumedSize")) is not None]
    if sizes:
        arguments.append(Argument("assumedSize", max(sizes, key=_integer)))
    for name in ("slicingArguments", "sizedFields"):
        lists = [v for d in found if isinstance(v := argument_of(d, name), ListValue)]
        if lists:
            items = dict.fromkeys(item for value in lists for item in value.items)
            arguments.append(Argument(name, ListValue(tuple(items))))
    flags = [v for d in found if (v := argument_of(d, "requireOneSlicingArgument")) is not None]
    if flags:
        every = all(v == Literal("true") for v in flags)
        arguments.append(
            Argument("requireOneSlicingArgument", Literal("true" if every else "false"))
        )
    return Directive(found[0].name, tuple(arguments))


def _integer(value: Value | None) -> int:
    return int(value.text) if isinstance(value, Literal) and value.text != "null" else 0


MERGED_REQUIREMENTS: Mapping[str, Callable[[Sequence[Directive]], Directive]] = {
    "authenticated": _merge_marks,
    "requiresScopes": partial(_merge_alternatives, "scopes"),
    "policy": partial(_merge_alternatives, "policies"),
    "cost": _merge_costs,
    "listSize": _merge_list_sizes,
}
