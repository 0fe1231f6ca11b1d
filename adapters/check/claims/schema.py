"""Claims about the schema: it composes, describes itself, and lets one agency fail alone.

In: the SDL, the functions behind it, the neighbours. Out: findings with schema coordinates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.check.model import Check, NotApplicable
from adapters.check.subject import Subject
from adapters.kit.index import DefinitionError, build_index
from schema.composition.composer import compose, compose_alone
from schema.field_set import parse_field_set
from schema.selection import Fragment, Literal, SelectionSet
from schema.subgraph.model import (
    Notes,
    Subgraph,
    SubgraphField,
    SubgraphSource,
    SubgraphType,
    TypeKind,
    argument_of,
    text_argument,
)
from schema.subgraph.parse import parse_subgraph
from schema.type_ref import TypeRef

__all__ = ["SCHEMA_CHECKS"]

_NUMBERS_OF_PEOPLE = frozenset({"NIK", "NomorKK"})
_OWN_DIRECTIVES = frozenset({"TingkatKelas", "PolaSamaran"})  # their enums come with the kit


async def _composes_alone(subject: Subject) -> Sequence[str]:
    result = compose_alone(_source(subject))
    return [f"{error.code}: {error.message}" for error in result.errors]


async def _composes_with_others(subject: Subject) -> Sequence[str]:
    others = [each for each in subject.neighbours if each.name != subject.adapter.name]
    if not others:
        raise NotApplicable("no other adapter is installed")
    result = compose([_source(subject), *others])
    return [f"{error.code}: {error.message}" for error in result.errors]


async def _functions_match(subject: Subject) -> Sequence[str]:
    try:
        build_index(subject.adapter.definition)
    except DefinitionError as error:
        return str(error).splitlines()[1:]
    return ()


async def _keys_resolvable(subject: Subject) -> Sequence[str]:
    schema = _parse(subject)
    found = []
    for kind in schema.composites():
        for paths in _key_paths(kind, schema):
            if not _has_lookup(kind, paths, subject) and (lost := _lost(kind, paths, subject)):
                listed = ", ".join(f'"{kind.name}.{name}"' for name in lost)
                found.append(
                    f'"{kind.name}" has the key "{" ".join(paths)}" and no lookup by it, so nothing'
                    f" answers {listed}: give it a lookup, or make the key resolvable: false"
                )
    return found


async def _types_described(subject: Subject) -> Sequence[str]:
    schema = _parse(subject)
    return [
        f'"{kind.name}" {lack}'
        for kind in schema.types.values()
        if kind.name not in schema.roots.values() and kind.name not in _OWN_DIRECTIVES
        if (lack := _lack(kind.notes.description))
    ]


async def _fields_described(subject: Subject) -> Sequence[str]:
    found = []
    for kind in _parse(subject).types.values():
        notes = {name: member.notes for name, member in kind.fields.items()}
        notes |= {name: member.notes for name, member in kind.inputs.items()}
        for name, each in notes.items():
            if lack := _lack(each.description):
                found.append(f'"{kind.name}.{name}" {lack}')
    return found


async def _borders_nullable(subject: Subject) -> Sequence[str]:
    schema = _parse(subject)
    return [
        f'"{kind.name}.{name}: {member.type}" crosses the border to another agency: make it'
        " nullable, and its items too, or one outage empties everything around it"
        for kind, name, member in _fields(schema)
        if _crosses(kind, member, subject, schema) and _insists(member.type)
    ]


async def _connections_paged(subject: Subject) -> Sequence[str]:
    schema = _parse(subject)
    return [
        f'"{kind.name}.{name}" gives a connection and does not take "first" and "after"'
        for kind, name, member in _fields(schema)
        if _is_connection(schema.types.get(member.type.named))
        and not {"first", "after"} <= {*member.arguments}
    ]


async def _people_classed(subject: Subject) -> Sequence[str]:
    return [
        f'"{kind.name}.{name}" is a person\'s number and has no @kelas'
        for kind, name, member in _fields(_parse(subject))
        if member.type.named in _NUMBERS_OF_PEOPLE
        and not (member.is_external or _is_classed(member.notes) or _is_classed(kind.notes))
    ]


async def _is_federation_2(subject: Subject) -> Sequence[str]:
    if _parse(subject).version is None:
        return ["the SDL links no Federation 2 specification: other composers read it as version 1"]
    return ()


def _is_classed(notes: Notes) -> bool:
    return any(directive.name == "kelas" for directive in (*notes.known, *notes.custom))


def _source(subject: Subject) -> SubgraphSource:
    name = subject.adapter.name
    return SubgraphSource(name, f"simpul:adapter/{name}", subject.adapter.sdl)


def _parse(subject: Subject) -> Subgraph:
    parsed = parse_subgraph(_source(subject))
    if isinstance(parsed, Subgraph):
        return parsed
    raise NotApplicable("the SDL cannot be read: see the first check")


def _fields(schema: Subgraph) -> Iterator[tuple[SubgraphType, str, SubgraphField]]:
    for kind in schema.composites():
        for name, member in kind.fields.items():
            yield kind, name, member


def _lack(description: str | None) -> str | None:
    """Tell what a description lacks; None if it is whole."""
    if not description:
        return "has no description"
    parts = [part.strip() for part in description.strip().split("\n\n", 1)]
    if len(parts) < 2 or not all(parts):
        return "is described in one language: Indonesian, an empty line, English"
    return None


def _key_paths(kind: SubgraphType, schema: Subgraph) -> Iterator[tuple[str, ...]]:
    """Give the paths of each key that this subgraph promises to resolve."""
    for key in kind.keys:
        fields = text_argument(key, "fields")
        if fields is not None and argument_of(key, "resolvable") != Literal("false"):
            selection = parse_field_set(fields, kind.name, schema.field_type)
            yield tuple(_paths(selection, ""))


def _paths(selection: SelectionSet, above: str) -> Iterator[str]:
    for each in selection:
        if isinstance(each, Fragment):
            yield from _paths(each.selections, above)
        elif each.selections is None:
            yield above + each.name
        else:
            yield from _paths(each.selections, f"{above}{each.name}.")


def _has_lookup(kind: SubgraphType, paths: Sequence[str], subject: Subject) -> bool:
    names = {kind.name, *kind.interfaces}
    return any(
        lookup.type_name in names and {*lookup.key} == {*paths}
        for lookup in subject.adapter.definition.lookups
    )


def _lost(kind: SubgraphType, paths: Sequence[str], subject: Subject) -> list[str]:
    """Give the fields that neither the key nor a relation answers."""
    related = {r.field for r in subject.adapter.definition.relations if r.type_name == kind.name}
    keys = {path.split(".", 1)[0] for path in paths}
    return [
        name
        for name, member in kind.fields.items()
        if name not in keys and name not in related and not member.is_external
    ]


def _crosses(kind: SubgraphType, member: SubgraphField, subject: Subject, schema: Subgraph) -> bool:
    """Tell whether the field leads to another agency's entity, or is added to one."""
    if member.is_external or member.name in _key_heads(kind, schema):
        return False
    target = schema.types.get(member.type.named)
    return _is_foreign(kind, subject) or (target is not None and _is_foreign(target, subject))


def _is_foreign(kind: SubgraphType, subject: Subject) -> bool:
    names = {kind.name, *kind.interfaces}
    known = any(lookup.type_name in names for lookup in subject.adapter.definition.lookups)
    return bool(kind.keys) and not known


def _key_heads(kind: SubgraphType, schema: Subgraph) -> set[str]:
    sets = (text_argument(key, "fields") for key in kind.keys)
    return {
        path.split(".", 1)[0]
        for fields in sets
        if fields is not None
        for path in _paths(parse_field_set(fields, kind.name, schema.field_type), "")
    }


def _insists(ref: TypeRef) -> bool:
    return ref.non_null or (ref.of is not None and _insists(ref.of))


def _is_connection(kind: SubgraphType | None) -> bool:
    return (
        kind is not None
        and kind.kind is TypeKind.OBJECT
        and {"nodes", "pageInfo"} <= {*kind.fields}
    )


SCHEMA_CHECKS: tuple[Check, ...] = (
    Check(
        "SCHEMA_COMPOSES_ALONE",
        "The subgraph composes alone.",
        "A schema that does not compose can neither be served alone nor join a graph.",
        _composes_alone,
    ),
    Check(
        "SCHEMA_COMPOSES_WITH_OTHERS",
        "The subgraph composes with the other installed adapters.",
        "Two agencies that describe one type differently keep the whole graph from starting.",
        _composes_with_others,
    ),
    Check(
        "SCHEMA_IS_FEDERATION_2",
        "The SDL links a Federation 2 specification.",
        "Read as version 1, keys and shared fields mean something else to other routers.",
        _is_federation_2,
    ),
    Check(
        "FUNCTIONS_MATCH_SCHEMA",
        "Every function has its field, and every root field its function.",
        "A field without a function is a promise that fails only when somebody asks.",
        _functions_match,
    ),
    Check(
        "KEYS_RESOLVABLE",
        "Every resolvable key has a lookup, or only fields that relations answer.",
        "The planner trusts a key: without a lookup it plans a fetch that nobody can answer.",
        _keys_resolvable,
    ),
    Check(
        "TYPES_DESCRIBED",
        "Every type is described in Indonesian and English.",
        "The schema is the only manual that a neighbouring agency reads.",
        _types_described,
    ),
    Check(
        "FIELDS_DESCRIBED",
        "Every field and input field is described in Indonesian and English.",
        "An undescribed field is guessed at, and guesses end up on letters.",
        _fields_described,
    ),
    Check(
        "BORDERS_NULLABLE",
        "Fields and list items across an agency border are nullable.",
        "A non-null field of an agency that is down takes the fields of all others with it.",
        _borders_nullable,
    ),
    Check(
        "CONNECTIONS_PAGED",
        "Every connection takes first and after.",
        "A long list that cannot be paged is read whole, by the source too.",
        _connections_paged,
    ),
    Check(
        "PEOPLE_CLASSED",
        "Every NIK and KK number carries a protection class.",
        "No class means public: anyone could read it without a purpose.",
        _people_classed,
    ),
)
