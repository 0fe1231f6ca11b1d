"""The front-end that an adapter's author writes against: strawberry declares, our runtime answers.

In: strawberry federation types whose fields name batch functions. Out: an ``AdapterDefinition``.

    @lookup("Izin", key="nomorSk")
    async def izin_menurut_nomor(keys, wanted, context): ...

    @strawberry.federation.type(keys=["nomorSk"])
    class Izin:
        nomor_sk: str = field("Nomor SK.", "Decree number.")

    @strawberry.type
    class Query:
        izin: Izin | None = by_key("Izin menurut nomor.", "Licence by number.", nomorSk=str)

    definition = define("dpmptsp", query=Query, lookups=[izin_menurut_nomor])

A function's parameters after ``keys, wanted, context`` (``wanted, context`` for a root field) are
the field's arguments; a parameter ``page: PageRequest`` makes it a connection with ``first`` and
``after``. Functions are declared before the types that name them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import strawberry
from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    ObjectTypeDefinitionNode,
    parse,
    print_ast,
)
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet
from strawberry.schema.config import StrawberryConfig

from adapters.kit.data_spec import Kelas, PolaSamaran, Samarkan, TingkatKelas
from adapters.kit.definition import (
    AdapterDefinition,
    Event,
    KeyedRoot,
    Listing,
    Lookup,
    Mutation,
    Relation,
)
from adapters.kit.scalars import SCALAR_MAP
from adapters.kit.shapes import read_shapes
from adapters.kit.stubs import FunctionMark, find_mark, function_stub, key_stub

__all__ = [
    "FEDERATION_VERSION",
    "by_key",
    "define",
    "event",
    "field",
    "input_field",
    "listing",
    "lookup",
    "mutation",
    "reference_key",
    "relation",
    "text",
]

FEDERATION_VERSION: Final = "2.9"
"""Other composers refuse newer ones, and an adapter must be servable to any of them."""

_SPECIFICATION_TYPES = frozenset({"_Any", "_Entity", "_Service"})
_SPECIFICATION_FIELDS = frozenset({"_entities", "_service"})


def text(indonesian: str, english: str) -> str:
    """Join a description's two languages as the graph shows them."""
    return f"{indonesian}\n\n{english}"


def field(
    indonesian: str,
    english: str,
    *,
    kelas: TingkatKelas | None = None,
    samarkan: PolaSamaran | None = None,
    **options: Any,
) -> Any:
    """Declare a plain field; ``options`` are strawberry's (``external``, ``shareable``, …)."""
    return strawberry.federation.field(
        description=text(indonesian, english), directives=_directives(kelas, samarkan), **options
    )


def reference_key(fields: str) -> Key:
    """Declare the key of a type that another subgraph owns and this one only points at."""
    return Key(fields=FieldSet(fields), resolvable=False)


def input_field(
    indonesian: str, english: str, *, required: bool = False, default: Any = strawberry.UNSET
) -> Any:
    """Declare a field of an input type, optional unless ``required``."""
    description = text(indonesian, english)
    if required:
        return strawberry.field(description=description)
    return strawberry.field(description=description, default=default)


def lookup(
    type_name: str, key: str | Sequence[str]
) -> Callable[[Callable[..., Awaitable[Any]]], Lookup]:
    """Declare the batch function that gives records of ``type_name`` by key."""
    paths = (key,) if isinstance(key, str) else tuple(key)
    return lambda function: Lookup(type_name, paths, function)


def by_key(
    indonesian: str, english: str, *, paths: dict[str, str] | None = None, **arguments: Any
) -> Any:
    """Declare a root field answered by the lookup whose key its required arguments name.

    ``by_key(…, nik=NIK)`` has the argument ``nik: NIK!``; ``paths`` tells the key path of an
    argument that is named otherwise (``{"kelurahan": "kelurahan.kode"}``).
    """
    stub = key_stub(arguments, FunctionMark(KeyedRoot, paths=paths or {}))
    return strawberry.federation.field(resolver=stub, description=text(indonesian, english))


def relation(
    function: Callable[..., Awaitable[Any]],
    indonesian: str,
    english: str,
    *,
    takes: str | Sequence[str],
    kelas: TingkatKelas | None = None,
    **options: Any,
) -> Any:
    """Declare a field answered for many parents at once; ``takes`` names what makes their key."""
    paths = (takes,) if isinstance(takes, str) else tuple(takes)
    stub = function_stub(function, FunctionMark(Relation, function, paths, _is_paged(function)), 3)
    return strawberry.federation.field(
        resolver=stub,
        description=text(indonesian, english),
        directives=_directives(kelas, None),
        **options,
    )


def listing(function: Callable[..., Awaitable[Any]], indonesian: str, english: str) -> Any:
    """Declare a root field with a function of its own."""
    return _root_field(function, Listing, indonesian, english)


def mutation(function: Callable[..., Awaitable[Any]], indonesian: str, english: str) -> Any:
    """Declare a root field that changes something."""
    return _root_field(function, Mutation, indonesian, english)


def event(function: Callable[..., Any], indonesian: str, english: str) -> Any:
    """Declare a subscription's root field; ``function`` is an async generator."""
    return _root_field(function, Event, indonesian, english)


def define(
    name: str,
    *,
    query: type,
    mutation: type | None = None,
    subscription: type | None = None,
    types: Iterable[type] = (),
    lookups: Iterable[Lookup] = (),
) -> AdapterDefinition:
    """Collect types and functions into an ``AdapterDefinition``."""
    schema = strawberry.federation.Schema(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=[*types],
        federation_version=FEDERATION_VERSION,
        config=StrawberryConfig(scalar_map=dict(SCALAR_MAP)),
    )
    sdl = _strip_specification(schema.as_str())
    fields = [*_collect_marked(schema)]
    return AdapterDefinition(
        name=name,
        sdl=sdl,
        lookups=tuple(lookups),
        relations=tuple(_relation(f) for f in fields if f.mark.kind is Relation),
        roots=tuple(_root(f, sdl) for f in fields if f.mark.kind in (KeyedRoot, Listing)),
        mutations=tuple(
            Mutation(f.field, f.mark.function, f.arguments)
            for f in fields
            if f.mark.kind is Mutation
        ),
        events=tuple(
            Event(f.field, f.mark.function, f.arguments) for f in fields if f.mark.kind is Event
        ),
    )


class _Marked(NamedTuple):
    """A field of the schema with the function behind it."""

    type_name: str
    field: str
    arguments: dict[str, str]  # SDL name -> parameter
    mark: FunctionMark


def _collect_marked(schema: strawberry.federation.Schema) -> Iterator[_Marked]:
    names = schema.config.name_converter
    for type_name, concrete in schema.schema_converter.type_map.items():
        for member in getattr(concrete.definition, "fields", ()):
            resolver = getattr(member, "base_resolver", None)
            mark = find_mark(getattr(resolver, "wrapped_func", None))
            if mark is not None:
                arguments = {names.get_graphql_name(a): a.python_name for a in member.arguments}
                yield _Marked(type_name, names.get_graphql_name(member), arguments, mark)


def _relation(marked: _Marked) -> Relation:
    mark = marked.mark
    return Relation(
        marked.type_name, marked.field, mark.takes, mark.function, marked.arguments, mark.paged
    )


def _root(marked: _Marked, sdl: str) -> KeyedRoot | Listing:
    mark = marked.mark
    if mark.kind is Listing:
        return Listing(marked.field, mark.function, marked.arguments, mark.paged)
    paths = mark.paths or {}
    shape = read_shapes(sdl).types[marked.type_name].fields[marked.field]
    key = {paths.get(name, name): name for name in marked.arguments}
    return KeyedRoot(marked.field, key, shape.type.named)


def _root_field(
    function: Callable[..., Any],
    kind: type[Listing] | type[Mutation] | type[Event],
    indonesian: str,
    english: str,
) -> Any:
    mark = FunctionMark(kind, function, paged=_is_paged(function))
    stub = function_stub(function, mark, 2)
    return strawberry.federation.field(resolver=stub, description=text(indonesian, english))


def _is_paged(function: Callable[..., Any]) -> bool:
    return "page" in function.__annotations__


def _directives(kelas: TingkatKelas | None, samarkan: PolaSamaran | None) -> list[object]:
    found: list[object] = []
    if kelas is not None:
        found.append(Kelas(tingkat=kelas))
    if samarkan is not None:
        found.append(Samarkan(pola=samarkan))
    return found


def _strip_specification(sdl: str) -> str:
    """Take out what the federation specification adds at run time: it is no part of an SDL."""
    document = parse(sdl, no_location=True)
    kept: list[DefinitionNode] = []
    for node in document.definitions:
        if getattr(getattr(node, "name", None), "value", "") in _SPECIFICATION_TYPES:
            continue
        if isinstance(node, ObjectTypeDefinitionNode) and node.fields:
            fields = tuple(f for f in node.fields if f.name.value not in _SPECIFICATION_FIELDS)
            node = replace(node, fields=fields)
        kept.append(node)
    kept.sort(key=_place)
    return print_ast(replace(document, definitions=tuple(kept))) + "\n"


def _place(node: DefinitionNode) -> tuple[bool, bool, str]:
    """Schema first, then directives, then types: each by name, as strawberry keeps sets."""
    name = getattr(getattr(node, "name", None), "value", "")
    return bool(name), not isinstance(node, DirectiveDefinitionNode), name
