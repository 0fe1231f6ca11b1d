"""INTERFACE_OBJECT_USAGE_ERROR.

An @interfaceObject is an entity, its interface is elsewhere and its implementations are not here.
"""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "no key",
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I @key(fields: "id") { id: ID! }
            """,
            "b": FED2 + """type I @interfaceObject { x: Int }""",
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I @key(fields: "id") { id: ID! }
            """,
            "b": FED2 + """type I @interfaceObject @key(fields: "id") { id: ID! x: Int }""",
        },
    ),
    CompositionCase(
        "no interface",
        {
            "a": FED2
            + """
            type Query { i: I }
            type I @interfaceObject @key(fields: "id") { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            type I @key(fields: "id") { id: ID! }
            """,
        },
    ),
    CompositionCase(
        "beside an implementation",
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I @key(fields: "id") { id: ID! }
            """,
            "b": FED2
            + """
            type I @interfaceObject @key(fields: "id") { id: ID! x: Int }
            type T @key(fields: "id") { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I @key(fields: "id") { id: ID! }
            """,
            "b": FED2 + """type I @interfaceObject @key(fields: "id") { id: ID! x: Int }""",
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "INTERFACE_OBJECT_USAGE_ERROR")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
