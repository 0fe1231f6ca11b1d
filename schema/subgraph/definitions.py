"""DIRECTIVE_DEFINITION_INVALID, TYPE_DEFINITION_INVALID: what is specified is defined so.

In: the author's own definitions of specified directives and scalars. Out: findings where they
differ in more than the allowed ways: optional arguments and locations may be left out, and a field
set may be typed as String.
"""

from __future__ import annotations

from graphql import (
    DirectiveDefinitionNode,
    InputValueDefinitionNode,
    ScalarTypeDefinitionNode,
    parse,
    print_ast,
)

from schema.coordinates import directive_coordinate
from schema.spec.federation import FEDERATION_DIRECTIVES, LATEST_FEDERATION_VERSION
from schema.subgraph.document import CompleteDocument, local_scalars
from schema.subgraph.findings import Findings
from schema.subgraph.links import Links

__all__ = ["check_definitions"]

_CODE = "DIRECTIVE_DEFINITION_INVALID"


def check_definitions(document: CompleteDocument, links: Links, findings: Findings) -> None:
    """Report every own definition that contradicts its specification."""
    _check_types(document, findings)
    _check_scalars(document, links, findings)
    if findings.errors:
        return
    for name, node in document.redefined.items():
        local = node.name.value
        version = links.version or LATEST_FEDERATION_VERSION
        text = FEDERATION_DIRECTIVES[name].define(local, version, local_scalars(links))
        specified = parse(text, no_location=True).definitions[0]
        assert isinstance(specified, DirectiveDefinitionNode)
        for problem in (*_argument_problems(node, specified), *_shape_problems(node, specified)):
            findings.report(
                _CODE,
                f'The definition of "@{local}" {problem}; remove it or write "{text}".',
                directive_coordinate(local),
            )


def _check_types(document: CompleteDocument, findings: Findings) -> None:
    for node in document.retyped:
        if not isinstance(node, ScalarTypeDefinitionNode):
            name = node.name.value
            findings.report(
                "TYPE_DEFINITION_INVALID",
                f'"{name}" is a scalar of the federation specification and is defined otherwise; '
                "rename your own type.",
                name,
            )


def _check_scalars(document: CompleteDocument, links: Links, findings: Findings) -> None:
    """Report scalars that an own definition names, as an author must define what he names."""
    if links.version is None:
        return
    defined = {node.name.value for node in document.retyped}
    for name in sorted(set(local_scalars(links).values()) - defined):
        for node in document.redefined.values():
            if any(print_ast(each.type).strip("[]!") == name for each in node.arguments or ()):
                findings.report(
                    "INVALID_GRAPHQL",
                    f'The definition of "@{node.name.value}" names the unknown type "{name}"; '
                    f'write "scalar {name}", or remove the definition.',
                    directive_coordinate(node.name.value),
                )


def _argument_problems(
    own: DirectiveDefinitionNode, specified: DirectiveDefinitionNode
) -> list[str]:
    written = {node.name.value: node for node in own.arguments or ()}
    known = {node.name.value: node for node in specified.arguments or ()}
    problems = [f'has an unknown argument "{name}"' for name in written if name not in known]
    for name, node in known.items():
        if name not in written:
            if print_ast(node.type).endswith("!"):
                problems.append(f'lacks the argument "{name}"')
        elif not _is_compatible(written[name], node):
            own_type, type_ = print_ast(written[name].type), print_ast(node.type)
            problems.append(f'types the argument "{name}" as "{own_type}" instead of "{type_}"')
    return problems


def _is_compatible(own: InputValueDefinitionNode, specified: InputValueDefinitionNode) -> bool:
    written, expected = _loosen(print_ast(own.type)), _loosen(print_ast(specified.type))
    return written == expected or written.rstrip("!") == expected.rstrip("!")


def _loosen(type_text: str) -> str:
    """Read every spelling of a specified scalar as String: libraries print them differently."""
    named = type_text.strip("[]!")
    if named in ("Int", "Boolean", "Float", "ID"):
        return type_text
    return type_text.replace(named, "String")


def _shape_problems(own: DirectiveDefinitionNode, specified: DirectiveDefinitionNode) -> list[str]:
    problems = []
    allowed = {node.value for node in specified.locations}
    extra = sorted({node.value for node in own.locations} - allowed)
    if extra:
        problems.append(f"allows the locations {', '.join(extra)}")
    if own.repeatable and not specified.repeatable:
        problems.append("is repeatable")
    return problems
