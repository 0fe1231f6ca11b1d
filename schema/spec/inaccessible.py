"""The inaccessible specification, https://specs.apollo.dev/inaccessible: what clients never see."""

from __future__ import annotations

from schema.spec.directive import SpecifiedDirective

__all__ = ["INACCESSIBLE", "INACCESSIBLE_IDENTITY"]

INACCESSIBLE_IDENTITY = "https://specs.apollo.dev/inaccessible"

INACCESSIBLE = SpecifiedDirective(
    "inaccessible",
    "",
    (
        "FIELD_DEFINITION",
        "OBJECT",
        "INTERFACE",
        "UNION",
        "ARGUMENT_DEFINITION",
        "SCALAR",
        "ENUM",
        "ENUM_VALUE",
        "INPUT_OBJECT",
        "INPUT_FIELD_DEFINITION",
    ),
    since=(2, 0),
)
