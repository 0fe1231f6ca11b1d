"""The model as supergraph SDL, in the lowest version of ``join`` that can say it.

In: a ``Supergraph``. Out: SDL that any router of Federation 2 reads, with the definitions of link
and join included; types and definitions sorted by name, members in the model's order, so that
equal supergraphs print alike and ``load(render(s)) == s``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from schema.field_set import render_field_set
from schema.selection import SelectionSet
from schema.spec.feature_url import Version
from schema.spec.inaccessible import INACCESSIBLE, INACCESSIBLE_IDENTITY
from schema.spec.join import JOIN_IDENTITY, define_join
from schema.spec.link import LINK_DEFINITIONS, LINK_IDENTITY
from schema.spec.tag import TAG, TAG_IDENTITY
from schema.supergraph.model import (
    Applied,
    ContextArgument,
    EnumType,
    EnumValue,
    InputObjectType,
    JoinField,
    JoinType,
    Link,
    ObjectType,
    Supergraph,
    TypeDefinition,
    UnionType,
)
from schema.supergraph.sdl import SdlPrinter, print_directive, print_text

__all__ = ["render_supergraph"]

_LATEST: Version = (2, 3)  # the federation version whose locations of @tag are written


def render_supergraph(supergraph: Supergraph) -> str:
    """Print the whole supergraph."""
    version = _join_version(supergraph)
    printer = _SupergraphPrinter(supergraph)
    definitions = _definitions(supergraph, version)
    definitions += [printer.print_directive_definition(d) for d in supergraph.directives.values()]
    directives = sorted(d for d in definitions if _is_directive(d))
    types = sorted(d for d in definitions if not _is_directive(d))
    blocks = [
        _schema(supergraph, version),
        *directives,
        *types,
        _graphs(supergraph),
        *(printer.print_type(supergraph.types[name]) for name in sorted(supergraph.types)),
    ]
    return "\n\n".join(blocks) + "\n"


def _is_directive(text: str) -> bool:
    return text.startswith(("directive ", '"'))


def _join_version(supergraph: Supergraph) -> Version:
    joins = tuple(_join_fields(supergraph))
    if any(join.context_arguments for join in joins):
        return (0, 5)
    uses_join_directive = any(
        directive.name == "join__directive"
        for applied in _all_applied(supergraph)
        for directive in applied.directives
    )
    if uses_join_directive or any(join.override_label is not None for join in joins):
        return (0, 4)
    return (0, 3)


def _join_fields(supergraph: Supergraph) -> Iterator[JoinField]:
    for definition in supergraph.types.values():
        if isinstance(definition, ObjectType | InputObjectType):
            for field in definition.fields.values():
                yield from field.joins


def _all_applied(supergraph: Supergraph) -> Iterator[Applied]:
    for directive in supergraph.directives.values():
        yield from (argument.applied for argument in directive.arguments)
    for definition in supergraph.types.values():
        yield definition.applied
        if isinstance(definition, ObjectType):
            for field in definition.fields.values():
                yield field.applied
                yield from (argument.applied for argument in field.arguments)
        elif isinstance(definition, InputObjectType):
            yield from (field.applied for field in definition.fields.values())
        elif isinstance(definition, EnumType):
            yield from (value.applied for value in definition.values.values())


def _schema(supergraph: Supergraph, version: Version) -> str:
    links = [
        Link(f"{LINK_IDENTITY}/v1.0"),
        Link(f"{JOIN_IDENTITY}/v{version[0]}.{version[1]}", purpose="EXECUTION"),
    ]
    if _uses_inaccessible(supergraph):
        links.append(Link(f"{INACCESSIBLE_IDENTITY}/v0.2", purpose="SECURITY"))
    if _uses_tag(supergraph):
        links.append(Link(f"{TAG_IDENTITY}/v0.3"))
    lines = [f"  {_link(link)}" for link in (*links, *supergraph.links)]
    description = f"{print_text(supergraph.description)}\n" if supergraph.description else ""
    return f"{description}schema\n" + "\n".join(lines) + "\n" + _roots(supergraph)


def _roots(supergraph: Supergraph) -> str:
    roots = {
        "query": supergraph.query_type,
        "mutation": supergraph.mutation_type,
        "subscription": supergraph.subscription_type,
    }
    return "{\n" + "".join(f"  {kind}: {name}\n" for kind, name in roots.items() if name) + "}"


def _link(link: Link) -> str:
    arguments = [f"url: {print_text(link.url)}"]
    if link.alias is not None:
        arguments.append(f"as: {print_text(link.alias)}")
    if link.purpose is not None:
        arguments.append(f"for: {link.purpose}")
    if link.imports:
        imports = ", ".join(
            print_text(name)
            if name == local
            else f"{{name: {print_text(name)}, as: {print_text(local)}}}"
            for name, local in link.imports
        )
        arguments.append(f"import: [{imports}]")
    return f"@link({', '.join(arguments)})"


def _definitions(supergraph: Supergraph, version: Version) -> list[str]:
    names = {"link": "link", "Purpose": "link__Purpose", "Import": "link__Import"}
    definitions = [text.format(**names) for text in LINK_DEFINITIONS]
    definitions += define_join(version)
    if _uses_inaccessible(supergraph):
        definitions.append(INACCESSIBLE.define("inaccessible", _LATEST, {}))
    if _uses_tag(supergraph):
        definitions.append(TAG.define("tag", _LATEST, {}))
    return definitions


def _uses_inaccessible(supergraph: Supergraph) -> bool:
    return any(applied.inaccessible for applied in _all_applied(supergraph))


def _uses_tag(supergraph: Supergraph) -> bool:
    return any(applied.tags for applied in _all_applied(supergraph))


def _graphs(supergraph: Supergraph) -> str:
    lines = "\n".join(
        f"  {graph.enum_value} @join__graph(name: {print_text(graph.name)},"
        f" url: {print_text(graph.url)})"
        for graph in supergraph.graphs
    )
    return f"enum join__Graph {{\n{lines}\n}}"


class _SupergraphPrinter(SdlPrinter):
    """Adds what only the supergraph says."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._graphs: Mapping[str, str] = {g.name: g.enum_value for g in supergraph.graphs}

    def joins_of_type(self, definition: TypeDefinition) -> list[str]:
        lines = [text for join in definition.joins for text in self._join_type(join)]
        if isinstance(definition, ObjectType):
            lines += [
                f"@join__implements(graph: {self._graphs[join.graph]},"
                f" interface: {print_text(join.interface)})"
                for join in definition.implements
            ]
        if isinstance(definition, UnionType):
            lines += [
                f"@join__unionMember(graph: {self._graphs[join.graph]},"
                f" member: {print_text(join.member)})"
                for join in definition.members
            ]
        return lines

    def joins_of_field(self, joins: Sequence[JoinField]) -> list[str]:
        return [self._join_field(join) for join in joins]

    def joins_of_value(self, value: EnumValue) -> list[str]:
        return [f"@join__enumValue(graph: {self._graphs[graph]})" for graph in value.graphs]

    def directives_of(self, applied: Applied) -> list[str]:
        lines = super().directives_of(applied)
        lines += ["@inaccessible"] if applied.inaccessible else []
        lines += [f"@tag(name: {print_text(tag)})" for tag in applied.tags]
        return lines + [print_directive(directive) for directive in applied.directives]

    def _join_type(self, join: JoinType) -> Iterator[str]:
        flags = ", extension: true" if join.extension else ""
        interface_object = ", isInterfaceObject: true" if join.is_interface_object else ""
        graph = f"graph: {self._graphs[join.graph]}"
        if not join.keys:
            yield f"@join__type({graph}{flags}{interface_object})"
        for key in join.keys:
            fields = print_text(render_field_set(key.fields))
            resolvable = "" if key.resolvable else ", resolvable: false"
            yield f"@join__type({graph}, key: {fields}{flags}{resolvable}{interface_object})"

    def _join_field(self, join: JoinField) -> str:
        arguments: dict[str, str | None] = {
            "graph": None if join.graph is None else self._graphs[join.graph],
            "requires": _field_set(join.requires),
            "provides": _field_set(join.provides),
            "type": None if join.type is None else print_text(str(join.type)),
            "external": "true" if join.external else None,
            "override": None if join.override is None else print_text(join.override),
            "usedOverridden": "true" if join.used_overridden else None,
            "overrideLabel": (
                None if join.override_label is None else print_text(join.override_label)
            ),
            "contextArguments": _context_arguments(join.context_arguments),
        }
        said = ", ".join(f"{name}: {text}" for name, text in arguments.items() if text)
        return f"@join__field({said})" if said else "@join__field"


def _field_set(selection_set: SelectionSet | None) -> str | None:
    return None if selection_set is None else print_text(render_field_set(selection_set))


def _context_arguments(arguments: Sequence[ContextArgument]) -> str | None:
    if not arguments:
        return None
    items = ", ".join(
        f"{{context: {print_text(a.context)}, name: {print_text(a.name)},"
        f" type: {print_text(str(a.type))}, selection: {print_text(a.selection)}}}"
        for a in arguments
    )
    return f"[{items}]"
