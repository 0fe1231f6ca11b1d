"""TYPE_WITH_ONLY_UNUSED_EXTERNAL: a Federation 1 type is more than fields that nothing uses.

The upgrade drops unused externals, and types that are left empty by that; one that other fields
refer to cannot be dropped.
"""

from __future__ import annotations

from schema.subgraph.field_sets import read_usage
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph

__all__ = ["check_type_with_only_unused_external"]


def check_type_with_only_unused_external(subgraph: Subgraph, findings: Findings) -> None:
    """Report every Federation 1 object whose fields are all external and unused."""
    if subgraph.version is not None:
        return
    usage = read_usage(subgraph)
    referenced = {f.type.named for t in subgraph.composites() for f in t.fields.values()}
    for definition in subgraph.objects():
        unused = [
            f
            for f in definition.fields.values()
            if f.is_external and not usage.is_used(definition.name, f.name)
        ]
        if definition.name in referenced and len(unused) == len(definition.fields):
            findings.report(
                "TYPE_WITH_ONLY_UNUSED_EXTERNAL",
                f'Every field of "{definition.name}" is @external and none is used; remove the '
                "type, or resolve a field.",
                definition.name,
            )
