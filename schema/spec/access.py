"""The access specifications: authenticated, requiresScopes and policy.

Each is a specification of its own (https://specs.apollo.dev/authenticated and its siblings); they
share their locations and the rule that a stricter requirement wins.
"""

from __future__ import annotations

from schema.spec.directive import SpecifiedDirective, SpecifiedScalar

__all__ = [
    "ACCESS_DIRECTIVES",
    "ACCESS_SCALARS",
    "AUTHENTICATED_IDENTITY",
    "POLICY_IDENTITY",
    "REQUIRES_SCOPES_IDENTITY",
]

AUTHENTICATED_IDENTITY = "https://specs.apollo.dev/authenticated"
REQUIRES_SCOPES_IDENTITY = "https://specs.apollo.dev/requiresScopes"
POLICY_IDENTITY = "https://specs.apollo.dev/policy"

_LOCATIONS = ("FIELD_DEFINITION", "OBJECT", "INTERFACE", "SCALAR", "ENUM")

ACCESS_DIRECTIVES = (
    SpecifiedDirective("authenticated", "", _LOCATIONS, since=(2, 5)),
    SpecifiedDirective("requiresScopes", "scopes: [[{Scope}!]!]!", _LOCATIONS, since=(2, 5)),
    SpecifiedDirective("policy", "policies: [[{Policy}!]!]!", _LOCATIONS, since=(2, 6)),
)

ACCESS_SCALARS = (SpecifiedScalar("Scope", (2, 5)), SpecifiedScalar("Policy", (2, 6)))
