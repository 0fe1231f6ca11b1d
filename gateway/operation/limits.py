"""Whether a document stays within what one request may cost.

In: a parsed document. Out: nothing, or ``OperationTooLarge`` with every limit that it breaks. It
runs before validation and needs no schema, because validation itself is what a bomb aims at.

Fields are counted as if all fragments were expanded, without expanding: each fragment is weighed
once and its weight multiplied. A fragment that reaches itself weighs nothing where the cycle
closes; validation refuses it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
)

from gateway.errors import Location, OperationTooLarge, Problem

__all__ = ["OperationLimits", "check_limits"]


# Levels of selection sets, fragments included. Every later stage walks them by recursion of at
# most four calls a level; Python's stack holds a thousand.
_MAX_NESTING = 150


@dataclass(frozen=True, slots=True)
class OperationLimits:
    """What one operation may cost; the defaults are what users of other gateways expect."""

    tokens: int = 15_000
    depth: int = 30  # levels of fields
    fields: int = 2_048  # after fragment expansion
    directives: int = 4  # at one location
    fragment_visits: int = 1_000  # spreads and inline fragments, after expansion
    root_aliases: int = 30  # response names of one root field
    # A form with more inputs sends one input object. Twice as many would double the time that
    # validation may take.
    variables: int = 200
    operations: int = 50  # in one document; one of them runs
    # As many keys as one page has rows (DESIGN.md, lists); more belong into a variable.
    list_items: int = 1_000
    errors: int = 5  # validation stops after so many


@dataclass(frozen=True, slots=True)
class _Weight:
    """What a selection set costs with its fragments expanded."""

    fields: int = 0
    depth: int = 0
    visits: int = 0


def check_limits(document: DocumentNode, limits: OperationLimits) -> None:
    """Check every operation of ``document``.

    Raises:
        OperationTooLarge: if any limit is broken.
    """
    weigher = _Weigher(document)
    problems = [
        *_check_shallow(document, limits),
        *(
            problem
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
            for problem in _check_operation(definition, weigher, limits)
        ),
    ]
    if problems:
        raise OperationTooLarge(*problems[: limits.errors])


def _check_operation(
    operation: OperationDefinitionNode, weigher: _Weigher, limits: OperationLimits
) -> Iterator[Problem]:
    weight = weigher.weigh(operation.selection_set)
    where = _location(operation)
    if weight.fields > limits.fields:
        yield Problem(
            f"The operation selects more than {limits.fields} fields once its fragments are "
            "expanded; ask for less at a time.",
            where,
        )
    if weight.depth > limits.depth:
        yield Problem(f"The operation is nested deeper than {limits.depth} levels.", where)
    if weight.visits > limits.fragment_visits:
        yield Problem(f"The operation visits more than {limits.fragment_visits} fragments.", where)
    if len(operation.variable_definitions or ()) > limits.variables:
        yield Problem(f"The operation declares more than {limits.variables} variables.", where)
    aliases = weigher.root_names(operation.selection_set)
    if aliases and max(aliases.values()) > limits.root_aliases:
        yield Problem(
            f"The operation asks one root field under more than {limits.root_aliases} names; "
            "ask for a list, or send several requests.",
            where,
        )


class _Weigher:
    """Weighs selection sets, each fragment once."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._weights: dict[str, _Weight] = {}
        self._open: set[str] = set()
        self._level = 0

    def weigh(self, selection_set: SelectionSetNode) -> _Weight:
        """Weigh a selection set.

        Raises:
            OperationTooLarge: if fragments nest so deep that walking them exhausts the stack.
        """
        if self._level == _MAX_NESTING:
            raise OperationTooLarge(f"Selections are nested deeper than {_MAX_NESTING} levels.")
        self._level += 1
        weight = self._sum(selection_set)
        self._level -= 1
        return weight

    def root_names(self, selection_set: SelectionSetNode) -> Counter[str]:
        """Count the response names of each root field."""
        names: set[tuple[str, str]] = set()
        seen: set[str] = set()
        stack = [selection_set]
        while stack:
            for selection in stack.pop().selections:
                if isinstance(selection, FieldNode):
                    name = selection.name.value
                    names.add((name, selection.alias.value if selection.alias else name))
                elif isinstance(selection, InlineFragmentNode):
                    stack.append(selection.selection_set)
                elif isinstance(selection, FragmentSpreadNode):
                    fragment = self._fragments.get(selection.name.value)
                    if fragment and selection.name.value not in seen:
                        seen.add(selection.name.value)
                        stack.append(fragment.selection_set)
        return Counter(name for name, _ in names)

    def _sum(self, selection_set: SelectionSetNode) -> _Weight:
        fields = depth = visits = 0
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                inner = self.weigh(selection.selection_set) if selection.selection_set else _EMPTY
                fields += 1 + inner.fields
                depth = max(depth, 1 + inner.depth)
                visits += inner.visits
            else:
                inner = self._weigh_fragment(selection)
                fields += inner.fields
                depth = max(depth, inner.depth)
                visits += 1 + inner.visits
        return _Weight(fields, depth, visits)

    def _weigh_fragment(self, selection: object) -> _Weight:
        if isinstance(selection, InlineFragmentNode):
            return self.weigh(selection.selection_set)
        assert isinstance(selection, FragmentSpreadNode)
        name = selection.name.value
        fragment = self._fragments.get(name)
        if fragment is None or name in self._open:
            return _EMPTY
        if name not in self._weights:
            self._open.add(name)
            self._weights[name] = self.weigh(fragment.selection_set)
            self._open.discard(name)
        return self._weights[name]


_EMPTY = _Weight()


def _check_shallow(document: DocumentNode, limits: OperationLimits) -> Iterator[Problem]:
    """Check what needs no expansion: operations, directives at one location, list literals."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if len(operations) > limits.operations:
        yield Problem(
            f"The document holds more than {limits.operations} operations; send those that run.",
            _location(operations[limits.operations]),
        )
    for definition in document.definitions:
        if not isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            continue
        yield from _check_directives(definition.directives, limits)
        for variable in definition.variable_definitions or ():
            yield from _check_directives(variable.directives, limits)
            if variable.default_value is not None:
                yield from _check_value(variable.default_value, limits)
        yield from _check_selections(definition.selection_set, limits)


def _check_selections(
    selection_set: SelectionSetNode, limits: OperationLimits
) -> Iterator[Problem]:
    stack = [selection_set]
    while stack:
        for selection in stack.pop().selections:
            yield from _check_directives(selection.directives, limits)
            if isinstance(selection, FieldNode):
                yield from _check_arguments(selection.arguments, limits)
            inner = getattr(selection, "selection_set", None)
            if inner is not None:
                stack.append(inner)


def _check_directives(
    directives: Sequence[DirectiveNode] | None, limits: OperationLimits
) -> Iterator[Problem]:
    if not directives:
        return
    if len(directives) > limits.directives:
        yield Problem(
            f"More than {limits.directives} directives stand at one location.",
            _location(directives[0]),
        )
    for directive in directives:
        yield from _check_arguments(directive.arguments, limits)


def _check_arguments(
    arguments: Sequence[ArgumentNode] | None, limits: OperationLimits
) -> Iterator[Problem]:
    for argument in arguments or ():
        yield from _check_value(argument.value, limits)


def _check_value(value: ValueNode, limits: OperationLimits) -> Iterator[Problem]:
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, ListValueNode):
            if len(node.values) > limits.list_items:
                yield Problem(
                    f"A list literal has more than {limits.list_items} items; use a variable.",
                    _location(node),
                )
                return
            stack.extend(node.values)
        elif isinstance(node, ObjectValueNode):
            stack.extend(field.value for field in node.fields)


def _location(
    node: OperationDefinitionNode | DirectiveNode | ListValueNode,
) -> tuple[Location, ...]:
    if node.loc is None:
        return ()
    token = node.loc.start_token
    return (Location(token.line, token.column),)
