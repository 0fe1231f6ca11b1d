"""Null propagation against an independent completion: graphql-core's, over the same data."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import ExecutionResult, build_schema, execute_sync, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.executor.project.complete import Completed, complete
from gateway.executor.project.shapes import ProjectionProgram
from gateway.executor.state.explained import Cause, ExplainedNulls
from tests.testkit.hand_plan import HandPlan

pytestmark = pytest.mark.property

API = build_schema("""
    type Query { a: Node, b: Node!, c: [Node!], d: [[Node!]!], e: [Thing]!, s: String! }
    interface Thing { x: Int, y: Int! }
    type Node implements Thing {
        x: Int, y: Int!, child: Node, must: Node!, list: [Int!], lists: [[Int!]]!, thing: Thing!
    }
    type Leaf implements Thing { x: Int, y: Int!, z: String! }
""")

NODE_FIELDS = ("x", "y", "child", "must", "list", "lists", "thing")


def selections(depth: int) -> st.SearchStrategy[str]:
    """Give selection sets on Node."""
    leaves = ["x", "y", "list", "lists", "__typename", "n: y"]
    if depth == 0:
        return st.lists(st.sampled_from(leaves), min_size=1, max_size=4).map(" ".join)
    inner = selections(depth - 1)
    nested = st.one_of(
        st.sampled_from(leaves),
        inner.map(lambda s: f"child {{ {s} }}"),
        inner.map(lambda s: f"must {{ {s} }}"),
        inner.map(lambda s: f"thing {{ y ... on Leaf {{ z }} ... on Node {{ {s} }} }}"),
        inner.map(lambda s: f"... on Thing {{ ... on Node {{ {s} }} }}"),
    )
    return st.lists(nested, min_size=1, max_size=4).map(" ".join)


def queries() -> st.SearchStrategy[str]:
    """Give operations; each root field is its own alias, so that selections never conflict."""
    node = selections(2)
    roots = st.one_of(
        st.just("s"),
        *(node.map(lambda s, name=name: f"{name} {{ {s} }}") for name in "abcd"),
        node.map(lambda s: f"e {{ y ... on Leaf {{ z }} ... on Node {{ {s} }} }}"),
    )
    return st.lists(roots, min_size=1, max_size=4).map(
        lambda found: "{ " + " ".join(f"r{i}: {text}" for i, text in enumerate(found)) + " }"
    )


def rare_null(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Give null in one case of eight."""
    return st.integers(0, 7).flatmap(lambda n: st.none() if n == 0 else inner)


def nodes(depth: int) -> st.SearchStrategy[Any]:
    """Give data of a Node, null anywhere."""
    number = rare_null(st.integers(0, 9))
    fields: dict[str, st.SearchStrategy[Any]] = {
        "__typename": st.just("Node"),
        "x": number,
        "y": number,
        "list": rare_null(st.lists(number, max_size=2)),
        "lists": rare_null(st.lists(rare_null(st.lists(number, max_size=2)), max_size=2)),
    }
    if depth > 0:
        inner = rare_null(nodes(depth - 1))
        leaf = st.fixed_dictionaries(
            {"__typename": st.just("Leaf"), "x": number, "y": number, "z": rare_null(st.just("z"))}
        )
        fields |= {"child": inner, "must": inner, "thing": st.one_of(inner, rare_null(leaf))}
    return st.fixed_dictionaries(fields)


def roots() -> st.SearchStrategy[dict[str, Any]]:
    """Give the merged data: every alias may hold any root field's value."""
    node = rare_null(nodes(2))
    few = st.lists(node, max_size=2)
    return st.fixed_dictionaries(
        {
            "a": node,
            "b": node,
            "c": rare_null(few),
            "d": rare_null(st.lists(rare_null(few), max_size=2)),
            "e": rare_null(few),
            "s": rare_null(st.just("s")),
        }
    )


def ours(query: str, data: dict[str, Any], explained: ExplainedNulls) -> Completed:
    """Complete with the projection; the data is laid out by response names."""
    operation = HandPlan(API).operation(query)
    merged = {f.response_name: data.get(f.name) for f in operation.selection_set.fields}
    program = ProjectionProgram(operation.selection_set, API, frozenset())
    merged = _with_aliases(merged)
    return complete(program.root({}), merged, explained, lambda _: (), {})


def theirs(query: str, data: dict[str, Any]) -> ExecutionResult:
    """Complete with graphql-core, the data being the root value."""
    result = execute_sync(API, parse(query), root_value=data)
    assert isinstance(result, ExecutionResult)
    return result


@settings(max_examples=settings.default.max_examples // 2)  # a schema's whole execution each
@given(query=queries(), data=roots())
def test_data_and_errors_equal_the_specifications(query: str, data: dict[str, Any]) -> None:
    """The same data, key order included, and the same paths of errors: one per violation."""
    expected = theirs(query, data)
    completed = ours(query, data, ExplainedNulls())
    assert repr(completed.data) == repr(expected.data)
    paths = [error.path for error in completed.errors]
    assert len(paths) == len(set(paths))
    assert {tuple(e.path or ()) for e in expected.errors or ()} == set(paths)


@settings(max_examples=settings.default.max_examples // 2)
@given(query=queries(), data=roots(), pick=st.integers(0, 99))
def test_an_explained_null_gets_no_second_error(
    query: str, data: dict[str, Any], pick: int
) -> None:
    """An error that already covers one violation changes the errors by that one, never the data."""
    alone = ours(query, data, ExplainedNulls())
    if not alone.errors:
        return
    known = alone.errors[pick % len(alone.errors)]
    assert known.path is not None
    explained = ExplainedNulls()
    explained.add(known.path, Cause("X"))
    completed = ours(query, data, explained)
    assert completed.data == alone.data
    assert completed.errors == [error for error in alone.errors if error != known]


def _with_aliases(value: Any) -> Any:
    """Put ``y`` under its alias ``n`` too, as a subgraph asked for both would."""
    if isinstance(value, list):
        return [_with_aliases(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {name: _with_aliases(item) for name, item in value.items()}
    return found | {"n": found["y"]} if "y" in found else found
