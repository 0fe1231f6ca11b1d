"""Response names: the client's own come first, internal ones step aside."""

from __future__ import annotations

from gateway.plan.nodes import TypeCondition
from gateway.planner.slot import Place, Slots
from schema.selection import Argument, Field, Fragment, Literal, SelectionSet
from schema.type_ref import TypeRef

ONE = (Argument("x", Literal("1")),)
TWO = (Argument("x", Literal("2")),)


def place_of(*selections: Field | Fragment) -> Place:
    """Make a place where the client selects these."""
    place = Place()
    place.claim_client_names(SelectionSet("T", selections))
    return place


def test_free_name_is_taken_as_it_is() -> None:
    """Without a conflict nothing is aliased."""
    assert place_of(Field("a")).claim("id", ()) == "id"


def test_name_of_the_same_call_is_shared() -> None:
    """What the client selects with the same arguments serves as input too."""
    assert place_of(Field("id", arguments=ONE)).claim("id", ONE) == "id"


def test_name_used_otherwise_is_avoided() -> None:
    """A client's alias or other arguments under the name make an internal alias."""
    assert place_of(Field("name", alias="id")).claim("id", ()) == "_k_id"
    assert place_of(Field("id", arguments=ONE)).claim("id", TWO) == "_k_id"


def test_internal_names_avoid_each_other() -> None:
    """Two internal calls of one field with different arguments get two names, each only once."""
    place = place_of()
    assert [place.claim("v", ONE), place.claim("v", TWO), place.claim("v", ())] == [
        "v",
        "_k_v",
        "_k_v_1",
    ]
    assert place.claim("v", TWO) == "_k_v"


def test_name_that_differs_by_type_is_avoided() -> None:
    """A name that means two things under two fragments is nobody's input."""
    on_x = Fragment(SelectionSet("X", (Field("a", alias="id"),)))
    on_y = Fragment(SelectionSet("Y", (Field("id"),)))
    assert place_of(on_x, on_y).claim("id", ()) == "_k_id"


def test_slot_paths_mark_lists_and_types() -> None:
    """One ``@`` per list level, a type condition where the parent was narrowed."""
    slots = Slots()
    grid = TypeRef(of=TypeRef(of=TypeRef("T")))
    first = slots.child(slots.root, None, "grid", grid)
    second = slots.child(first, ("A", "B"), "t", TypeRef("T"))
    assert first.path == ("grid", "@", "@")
    assert second.path == ("grid", "@", "@", TypeCondition(("A", "B")), "t")
    assert slots.child(slots.root, None, "grid", grid) is first
