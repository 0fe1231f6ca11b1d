"""KEY_INVALID_FIELDS_TYPE and its siblings: a field set is written as a string.

``@key(fields: id)`` and ``@key(fields: ["id"])`` are what people write instead.
"""

from __future__ import annotations

from schema.selection import print_value
from schema.subgraph.field_sets import field_set_uses
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, argument_of, text_argument

__all__ = ["check_invalid_fields_type"]


def check_invalid_fields_type(subgraph: Subgraph, findings: Findings) -> None:
    """Report every field set that is no string."""
    for use in field_set_uses(subgraph):
        value = argument_of(use.directive, "fields")
        if value is None or text_argument(use.directive, "fields") is not None:
            continue
        name = use.directive.name
        findings.report(
            f"{name.upper()}_INVALID_FIELDS_TYPE",
            f'The fields of @{name} on "{use.coordinate}" are {print_value(value)}; '
            'write a string such as "id".',
            use.coordinate,
        )
