"""The LIST_SIZE codes: a @listSize can be reckoned with.

Its field is a list (or has sized fields that are), the assumed size is not negative, slicing
arguments exist and are integers, sized fields exist.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.selection import Directive, ListValue, Literal
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, SubgraphField, argument_of

__all__ = ["check_list_size"]


def check_list_size(subgraph: Subgraph, findings: Findings) -> None:
    """Report what is wrong with every @listSize."""
    for definition in subgraph.composites():
        for field in definition.fields.values():
            directive = field.notes.find("listSize")
            if directive is None:
                continue
            place = f"{definition.name}.{field.name}"
            for code, problem in _problems(subgraph, field, directive):
                findings.report(code, f'@listSize on "{place}": {problem}', place)


def _problems(
    subgraph: Subgraph, field: SubgraphField, directive: Directive
) -> Iterator[tuple[str, str]]:
    sized = _names(directive, "sizedFields")
    if not sized and not field.type.is_list:
        yield "LIST_SIZE_APPLIED_TO_NON_LIST", "the field is no list; name its sized fields."
    size = argument_of(directive, "assumedSize")
    if isinstance(size, Literal) and size.text.startswith("-"):
        yield "LIST_SIZE_INVALID_ASSUMED_SIZE", f"the assumed size {size.text} is negative."
    for name in _names(directive, "slicingArguments"):
        argument = field.arguments.get(name)
        if argument is None:
            yield "LIST_SIZE_INVALID_SLICING_ARGUMENT", f'there is no argument "{name}".'
        elif str(argument.type.nullable) != "Int":
            yield "LIST_SIZE_INVALID_SLICING_ARGUMENT", f'the argument "{name}" is no integer.'
    for name in sized:
        found = subgraph.find_field(field.type.named, name)
        if found is None:
            yield "LIST_SIZE_INVALID_SIZED_FIELD", f'"{field.type.named}.{name}" does not exist.'
        elif not found.type.is_list:
            yield "LIST_SIZE_APPLIED_TO_NON_LIST", f'"{field.type.named}.{name}" is no list.'


def _names(directive: Directive, argument: str) -> tuple[str, ...]:
    value = argument_of(directive, argument)
    items = value.items if isinstance(value, ListValue) else ()
    return tuple(item.text.strip('"') for item in items if isinstance(item, Literal))
