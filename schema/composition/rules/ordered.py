"""The rules that the merged whole must keep, in the order in which findings are reported."""

from __future__ import annotations

from collections.abc import Callable

from schema.composition.context import CompositionContext
from schema.composition.rules.disallowed_inaccessible import check_disallowed_inaccessible
from schema.composition.rules.implicitly_upgraded_federation_version import (
    check_implicitly_upgraded_federation_version,
)
from schema.composition.rules.inaccessible import check_inaccessible
from schema.composition.rules.inconsistent_presence import hint_inconsistent_presence
from schema.composition.rules.interface_field_no_implem import check_interface_field_no_implem
from schema.composition.rules.interface_key_missing_implementation_type import (
    check_interface_key_missing_implementation_type,
)
from schema.composition.rules.interface_object_usage_error import (
    check_interface_object_usage_error,
)
from schema.composition.rules.invalid_field_sharing import check_invalid_field_sharing
from schema.composition.rules.invalid_graphql import check_invalid_graphql
from schema.composition.rules.link_import_name_mismatch import check_link_import_name_mismatch
from schema.composition.rules.missing_transitive_auth_requirements import (
    check_missing_transitive_auth_requirements,
)
from schema.composition.rules.no_queries import check_no_queries
from schema.composition.rules.requires_invalid_fields import check_requires_invalid_fields
from schema.composition.rules.shareable_has_mismatched_runtime_types import (
    check_shareable_has_mismatched_runtime_types,
)
from schema.supergraph.model import Supergraph

__all__ = ["SUPERGRAPH_RULES", "check_supergraph"]

SUPERGRAPH_RULES: tuple[Callable[[CompositionContext, Supergraph], None], ...] = (
    check_implicitly_upgraded_federation_version,
    check_link_import_name_mismatch,
    check_no_queries,
    check_requires_invalid_fields,
    check_invalid_field_sharing,
    check_shareable_has_mismatched_runtime_types,
    check_interface_field_no_implem,
    check_interface_key_missing_implementation_type,
    check_interface_object_usage_error,
    check_invalid_graphql,
    check_missing_transitive_auth_requirements,
    check_disallowed_inaccessible,
    check_inaccessible,
    hint_inconsistent_presence,
)


def check_supergraph(context: CompositionContext, supergraph: Supergraph) -> None:
    """Apply every rule to a merged supergraph; findings go to the context."""
    for rule in SUPERGRAPH_RULES:
        rule(context, supergraph)
