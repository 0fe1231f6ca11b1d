"""The field's own access directives: ``@authenticated``, ``@requiresScopes``, ``@policy``.

In: a supergraph whose elements carry them, under whatever names its links give. Out:
``AccessRules``, compiled once, and for an operation and a caller the coordinates refused. Scopes
and policies are the caller's roles: a requirement is a choice of sets, one of which the caller must
hold whole. Whoever is named by a key is authenticated; the public is not.

A field's requirements are those of itself, its parent type and its leaf type together. Composition
has already seen to it that a field requires what its @requires inputs require.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateway.operation.model import Operation
from gateway.policy.authorize import used_coordinates
from schema.coordinates import coordinate
from schema.selection import Directive, ListValue, Literal, Value, evaluate
from schema.spec.access import (
    AUTHENTICATED_IDENTITY,
    POLICY_IDENTITY,
    REQUIRES_SCOPES_IDENTITY,
)
from schema.spec.feature_url import parse_feature_url
from schema.spec.link import LinkedFeature
from schema.supergraph.model import (
    Applied,
    EnumType,
    FieldDefinition,
    InterfaceType,
    ObjectType,
    ScalarType,
    Supergraph,
)

__all__ = ["AccessRules", "Requirement", "build_access_rules", "find_refused"]

_DIRECTIVES = {
    AUTHENTICATED_IDENTITY: "authenticated",
    REQUIRES_SCOPES_IDENTITY: "requiresScopes",
    POLICY_IDENTITY: "policy",
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a caller must be: named, and for each choice, holder of one of its sets whole."""

    choices: tuple[tuple[frozenset[str], ...], ...] = ()

    def is_met(self, roles: frozenset[str], *, is_named: bool) -> bool:
        """Tell whether a caller may pass."""
        return is_named and all(any(held <= roles for held in choice) for choice in self.choices)


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The requirements of one supergraph, by ``Type.field``."""

    fields: Mapping[str, Requirement] = field(default_factory=dict)


def build_access_rules(supergraph: Supergraph) -> AccessRules:
    """Compile every field's requirement."""
    names = _directive_names(supergraph)
    if not names:
        return AccessRules()
    own = {
        coordinate(definition.name, each.name): found
        for definition in supergraph.types.values()
        if isinstance(definition, ObjectType)
        for each in definition.fields.values()
        if (found := _requirement(supergraph, definition, each, names)) is not None
    }
    return AccessRules({**own, **dict(_of_interfaces(supergraph, own))})


def find_refused(
    operation: Operation, rules: AccessRules, roles: frozenset[str], *, is_named: bool
) -> frozenset[str]:
    """Name the coordinates that the operation uses and the caller may not read."""
    if not rules.fields:
        return frozenset()
    return frozenset(
        where
        for where in used_coordinates(operation)
        if where in rules.fields and not rules.fields[where].is_met(roles, is_named=is_named)
    )


def _directive_names(supergraph: Supergraph) -> dict[str, str]:
    """Map local names to the specifications' names."""
    names: dict[str, str] = {}
    for link in supergraph.links:
        url = parse_feature_url(link.url)
        directive = _DIRECTIVES.get(url.identity)
        if directive is not None:
            feature = LinkedFeature(url, link.alias, dict(link.imports))
            names[feature.local_directive(directive)] = directive
    return names


def _requirement(
    supergraph: Supergraph, parent: ObjectType, each: FieldDefinition, names: Mapping[str, str]
) -> Requirement | None:
    elements: list[Applied] = [parent.applied, each.applied]
    leaf = supergraph.types.get(each.type.named)
    if isinstance(leaf, ScalarType | EnumType):
        elements.append(leaf.applied)
    found = [
        (names[directive.name], directive)
        for applied in elements
        for directive in applied.directives
        if directive.name in names
    ]
    if not found:
        return None
    return Requirement(
        tuple(_choice(directive) for name, directive in found if name != "authenticated")
    )


def _choice(directive: Directive) -> tuple[frozenset[str], ...]:
    """Read ``scopes`` or ``policies``: a list of lists of names."""
    value: Value = directive.arguments[0].value if directive.arguments else ListValue(())
    sets = evaluate(value, {}) if not isinstance(value, Literal) else []
    return tuple(frozenset(each) for each in sets)


def _of_interfaces(
    supergraph: Supergraph, own: Mapping[str, Requirement]
) -> Iterator[tuple[str, Requirement]]:
    """Let an interface's field require what each implementation's does: any may be answered."""
    for name, definition in supergraph.types.items():
        if not isinstance(definition, InterfaceType):
            continue
        for field_name in definition.fields:
            where = coordinate(name, field_name)
            implementations = [
                coordinate(each, field_name) for each in supergraph.implementations(name)
            ]
            found = [own[each] for each in (where, *implementations) if each in own]
            if found:
                yield where, Requirement(tuple(c for each in found for c in each.choices))
