"""All changes from one schema to the next.

In: two schemas as clients see them, each with its supergraph where that is known. Out: changes,
the worst first and then by coordinate. graphql-core finds changes too; it gives none of them a
coordinate, does not look at deprecations, and knows nothing of who may read a field and who
answers it.
"""

from __future__ import annotations

from schema.changes.change import SchemaChange, Severity
from schema.changes.graphs import compare_graphs
from schema.changes.guards import compare_guards
from schema.changes.inputs import compare_directives
from schema.changes.side import ComparedSchema
from schema.changes.types import compare_types

__all__ = ["compare_schemas"]

_WORST_FIRST = tuple(Severity)


def compare_schemas(old: ComparedSchema, new: ComparedSchema) -> tuple[SchemaChange, ...]:
    """List every change from ``old`` to ``new``."""
    changes = [*compare_types(old.api, new.api), *compare_directives(old.api, new.api)]
    if old.supergraph is not None and new.supergraph is not None:
        changes += compare_guards(old.supergraph, new.supergraph)
        changes += compare_graphs(old.supergraph, new.supergraph)
    return tuple(sorted(changes, key=_order))


def _order(change: SchemaChange) -> tuple[int, str, str, str]:
    rank = _WORST_FIRST.index(change.severity)
    return rank, change.coordinate, change.code, change.message
