"""The federation specification, https://specs.apollo.dev/federation, versions 2.0 to 2.9.

In: nothing. Out: every directive and scalar with the version that introduced it, and the names
that a Federation 1 schema has without linking anything.
"""

from __future__ import annotations

from schema.spec.access import (
    ACCESS_DIRECTIVES,
    ACCESS_SCALARS,
    AUTHENTICATED_IDENTITY,
    POLICY_IDENTITY,
    REQUIRES_SCOPES_IDENTITY,
)
from schema.spec.cost import COST, COST_IDENTITY, LIST_SIZE
from schema.spec.directive import SpecifiedDirective, SpecifiedScalar
from schema.spec.feature_url import Version
from schema.spec.inaccessible import INACCESSIBLE, INACCESSIBLE_IDENTITY
from schema.spec.tag import TAG, TAG_IDENTITY

__all__ = [
    "FEDERATION_1_DIRECTIVES",
    "FEDERATION_DIRECTIVES",
    "FEDERATION_IDENTITY",
    "FEDERATION_SCALARS",
    "FEDERATION_VERSIONS",
    "KNOWN_IDENTITIES",
    "LATEST_FEDERATION_VERSION",
    "MACHINERY_FIELDS",
    "MACHINERY_TYPES",
]

FEDERATION_IDENTITY = "https://specs.apollo.dev/federation"
FEDERATION_VERSIONS: tuple[Version, ...] = tuple((2, minor) for minor in range(10))
LATEST_FEDERATION_VERSION: Version = FEDERATION_VERSIONS[-1]

# Specifications whose directives mean the same whether linked alone or through federation.
KNOWN_IDENTITIES = (
    FEDERATION_IDENTITY,
    TAG_IDENTITY,
    INACCESSIBLE_IDENTITY,
    AUTHENTICATED_IDENTITY,
    REQUIRES_SCOPES_IDENTITY,
    POLICY_IDENTITY,
    COST_IDENTITY,
)

_DIRECTIVES = (
    SpecifiedDirective(
        "key",
        "fields: {FieldSet}!, resolvable: Boolean = true",
        ("OBJECT", "INTERFACE"),
        since=(2, 0),
        repeatable=True,
    ),
    SpecifiedDirective("requires", "fields: {FieldSet}!", ("FIELD_DEFINITION",), since=(2, 0)),
    SpecifiedDirective("provides", "fields: {FieldSet}!", ("FIELD_DEFINITION",), since=(2, 0)),
    SpecifiedDirective("external", "reason: String", ("OBJECT", "FIELD_DEFINITION"), since=(2, 0)),
    SpecifiedDirective("extends", "", ("OBJECT", "INTERFACE"), since=(2, 0)),
    SpecifiedDirective(
        "shareable", "", ("OBJECT", "FIELD_DEFINITION"), since=(2, 0), repeatable_since=(2, 2)
    ),
    SpecifiedDirective(
        "override",
        "from: String!",
        ("FIELD_DEFINITION",),
        since=(2, 0),
        later_parameters=(("label: String", (2, 7)),),
    ),
    SpecifiedDirective(
        "composeDirective", "name: String!", ("SCHEMA",), since=(2, 1), repeatable=True
    ),
    SpecifiedDirective("interfaceObject", "", ("OBJECT",), since=(2, 3)),
    SpecifiedDirective(
        "context", "name: String!", ("INTERFACE", "OBJECT", "UNION"), since=(2, 8), repeatable=True
    ),
    SpecifiedDirective(
        "fromContext", "field: {ContextFieldValue}", ("ARGUMENT_DEFINITION",), since=(2, 8)
    ),
)

FEDERATION_DIRECTIVES: dict[str, SpecifiedDirective] = {
    directive.name: directive
    for directive in (*_DIRECTIVES, TAG, INACCESSIBLE, *ACCESS_DIRECTIVES, COST, LIST_SIZE)
}

FEDERATION_SCALARS: dict[str, SpecifiedScalar] = {
    scalar.name: scalar
    for scalar in (
        SpecifiedScalar("FieldSet", (2, 0)),
        *ACCESS_SCALARS,
        SpecifiedScalar("ContextFieldValue", (2, 8)),
    )
}

# What a schema without @link may apply; everything newer must be linked.
FEDERATION_1_DIRECTIVES = ("key", "requires", "provides", "external", "extends", "tag")

# What subgraph libraries add to a schema and composition must not see.
MACHINERY_TYPES = ("_Any", "_Entity", "_Service", "_FieldSet")
MACHINERY_FIELDS = ("_entities", "_service")
