"""SATISFIABILITY_ERROR: Every query on the API schema can be answered."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "no shared key",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
            "b": FED2 + """type T @key(fields: "uid") { uid: ID! x: Int }""",
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! uid: ID! @shareable }
            """,
            "b": FED2 + """type T @key(fields: "uid") { uid: ID! x: Int }""",
        },
    ),
    CompositionCase(
        "value type without key",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T { x: Int @shareable }
            """,
            "b": FED2
            + """
            type Query { u: T }
            type T { x: Int @shareable y: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T @shareable }
            type T { x: Int @shareable }
            """,
            "b": FED2
            + """
            type Query { t: T @shareable }
            type T { x: Int @shareable y: Int }
            """,
        },
    ),
    CompositionCase(
        "key not resolvable",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
            "b": FED2 + """type T @key(fields: "id", resolvable: false) { id: ID! x: Int }""",
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
            "b": FED2 + """type T @key(fields: "id") { id: ID! x: Int }""",
        },
    ),
    CompositionCase(
        "requirement out of reach",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x")
                }
            """,
            "c": FED2 + """type T @key(fields: "z") { z: ID! x: Int }""",
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x")
                }
            """,
            "c": FED2 + """type T @key(fields: "id") { id: ID! x: Int }""",
        },
    ),
    CompositionCase(
        "requirement on a member that the resolving subgraph does not know",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! u: U }
            union U = A
            type A { x: Int @shareable }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") {
                id: ID!
                u: U @external
                y: Int @requires(fields: "u { ... on B { z } }")
            }
            union U = A | B
            type A { x: Int @shareable }
            type B { z: Int @shareable }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! u: U }
            union U = A | B
            type A { x: Int @shareable }
            type B { z: Int @shareable }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") {
                id: ID!
                u: U @external
                y: Int @requires(fields: "u { ... on B { z } }")
            }
            union U = A | B
            type A { x: Int @shareable }
            type B { z: Int @shareable }
            """,
        },
    ),
    CompositionCase(
        "interface object without its owner",
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I @key(fields: "id") { id: ID! z: Int }
            """,
            "b": FED2
            + """
            type Query { j: I }
            type I @interfaceObject @key(fields: "n") { n: ID! y: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I @key(fields: "id") { id: ID! z: Int }
            """,
            "b": FED2
            + """
            type Query { j: I }
            type I @interfaceObject @key(fields: "id") { id: ID! y: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "SATISFIABILITY_ERROR")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
