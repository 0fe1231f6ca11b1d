"""KEY_INVALID_FIELDS, KEY_DIRECTIVE_IN_FIELDS_ARG and their siblings: a field set can be read.

In one file, because one reading tells both: the text parses, its fields and arguments exist,
objects have selections and leaves have none, and fragments can apply.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.field_set import FieldSetError, FieldSetFault
from schema.selection import Field, Fragment, SelectionSet
from schema.subgraph.field_sets import FieldSetUse, field_set_uses, read_field_set
from schema.subgraph.findings import Findings
from schema.subgraph.literals import is_value_of
from schema.subgraph.model import Subgraph, TypeKind, text_argument

__all__ = ["check_invalid_fields"]

_COMPOSITE = (TypeKind.OBJECT, TypeKind.INTERFACE, TypeKind.UNION)


def check_invalid_fields(subgraph: Subgraph, findings: Findings) -> None:
    """Report every field set that does not parse or does not fit its type."""
    for use in field_set_uses(subgraph):
        if text_argument(use.directive, "fields") is None:
            continue
        if use.directive.name == "provides" and subgraph.kind_of(use.type_name) not in _COMPOSITE:
            continue  # PROVIDES_ON_NON_OBJECT_FIELD says it better
        try:
            selections = read_field_set(subgraph, use)
        except FieldSetError as error:
            _report(findings, use, _code(use, error.fault), str(error))
            continue
        for problem in _problems(subgraph, selections):
            _report(findings, use, _code(use, None), problem)


def _code(use: FieldSetUse, fault: FieldSetFault | None) -> str:
    name = use.directive.name.upper()
    if fault is FieldSetFault.DIRECTIVE:
        return f"{name}_DIRECTIVE_IN_FIELDS_ARG"
    return f"{name}_INVALID_FIELDS"


def _report(findings: Findings, use: FieldSetUse, code: str, problem: str) -> None:
    findings.report(
        code, f'On "{use.coordinate}", @{use.directive.name}: {problem}', use.coordinate
    )


def _problems(subgraph: Subgraph, selections: SelectionSet) -> Iterator[str]:
    for selection in selections:
        if isinstance(selection, Fragment):
            yield from _fragment_problems(subgraph, selections.type_name, selection)
        else:
            yield from _field_problems(subgraph, selections.type_name, selection)


def _fragment_problems(subgraph: Subgraph, parent: str, fragment: Fragment) -> Iterator[str]:
    condition = fragment.type_condition
    possible = set(subgraph.possible_types(condition))
    if subgraph.kind_of(condition) not in _COMPOSITE:
        yield f'there is no type "{condition}" to select on.'
    elif not possible & set(subgraph.possible_types(parent)):
        yield f'"... on {condition}" can never apply to "{parent}".'
    else:
        yield from _problems(subgraph, fragment.selections)


def _field_problems(subgraph: Subgraph, parent: str, field: Field) -> Iterator[str]:
    place = f'"{parent}.{field.name}"'
    if field.name == "__typename":
        return
    definition = subgraph.find_field(parent, field.name)
    if definition is None:
        yield f"{place} does not exist."
        return
    composite = subgraph.kind_of(definition.type.named) in _COMPOSITE
    if composite and field.selections is None:
        yield f"{place} is of a composite type; select its fields too."
    elif not composite and field.selections is not None:
        yield f"{place} has no fields to select; remove its selection."
    written = {argument.name for argument in field.arguments}
    for name in sorted(written - set(definition.arguments)):
        yield f'{place} has no argument "{name}".'
    for argument in definition.arguments.values():
        if argument.is_required and argument.name not in written:
            yield f'{place} needs its required argument "{argument.name}".'
    for passed in field.arguments:
        taken = definition.arguments.get(passed.name)
        if taken is not None and not is_value_of(subgraph, passed.value, taken.type):
            yield f'{place} takes "{taken.type}" as its argument "{passed.name}".'
    if field.selections is not None:
        yield from _problems(subgraph, field.selections)
