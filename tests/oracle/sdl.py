"""The SDL of a world's subgraphs, twice: as they are composed, and as they really execute.

In: a blueprint. Out: text. The executable form has no federation directives but ``_entities``; it
holds @external fields too, since refusing them is the strict subgraph's work.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.blueprint import (
    Argument,
    Blueprint,
    Declaration,
    Declared,
)

__all__ = ["print_executable", "print_subgraph", "print_truth"]

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/VERSION", import: ["@key" '
    '"@shareable" "@external" "@requires" "@provides" "@override" "@inaccessible" "@tag" '
    '"@interfaceObject"])\n'
)
_LEAF_TYPES = """
enum Color { RED GREEN BLUE }
scalar JSON
input Filter { least: Int = 3, words: [String!], color: Color, deeper: Filter }
"""


def print_subgraph(world: Blueprint, subgraph: str) -> str:
    """Print what is composed."""
    version = "v2.7" if world.labels() else "v2.3"  # the first that has labels
    parts = [_LINK.replace("VERSION", version)]
    root = world.root_names.get(subgraph)
    if root is not None:
        parts.append(f"schema {{ query: {root} {_mutation_root(world, subgraph)}}}\n")
    parts.extend(_print_type(world, subgraph, each) for each in world.subgraphs[subgraph].values())
    return "".join([*parts, _LEAF_TYPES])


def print_executable(world: Blueprint, subgraph: str) -> str:
    """Print what executes."""
    root = world.root_names.get(subgraph, "Query")
    declarations = world.subgraphs[subgraph]
    parts = [f"schema {{ query: {root} {_mutation_root(world, subgraph)}}}\n"]
    parts.extend(
        _print_type(world, subgraph, each, is_plain=True) for each in declarations.values()
    )
    entities = [
        each.name
        for each in declarations.values()
        if each.keys and each.kind in ("object", "interfaceObject")
    ]
    if "Query" not in declarations:
        parts.append(f"type {root} {{ _service: String }}\n")
    if entities:
        parts.append(f"scalar _Any\nunion _Entity = {' | '.join(entities)}\n")
        parts.append(f"extend type {root} {{ _entities(representations: [_Any!]!): [_Entity]! }}\n")
    return "".join([*parts, _LEAF_TYPES])


def print_truth(world: Blueprint) -> str:
    """Print the object types as they really are, hidden fields included."""
    parts = [_LEAF_TYPES]
    for true in world.types.values():
        if true.kind == "union":
            parts.append(f"union {true.name} = {' | '.join(true.members)}\n")
            continue
        keyword = "interface" if true.kind == "interface" else "type"
        fields = [
            f"  {each.name}{_print_arguments(each.arguments)}: {each.type}"
            for each in true.fields.values()
        ]
        parts.append(f"{keyword} {true.name} {{\n" + "\n".join(fields) + "\n}\n")
    return "".join(parts)


def _mutation_root(world: Blueprint, subgraph: str) -> str:
    return "mutation: Mutation " if "Mutation" in world.subgraphs[subgraph] else ""


def _print_type(
    world: Blueprint, subgraph: str, declaration: Declaration, *, is_plain: bool = False
) -> str:
    name = declaration.name
    if name == "Query":
        name = world.root_names.get(subgraph, name)
    if declaration.kind == "union":
        return f"union {name} = {' | '.join(declaration.members)}\n"
    keyword = "interface" if declaration.kind == "interface" else "type"
    implements = " & ".join(declaration.implements)
    head = f"{keyword} {name}" + (f" implements {implements}" if implements else "")
    if not is_plain:
        head += "".join(_print_keys(declaration))
    is_leading = declaration.kind != "interface"
    lines = [
        "  " + _print_field(world, declaration, each, is_plain=is_plain, is_leading=is_leading)
        for each in declaration.fields.values()
    ]
    return head + " {\n" + "\n".join(lines) + "\n}\n"


def _print_keys(declaration: Declaration) -> Iterator[str]:
    if declaration.kind == "interfaceObject":
        yield " @interfaceObject"
    for key in declaration.keys:
        resolvable = "" if key.is_resolvable else ", resolvable: false"
        yield f' @key(fields: "{key.fields}"{resolvable})'


def _print_field(
    world: Blueprint,
    declaration: Declaration,
    declared: Declared,
    *,
    is_plain: bool,
    is_leading: bool,
) -> str:
    true = world.types[declaration.name].fields[declared.name]
    text = f"{declared.name}{_print_arguments(true.arguments)}: {declared.type}"
    if is_plain:
        return text
    if declared.is_external:
        text += " @external"
    if declared.is_shareable:
        text += " @shareable"
    if declared.requires is not None:
        text += f' @requires(fields: "{_escaped(declared.requires)}")'
    if declared.provides is not None:
        text += f' @provides(fields: "{_escaped(declared.provides)}")'
    if declared.override is not None:
        label = "" if declared.label is None else f', label: "{declared.label}"'
        text += f' @override(from: "{declared.override}"{label})'
    if true.is_hidden and is_leading and not declared.is_external:
        text += " @inaccessible"
    return text


def _print_arguments(arguments: tuple[Argument, ...]) -> str:
    if not arguments:
        return ""
    printed = [
        f"{each.name}: {each.type}" + (f" = {each.default}" if each.default else "")
        for each in arguments
    ]
    return f"({', '.join(printed)})"


def _escaped(fields: str) -> str:
    return fields.replace('"', '\\"')
