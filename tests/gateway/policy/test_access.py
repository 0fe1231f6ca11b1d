"""Access directives: who is named and holds the roles may read, others get a denial."""

from __future__ import annotations

import pytest

from gateway.operation.model import Operation
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.policy.access import build_access_rules, find_refused
from schema.supergraph.api_schema import build_api_schema
from tests.testkit.composing import FED2, supergraph_of

SUPERGRAPH = supergraph_of(
    a=FED2
    + """
    type Query { me: Person things: [Thing] open: Int }
    interface Thing { id: ID! size: Int }
    type Box implements Thing { id: ID! size: Int @authenticated }
    type Bag implements Thing { id: ID! size: Int }
    type Person {
      name: String @authenticated
      wage: Int @requiresScopes(scopes: [["pay:read", "staff"], ["audit"]])
      file: Secret
    }
    scalar Secret @policy(policies: [["vetted"]])
    """
)
RULES = build_access_rules(SUPERGRAPH)
API_SCHEMA = build_api_schema(SUPERGRAPH)


def _operation(text: str) -> Operation:
    return normalize_document(parse_document(text, max_tokens=1000), None, API_SCHEMA)


EVERYTHING = _operation("{ open me { name wage file } things { id size } }")


@pytest.mark.parametrize(
    ("roles", "is_named", "refused"),
    [
        ((), False, {"Person.name", "Person.wage", "Person.file", "Thing.size"}),
        ((), True, {"Person.wage", "Person.file"}),
        (("staff",), True, {"Person.wage", "Person.file"}),
        (("staff", "pay:read"), True, {"Person.file"}),
        (("audit", "vetted"), True, set()),
        (("audit", "vetted"), False, {"Person.name", "Person.wage", "Person.file", "Thing.size"}),
    ],
    ids=["public", "named", "half-a-set", "one-set", "all", "roles-without-a-name"],
)
def test_refuses_what_is_not_held(
    roles: tuple[str, ...], is_named: bool, refused: set[str]
) -> None:
    """A caller reads what it is named for and holds a whole set of roles for."""
    assert find_refused(EVERYTHING, RULES, frozenset(roles), is_named=is_named) == refused


def test_only_used_coordinates_are_refused() -> None:
    """What the operation does not ask is not part of the decision."""
    asked = _operation("{ me { name } }")
    assert find_refused(asked, RULES, frozenset(), is_named=False) == {"Person.name"}


def test_without_links_there_are_no_rules() -> None:
    """A supergraph that links none of the specifications has no rules."""
    assert build_access_rules(supergraph_of(a="type Query { a: Int }")).fields == {}
