"""Normalization: spreads, doubles, dead branches, conditions; the order of answers."""

import pytest

from gateway.errors import BadUserInput, ValidationFailed
from gateway.operation.model import OperationKind, VariableDefinition
from gateway.operation.normalize.select import select_operation
from gateway.operation.parse import parse_document
from gateway.operation.print import operation_to_json, print_operation
from schema.selection import Argument, Condition, Field, Fragment, Literal, SelectionSet
from schema.supergraph.model import TypeRef
from tests.testkit.operations import read_operation

CASES = {
    "spreads are inlined": (
        "{ ...F } fragment F on Query { me { ...G } } fragment G on User { id }",
        "{ me { id } }",
    ),
    "a name used twice is one field": (
        "{ me { id } count me { name } }",
        "{ me { id name } count }",
    ),
    "a leaf asked twice is asked once": ("{ me { id id id } }", "{ me { id } }"),
    "aliases are kept, needless ones are not": (
        "{ a: me { id: id b: id } }",
        "{ a: me { id b: id } }",
    ),
    "merging goes down": (
        "{ me { best { id } } me { best { name best { id } } } }",
        "{ me { best { id name best { id } } } }",
    ),
    "merging through spreads keeps the order asked": (
        "{ me { name ...F id } } fragment F on User { age name best { id } }",
        "{ me { name age best { id } id } }",
    ),
    "a fragment on the same type is flattened": (
        "{ me { ... on User { id } ... { name } } }",
        "{ me { id name } }",
    ),
    "a fragment on an interface of the type is flattened": (
        "{ me { ... on Node { id } ... on Named { name } } }",
        "{ me { id name } }",
    ),
    "a fragment on a union of the type is flattened": (
        "{ me { ... on Found { ... on User { id } ... on Admin { level } } } }",
        "{ me { id } }",
    ),
    "a narrowing fragment stays": (
        "{ node { id ... on User { name } } }",
        "{ node { id ... on User { name } } }",
    ),
    "a union keeps a fragment on an interface": (
        "{ found { ... on Node { id } } }",
        "{ found { ... on Node { id } } }",
    ),
    "neighbors on one type are one fragment": (
        "{ node { ... on User { id } ... on User { name } } }",
        "{ node { ... on User { id name } } }",
    ),
    "fragments are not moved over fields": (
        "{ node { ... on User { name } id ... on User { age } } }",
        "{ node { ... on User { name } id ... on User { age } } }",
    ),
    "what fragments together exclude is dropped": (
        "{ found { ... on Named { ... on Node { ... on Place { area } id } } } }",
        "{ found { ... on Named { ... on Node { id } } } }",
    ),
    "a fragment left empty is dropped": (
        "{ found { __typename ... on Named { ... on Node { ... on Place { area } } } } }",
        "{ found { __typename } }",
    ),
    "constant conditions are resolved": (
        "{ me { id @include(if: true) name @skip(if: true) age @skip(if: false) } }",
        "{ me { id age } }",
    ),
    "constant conditions on fragments are resolved": (
        "{ ...F @skip(if: true) ... @include(if: false) { me { id } } count }"
        " fragment F on Query { node { id } }",
        "{ count }",
    ),
    "a field whose selections all go stays, empty": (
        "{ me { id @skip(if: true) } }",
        "{ me {  } }",
    ),
    "everything may go": ("{ me @skip(if: true) { id } }", "{  }"),
    "conditions on variables stay": (
        "query ($a: Boolean!) { me @include(if: $a) { id @skip(if: $a) } count }",
        "{ me @include(if: $a) {  } count }",
    ),
    "a flattened fragment gives its conditions to its fields": (
        "query ($a: Boolean!) { me { ... @include(if: $a) { id name } } }",
        "{ me { id @include(if: $a) name @include(if: $a) } }",
    ),
    "a narrowing fragment keeps its conditions": (
        "query ($a: Boolean!) { node { ... on User @skip(if: $a) { name } } }",
        "{ node { ... on User @skip(if: $a) { name } } }",
    ),
    "known conditions are not repeated": (
        "query ($a: Boolean!) { me @include(if: $a) { id @include(if: $a) } }",
        "{ me @include(if: $a) { id } }",
    ),
    "contradictions are dropped": (
        "query ($a: Boolean!) { count @include(if: $a) @skip(if: $a) me { id } }",
        "{ me { id } }",
    ),
    "a condition twice is one": (
        "query ($a: Boolean!) { ... @include(if: $a) { count @include(if: $a) } }",
        "{ count @include(if: $a) }",
    ),
    "a later field under more conditions joins the earlier": (
        "query ($a: Boolean!) { me { id } me @include(if: $a) { name } }",
        "{ me { id name @include(if: $a) } }",
    ),
    "a field under other conditions stays apart": (
        "query ($a: Boolean!) { me @include(if: $a) { id } count me { name } }",
        "{ me @include(if: $a) { id } count me { name } }",
    ),
    "a field does not go over another of its name": (
        "query ($a: Boolean!) { me @skip(if: $a) { id } me { name } me @skip(if: $a) { age } }",
        "{ me @skip(if: $a) { id } me { name age @skip(if: $a) } }",
    ),
    "a spread under two conditions is asked under both": (
        "query ($a: Boolean!, $b: Boolean!) { ...F @include(if: $a) ...F @include(if: $b) }"
        " fragment F on Query { count }",
        "{ count @include(if: $a) count @include(if: $b) }",
    ),
    "custom directives stay on fields and keep their fragments": (
        "{ me { id @trace(depth: 1) ... on User @trace { name } } }",
        "{ me { id @trace(depth: 1) ... on User @trace { name } } }",
    ),
    "literals have one spelling": (
        '{ user(id: """a "b\\n""", filter: {needed: 1, tags: ["\\u0061"]}) { id } }',
        '{ user(id: "a \\"b\\\\n", filter: {needed: 1, tags: ["a"]}) { id } }',
    ),
    "introspection stays in the root": (
        "{ __schema { queryType { name } } ...F } fragment F on Query { __schema { __typename } }",
        "{ __schema { queryType { name } __typename } }",
    ),
    "typename may be asked often": (
        "{ __typename a: __typename ... on Query { __typename } }",
        "{ __typename a: __typename }",
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_normalizes(text: str, expected: str) -> None:
    """Each pass does what its rule says and nothing else."""
    assert str(read_operation(text).selection_set) == expected


def test_resolves_every_type() -> None:
    """Each selection set names the API schema's type of its parent."""
    operation = read_operation("{ users(first: 2) { found { ... on Place { best { id } } } } }")
    place = SelectionSet("Place", (Field("best", SelectionSet("Place", (Field("id"),))),))
    assert operation.selection_set == SelectionSet(
        "Query",
        (
            Field(
                "users",
                SelectionSet("User", (Field("found", SelectionSet("Found", (Fragment(place),))),)),
                (Argument("first", Literal("2")),),
            ),
        ),
    )


def test_keeps_variables_as_declared() -> None:
    """Types and defaults are data; arguments' own defaults are left out."""
    operation = read_operation(
        'query Q($id: ID!, $n: [ID!] = ["a"]) { user(id: $id) { id } users(ids: $n) { id } }'
    )
    assert operation.name == "Q"
    assert operation.kind is OperationKind.QUERY
    assert operation.variables[0] == VariableDefinition("id", TypeRef("ID", non_null=True))
    assert str(operation.variables[1].type) == "[ID!]"
    assert operation.selection_set.fields[1].arguments[0].name == "ids"


def test_conditions_are_values() -> None:
    """@skip and @include differ only in what they expect."""
    operation = read_operation(
        "query ($a: Boolean!, $b: Boolean!) { count @include(if: $a) @skip(if: $b) }"
    )
    assert operation.selection_set.fields[0].conditions == (
        Condition("a", True),
        Condition("b", False),
    )


def test_a_mutation_is_on_its_root() -> None:
    """Root types are the API schema's."""
    operation = read_operation('mutation { rename(id: 1, name: "a") { id } }')
    assert operation.kind is OperationKind.MUTATION
    assert operation.selection_set.type_name == "Mutation"


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("{ count }", None, None),
        ("{ count }", "", None),
        ("query A { count }", None, "A"),
        ("query A { count } query B { count }", "B", "B"),
    ],
)
def test_selects_the_operation_meant(text: str, name: str | None, found: str | None) -> None:
    """The only operation needs no name; an empty name is none."""
    assert read_operation(text, name).name == found


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("query A { count } query B { count }", None, "operationName"),
        ("query A { count } query B { count }", "", "operationName"),
        ("query A { count }", "C", 'it has "A"'),
        ("{ count }", "C", "one without a name"),
        ("fragment F on Query { count }", None, "no operation"),
        ("query A { count }", "x" * 5_000, 'it has "A"'),
    ],
)
def test_refuses_an_unclear_choice(text: str, name: str | None, message: str) -> None:
    """Missing, ambiguous and unknown names are the client's error."""
    with pytest.raises(BadUserInput) as caught:
        select_operation(parse_document(text, max_tokens=100), name)
    entry = caught.value.render()[0]
    assert message in entry["message"]
    assert len(entry["message"]) < 300
    assert caught.value.status == 422


def test_an_unknown_name_is_not_repeated() -> None:
    """It is whatever the client sent: it may be a person's, and error texts end in logs."""
    with pytest.raises(BadUserInput) as caught:
        select_operation(parse_document("query A { count }", max_tokens=100), "Siti_Aminah")
    assert "Siti" not in str(caught.value.render())


def test_refuses_subscriptions_only_where_they_are_meant() -> None:
    """A document may hold a subscription beside the operation that runs."""
    text = "subscription S { renamed { id } } query Q { count }"
    assert read_operation(text, "Q").name == "Q"
    with pytest.raises(ValidationFailed) as caught:
        read_operation(text, "S")
    assert "Subscriptions are not supported" in caught.value.render()[0]["message"]


def test_prints_as_text_and_json() -> None:
    """``simpul normalize`` shows the operation in both forms."""
    operation = read_operation(
        "query Q($a: Boolean! = true) { n: node @include(if: $a) { ... on User { id } } }"
    )
    assert print_operation(operation) == (
        "query Q($a: Boolean! = true) {\n"
        "  n: node @include(if: $a) {\n"
        "    ... on User {\n"
        "      id\n"
        "    }\n"
        "  }\n"
        "}\n"
    )
    assert operation_to_json(operation) == {
        "kind": "query",
        "name": "Q",
        "variables": [{"name": "a", "type": "Boolean!", "default": "true"}],
        "selectionSet": {
            "type": "Query",
            "selections": [
                {
                    "field": "node",
                    "responseName": "n",
                    "conditions": [{"variable": "a", "expected": True}],
                    "selectionSet": {
                        "type": "Node",
                        "selections": [
                            {
                                "selectionSet": {
                                    "type": "User",
                                    "selections": [{"field": "id", "responseName": "id"}],
                                }
                            }
                        ],
                    },
                }
            ],
        },
    }


def test_the_printed_form_is_normal() -> None:
    """Normalizing what was printed changes nothing."""
    text = (
        "query ($a: Boolean!) { ...F me @skip(if: $a) { best { id ... on Node { id } } } }"
        " fragment F on Query { me { name } found { ... on Node { id ... on User { age } } } }"
    )
    operation = read_operation(text)
    assert read_operation(print_operation(operation)) == operation


def test_a_variable_of_the_reserved_name_gets_another() -> None:
    """Entity fetches send ``representations`` themselves; the client still sends its own name."""
    text = (
        "query Q($representations: [ID!]!, $representations_: Boolean!)"
        " { users(ids: $representations) { ...F } }"
        " fragment F on User { id @include(if: $representations_) }"
    )
    operation = read_operation(text)
    names = [(each.name, each.client_name) for each in operation.variables]
    assert names == [
        ("representations__", "representations"),
        ("representations_", "representations_"),
    ]
    assert "ids: $representations__" in str(operation.selection_set)
