"""Merging the arguments of one field or directive, and the fields of one input object.

In: each subgraph's arguments. Out: those that all subgraphs have. One that is required somewhere
must be everywhere, since a subgraph would else refuse what the supergraph allows. Types merge to
the strictest, defaults must agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from schema.ast_value import as_list
from schema.composition.context import CompositionContext, Source, names_of
from schema.composition.merge.notes import merge_notes
from schema.composition.merge.types import merge_input_types
from schema.selection import ListValue, Literal, ObjectValue, Value, print_value
from schema.subgraph.model import SubgraphArgument
from schema.supergraph.model import ArgumentDefinition
from schema.type_ref import TypeRef

__all__ = [
    "ARGUMENT_CODES",
    "INPUT_FIELD_CODES",
    "InputCodes",
    "merge_arguments",
    "merge_default",
    "merge_input_type",
    "plain_arguments",
]


# One subgraph's arguments of a field or directive.
Arguments: TypeAlias = Source[Mapping[str, SubgraphArgument]]


@dataclass(frozen=True, slots=True)
class InputCodes:
    """The codes under which the same faults are reported for arguments and input fields."""

    noun: str
    type_mismatch: str
    default_mismatch: str
    type_hint: str


ARGUMENT_CODES = InputCodes(
    "argument",
    "FIELD_ARGUMENT_TYPE_MISMATCH",
    "FIELD_ARGUMENT_DEFAULT_MISMATCH",
    "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE",
)
INPUT_FIELD_CODES = InputCodes(
    "input field",
    "FIELD_TYPE_MISMATCH",
    "INPUT_FIELD_DEFAULT_MISMATCH",
    "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
)


def merge_arguments(
    context: CompositionContext,
    owner: str,
    sources: Sequence[Arguments],
) -> tuple[ArgumentDefinition, ...]:
    """Merge the arguments of the field or directive at the coordinate ``owner``."""
    names = dict.fromkeys(name for source in sources for name in source.element)
    merged = (_merge_argument(context, owner, name, sources) for name in names)
    return tuple(argument for argument in merged if argument is not None)


def plain_arguments(arguments: Iterable[SubgraphArgument]) -> tuple[ArgumentDefinition, ...]:
    """Take over the arguments of one definition as they are."""
    return tuple(ArgumentDefinition(a.name, a.type, a.default) for a in arguments)


def _merge_argument(
    context: CompositionContext,
    owner: str,
    name: str,
    sources: Sequence[Arguments],
) -> ArgumentDefinition | None:
    place = f"{owner}({name}:)"
    found = [Source(s.subgraph, s.element[name]) for s in sources if name in s.element]
    if len(found) < len(sources):
        _report_missing(context, place, found, [s for s in sources if name not in s.element])
        return None
    type_ = merge_input_type(context, place, found, ARGUMENT_CODES)
    if type_ is None:
        return None
    return ArgumentDefinition(
        name,
        type_,
        merge_default(context, place, found, ARGUMENT_CODES),
        merge_notes(context, [Source(s.subgraph, s.element.notes) for s in found], place),
    )


def _report_missing(
    context: CompositionContext,
    place: str,
    found: Sequence[Source[SubgraphArgument]],
    missing: Sequence[Arguments],
) -> None:
    required = [source for source in found if source.element.is_required]
    where = ", ".join(f'"{name}"' for name in names_of(missing))
    if required:
        context.report(
            "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
            f'The argument "{place}" is required in "{required[0].graph}" and missing in {where}; '
            "add it there, or make it optional.",
            [place],
            names_of(missing),
        )
        return
    context.hint(
        "INCONSISTENT_ARGUMENT_PRESENCE",
        f'The optional argument "{place}" is missing in {where} and is left out.',
        [place],
        names_of(missing),
    )


def merge_input_type(
    context: CompositionContext,
    place: str,
    sources: Sequence[Source[SubgraphArgument]],
    codes: InputCodes,
) -> TypeRef | None:
    """Merge the types of one argument or input field; None after an error."""
    types = [source.element.type for source in sources]
    merged = merge_input_types(types)
    if len(set(types)) == 1:
        return merged
    listed = _list_types(sources)
    if merged is None:
        context.report(
            codes.type_mismatch,
            f'The {codes.noun} "{place}" has incompatible types: {listed}; use one type.',
            [place],
            names_of(sources),
        )
    else:
        context.hint(
            codes.type_hint,
            f'The {codes.noun} "{place}" has different types: {listed}; "{merged}" is used.',
            [place],
            names_of(sources),
        )
    return merged


def merge_default(
    context: CompositionContext,
    place: str,
    sources: Sequence[Source[SubgraphArgument]],
    codes: InputCodes,
) -> Value | None:
    """Merge defaults: all the same but for the spelling of numbers and objects, or none."""
    defaults = [source.element.default for source in sources]
    distinct: dict[Value, Value] = {}
    for value in defaults:
        if value is not None:
            distinct.setdefault(_plain(value), value)
    if len(distinct) > 1:
        listed = ", ".join(
            f'"{print_value(s.element.default)}" in "{s.graph}"'
            for s in sources
            if s.element.default is not None
        )
        context.report(
            codes.default_mismatch,
            f'The {codes.noun} "{place}" has different defaults: {listed}; use one default.',
            [place],
            names_of(sources),
        )
    elif distinct and None in defaults:
        context.hint(
            "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
            f'The {codes.noun} "{place}" has a default in some subgraphs only; it is left out.',
            [place],
            names_of(sources),
        )
        return None
    default = next(iter(distinct.values()), None)
    return None if default is None else as_list(default, sources[0].element.type)


def _plain(value: Value) -> Value:
    """Give a value with the fields of its objects sorted and its numbers in one spelling."""
    match value:
        case ObjectValue():
            return ObjectValue(tuple(sorted((name, _plain(each)) for name, each in value.fields)))
        case ListValue():
            return ListValue(tuple(_plain(each) for each in value.items))
        case Literal() if value.text[0] in "-0123456789":
            return Literal(str(Decimal(value.text).normalize()))
        case _:
            return value


def _list_types(sources: Sequence[Source[SubgraphArgument]]) -> str:
    return ", ".join(f'"{s.element.type}" in "{s.graph}"' for s in sources)
