"""What of an operation its caller may not read.

In: an operation, the data classes, the grants of the caller's agency for the purpose named. Out: an
``Authorization``: the coordinates that the operation uses and that are denied, as data. The planner
walks no edge that needs one and the projection answers null with ``TIDAK_ADA_HAK``. Keys may still
be fetched to join; they are never shown.

A field of an interface is denied as soon as one implementation's is: whoever may not read one
must not learn it by asking for all. A field that finds a record by a personal value is denied to
whoever may read nothing of it: that there is such a record is told by finding it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateway.errors import PurposeRequired
from gateway.operation.model import Operation
from gateway.policy.classes import DataClasses
from gateway.policy.grants import AgencyGrants
from schema.selection import Field, SelectionSet

__all__ = ["Authorization", "authorize", "find_classed", "used_coordinates"]


@dataclass(frozen=True, slots=True)
class Authorization:
    """One decision. Masks will stand beside the denials and enter the profile."""

    denied: frozenset[str] = frozenset()  # coordinates
    profile: str = ""  # equal for equal decisions about equal coordinates
    denied_sources: Mapping[str, str] = field(default_factory=dict)  # coordinate -> subgraph


def authorize(
    operation: Operation,
    classes: DataClasses,
    grants: AgencyGrants,
    purpose: str | None,
    *,
    refused: frozenset[str] = frozenset(),
) -> Authorization:
    """Decide about every classed field that the operation uses.

    ``refused`` holds the coordinates that access directives close to the caller.

    Raises:
        PurposeRequired: if it uses one and no purpose is named.
    """
    classed = find_classed(operation, classes)
    if classed and purpose is None:
        raise PurposeRequired(
            f'"{classed[0]}" is personal data: name the purpose of your request in the header '
            '"Simpul-Purpose".'
        )
    ungranted = (each for where in classed for each in _denied(where, classes, grants))
    denied = refused.union(ungranted)
    return Authorization(
        denied,
        _profile(denied),
        {where: classes.sources[where] for where in sorted(denied) if where in classes.sources},
    )


def find_classed(operation: Operation, classes: DataClasses) -> tuple[str, ...]:
    """List the coordinates that the operation uses and that need a grant, in order of first use."""
    if not classes.fields:
        return ()
    return tuple(
        where
        for where in used_coordinates(operation)
        if where in classes.fields or where in classes.lookups
    )


def used_coordinates(operation: Operation) -> tuple[str, ...]:
    """List the coordinates that the operation uses, each once, in order of first use."""
    return tuple(dict.fromkeys(_coordinates(operation.selection_set)))


def _coordinates(selection_set: SelectionSet) -> Iterator[str]:
    for selection in selection_set:
        if isinstance(selection, Field):
            yield f"{selection_set.type_name}.{selection.name}"
        if selection.selections is not None:
            yield from _coordinates(selection.selections)


def _denied(where: str, classes: DataClasses, grants: AgencyGrants) -> tuple[str, ...]:
    if where in classes.lookups:
        found = ((each, classes.fields[each]) for each in classes.lookups[where])
        opened = grants.cover(where, None) or any(grants.cover(*each) for each in found)
        return () if opened else (where,)
    if grants.cover(where, classes.fields[where]):
        return ()
    implementations = classes.implementations.get(where)
    if implementations is None:
        return (where,)
    ungranted = tuple(
        each
        for each in implementations
        if each in classes.fields and not grants.cover(each, classes.fields[each])
    )
    return (where, *ungranted) if ungranted else ()


def _profile(denied: frozenset[str]) -> str:
    return hashlib.sha256("\n".join(sorted(denied)).encode()).hexdigest()[:16]
