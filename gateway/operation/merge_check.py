"""Whether fields with one response name can be merged, in near-linear time.

In: an operation that is valid but for this rule. Out: nothing, or the first conflict of each level
(https://spec.graphql.org/September2025/#sec-Field-Selection-Merging). The specification compares
every pair of fields, which a thousand fields of one name turn into a million comparisons; here all
fields of one level are grouped by response name, and a group is one set of signatures: it may
merge if there is one. Two properties are checked level by level:

- *shape*: all fields of a name answer with the same wrapping and, for leaves, the same type;
- *identity*: those that may meet in one object have the same field name and arguments. Fields on
  different object types never meet; fields on abstract types meet with all.

A level is the union of the selections of one group, so each is walked once however often the
group is named; what was already checked is remembered by the selections it consists of. Where all
fields of a group may meet, both properties are checked in one walk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    type_from_ast,
)

from schema.ast_value import value_from_ast
from schema.selection import ListValue, ObjectValue, Value

__all__ = ["find_merge_conflicts"]


class _Selected(NamedTuple):
    """One field of a level: where it stands and what it answers with."""

    parent: GraphQLNamedType
    node: FieldNode
    type: GraphQLOutputType


# A level: selection sets with the type on which each is made.
_Level: TypeAlias = "Sequence[tuple[GraphQLNamedType, SelectionSetNode]]"
_Group: TypeAlias = "list[_Selected]"


def find_merge_conflicts(
    schema: GraphQLSchema, document: DocumentNode, max_errors: int
) -> list[GraphQLError]:
    """List at most ``max_errors`` conflicts of all operations of ``document``."""
    check = _MergeCheck(schema, document, max_errors)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            root = schema.get_root_type(definition.operation)
            if root is not None:
                check.check_level([(root, definition.selection_set)])
    return check.errors


class _MergeCheck:
    """Walks the levels of one document and collects its conflicts."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, max_errors: int) -> None:
        self.errors: list[GraphQLError] = []
        self._schema = schema
        self._max_errors = max_errors
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._checked: set[frozenset[tuple[str, int]]] = set()
        self._checked_shapes: set[frozenset[tuple[str, int]]] = set()
        self._checked_identities: set[frozenset[tuple[str, int]]] = set()

    def check_level(self, level: _Level) -> None:
        """Check both properties from this level down."""
        if not self._is_new(level, self._checked):
            return
        for name, group in self._collect(level).items():
            meetings = _meetings(group)
            if not self._check_shape(name, group):
                continue
            if len(meetings) == 1:
                self._check_meeting(name, group, self.check_level)
                continue
            self._check_shapes(_inner_level(group))
            for meeting in meetings:
                self._check_meeting(name, meeting, self._check_identities)

    def _check_shapes(self, level: _Level) -> None:
        if self._is_new(level, self._checked_shapes):
            for name, group in self._collect(level).items():
                if self._check_shape(name, group):
                    self._check_shapes(_inner_level(group))

    def _check_identities(self, level: _Level) -> None:
        if self._is_new(level, self._checked_identities):
            for name, group in self._collect(level).items():
                for meeting in _meetings(group):
                    self._check_meeting(name, meeting, self._check_identities)

    def _check_shape(self, name: str, group: _Group) -> bool:
        fits = len(group) == 1 or len({_shape(selected.type) for selected in group}) == 1
        if not fits:
            self._report(name, group, "they answer with different types")
        return fits

    def _check_meeting(
        self, name: str, meeting: _Group, check_below: Callable[[_Level], None]
    ) -> None:
        if len(meeting) > 1 and len({_identity(selected.node) for selected in meeting}) > 1:
            self._report(name, meeting, "they differ in field name or arguments")
        else:
            check_below(_inner_level(meeting))

    def _is_new(self, level: _Level, checked: set[frozenset[tuple[str, int]]]) -> bool:
        if not level or len(self.errors) >= self._max_errors:
            return False
        key = frozenset((parent.name, id(node)) for parent, node in level)
        if key in checked:
            return False
        checked.add(key)
        return True

    def _collect(self, level: _Level) -> dict[str, _Group]:
        groups: dict[str, _Group] = {}
        spread: set[tuple[str, str]] = set()
        stack = list(reversed(level))
        while stack:
            parent, selection_set = stack.pop()
            for selection in selection_set.selections:
                if isinstance(selection, FieldNode):
                    self._add(groups, parent, selection)
                elif isinstance(selection, InlineFragmentNode):
                    stack.append((self._condition(selection, parent), selection.selection_set))
                elif isinstance(selection, FragmentSpreadNode):
                    fragment = self._fragments[selection.name.value]
                    key = (selection.name.value, parent.name)
                    if key not in spread:
                        spread.add(key)
                        stack.append((self._condition(fragment, parent), fragment.selection_set))
        return groups

    def _add(self, groups: dict[str, _Group], parent: GraphQLNamedType, node: FieldNode) -> None:
        definition = self._schema.get_field(parent, node.name.value)  # type: ignore[arg-type]  # validated: composite
        if definition is not None:
            name = node.alias.value if node.alias else node.name.value
            groups.setdefault(name, []).append(_Selected(parent, node, definition.type))

    def _condition(
        self, node: InlineFragmentNode | FragmentDefinitionNode, parent: GraphQLNamedType
    ) -> GraphQLNamedType:
        if node.type_condition is None:
            return parent
        return type_from_ast(self._schema, node.type_condition) or parent

    def _report(self, name: str, group: Iterable[_Selected], reason: str) -> None:
        if len(self.errors) >= self._max_errors:
            return
        nodes = [selected.node for selected in group][:2]
        self.errors.append(
            GraphQLError(
                f"Fields '{name}' conflict because {reason}. "
                "Use different aliases on the fields to fetch both if this was intentional.",
                nodes,
            )
        )


def _meetings(group: _Group) -> list[_Group]:
    """Split a group into the sets of fields that may meet in one object."""
    if len(group) == 1:
        return [group]
    abstract = [s for s in group if not isinstance(s.parent, GraphQLObjectType)]
    concrete: dict[str, _Group] = {}
    for selected in group:
        if isinstance(selected.parent, GraphQLObjectType):
            concrete.setdefault(selected.parent.name, list(abstract)).append(selected)
    return list(concrete.values()) or [abstract]


def _inner_level(group: Iterable[_Selected]) -> _Level:
    return [
        (get_named_type(selected.type), selected.node.selection_set)
        for selected in group
        if selected.node.selection_set is not None
    ]


def _shape(type_: GraphQLOutputType) -> tuple[str, ...]:
    shape: list[str] = []
    while True:
        if is_non_null_type(type_):
            shape.append("!")
            type_ = type_.of_type
        elif is_list_type(type_):
            shape.append("[]")
            type_ = type_.of_type
        else:
            shape.append(type_.name if is_leaf_type(type_) else "{}")
            return tuple(shape)


def _identity(node: FieldNode) -> tuple[object, ...]:
    arguments = sorted(
        (argument.name.value, _sorted(value_from_ast(argument.value)))
        for argument in node.arguments or ()
    )
    return (node.name.value, *arguments)


def _sorted(value: Value) -> tuple[str, object]:
    """Give a value whose comparison ignores the order of object fields, tagged by its kind."""
    match value:
        case ListValue():
            return ("list", tuple(_sorted(item) for item in value.items))
        case ObjectValue():
            fields = sorted(((name, _sorted(item)) for name, item in value.fields), key=_first)
            return ("object", tuple(fields))
        case _:
            return (type(value).__name__, value[0])


def _first(pair: tuple[str, object]) -> str:
    return pair[0]
