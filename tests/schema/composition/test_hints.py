"""Hints: what an author may want to know although the subgraphs compose."""

from __future__ import annotations

from pathlib import Path

import pytest

from schema.composition.composer import compose
from schema.errors import HINT_CODES
from tests.testkit.composing import FED2, compose_sdl
from tests.testkit.written_cases import read_cases

# The names of the written case (cases/*.graphqls) that gives each hint.
GIVEN_BY = {
    "INCONSISTENT_DESCRIPTION": "descriptions differ",
    "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE": "nullable beats non-null",
    "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE": "an argument required in one subgraph",
    "INCONSISTENT_DEFAULT_VALUE_PRESENCE": "an argument with a default in one subgraph",
    "INCONSISTENT_ARGUMENT_PRESENCE": "an argument that one subgraph lacks",
    "INCONSISTENT_INPUT_OBJECT_FIELD": "input fields intersect",
    "INCONSISTENT_UNION_MEMBER": "a union that one subgraph knows less of",
    "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM": "an input enum is an intersection",
    "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM": "an output enum is a union",
    "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD": "a field of a shared root's value type",
    "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD": "an interface field that an implementation has "
    "elsewhere",
    "INCONSISTENT_ENTITY": "an entity that is none in another subgraph",
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE": "an executable directive in one subgraph",
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS": "executable directives with other locations",
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE": "a repeatable executable directive in one "
    "subgraph",
    "NO_EXECUTABLE_DIRECTIVE_INTERSECTION": "executable directives without a common location",
    "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": "deprecations differ",
    "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": "scopes of two subgraphs",
    "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN": "shareable fields with some runtime types "
    "in common",
    "FROM_SUBGRAPH_DOES_NOT_EXIST": "a field taken over from an unknown subgraph",
    "OVERRIDDEN_FIELD_CAN_BE_REMOVED": "a field taken over",
    "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED": "a field taken over from one that has not got it",
    "OVERRIDE_MIGRATION_IN_PROGRESS": "a label in percent",
    "IMPLICITLY_UPGRADED_FEDERATION_VERSION": "authenticated linked from its own specification",
    "UNUSED_ENUM_TYPE": "an enum that nothing uses",
    "DIRECTIVE_COMPOSITION_INFO": "a composed directive that federation composes anyway",
    "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS": "a contextual argument that another "
    "subgraph takes from the client",
}
CASES = {case.name: case for case in read_cases(Path(__file__).parent / "cases")}


@pytest.mark.parametrize("code", HINT_CODES)
def test_every_hint_is_given(code: str) -> None:
    """With a sentence, a coordinate and the subgraphs that it is about."""
    result = compose(CASES[GIVEN_BY[code]].subgraphs)
    assert result.supergraph is not None
    found = [hint for hint in result.hints if hint.code == code]
    assert found, [str(hint) for hint in result.hints]
    assert all(hint.message.endswith(".") and hint.coordinates for hint in found)
    assert all(hint.subgraphs for hint in found)


def test_subgraphs_that_agree_get_none() -> None:
    """Entities and value types that are told alike everywhere need no hint."""
    shared = 'type T @key(fields: "id") { id: ID! } "a value" type V @shareable { n: Int } '
    result = compose_sdl(
        a=FED2 + shared + "type Query { t: T v: V }", b=FED2 + shared + "type Query { u: V }"
    )
    assert result.hints == ()
