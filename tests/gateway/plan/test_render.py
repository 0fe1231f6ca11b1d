"""The field's notation, the JSON form, and the documents sent to subgraphs."""

from __future__ import annotations

import json

from graphql import parse

from gateway.operation.model import OperationKind
from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    KeyRenamer,
    ParallelNode,
    PlanNode,
    QueryPlan,
    SequenceNode,
    TypeCondition,
    TypenameSetter,
)
from gateway.plan.render import plan_to_json, print_fetch, print_path, render_plan
from schema.selection import Argument, Field, Fragment, SelectionSet, Variable
from schema.type_ref import TypeRef

ROOT = FetchNode(
    id=0,
    subgraph="a",
    kind=OperationKind.QUERY,
    selection_set=SelectionSet(
        "Query",
        (
            Field(
                "me",
                SelectionSet("User", (Field("__typename"), Field("id"))),
                (Argument("n", Variable("n")),),
                alias="i",
            ),
        ),
    ),
    variables=("n",),
)
ENTITY = FetchNode(
    id=1,
    subgraph="b",
    kind=OperationKind.QUERY,
    selection_set=SelectionSet("_Entity", (Fragment(SelectionSet("User", (Field("name"),))),)),
    requires=SelectionSet(
        "_Entity", (Fragment(SelectionSet("User", (Field("__typename"), Field("id")))),)
    ),
    input_rewrites=(KeyRenamer(("_k_id",), "id"), TypenameSetter((), "Node")),
)


def test_notation_of_a_sequence() -> None:
    """A sequence of a root fetch and an entity fetch prints as the field prints it."""
    plan = QueryPlan(SequenceNode((ROOT, FlattenNode(("i",), ENTITY))))
    assert render_plan(plan) == "\n".join(
        [
            "QueryPlan {",
            "  Sequence {",
            '    Fetch(service: "a") {',
            "      {",
            "        i: me(n: $n) {",
            "          __typename",
            "          id",
            "        }",
            "      }",
            "    },",
            '    Flatten(path: "i") {',
            '      Fetch(service: "b") {',
            "        {",
            "          ... on User {",
            "            __typename",
            "            id",
            "          }",
            "        } =>",
            "        {",
            "          ... on User {",
            "            name",
            "          }",
            "        }",
            '        # input: rename "_k_id" to "id"',
            '        # input: set "__typename" to "Node"',
            "      },",
            "    },",
            "  },",
            "}",
        ]
    )


def test_notation_of_nothing() -> None:
    """A plan without fetches prints as an empty one."""
    assert render_plan(QueryPlan(None)) == "QueryPlan {}"


def test_notation_of_conditions() -> None:
    """One clause prints as Include or Skip, two as Then and Else."""

    def heads(node: PlanNode) -> list[str]:
        lines = [line.strip() for line in render_plan(QueryPlan(node)).splitlines()]
        return [line for line in lines if "if:" in line or line == "Else {"]

    assert heads(ConditionNode("v", ROOT, None)) == ["Include(if: $v) {"]
    assert heads(ConditionNode("v", None, ROOT)) == ["Skip(if: $v) {"]
    assert heads(ConditionNode("v", ROOT, ROOT)) == ["Condition(if: $v) {", "Else {"]


def test_notation_of_several_paths() -> None:
    """A fetch for several places names them all."""
    node = FlattenNode(("a", "@"), ENTITY, (("b",),))
    assert 'Flatten(path: "a.@" and "b") {' in render_plan(QueryPlan(node))


def test_path() -> None:
    """Names are joined by dots, type conditions by bars."""
    path = ("a", "@", TypeCondition(("X", "Y")), "b")
    assert print_path(path) == "a.@|[X,Y].b"


def test_json_form_has_the_fields_keys() -> None:
    """The JSON form uses kind, serviceName, requires, variableUsages, operation, path, node."""
    value = plan_to_json(
        QueryPlan(ParallelNode((ROOT, ConditionNode("v", FlattenNode(("i",), ENTITY), None))))
    )
    assert json.loads(json.dumps(value)) == value
    root, condition = value["node"]["nodes"]
    assert root == {
        "kind": "Fetch",
        "id": 0,
        "serviceName": "a",
        "operationKind": "query",
        "variableUsages": ["n"],
        "operation": "{ i: me(n: $n) { __typename id } }",
    }
    assert condition["kind"] == "Condition"
    assert condition["condition"] == "v"
    flatten = condition["ifClause"]
    assert (flatten["kind"], flatten["path"]) == ("Flatten", ["i"])
    assert flatten["node"]["requires"] == [
        {
            "kind": "InlineFragment",
            "typeCondition": "User",
            "selections": [
                {"kind": "Field", "name": "__typename"},
                {"kind": "Field", "name": "id"},
            ],
        }
    ]
    assert flatten["node"]["inputRewrites"] == [
        {"kind": "KeyRenamer", "path": ["_k_id"], "renameKeyTo": "id"},
        {"kind": "ValueSetter", "path": ["__typename"], "setValueTo": "Node"},
    ]


def test_document_of_a_root_fetch() -> None:
    """The document declares exactly the variables it uses."""
    types = {"n": TypeRef("Int", non_null=True), "unused": TypeRef("Int")}
    text = print_fetch(ROOT, types)
    assert text == "query($n: Int!) { i: me(n: $n) { __typename id } }"
    parse(text)


def test_document_of_an_entity_fetch() -> None:
    """The document asks _entities with the representations."""
    assert print_fetch(ENTITY, {}) == (
        "query($representations: [_Any!]!) "
        "{ _entities(representations: $representations) { ... on User { name } } }"
    )


def test_document_of_a_mutation() -> None:
    """A mutation's document is a mutation."""
    node = FetchNode(
        id=0,
        subgraph="a",
        kind=OperationKind.MUTATION,
        selection_set=SelectionSet("Mutation", (Field("go"),)),
    )
    assert print_fetch(node, {}) == "mutation { go }"
