"""The client's operation as the planner and the projection see it: immutable and normalized.

In: made by ``normalize`` from a validated document. Out: read by policy, planner and executor.

Invariants: fragment spreads are inlined, fields with equal response names in one selection set are
merged, constant @skip/@include are resolved and those on variables are kept as ``Condition``,
every ``SelectionSet.type_name`` is the API schema's type of its parent, and introspection fields
(``__schema``, ``__type``) stay in the root selection.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schema.selection import SelectionSet, Value
from schema.supergraph.model import TypeRef

__all__ = ["Operation", "OperationKind", "VariableDefinition"]


class OperationKind(StrEnum):
    """The three kinds of operation."""

    QUERY = "query"
    MUTATION = "mutation"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True)
class VariableDefinition:
    """A declared variable; ``default`` None means that it has none.

    ``given_as`` is the client's own name for it, where normalization had to choose another.
    """

    name: str
    type: TypeRef
    default: Value | None = None
    given_as: str | None = None

    @property
    def client_name(self) -> str:
        """The name under which the client sends its value."""
        return self.given_as or self.name


@dataclass(frozen=True, slots=True)
class Operation:
    """One executable operation; ``selection_set.type_name`` is the root type's name."""

    kind: OperationKind
    selection_set: SelectionSet
    variables: tuple[VariableDefinition, ...] = ()
    name: str | None = None
