"""The join specification, https://specs.apollo.dev/join: the definitions a supergraph carries.

In: a version that we write (0.3, 0.4 with override labels, 0.5 with contextual arguments). Out:
the SDL of its directives, enum and scalars, without ``join__Graph``, which is written from the
subgraphs' names.
"""

from __future__ import annotations

from schema.spec.feature_url import Version

__all__ = ["JOIN_IDENTITY", "JOIN_READ_VERSIONS", "JOIN_WRITTEN_VERSIONS", "define_join"]

JOIN_IDENTITY = "https://specs.apollo.dev/join"
JOIN_READ_VERSIONS: tuple[Version, ...] = ((0, 1), (0, 2), (0, 3), (0, 4), (0, 5))
JOIN_WRITTEN_VERSIONS: tuple[Version, ...] = ((0, 3), (0, 4), (0, 5))

_TYPE = """\
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, \
resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | \
INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR"""
_ENUM_VALUE = "directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE"
_GRAPH = "directive @join__graph(name: String!, url: String!) on ENUM_VALUE"
_IMPLEMENTS = """\
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | \
INTERFACE"""
_UNION_MEMBER = """\
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION"""
_FIELD = """\
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, \
type: String, external: Boolean, override: String, usedOverridden: Boolean{later}) repeatable on \
FIELD_DEFINITION | INPUT_FIELD_DEFINITION"""
_DIRECTIVE = """\
directive @join__directive(graphs: [join__Graph!], name: String!, args: \
join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION"""
_CONTEXT_ARGUMENT = """\
input join__ContextArgument {
  name: String!
  type: String!
  context: String!
  selection: join__FieldValue!
}"""


def define_join(version: Version) -> tuple[str, ...]:
    """List the definitions of a join version that we write, each as SDL."""
    if version not in JOIN_WRITTEN_VERSIONS:
        raise ValueError(f"join version {version[0]}.{version[1]} is not written")
    later = ", overrideLabel: String" if version >= (0, 4) else ""
    later += ", contextArguments: [join__ContextArgument!]" if version >= (0, 5) else ""
    definitions = [
        _ENUM_VALUE,
        _FIELD.replace("{later}", later),
        _GRAPH,
        _IMPLEMENTS,
        _TYPE,
        _UNION_MEMBER,
        "scalar join__FieldSet",
    ]
    if version >= (0, 4):
        definitions += [_DIRECTIVE, "scalar join__DirectiveArguments"]
    if version >= (0, 5):
        definitions += [_CONTEXT_ARGUMENT, "scalar join__FieldValue"]
    return tuple(definitions)
