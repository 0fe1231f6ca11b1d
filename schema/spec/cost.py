"""The cost specification, https://specs.apollo.dev/cost: what demand control reckons by."""

from __future__ import annotations

from schema.spec.directive import SpecifiedDirective

__all__ = ["COST", "COST_IDENTITY", "LIST_SIZE"]

COST_IDENTITY = "https://specs.apollo.dev/cost"

COST = SpecifiedDirective(
    "cost",
    "weight: Int!",
    (
        "ARGUMENT_DEFINITION",
        "ENUM",
        "FIELD_DEFINITION",
        "INPUT_FIELD_DEFINITION",
        "OBJECT",
        "SCALAR",
    ),
    since=(2, 9),
)

LIST_SIZE = SpecifiedDirective(
    "listSize",
    "assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], "
    "requireOneSlicingArgument: Boolean = true",
    ("FIELD_DEFINITION",),
    since=(2, 9),
)
