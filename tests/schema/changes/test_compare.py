"""Every kind of change is found, at its coordinate and with its severity."""

from __future__ import annotations

import pytest
from graphql import find_breaking_changes

from schema.changes.compare import compare_schemas
from schema.changes.side import ComparedSchema
from tests.testkit.composing import FED2, supergraph_of

_CLIENT = {
    "type removed": ("type A { a: Int }", "", "breaking TYPE_REMOVED A"),
    "type added": ("", "type A { a: Int }", "safe TYPE_ADDED A"),
    "kind": ("type A { a: Int }", "input A { a: Int }", "breaking TYPE_KIND_CHANGED A"),
    "field removed": (
        "type A { a: Int b: Int }",
        "type A { a: Int }",
        "breaking FIELD_REMOVED A.b",
    ),
    "field added": ("type A { a: Int }", "type A { a: Int b: Int }", "safe FIELD_ADDED A.b"),
    "field nullable": (
        "type A { a: [Int!]! }",
        "type A { a: [Int]! }",
        "breaking FIELD_TYPE_CHANGED A.a",
    ),
    "field non-null": (
        "type A { a: [Int] }",
        "type A { a: [Int!]! }",
        "safe FIELD_TYPE_CHANGED A.a",
    ),
    "argument removed": (
        "type A { a(b: Int): Int }",
        "type A { a: Int }",
        "breaking ARGUMENT_REMOVED A.a(b:)",
    ),
    "argument required": (
        "type A { a: Int }",
        "type A { a(b: Int!): Int }",
        "breaking REQUIRED_ARGUMENT_ADDED A.a(b:)",
    ),
    "argument optional": (
        "type A { a: Int }",
        "type A { a(b: Int! = 1): Int }",
        "safe OPTIONAL_ARGUMENT_ADDED A.a(b:)",
    ),
    "argument narrowed": (
        "type A { a(b: Int): Int }",
        "type A { a(b: Int!): Int }",
        "breaking INPUT_TYPE_CHANGED A.a(b:)",
    ),
    "argument widened": (
        "type A { a(b: [Int!]!): Int }",
        "type A { a(b: [Int]): Int }",
        "safe INPUT_TYPE_CHANGED A.a(b:)",
    ),
    "default changed": (
        "type A { a(b: Int = 1): Int }",
        "type A { a(b: Int = 2): Int }",
        "dangerous DEFAULT_CHANGED A.a(b:)",
    ),
    "input field removed": (
        "input A { a: Int b: Int }",
        "input A { a: Int }",
        "breaking INPUT_FIELD_REMOVED A.b",
    ),
    "input field required": (
        "input A { a: Int }",
        "input A { a: Int b: Int! }",
        "breaking REQUIRED_INPUT_FIELD_ADDED A.b",
    ),
    "input field optional": (
        "input A { a: Int }",
        "input A { a: Int b: Int }",
        "safe OPTIONAL_INPUT_FIELD_ADDED A.b",
    ),
    "one of": ("input A { a: Int }", "input A @oneOf { a: Int }", "breaking ONE_OF_ADDED A"),
    "one of no more": (
        "input A @oneOf { a: Int }",
        "input A { a: Int }",
        "safe ONE_OF_REMOVED A",
    ),
    "interface removed": (
        "interface I { a: Int } type A implements I { a: Int }",
        "interface I { a: Int } type A { a: Int }",
        "breaking INTERFACE_REMOVED A",
    ),
    "interface added": (
        "interface I { a: Int } type A { a: Int }",
        "interface I { a: Int } type A implements I { a: Int }",
        "dangerous INTERFACE_ADDED A",
    ),
    "member removed": (
        "type A { a: Int } type B { a: Int } union U = A | B",
        "type A { a: Int } type B { a: Int } union U = A",
        "breaking UNION_MEMBER_REMOVED U",
    ),
    "member added": (
        "type A { a: Int } type B { a: Int } union U = A",
        "type A { a: Int } type B { a: Int } union U = A | B",
        "dangerous UNION_MEMBER_ADDED U",
    ),
    "value removed": ("enum E { A B }", "enum E { A }", "breaking ENUM_VALUE_REMOVED E.B"),
    "value added": ("enum E { A }", "enum E { A B }", "dangerous ENUM_VALUE_ADDED E.B"),
    "scalar": (
        'scalar S @specifiedBy(url: "https://a.example")',
        'scalar S @specifiedBy(url: "https://b.example")',
        "dangerous SCALAR_SPECIFICATION_CHANGED S",
    ),
    "description": (
        'type A { "old" a: Int }',
        'type A { "new" a: Int }',
        "safe DESCRIPTION_CHANGED A.a",
    ),
    "deprecated": (
        "type A { a: Int }",
        'type A { a: Int @deprecated(reason: "use b") }',
        "safe DEPRECATED A.a",
    ),
    "deprecated no more": (
        "enum E { A B @deprecated }",
        "enum E { A B }",
        "safe DEPRECATION_REMOVED E.B",
    ),
    "deprecated otherwise": (
        'type A { a(b: Int @deprecated(reason: "x")): Int }',
        'type A { a(b: Int @deprecated(reason: "y")): Int }',
        "safe DEPRECATION_CHANGED A.a(b:)",
    ),
    "directive removed": ("directive @d on FIELD", "", "breaking DIRECTIVE_REMOVED @d"),
    "directive added": ("", "directive @d on FIELD", "safe DIRECTIVE_ADDED @d"),
    "directive argument": (
        "directive @d(a: Int) on FIELD",
        "directive @d on FIELD",
        "breaking ARGUMENT_REMOVED @d(a:)",
    ),
    "directive once": (
        "directive @d repeatable on FIELD",
        "directive @d on FIELD",
        "breaking DIRECTIVE_NOT_REPEATABLE @d",
    ),
    "directive place": (
        "directive @d on FIELD | QUERY",
        "directive @d on FIELD",
        "breaking DIRECTIVE_LOCATION_REMOVED @d",
    ),
    "directive place added": (
        "directive @d on FIELD",
        "directive @d on FIELD | QUERY",
        "safe DIRECTIVE_LOCATION_ADDED @d",
    ),
    "root removed": (
        "type Mutation { a: Int }",
        "",
        "breaking ROOT_REMOVED Mutation; breaking TYPE_REMOVED Mutation",
    ),
}


def _told(old: ComparedSchema, new: ComparedSchema) -> str:
    changes = compare_schemas(old, new)
    return "; ".join(f"{each.severity} {each.code} {each.coordinate}" for each in changes)


def _client(sdl: str) -> ComparedSchema:
    return ComparedSchema.read("type Query { q: Int }\n" + sdl)


@pytest.mark.parametrize(("old", "new", "expected"), _CLIENT.values(), ids=_CLIENT)
def test_change_of_the_client_schema(old: str, new: str, expected: str) -> None:
    """One change gives exactly what is expected, and no schema differs from itself."""
    assert _told(_client(old), _client(new)) == expected
    assert _told(_client(new), _client(new)) == ""


@pytest.mark.parametrize(("old", "new", "expected"), _CLIENT.values(), ids=_CLIENT)
def test_breaking_as_the_reference_says(old: str, new: str, expected: str) -> None:
    """Whatever graphql-core calls breaking breaks; beside that only @oneOf does."""
    reference = find_breaking_changes(_client(old).api, _client(new).api)
    assert bool(reference) == ("breaking" in expected.replace("breaking ONE_OF", ""))


def test_a_default_keeps_a_required_argument_from_breaking() -> None:
    """``a: Int`` may become ``a: Int! = 1``; only an explicit null is refused."""
    told = _told(
        _client("type A { a(b: Int = 1): Int }"), _client("type A { a(b: Int! = 1): Int }")
    )
    assert told == "dangerous INPUT_TYPE_CHANGED A.a(b:)"


def test_another_root_type() -> None:
    """A query type of another name breaks fragments on the old one."""
    new = ComparedSchema.read("schema { query: Q } type Q { q: Int }")
    told = _told(_client(""), new)
    assert told == "breaking ROOT_CHANGED Query; breaking TYPE_REMOVED Query; safe TYPE_ADDED Q"


# --- supergraphs ---------------------------------------------------------------------------------

_DATA = """
extend schema
  @link(url: "https://specs.simpul.example/data/v1.0", import: ["@kelas", "@samarkan"])
  @composeDirective(name: "@kelas") @composeDirective(name: "@samarkan")
enum Tingkat { UMUM SPESIFIK }
directive @kelas(tingkat: Tingkat!) on FIELD_DEFINITION | OBJECT
directive @samarkan(pola: String!) on FIELD_DEFINITION
"""


def _guarded(directives: str) -> ComparedSchema:
    return ComparedSchema.of(supergraph_of(a=f"{FED2}{_DATA} type Query {{ q: Int {directives} }}"))


_GUARDS = {
    "class added": ("", "@kelas(tingkat: UMUM)", "breaking CLASS_CHANGED Query.q"),
    "class raised": (
        "@kelas(tingkat: UMUM)",
        "@kelas(tingkat: SPESIFIK)",
        "breaking CLASS_CHANGED Query.q",
    ),
    "class lowered": (
        "@kelas(tingkat: SPESIFIK)",
        "@kelas(tingkat: UMUM)",
        "dangerous CLASS_CHANGED Query.q",
    ),
    "class lifted": ("@kelas(tingkat: UMUM)", "", "dangerous CLASS_CHANGED Query.q"),
    "mask added": ("", '@samarkan(pola: "NIK")', "dangerous GUARD_CHANGED Query.q"),
    "mask lifted": ('@samarkan(pola: "NIK")', "", "dangerous GUARD_CHANGED Query.q"),
    "sign-in": ("", "@authenticated", "breaking GUARD_CHANGED Query.q"),
    "scopes": (
        '@requiresScopes(scopes: [["a"]])',
        '@requiresScopes(scopes: [["b"]])',
        "breaking GUARD_CHANGED Query.q",
    ),
    "policy lifted": ('@policy(policies: [["a"]])', "", "dangerous GUARD_CHANGED Query.q"),
}


@pytest.mark.parametrize(("old", "new", "expected"), _GUARDS.values(), ids=_GUARDS)
def test_change_of_who_may_read(old: str, new: str, expected: str) -> None:
    """A guard added or raised breaks; one lowered or lifted opens data, which is dangerous."""
    told = _told(_guarded(old), _guarded(new)).split("; ")
    assert [each for each in told if "Query.q" in each] == [expected]


def test_change_of_who_answers_is_safe() -> None:
    """A field that moves, a key that goes and a subgraph that joins touch no client."""
    person = '@key(fields: "id") @key(fields: "no") { id: ID no: ID %s }'
    people = f"{FED2} type Query {{ p: P }} type P {person}"
    street = f'{FED2} type P @key(fields: "id") {{ id: ID street: String }}'
    old = supergraph_of(people=people % "street: String")
    new = supergraph_of(people=(people % "").replace('@key(fields: "no")', ""), homes=street)

    assert _told(ComparedSchema.of(old), ComparedSchema.of(new)) == (
        "safe KEY_ADDED P; safe KEY_REMOVED P; safe RESOLVER_CHANGED P.id; "
        "safe RESOLVER_CHANGED P.street; safe SUBGRAPH_ADDED homes"
    )


def test_worst_first() -> None:
    """Changes come by severity, then by coordinate."""
    old = _client("type A { a: Int b: Int } enum E { A }")
    new = _client("type A { b: Int c: Int } enum E { A B }")
    assert _told(old, new) == (
        "breaking FIELD_REMOVED A.a; dangerous ENUM_VALUE_ADDED E.B; safe FIELD_ADDED A.c"
    )
