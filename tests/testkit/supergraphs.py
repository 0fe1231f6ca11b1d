"""Generated supergraphs: consistent in what they refer to, arbitrary in everything else."""

from __future__ import annotations

from hypothesis import strategies as st

from schema.selection import (
    Argument,
    Directive,
    Field,
    Fragment,
    ListValue,
    Literal,
    SelectionSet,
    Value,
)
from schema.supergraph.model import (
    Applied,
    ArgumentDefinition,
    ContextArgument,
    DirectiveDefinition,
    EnumType,
    EnumValue,
    FieldDefinition,
    Graph,
    InputField,
    InputObjectType,
    InterfaceType,
    JoinField,
    JoinImplements,
    JoinType,
    Key,
    Link,
    ObjectType,
    ScalarType,
    Supergraph,
    TypeDefinition,
    TypeRef,
    UnionMember,
    UnionType,
)

__all__ = ["supergraphs"]

GRAPHS = (
    Graph("accounts", "ACCOUNTS", "http://localhost/accounts"),
    Graph("geo-data", "GEO_DATA", ""),
    Graph("reviews", "REVIEWS", 'http://localhost/"odd"'),
)
NAMES = tuple(graph.name for graph in GRAPHS)
OUTPUTS = ("String", "ID", "Color", "Date", "User", "Place", "Node", "Found")
INPUTS = ("String", "Int", "Color", "Date", "Filter")

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@st.composite
def supergraphs(draw: st.DrawFn) -> Supergraph:
    """Generate a supergraph with every kind of type and every kind of join."""
    types: dict[str, TypeDefinition] = {
        "Query": ObjectType(
            "Query", draw(_fields("Query")), joins=_everywhere(), applied=draw(_applied())
        ),
        "User": ObjectType(
            "User",
            draw(_fields("User")),
            joins=draw(_joins("User")),
            implements=draw(_implements()),
            applied=draw(_applied()),
        ),
        "Place": ObjectType(
            "Place", draw(_fields("Place")), joins=draw(_joins("Place")), applied=draw(_applied())
        ),
        "Node": InterfaceType(
            "Node", draw(_fields("Node")), joins=draw(_joins("Node")), applied=draw(_applied())
        ),
        "Found": UnionType(
            "Found", draw(_members()), joins=draw(_joins()), applied=draw(_applied())
        ),
        "Color": EnumType(
            "Color", draw(_enum_values()), joins=draw(_joins()), applied=draw(_applied())
        ),
        "Date": ScalarType(
            "Date",
            draw(st.none() | _TEXT),
            joins=draw(_joins()),
            applied=draw(_applied(deprecated=False)),
        ),
        "Filter": InputObjectType(
            "Filter",
            draw(_input_fields()),
            joins=draw(_joins()),
            one_of=draw(st.booleans()),
            applied=draw(_applied()),
        ),
    }
    return Supergraph(
        graphs=GRAPHS,
        types=types,
        directives=draw(_directive_definitions()),
        links=draw(st.lists(_links(), max_size=2, unique_by=lambda link: link.url).map(tuple)),
        description=draw(st.none() | st.just('A "graph"\nof two lines')),
    )


def _everywhere() -> tuple[JoinType, ...]:
    return tuple(JoinType(name) for name in NAMES)


@st.composite
def _joins(draw: st.DrawFn, keyed: str | None = None) -> tuple[JoinType, ...]:
    return tuple(
        JoinType(
            name,
            draw(st.lists(_keys(keyed), max_size=2).map(tuple)) if keyed else (),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    )


def _keys(type_name: str) -> st.SearchStrategy[Key]:
    fields = st.sampled_from(
        [
            SelectionSet(type_name, (Field("id"),)),
            SelectionSet(type_name, (Field("id"), Field("owner", _owner()))),
        ]
    )
    return st.builds(Key, fields, st.booleans())


def _owner() -> SelectionSet:
    return SelectionSet("User", (Field("id"),))


@st.composite
def _implements(draw: st.DrawFn) -> tuple[JoinImplements, ...]:
    graphs = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    return tuple(JoinImplements(graph, "Node") for graph in graphs)


@st.composite
def _members(draw: st.DrawFn) -> tuple[UnionMember, ...]:
    pairs = [UnionMember(graph, member) for graph in NAMES for member in ("User", "Place")]
    return tuple(draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True)))


@st.composite
def _fields(draw: st.DrawFn, parent: str) -> dict[str, FieldDefinition]:
    fields = {
        "id": FieldDefinition("id", TypeRef("ID", non_null=True)),
        "owner": FieldDefinition("owner", TypeRef("User")),
    }
    for name in draw(st.lists(st.sampled_from(["name", "at", "near", "found"]), unique=True)):
        type_ref = draw(_type_refs(OUTPUTS))
        fields[name] = FieldDefinition(
            name,
            type_ref,
            draw(_arguments()),
            draw(_join_fields(parent)),
            draw(_applied()),
        )
    return fields


@st.composite
def _join_fields(draw: st.DrawFn, parent: str) -> tuple[JoinField, ...]:
    graphs = draw(st.lists(st.none() | st.sampled_from(NAMES), max_size=3, unique=True))
    return tuple(draw(_join_field(graph, parent)) for graph in graphs)


@st.composite
def _join_field(draw: st.DrawFn, graph: str | None, parent: str) -> JoinField:
    if graph is None:
        return JoinField(None)
    return JoinField(
        graph,
        type=draw(st.none() | _type_refs(OUTPUTS)),
        requires=draw(st.none() | _requires(parent)),
        external=draw(st.booleans()),
        override=draw(st.none() | st.sampled_from(NAMES)),
        override_label=draw(st.none() | st.sampled_from(["percent(5)", "custom"])),
        used_overridden=draw(st.booleans()),
        context_arguments=draw(
            st.just(()) | st.just((ContextArgument("a__c", "x", TypeRef("String"), "{ id }"),))
        ),
    )


def _requires(parent: str) -> st.SearchStrategy[SelectionSet]:
    narrowed = Fragment(SelectionSet("User", (Field("id"),)))
    return st.sampled_from(
        [
            SelectionSet(parent, (Field("id"),)),
            SelectionSet(parent, (Field("owner", _owner()), Field("__typename"))),
            SelectionSet(
                parent,
                (
                    Field("id", arguments=(Argument("a", ListValue((Literal('"é"'),))),)),
                    narrowed,
                ),
            ),
        ]
    )


@st.composite
def _arguments(draw: st.DrawFn) -> tuple[ArgumentDefinition, ...]:
    names = draw(st.lists(st.sampled_from(["a", "b"]), unique=True))
    return tuple(
        ArgumentDefinition(name, draw(_type_refs(INPUTS)), draw(_defaults()), draw(_applied()))
        for name in names
    )


@st.composite
def _input_fields(draw: st.DrawFn) -> dict[str, InputField]:
    names = draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True))
    return {
        name: InputField(
            name,
            draw(_type_refs(INPUTS)),
            draw(_defaults()),
            tuple(
                JoinField(graph)
                for graph in draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))
            ),
            draw(_applied()),
        )
        for name in names
    }


@st.composite
def _enum_values(draw: st.DrawFn) -> dict[str, EnumValue]:
    names = draw(st.lists(st.sampled_from(["RED", "GREEN", "BLUE"]), min_size=1, unique=True))
    return {
        name: EnumValue(
            name,
            tuple(draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))),
            draw(_applied()),
        )
        for name in names
    }


def _type_refs(names: tuple[str, ...]) -> st.SearchStrategy[TypeRef]:
    named = st.builds(TypeRef, st.sampled_from(names), st.none(), st.booleans())
    return st.recursive(
        named,
        lambda inner: st.builds(TypeRef, st.none(), inner, st.booleans()),
        max_leaves=3,
    )


def _defaults() -> st.SearchStrategy[Value | None]:
    literals = st.sampled_from(["null", "1", "1.5", "true", "RED", '"a\\"b\\n"']).map(Literal)
    return st.none() | literals | st.lists(literals, max_size=2).map(tuple).map(ListValue)


@st.composite
def _applied(draw: st.DrawFn, *, deprecated: bool = True) -> Applied:
    return Applied(
        description=draw(st.none() | _TEXT),
        inaccessible=draw(st.booleans()),
        tags=tuple(draw(st.lists(_TEXT, max_size=2))),
        deprecated=draw(st.none() | _TEXT.filter(bool)) if deprecated else None,
        directives=draw(
            st.just(())
            | st.just((Directive("kelas", (Argument("tingkat", Literal("UMUM")),)), Directive("x")))
        ),
    )


@st.composite
def _directive_definitions(draw: st.DrawFn) -> dict[str, DirectiveDefinition]:
    definitions = {
        "kelas": DirectiveDefinition(
            "kelas", ("OBJECT", "FIELD_DEFINITION"), draw(_arguments()), composed=True
        ),
        "trace": DirectiveDefinition(
            "trace", ("QUERY", "FIELD"), (), draw(st.booleans()), description=draw(_TEXT)
        ),
    }
    return {name: definitions[name] for name in draw(st.sets(st.sampled_from(sorted(definitions))))}


def _links() -> st.SearchStrategy[Link]:
    return st.sampled_from(
        [
            Link("https://specs.simpul.example/data/v1.0", None, (("@kelas", "@kelas"),)),
            Link("https://specs.apollo.dev/authenticated/v0.1", None, (), "SECURITY"),
            Link("https://example.com/other/v2.1", "mine", (("@a", "@b"), ("C", "D"))),
        ]
    )
