"""Selection sets without spreads, doubles and dead branches.

In: a validated operation's syntax tree. Out: the ``SelectionSet`` of its root. One pass per level,
as CollectFields of the specification walks it, so that the order of answers is the order asked:

- a fragment whose type covers its parent is replaced by its selections, which take its conditions;
- one that narrows stays a ``Fragment``; one that no possible type matches is dropped, also where
  only the fragments around it together make it impossible;
- fields of one response name become one field, their selections one after another. A later field
  that stands under more conditions than the earlier gives these to its selections; one under
  *other* conditions stays apart, because merging it would change when it is answered.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from gateway.errors import InternalError
from gateway.operation.normalize.conditions import (
    combine_conditions,
    read_conditions,
    read_directives,
)
from schema.ast_value import value_from_ast
from schema.selection import (
    Argument,
    Condition,
    Directive,
    Field,
    Fragment,
    Selection,
    SelectionSet,
)

__all__ = ["normalize_selections"]

_Conditions: TypeAlias = "tuple[Condition, ...]"
# A selection set of the document, and the conditions under which it is part of the level.
_Source: TypeAlias = "tuple[SelectionSetNode, _Conditions]"


@dataclass(slots=True)
class _FieldEntry:
    """A field of a level, with the selection sets that it was asked with."""

    node: FieldNode
    conditions: _Conditions
    directives: tuple[Directive, ...]
    sources: list[_Source] = field(default_factory=list)


@dataclass(slots=True)
class _FragmentEntry:
    """A narrowing fragment of a level."""

    type: GraphQLCompositeType
    conditions: _Conditions
    directives: tuple[Directive, ...]
    sources: list[_Source] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a level stands: its type, the runtime types possible there, what is known to hold."""

    type: GraphQLCompositeType
    possible: frozenset[str]
    known: frozenset[Condition] = frozenset()


def normalize_selections(
    operation: OperationDefinitionNode, document: DocumentNode, api_schema: GraphQLSchema
) -> SelectionSet:
    """Normalize the whole operation."""
    root = api_schema.get_root_type(operation.operation)
    if root is None:
        raise InternalError(f"no root type for a valid {operation.operation.value}")
    normalizer = _Normalizer(document, api_schema)
    scope = _Scope(root, normalizer.possible_types(root))
    return normalizer.normalize(scope, [(operation.selection_set, ())])


class _Normalizer:
    """Holds what every level needs: the fragments and the schema."""

    def __init__(self, document: DocumentNode, api_schema: GraphQLSchema) -> None:
        self._schema = api_schema
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._possible: dict[str, frozenset[str]] = {}
        self._names: dict[int, frozenset[str]] = {}  # by id of a node of the document

    def possible_types(self, type_: GraphQLCompositeType) -> frozenset[str]:
        """List the object types that a value of ``type_`` may have."""
        if type_.name not in self._possible:
            types = self._schema.get_possible_types(type_) if is_abstract_type(type_) else (type_,)
            self._possible[type_.name] = frozenset(t.name for t in types)
        return self._possible[type_.name]

    def normalize(self, scope: _Scope, sources: list[_Source]) -> SelectionSet:
        """Normalize one level and all below it."""
        level = _Level(self, scope)
        for selection_set, conditions in sources:
            level.add(selection_set, conditions)
        selections = tuple(
            built for entry in level.entries if (built := self._build(entry, scope)) is not None
        )
        return SelectionSet(scope.type.name, selections)

    def find_fragment(self, name: str) -> FragmentDefinitionNode:
        """Find a named fragment; validation has seen that it exists."""
        return self._fragments[name]

    def condition_type(
        self, node: InlineFragmentNode | FragmentDefinitionNode, parent: GraphQLCompositeType
    ) -> GraphQLCompositeType:
        """Give the type of a fragment."""
        if node.type_condition is None:
            return parent
        type_ = self._schema.get_type(node.type_condition.name.value)
        if not is_composite_type(type_):
            raise InternalError("a valid fragment is on no composite type")
        return type_

    def covers(self, condition: GraphQLCompositeType, parent: GraphQLCompositeType) -> bool:
        """Tell whether every selection legal on ``condition`` may be made on ``parent`` as is."""
        if condition is parent:
            return True
        return is_abstract_type(condition) and self._schema.is_sub_type(condition, parent)

    def names_in(self, selection_set: SelectionSetNode) -> frozenset[str]:
        """List the response names of a level, those in its fragments included."""
        known = self._names.get(id(selection_set))
        if known is None:
            names: set[str] = set()
            for selection in selection_set.selections:
                if isinstance(selection, FieldNode):
                    names.add((selection.alias or selection.name).value)
                elif isinstance(selection, InlineFragmentNode):
                    names |= self.names_in(selection.selection_set)
                elif isinstance(selection, FragmentSpreadNode):
                    fragment = self.find_fragment(selection.name.value)
                    names |= self.names_in(fragment.selection_set)
            known = self._names[id(selection_set)] = frozenset(names)
        return known

    def _build(self, entry: _FieldEntry | _FragmentEntry, scope: _Scope) -> Selection | None:
        if isinstance(entry, _FieldEntry):
            return self._build_field(entry, scope)
        inner = replace(
            scope,
            type=entry.type,
            possible=scope.possible & self.possible_types(entry.type),
            known=scope.known.union(entry.conditions),
        )
        selections = self.normalize(inner, entry.sources)
        return Fragment(selections, entry.conditions, entry.directives) if selections else None

    def _build_field(self, entry: _FieldEntry, scope: _Scope) -> Field:
        node = entry.node
        return Field(
            name=node.name.value,
            selections=self._build_inner(entry, scope),
            arguments=tuple(
                Argument(a.name.value, value_from_ast(a.value)) for a in node.arguments or ()
            ),
            alias=_alias(node),
            conditions=entry.conditions,
            directives=entry.directives,
        )

    def _build_inner(self, entry: _FieldEntry, scope: _Scope) -> SelectionSet | None:
        definition = self._schema.get_field(scope.type, entry.node.name.value)
        if definition is None:
            raise InternalError("a valid field does not exist")
        type_ = get_named_type(definition.type)
        if not is_composite_type(type_):
            return None
        known = scope.known.union(entry.conditions)
        return self.normalize(_Scope(type_, self.possible_types(type_), known), entry.sources)


class _Level:
    """The entries of one level, in the order asked, as they are collected."""

    def __init__(self, normalizer: _Normalizer, scope: _Scope) -> None:
        self.entries: list[_FieldEntry | _FragmentEntry] = []
        self._normalizer = normalizer
        self._scope = scope
        self._by_name: dict[str, list[_FieldEntry]] = {}
        self._spread: set[tuple[str, _Conditions]] = set()

    def add(self, selection_set: SelectionSetNode, conditions: _Conditions) -> None:
        """Add all selections of a selection set, under ``conditions``."""
        for selection in selection_set.selections:
            own = read_conditions(selection.directives)
            if own is None:
                continue
            combined = combine_conditions(self._scope.known, conditions, own)
            if combined is None:
                continue
            if isinstance(selection, FieldNode):
                self._add_field(selection, combined)
            elif isinstance(selection, InlineFragmentNode):
                self._add_fragment(selection, combined, read_directives(selection.directives))
            elif isinstance(selection, FragmentSpreadNode):
                self._add_spread(selection, combined)

    def _add_field(self, node: FieldNode, conditions: _Conditions) -> None:
        name = node.alias.value if node.alias else node.name.value
        directives = read_directives(node.directives)
        same_name = self._by_name.setdefault(name, [])
        for entry in same_name if node.selection_set is None else self._last(same_name, name):
            if entry.directives == directives and set(entry.conditions) <= set(conditions):
                extra = tuple(c for c in conditions if c not in entry.conditions)
                break
        else:
            entry, extra = _FieldEntry(node, conditions, directives), ()
            same_name.append(entry)
            self.entries.append(entry)
        if node.selection_set is not None:
            entry.sources.append((node.selection_set, extra))

    def _last(self, same_name: list[_FieldEntry], name: str) -> list[_FieldEntry]:
        """Give the entry that an object's selections may join without a change of their order.

        It is the last of the name, unless a fragment after it has the name too.
        """
        for entry in reversed(self.entries) if same_name else ():
            if isinstance(entry, _FieldEntry):
                if entry is same_name[-1]:
                    return [entry]
            elif any(name in self._normalizer.names_in(source) for source, _ in entry.sources):
                return []
        return []

    def _add_spread(self, node: FragmentSpreadNode, conditions: _Conditions) -> None:
        name = node.name.value
        directives = read_directives(node.directives)
        # A fragment spread twice under the same conditions adds nothing the second time.
        if not directives and (name, conditions) in self._spread:
            return
        self._spread.add((name, conditions))
        self._add_fragment(self._normalizer.find_fragment(name), conditions, directives)

    def _add_fragment(
        self,
        node: InlineFragmentNode | FragmentDefinitionNode,
        conditions: _Conditions,
        directives: tuple[Directive, ...],
    ) -> None:
        type_ = self._normalizer.condition_type(node, self._scope.type)
        if not directives and self._normalizer.covers(type_, self._scope.type):
            self.add(node.selection_set, conditions)
        elif self._scope.possible & self._normalizer.possible_types(type_):
            entry = self._fragment_entry(type_, conditions, directives)
            entry.sources.append((node.selection_set, ()))

    def _fragment_entry(
        self,
        type_: GraphQLCompositeType,
        conditions: _Conditions,
        directives: tuple[Directive, ...],
    ) -> _FragmentEntry:
        new = _FragmentEntry(type_, conditions, directives)
        last = self.entries[-1] if self.entries else None
        # Only neighbors: moving a fragment over a field would change the order of the answer.
        if isinstance(last, _FragmentEntry) and replace(last, sources=[]) == new:
            return last
        self.entries.append(new)
        return new


def _alias(node: FieldNode) -> str | None:
    if node.alias is None or node.alias.value == node.name.value:
        return None
    return node.alias.value
