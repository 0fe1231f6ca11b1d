"""KEY_FIELDS_HAS_ARGS, PROVIDES_FIELDS_HAS_ARGS: what is keyed or provided takes no arguments.

One value identifies or is provided, not one per argument; a @requires may ask with arguments.
"""

from __future__ import annotations

from schema.field_set import FieldSetError
from schema.selection import Field
from schema.subgraph.field_sets import field_set_uses, read_field_set, walk
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, SubgraphField

__all__ = ["check_fields_has_args"]


def check_fields_has_args(subgraph: Subgraph, findings: Findings) -> None:
    """Report every field with arguments in a @key or @provides."""
    for use in field_set_uses(subgraph):
        name = use.directive.name
        if name == "requires":
            continue
        try:
            selections = read_field_set(subgraph, use)
        except FieldSetError:
            continue
        for parent, field in walk(selections):
            definition = subgraph.find_field(parent, field.name)
            if definition is not None and _has_optional(definition, field):
                findings.report(
                    f"{name.upper()}_FIELDS_HAS_ARGS",
                    f'The @{name} on "{use.coordinate}" includes "{parent}.{field.name}", which '
                    "takes arguments; choose a field without.",
                    use.coordinate,
                )


def _has_optional(definition: SubgraphField, field: Field) -> bool:
    """Tell whether a field takes arguments, and no required one is missing: that is said apart."""
    given = {argument.name for argument in field.arguments}
    missing = [a for a in definition.arguments.values() if a.is_required and a.name not in given]
    return bool(definition.arguments) and not missing
