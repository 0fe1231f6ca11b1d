"""Subgraph SDL to the model."""

from __future__ import annotations

import pytest

from schema.selection import print_value
from schema.subgraph.model import Subgraph, SubgraphSource
from schema.subgraph.parse import parse_subgraph

URL = "https://specs.apollo.dev/federation/v2.3"
SPELLINGS = {
    "imported": (f'@link(url: "{URL}", import: ["@key"])', "@key"),
    "renamed": (f'@link(url: "{URL}", import: [{{name: "@key", as: "@kunci"}}])', "@kunci"),
    "prefixed": (f'@link(url: "{URL}")', "@federation__key"),
    "namespace": (f'@link(url: "{URL}", as: "fed")', "@fed__key"),
}


def parse(sdl: str) -> Subgraph:
    """Read a schema that must be right."""
    result = parse_subgraph(SubgraphSource("a", "", sdl))
    assert isinstance(result, Subgraph), result
    return result


@pytest.mark.parametrize(("link", "key"), SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_of_a_directive_is_the_same(link: str, key: str) -> None:
    """Imports, renames and namespaces end in the specification's name."""
    subgraph = parse(
        f'extend schema {link} type Query {{ t: T }} type T {key}(fields: "id") {{ id: ID! }}'
    )
    assert [directive.name for directive in subgraph.types["T"].notes.known] == ["key"]


def test_root_types_get_their_default_names() -> None:
    """A renamed query type is called Query, also where it is used."""
    subgraph = parse("schema { query: Akar } type Akar { akar: Akar }")
    assert subgraph.types["Query"].fields["akar"].type.named == "Query"


def test_machinery_is_dropped() -> None:
    """What subgraph libraries print is no part of the subgraph."""
    subgraph = parse(
        "scalar _Any type _Service { sdl: String } type Query { x: Int _service: _Service! }"
    )
    assert set(subgraph.types) == {"Query"}
    assert set(subgraph.types["Query"].fields) == {"x"}


def test_a_default_is_kept_as_it_is_written() -> None:
    """One value for a list stays one value: subgraphs that spell it otherwise do not agree."""
    found = parse("type Query { x(n: [Int] = 7): Int }").types["Query"].fields["x"]
    value = found.arguments["n"].default
    assert value is not None
    assert print_value(value) == "7"
