"""What the ``join`` directives on one element say, as the model's values.

In: an element's directive nodes. Out: ``JoinType``, ``JoinField``, ``JoinImplements`` and their
siblings, with graphs by name and field sets parsed. ``load`` calls this once per element; nothing
else knows how ``join`` spells things.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    DirectiveNode,
    GraphQLError,
    parse_type,
    value_from_ast_untyped,
)

from schema.ast_value import value_from_ast
from schema.errors import SupergraphError
from schema.field_set import FieldSetError, FieldType, parse_field_set
from schema.selection import Argument, Directive, SelectionSet
from schema.spec.inaccessible import INACCESSIBLE_IDENTITY
from schema.spec.join import JOIN_IDENTITY
from schema.spec.tag import TAG_IDENTITY
from schema.supergraph.links import Links
from schema.supergraph.model import (
    Applied,
    ContextArgument,
    Graph,
    JoinField,
    JoinImplements,
    JoinType,
    Key,
    TypeRef,
    UnionMember,
)
from schema.supergraph.type_node import build_type_ref

__all__ = ["JoinDirectives"]

DEFAULT_REASON = "No longer supported"

# Said by members of the model other than ``Applied.directives``.
_SPECIFIED = frozenset({"deprecated", "specifiedBy", "oneOf"})


class JoinDirectives:
    """Reads directive nodes under the names and graphs of one document."""

    def __init__(self, links: Links, graphs: Sequence[Graph], field_type: FieldType) -> None:
        self._graphs: Mapping[str, str] = {graph.enum_value: graph.name for graph in graphs}
        self._field_type = field_type
        self._names = {
            name: links.directive(JOIN_IDENTITY, name)
            for name in ("type", "field", "implements", "unionMember", "enumValue", "owner")
        }
        self._inaccessible = links.directive(INACCESSIBLE_IDENTITY, "inaccessible")
        self._tag = links.directive(TAG_IDENTITY, "tag")
        self._hidden = frozenset(self._names.values()) | _SPECIFIED

    def types(self, nodes: Sequence[DirectiveNode], where: str) -> tuple[JoinType, ...]:
        """Read ``@join__type``: one JoinType per graph, with all its keys."""
        keys: dict[str, list[Key]] = {}
        flags: dict[str, tuple[bool, bool]] = {}
        for arguments in self._applied("type", nodes):
            graph = self._graph(arguments.get("graph"), where)
            graph_keys = keys.setdefault(graph, [])
            if arguments.get("key") is not None:
                fields = self._field_set(arguments["key"], where, where)
                graph_keys.append(Key(fields, arguments.get("resolvable", True)))
            extension, interface_object = flags.get(graph, (False, False))
            flags[graph] = (
                extension or bool(arguments.get("extension", False)),
                interface_object or bool(arguments.get("isInterfaceObject", False)),
            )
        return tuple(JoinType(graph, tuple(keys[graph]), *flags[graph]) for graph in keys)

    def fields(
        self, nodes: Sequence[DirectiveNode], parent: str, type_name: str, where: str
    ) -> tuple[JoinField, ...]:
        """Read ``@join__field`` on a field of ``parent`` whose named type is ``type_name``."""
        return tuple(
            self._field(arguments, parent, type_name, where)
            for arguments in self._applied("field", nodes)
        )

    def implements(self, nodes: Sequence[DirectiveNode], where: str) -> tuple[JoinImplements, ...]:
        """Read ``@join__implements``."""
        return tuple(
            JoinImplements(self._graph(a.get("graph"), where), str(a.get("interface")))
            for a in self._applied("implements", nodes)
        )

    def union_members(self, nodes: Sequence[DirectiveNode], where: str) -> tuple[UnionMember, ...]:
        """Read ``@join__unionMember``."""
        return tuple(
            UnionMember(self._graph(a.get("graph"), where), str(a.get("member")))
            for a in self._applied("unionMember", nodes)
        )

    def enum_value_graphs(self, nodes: Sequence[DirectiveNode], where: str) -> tuple[str, ...]:
        """Read ``@join__enumValue``."""
        return tuple(self._graph(a.get("graph"), where) for a in self._applied("enumValue", nodes))

    def owner(self, nodes: Sequence[DirectiveNode], where: str) -> str | None:
        """Read ``@join__owner``, which only join v0.1 has."""
        for arguments in self._applied("owner", nodes):
            return self._graph(arguments.get("graph"), where)
        return None

    def applied(self, nodes: Sequence[DirectiveNode], description: str | None) -> Applied:
        """Read what every element may carry; what no one here understands passes through."""
        tags: list[str] = []
        directives: list[Directive] = []
        inaccessible = False
        deprecated: str | None = None
        for node in nodes:
            name = node.name.value
            if name == self._inaccessible:
                inaccessible = True
            elif name == self._tag:
                tags.append(str(_arguments(node).get("name")))
            elif name == "deprecated":
                deprecated = _arguments(node).get("reason") or DEFAULT_REASON
            elif name not in self._hidden:
                directives.append(self._directive(node))
        return Applied(description, inaccessible, tuple(tags), deprecated, tuple(directives))

    def _directive(self, node: DirectiveNode) -> Directive:
        arguments = tuple(
            Argument(a.name.value, value_from_ast(a.value)) for a in node.arguments or ()
        )
        return Directive(node.name.value, arguments)

    def _applied(self, name: str, nodes: Sequence[DirectiveNode]) -> Iterator[dict[str, Any]]:
        local = self._names[name]
        return (_arguments(node) for node in nodes if node.name.value == local)

    def _graph(self, enum_value: Any, where: str) -> str:
        try:
            return self._graphs[enum_value]
        except (KeyError, TypeError):
            raise SupergraphError(
                f'"{where}" refers to the graph "{enum_value}", which join__Graph does not list.',
                (where,),
            ) from None

    def _field(
        self, arguments: Mapping[str, Any], parent: str, type_name: str, where: str
    ) -> JoinField:
        requires, provides = arguments.get("requires"), arguments.get("provides")
        type_text = arguments.get("type")
        has_graph = arguments.get("graph") is not None
        return JoinField(
            graph=self._graph(arguments["graph"], where) if has_graph else None,
            type=_parse_type(type_text, where) if type_text is not None else None,
            requires=self._field_set(requires, parent, where) if requires is not None else None,
            provides=self._field_set(provides, type_name, where) if provides is not None else None,
            external=bool(arguments.get("external", False)),
            override=arguments.get("override"),
            override_label=arguments.get("overrideLabel"),
            used_overridden=bool(arguments.get("usedOverridden", False)),
            context_arguments=tuple(
                ContextArgument(
                    item["context"],
                    item["name"],
                    _parse_type(item["type"], where),
                    item["selection"],
                )
                for item in arguments.get("contextArguments") or ()
            ),
        )

    def _field_set(self, text: Any, type_name: str, where: str) -> SelectionSet:
        try:
            return parse_field_set(str(text), type_name, self._field_type)
        except FieldSetError as error:
            raise SupergraphError(f'"{where}": {error}', (where,)) from error


def _parse_type(text: Any, where: str) -> TypeRef:
    try:
        return build_type_ref(parse_type(str(text), no_location=True))
    except GraphQLError as error:
        raise SupergraphError(
            f'"{where}": the type "{text}" cannot be read: {error.message}', (where,)
        ) from error


def _arguments(node: DirectiveNode) -> dict[str, Any]:
    return {a.name.value: value_from_ast_untyped(a.value) for a in node.arguments or ()}
