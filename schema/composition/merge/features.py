"""The specifications that a merged supergraph uses, beside link, join, tag and inaccessible.

In: the merged types. Out: for each specification whose directives are applied anywhere (access
requirements, costs, contexts) its link, its directive definitions and its scalars, so that any
router reads the supergraph and refuses it if it cannot honor a security feature.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schema.composition.merge.argument import plain_arguments
from schema.spec.access import (
    AUTHENTICATED_IDENTITY,
    POLICY_IDENTITY,
    REQUIRES_SCOPES_IDENTITY,
)
from schema.spec.cost import COST_IDENTITY
from schema.spec.federation import FEDERATION_DIRECTIVES, LATEST_FEDERATION_VERSION
from schema.subgraph.build import parse_directive_definition
from schema.supergraph.model import (
    Applied,
    DirectiveDefinition,
    EnumType,
    InputObjectType,
    Link,
    ObjectType,
    ScalarType,
    TypeDefinition,
)

__all__ = ["Feature", "used_features"]


@dataclass(frozen=True, slots=True)
class Feature:
    """What one used specification adds to a supergraph."""

    link: Link
    directives: tuple[DirectiveDefinition, ...]
    scalars: tuple[ScalarType, ...]


@dataclass(frozen=True, slots=True)
class _Specification:
    link: Link
    directives: tuple[tuple[str, str], ...]  # (in the specification, in the supergraph)
    scalars: tuple[tuple[str, str], ...] = ()


_SECURITY = "SECURITY"
_SPECIFICATIONS = (
    _Specification(
        Link(f"{AUTHENTICATED_IDENTITY}/v0.1", purpose=_SECURITY),
        (("authenticated", "authenticated"),),
    ),
    _Specification(
        Link(f"{REQUIRES_SCOPES_IDENTITY}/v0.1", purpose=_SECURITY),
        (("requiresScopes", "requiresScopes"),),
        (("Scope", "requiresScopes__Scope"),),
    ),
    _Specification(
        Link(f"{POLICY_IDENTITY}/v0.1", purpose=_SECURITY),
        (("policy", "policy"),),
        (("Policy", "policy__Policy"),),
    ),
    _Specification(
        Link("https://specs.apollo.dev/context/v0.1", purpose=_SECURITY),
        (("context", "context"), ("fromContext", "context__fromContext")),
        (("ContextFieldValue", "context__ContextFieldValue"),),
    ),
    _Specification(
        Link(f"{COST_IDENTITY}/v0.1", imports=(("@listSize", "@listSize"),)),
        (("cost", "cost"), ("listSize", "listSize")),
    ),
)


def used_features(types: Mapping[str, TypeDefinition]) -> tuple[Feature, ...]:
    """List the features whose directives are applied."""
    used = {d.name for applied in _all_applied(types) for d in applied.directives}
    return tuple(
        _build_feature(specification)
        for specification in _SPECIFICATIONS
        if any(local in used for _, local in specification.directives)
    )


def _build_feature(specification: _Specification) -> Feature:
    scalars = dict(specification.scalars)
    return Feature(
        specification.link,
        tuple(_define(name, local, scalars) for name, local in specification.directives),
        tuple(ScalarType(local) for local in scalars.values()),
    )


def _define(name: str, local: str, scalars: dict[str, str]) -> DirectiveDefinition:
    specified = FEDERATION_DIRECTIVES[name]
    text = specified.define(local, LATEST_FEDERATION_VERSION, scalars)
    definition = parse_directive_definition(text)
    return DirectiveDefinition(
        local,
        definition.locations,
        plain_arguments(definition.arguments.values()),
        definition.repeatable,
        True,
    )


def _all_applied(types: Mapping[str, TypeDefinition]) -> Iterator[Applied]:
    for definition in types.values():
        yield definition.applied
        match definition:
            case ObjectType():
                for field in definition.fields.values():
                    yield field.applied
                    yield from (argument.applied for argument in field.arguments)
            case InputObjectType():
                yield from (field.applied for field in definition.fields.values())
            case EnumType():
                yield from (value.applied for value in definition.values.values())
            case _:
                pass
