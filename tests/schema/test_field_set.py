"""Field sets: what is read, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.field_set import FieldSetError, FieldSetFault, parse_field_set, render_field_set
from schema.selection import (
    Argument,
    Field,
    Fragment,
    ListValue,
    Literal,
    ObjectValue,
    Selection,
    SelectionSet,
)

FIELDS = {
    ("User", "id"): "ID",
    ("User", "name"): "String",
    ("User", "org"): "Org",
    ("User", "pet"): "Animal",
    ("Org", "id"): "ID",
    ("Org", "owner"): "User",
    ("Cat", "claws"): "Int",
    ("Dog", "tail"): "Int",
    ("Animal", "id"): "ID",
}


def field_type(parent: str, name: str) -> str | None:
    """Look the field up in the table above."""
    return FIELDS.get((parent, name))


def parse(text: str) -> SelectionSet:
    """Read a field set written on User."""
    return parse_field_set(text, "User", field_type)


ACCEPTED = {
    "one field": ("id", (Field("id"),)),
    "braces": ("{ id name }", (Field("id"), Field("name"))),
    "commas and newlines": ("id,\n name", (Field("id"), Field("name"))),
    "comment at the end": ("id # the key", (Field("id"),)),
    "nested": (
        "org { owner { id } }",
        (
            Field(
                "org",
                SelectionSet("Org", (Field("owner", SelectionSet("User", (Field("id"),))),)),
            ),
        ),
    ),
    "typename": ("__typename id", (Field("__typename"), Field("id"))),
    "fragments": (
        "pet { ... on Cat { claws } ... on Dog { tail } ... { id } }",
        (
            Field(
                "pet",
                SelectionSet(
                    "Animal",
                    (
                        Fragment(SelectionSet("Cat", (Field("claws"),))),
                        Fragment(SelectionSet("Dog", (Field("tail"),))),
                        Fragment(SelectionSet("Animal", (Field("id"),))),
                    ),
                ),
            ),
        ),
    ),
    "arguments": (
        'name(a: 1, b: [RED, null], c: {d: """x"y"""}, e: true, f: 1.5)',
        (
            Field(
                "name",
                arguments=(
                    Argument("a", Literal("1")),
                    Argument("b", ListValue((Literal("RED"), Literal("null")))),
                    Argument("c", ObjectValue((("d", Literal('"x\\"y"')),))),
                    Argument("e", Literal("true")),
                    Argument("f", Literal("1.5")),
                ),
            ),
        ),
    ),
}

REFUSED = {
    "nothing": ("", FieldSetFault.EMPTY, "empty"),
    "blanks": (" ,\n", FieldSetFault.EMPTY, "empty"),
    "empty braces": ("{}", FieldSetFault.EMPTY, "User"),
    "empty nested": ("org { }", FieldSetFault.EMPTY, "Org"),
    "unbalanced": ("org { id", FieldSetFault.SYNTAX, "org { id"),
    "second definition": ("id } query X { id", FieldSetFault.SYNTAX, "braces"),
    "keyword": ("{ id } fragment F on User { id }", FieldSetFault.SYNTAX, "braces"),
    "no name": ("12", FieldSetFault.SYNTAX, "12"),
    "alias": ("me: id", FieldSetFault.ALIAS, '"User.id"'),
    "directive": ("id @include(if: true)", FieldSetFault.DIRECTIVE, '"@include"'),
    "directive on fragment": ("... @x { id }", FieldSetFault.DIRECTIVE, '"@x"'),
    "variable": ("name(a: [{b: $v}])", FieldSetFault.VARIABLE, '"User.name"'),
    "named fragment": ("...F", FieldSetFault.NAMED_FRAGMENT, "named fragment"),
    "unknown field": ("id age", FieldSetFault.UNKNOWN_FIELD, '"User.age"'),
    "unknown nested": ("org { name }", FieldSetFault.UNKNOWN_FIELD, '"Org.name"'),
}


@pytest.mark.parametrize(("text", "expected"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_reads_every_form_of_a_field_set(text: str, expected: tuple[Selection, ...]) -> None:
    """Each legal form gives the selections it spells, with all types resolved."""
    assert parse(text) == SelectionSet("User", expected)


@pytest.mark.parametrize(("text", "fault", "where"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses_with_what_and_where(text: str, fault: FieldSetFault, where: str) -> None:
    """Each illegal form is refused with its kind of fault and the place in the message."""
    with pytest.raises(FieldSetError) as caught:
        parse(text)
    assert caught.value.fault == fault
    assert where in str(caught.value)


def test_the_message_never_echoes_a_long_text_whole() -> None:
    """A megabyte of field set is cut in the message."""
    with pytest.raises(FieldSetError) as caught:
        parse("id " * 10_000 + "{")
    assert len(str(caught.value)) < 500


def test_a_deep_field_set_is_refused_and_does_not_crash() -> None:
    """Nesting beyond the parser's stack is a fault of the field set."""
    with pytest.raises(FieldSetError) as caught:
        parse("org { owner { " * 5_000 + "id" + " } }" * 5_000)
    assert caught.value.fault == FieldSetFault.SYNTAX


def user_selections() -> st.SearchStrategy[tuple[Selection, ...]]:
    """Generate selections on User, two levels deep."""
    leaf: st.SearchStrategy[Selection] = st.sampled_from(
        [
            Field("id"),
            Field("name", arguments=(Argument("text", Literal('"a\\n\\"b"')),)),
            Field(
                "pet", SelectionSet("Animal", (Fragment(SelectionSet("Cat", (Field("claws"),))),))
            ),
        ]
    )
    nested = st.lists(leaf, min_size=1, max_size=3).map(
        lambda inner: Field(
            "org",
            SelectionSet("Org", (Field("owner", SelectionSet("User", tuple(inner))),)),
        )
    )
    return st.lists(leaf | nested, min_size=1, max_size=4).map(tuple)


@pytest.mark.property
@given(user_selections())
def test_parse_undoes_render(selections: tuple[Selection, ...]) -> None:
    """Reading what was rendered gives the same selection set."""
    selection_set = SelectionSet("User", selections)
    text = render_field_set(selection_set)
    assert not text.startswith("{")
    assert parse(text) == selection_set
