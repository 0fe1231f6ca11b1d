"""Make a disagreement small: drop what can be dropped while the answer stays wrong.

In: an operation, and a question whether it still disagrees. Out: the smallest operation found.
Greedy: each selection, argument and directive is left out in turn, largest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from graphql import (
    DocumentNode,
    FragmentSpreadNode,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableNode,
    parse,
    print_ast,
    validate,
    visit,
)
from graphql.language import REMOVE, FragmentDefinitionNode, Visitor

from tests.oracle.random_operation import RandomOperation

__all__ = ["shrink"]

_DROPPED = ("field", "inline_fragment", "fragment_spread", "directive")


def shrink(
    operation: RandomOperation,
    api: GraphQLSchema,
    still_disagrees: Callable[[RandomOperation], bool],
) -> RandomOperation:
    """Give a smaller operation that disagrees like the one given."""
    smaller: RandomOperation | None = operation
    while smaller is not None:
        operation = smaller
        candidates = (each for each in _smaller(operation) if _is_valid(each, api))
        smaller = next((each for each in candidates if still_disagrees(each)), None)
    return operation


def _is_valid(operation: RandomOperation, api: GraphQLSchema) -> bool:
    try:
        return not validate(api, parse(operation.text))
    except Exception:  # an empty selection set is no GraphQL
        return False


def _smaller(operation: RandomOperation) -> Iterator[RandomOperation]:
    document = parse(operation.text)
    counting = _Dropping(-1)
    visit(document, counting)
    for number in range(counting.seen):
        dropped: DocumentNode = visit(document, _Dropping(number))
        yield _tidy(dropped, operation)


def _tidy(document: DocumentNode, operation: RandomOperation) -> RandomOperation:
    """Drop fragments and variables that nothing uses any more."""
    used = _Used()
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            visit(definition.selection_set, used)  # its variables' definitions are no uses
        else:
            visit(definition, used)
    tidy = visit(document, _Tidying(used))
    variables = {k: v for k, v in operation.variables.items() if k in used.variables}
    return RandomOperation(print_ast(tidy), variables)


class _Dropping(Visitor):
    """Drops the selection or directive of a number, and counts them."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.seen = 0
        self._number = number

    def enter(self, node: Node, *_: object) -> object:
        """Drop, or go on."""
        if node.kind not in _DROPPED:
            return None
        self.seen += 1
        return REMOVE if self.seen - 1 == self._number else None


class _Used(Visitor):
    """Notes what is used."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()
        self.fragments: set[str] = set()

    def enter(self, node: Node, *_: object) -> None:
        """Note variables and spreads."""
        if isinstance(node, VariableNode):
            self.variables.add(node.name.value)
        elif isinstance(node, FragmentSpreadNode):
            self.fragments.add(node.name.value)


class _Tidying(Visitor):
    """Drops definitions that nothing uses."""

    def __init__(self, used: _Used) -> None:
        super().__init__()
        self._used = used

    def enter(self, node: Node, *_: object) -> object:
        """Drop, or go on."""
        if isinstance(node, FragmentDefinitionNode):
            return None if node.name.value in self._used.fragments else REMOVE
        if node.kind == "variable_definition":
            name = node.variable.name.value  # type: ignore[attr-defined]  # of this kind
            return None if name in self._used.variables else REMOVE
        return None
