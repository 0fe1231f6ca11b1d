"""The query plan as data: made by the planner, walked by the executor; they share only this.

In: nothing. Out: frozen nodes. The printed notation is the field's own (``render.py``).

``Path`` elements of a plan are response names of the client's answer (after aliasing), ``"@"`` for
"every item of a list" (once per list level), and ``TypeCondition`` for "only objects whose runtime
type is one of these".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from gateway.operation.model import OperationKind
from schema.selection import SelectionSet
from schema.type_ref import TypeRef

__all__ = [
    "ConditionNode",
    "ContextVariable",
    "FetchNode",
    "FetchPath",
    "FlattenNode",
    "KeyRenamer",
    "ParallelNode",
    "PathElement",
    "PlanNode",
    "QueryPlan",
    "Rewrite",
    "SequenceNode",
    "TypeCondition",
    "TypenameSetter",
]


@dataclass(frozen=True, slots=True)
class TypeCondition:
    """Go on only where the object's ``__typename`` is one of ``types`` (concrete types, sorted)."""

    types: tuple[str, ...]


PathElement: TypeAlias = "str | TypeCondition"
FetchPath: TypeAlias = tuple[PathElement, ...]


@dataclass(frozen=True, slots=True)
class KeyRenamer:
    """Rename the last response name of ``path`` to ``rename_to``, wherever ``path`` leads.

    As an input rewrite its path starts at one representation; as an output rewrite at the fetch's
    data (for an entity fetch, at one entity).
    """

    path: FetchPath
    rename_to: str


@dataclass(frozen=True, slots=True)
class TypenameSetter:
    """Set ``__typename`` at ``path`` to ``type_name``: @interfaceObject, in representations."""

    path: FetchPath
    type_name: str


Rewrite: TypeAlias = "KeyRenamer | TypenameSetter"


@dataclass(frozen=True, slots=True)
class ContextVariable:
    """A variable of an entity fetch whose value an object above each entity gives.

    ``path`` leads to those objects and begins the path of the entities; ``selection`` leads from
    one of them to the value, by the response names of the merged data. Entities with different
    values cannot be in one ``_entities``.
    """

    name: str
    type: TypeRef
    path: FetchPath
    selection: SelectionSet


@dataclass(frozen=True, slots=True)
class FetchNode:
    """One request to one subgraph.

    ``requires`` None: a root fetch, ``selection_set`` is on the root type. Otherwise an entity
    fetch: ``requires`` holds one fragment per entity type with what goes into its representation
    (``__typename``, key, @requires inputs, by the response names they have in the merged data),
    and ``selection_set`` is on ``_Entity`` with one fragment per type.
    """

    id: int  # unique within the plan, in document order; names the fetch in inspection
    subgraph: str
    kind: OperationKind
    selection_set: SelectionSet
    requires: SelectionSet | None = None
    variables: tuple[str, ...] = ()  # the operation's variables that the selection uses, sorted
    input_rewrites: tuple[Rewrite, ...] = ()
    output_rewrites: tuple[Rewrite, ...] = ()
    # The part of ``requires`` that identifies the entity, in the same form and by the same names:
    # a null in it means that there is no representation, a null elsewhere is sent. None: not said,
    # and the executor then takes the fields that the API schema declares non-null.
    keys: SelectionSet | None = None
    contexts: tuple[ContextVariable, ...] = ()


@dataclass(frozen=True, slots=True)
class FlattenNode:
    """Run ``node`` for every object at ``path`` of the merged data, in one request.

    A root fetch here goes into objects that are the query root: a field gave it again.

    ``others`` are further places whose objects go into the same request: entity fetches of one
    level to one subgraph are one. Which fragment of ``node.requires`` an object takes is decided
    by its ``__typename`` alone, whichever path it was found at.
    """

    path: FetchPath
    node: FetchNode
    others: tuple[FetchPath, ...] = ()

    @property
    def paths(self) -> tuple[FetchPath, ...]:
        """All places, in document order."""
        return (self.path, *self.others)


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """Run one after another; each sees what the ones before it merged."""

    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class ParallelNode:
    """Run at the same time; merge in this order."""

    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class ConditionNode:
    """Run ``if_clause`` where the variable is true, else ``else_clause``; either may lack."""

    variable: str
    if_clause: PlanNode | None
    else_clause: PlanNode | None


PlanNode: TypeAlias = "FetchNode | FlattenNode | SequenceNode | ParallelNode | ConditionNode"


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """The whole plan; ``node`` None: nothing to fetch (introspection or ``__typename`` only)."""

    node: PlanNode | None
