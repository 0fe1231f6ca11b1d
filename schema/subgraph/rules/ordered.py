"""The rules that every subgraph must keep, in the order in which findings are reported.

In: a parsed subgraph. Out: all findings of all rules.
"""

from __future__ import annotations

from collections.abc import Callable

from schema.errors import CompositionError
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph
from schema.subgraph.rules.auth_requirements_applied_on_interface import (
    check_auth_requirements_applied_on_interface,
)
from schema.subgraph.rules.context_invalid_selection import check_context_invalid_selection
from schema.subgraph.rules.context_name_invalid import check_context_name_invalid
from schema.subgraph.rules.context_no_resolvable_key import check_context_no_resolvable_key
from schema.subgraph.rules.context_not_set import check_context_not_set
from schema.subgraph.rules.cost_applied_to_interface_field import (
    check_cost_applied_to_interface_field,
)
from schema.subgraph.rules.directive_composition_error import check_directive_composition_error
from schema.subgraph.rules.external_collision_with_another_directive import (
    check_external_collision_with_another_directive,
)
from schema.subgraph.rules.external_on_interface import check_external_on_interface
from schema.subgraph.rules.external_unused import check_external_unused
from schema.subgraph.rules.fields_has_args import check_fields_has_args
from schema.subgraph.rules.fields_missing_external import check_fields_missing_external
from schema.subgraph.rules.interface_key_not_on_implementation import (
    check_interface_key_not_on_implementation,
)
from schema.subgraph.rules.interface_object_usage_error import check_interface_object_usage_error
from schema.subgraph.rules.invalid_fields import check_invalid_fields
from schema.subgraph.rules.invalid_fields_type import check_invalid_fields_type
from schema.subgraph.rules.invalid_shareable_usage import check_invalid_shareable_usage
from schema.subgraph.rules.key_fields_select_invalid_type import (
    check_key_fields_select_invalid_type,
)
from schema.subgraph.rules.list_size import check_list_size
from schema.subgraph.rules.merged_directive_application_on_external import (
    check_merged_directive_application_on_external,
)
from schema.subgraph.rules.provides_on_non_object_field import (
    check_provides_on_non_object_field,
)
from schema.subgraph.rules.type_with_only_unused_external import (
    check_type_with_only_unused_external,
)
from schema.subgraph.rules.unsupported_on_interface import check_unsupported_on_interface

__all__ = ["SUBGRAPH_RULES", "UPGRADE_RULES", "check_subgraph", "check_upgrade"]

UPGRADE_RULES: tuple[Callable[[Subgraph, Findings], None], ...] = (
    check_type_with_only_unused_external,
)
"""What must hold before a Federation 1 schema is upgraded."""

SUBGRAPH_RULES: tuple[Callable[[Subgraph, Findings], None], ...] = (
    check_directive_composition_error,
    check_unsupported_on_interface,
    check_invalid_fields_type,
    check_invalid_fields,
    check_fields_has_args,
    check_key_fields_select_invalid_type,
    check_provides_on_non_object_field,
    check_fields_missing_external,
    check_external_on_interface,
    check_external_collision_with_another_directive,
    check_external_unused,
    check_merged_directive_application_on_external,
    check_invalid_shareable_usage,
    check_interface_object_usage_error,
    check_interface_key_not_on_implementation,
    check_auth_requirements_applied_on_interface,
    check_cost_applied_to_interface_field,
    check_list_size,
    check_context_name_invalid,
    check_context_not_set,
    check_context_invalid_selection,
    check_context_no_resolvable_key,
)


def check_upgrade(subgraph: Subgraph) -> tuple[CompositionError, ...]:
    """Apply the rules that look at a subgraph as its author wrote it."""
    return _check(subgraph, UPGRADE_RULES)


def check_subgraph(subgraph: Subgraph) -> tuple[CompositionError, ...]:
    """Apply every rule to an upgraded subgraph."""
    return _check(subgraph, SUBGRAPH_RULES)


def _check(
    subgraph: Subgraph, rules: tuple[Callable[[Subgraph, Findings], None], ...]
) -> tuple[CompositionError, ...]:
    findings = Findings(subgraph.name)
    for rule in rules:
        rule(subgraph, findings)
    return tuple(findings.errors)
