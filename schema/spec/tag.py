"""The tag specification, https://specs.apollo.dev/tag: labels that contracts filter by."""

from __future__ import annotations

from schema.spec.directive import SpecifiedDirective

__all__ = ["TAG", "TAG_IDENTITY"]

TAG_IDENTITY = "https://specs.apollo.dev/tag"

TAG = SpecifiedDirective(
    "tag",
    "name: String!",
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
    repeatable=True,
    later_locations=(("SCHEMA", (2, 3)),),
)
