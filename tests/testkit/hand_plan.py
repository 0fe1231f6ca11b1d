"""Plans and operations written by hand, as text, for tests of the executor alone.

In: selection sets as GraphQL text and a schema that types them. Out: ``SelectionSet``s, fetch
nodes, operations, and the answer of a plan. Nothing here plans: each test says what is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    get_named_type,
    parse,
    print_ast,
)
from graphql.language import ListValueNode, ObjectValueNode, VariableNode

from adapters.contract import CallContext, SubgraphExecutor
from gateway.executor.executor import (
    ExecutionOptions,
    ExecutionResult,
    execute,
    prepare_execution,
)
from gateway.executor.state.plan_fetches import fetches_of
from gateway.operation.model import Operation, OperationKind, VariableDefinition
from gateway.plan.nodes import FetchNode, PlanNode, QueryPlan, Rewrite
from schema.selection import (
    Argument,
    Condition,
    Field,
    Fragment,
    ListValue,
    Literal,
    ObjectValue,
    Selection,
    SelectionSet,
    Value,
    Variable,
    print_selection_set,
    variables_of,
)
from schema.supergraph.model import TypeRef

__all__ = ["HandPlan"]


class HandPlan:
    """Reads texts against one schema: the supergraph's, with all types that a plan may name."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._next_id = 0

    def selection(self, type_name: str, text: str) -> SelectionSet:
        """Read ``{ … }`` as made on ``type_name``; ``_Entity`` takes fragments only."""
        definition = parse(text).definitions[0]
        assert isinstance(definition, OperationDefinitionNode)
        return self._selection_set(definition.selection_set, type_name)

    def operation(self, text: str) -> Operation:
        """Read an operation without fragment spreads."""
        definition = parse(text).definitions[0]
        assert isinstance(definition, OperationDefinitionNode)
        kind = OperationKind(definition.operation.value)
        root = self._schema.get_root_type(definition.operation)
        assert root is not None
        variables = tuple(
            VariableDefinition(
                each.variable.name.value,
                _type_ref(print_ast(each.type)),
                None if each.default_value is None else _value(each.default_value),
            )
            for each in definition.variable_definitions or ()
        )
        name = definition.name.value if definition.name is not None else None
        selections = self._selection_set(definition.selection_set, root.name)
        return Operation(kind, selections, variables, name)

    def root(
        self,
        subgraph: str,
        text: str,
        *,
        kind: OperationKind = OperationKind.QUERY,
        output_rewrites: tuple[Rewrite, ...] = (),
    ) -> FetchNode:
        """Make a root fetch."""
        selections = self.selection(kind.value.capitalize(), text)
        return FetchNode(
            self._take_id(),
            subgraph,
            kind,
            selections,
            variables=tuple(sorted(variables_of(selections))),
            output_rewrites=output_rewrites,
        )

    def entity(
        self,
        subgraph: str,
        requires: str,
        text: str,
        *,
        keys: str | None = None,
        input_rewrites: tuple[Rewrite, ...] = (),
        output_rewrites: tuple[Rewrite, ...] = (),
    ) -> FetchNode:
        """Make an entity fetch: ``{ ... on T { __typename id } }`` => ``{ ... on T { f } }``."""
        selections = self.selection("_Entity", text)
        return FetchNode(
            self._take_id(),
            subgraph,
            OperationKind.QUERY,
            selections,
            requires=self.selection("_Entity", requires),
            variables=tuple(sorted(variables_of(selections))),
            input_rewrites=input_rewrites,
            output_rewrites=output_rewrites,
            keys=None if keys is None else self.selection("_Entity", keys),
        )

    async def run(
        self,
        node: PlanNode | None,
        query: str,
        executors: Mapping[str, SubgraphExecutor],
        *,
        variables: Mapping[str, Any] | None = None,
        denied: Mapping[str, str] | None = None,
        call: CallContext | None = None,
        options: ExecutionOptions | None = None,
        api: GraphQLSchema | None = None,
    ) -> ExecutionResult:
        """Execute a plan for ``query``; ``denied`` names coordinates and who would have answered.

        ``api`` is the client's schema, where it shows less than the supergraph's.
        """
        plan = QueryPlan(node)
        execution = prepare_execution(
            plan,
            self.operation(query),
            api or self._schema,
            self.documents(plan),
            frozenset(denied or ()),
            denied_sources=denied or {},
        )
        return await execute(
            execution,
            variables or {},
            executors,
            call or CallContext(),
            options or ExecutionOptions(),
        )

    def documents(self, plan: QueryPlan) -> dict[int, bytes]:
        """Give some text for every fetch; the fakes read the selections, not the text."""
        return {
            node.id: print_selection_set(node.selection_set).encode() for node in fetches_of(plan)
        }

    def _take_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _selection_set(self, node: SelectionSetNode, type_name: str) -> SelectionSet:
        return SelectionSet(type_name, tuple(self._selections(node, type_name)))

    def _selections(self, node: SelectionSetNode, type_name: str) -> Iterator[Selection]:
        for each in node.selections:
            if isinstance(each, FieldNode):
                yield self._field(each, type_name)
            elif isinstance(each, InlineFragmentNode):
                condition = each.type_condition
                on = type_name if condition is None else condition.name.value
                yield Fragment(self._selection_set(each.selection_set, on), _conditions(each))

    def _field(self, node: FieldNode, type_name: str) -> Field:
        inner = None
        if node.selection_set is not None:
            inner = self._selection_set(
                node.selection_set, self._type_of(type_name, node.name.value).name
            )
        return Field(
            node.name.value,
            inner,
            tuple(Argument(a.name.value, _value(a.value)) for a in node.arguments or ()),
            node.alias.value if node.alias is not None else None,
            _conditions(node),
        )

    def _type_of(self, type_name: str, field_name: str) -> GraphQLNamedType:
        if field_name == "__schema":
            return self._schema.type_map["__Schema"]
        if field_name == "__type":
            return self._schema.type_map["__Type"]
        owner = self._schema.type_map[type_name]
        assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)
        named: GraphQLNamedType = get_named_type(owner.fields[field_name].type)
        return named


def _conditions(node: FieldNode | InlineFragmentNode) -> tuple[Condition, ...]:
    found = []
    for directive in node.directives or ():
        (argument,) = directive.arguments or ()
        value = argument.value
        assert isinstance(value, VariableNode), "constant conditions are normalized away"
        found.append(Condition(value.name.value, directive.name.value == "include"))
    return tuple(found)


def _value(node: ValueNode) -> Value:
    if isinstance(node, VariableNode):
        return Variable(node.name.value)
    if isinstance(node, ListValueNode):
        return ListValue(tuple(_value(each) for each in node.values))
    if isinstance(node, ObjectValueNode):
        return ObjectValue(tuple((each.name.value, _value(each.value)) for each in node.fields))
    return Literal(print_ast(node))


def _type_ref(text: str) -> TypeRef:
    if text.endswith("!"):
        inner = _type_ref(text[:-1])
        return TypeRef(inner.name, inner.of, non_null=True)
    if text.startswith("["):
        return TypeRef(of=_type_ref(text[1:-1]))
    return TypeRef(text)
