"""Grants: agency x purpose x (coordinate, type or class), and nothing beside them."""

from dataclasses import dataclass

import pytest

from gateway.policy.classes import DataClass
from gateway.policy.grants import AgencyGrants, Grants, build_grants


@dataclass(frozen=True)
class Terms:
    """A grant as a configuration would hold it."""

    agency: str = "loket"
    purposes: tuple[str, ...] = ("PELAYANAN_PUBLIK",)
    coordinates: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


def grants(*terms: Terms) -> Grants:
    """Build grants."""
    return build_grants(terms)


@pytest.mark.parametrize(
    ("terms", "covered"),
    [
        (Terms(coordinates=("T.a",)), {"T.a"}),
        (Terms(types=("T",)), {"T.a", "T.b"}),
        (Terms(classes=("UMUM",)), {"T.a", "U.a"}),
        (Terms(coordinates=("U.a",), classes=("SPESIFIK",)), {"T.b", "U.a"}),
        (Terms(), set()),
    ],
)
def test_covers_what_it_names(terms: Terms, covered: set[str]) -> None:
    """Coordinates, types and classes each open their fields and no other."""
    fields = {"T.a": DataClass.UMUM, "T.b": DataClass.SPESIFIK, "U.a": DataClass.UMUM}
    held = grants(terms).of("loket", "PELAYANAN_PUBLIK")
    assert {where for where, each in fields.items() if held.cover(where, each)} == covered


@pytest.mark.parametrize(
    ("agency", "purpose"),
    [("pajak", "PELAYANAN_PUBLIK"), ("loket", "PENEGAKAN_HUKUM"), ("loket", None), ("", "X")],
)
def test_holds_for_its_agency_and_purpose_alone(agency: str, purpose: str | None) -> None:
    """Another agency, another purpose, or none at all: nothing."""
    assert grants(Terms(types=("T",))).of(agency, purpose) == AgencyGrants()


def test_an_empty_agency_is_never_granted() -> None:
    """The public has no agency, so a grant without one opens nothing."""
    held = grants(Terms(agency="", types=("T",))).of("", "PELAYANAN_PUBLIK")
    assert not held.cover("T.a", DataClass.UMUM)


def test_grants_add_up() -> None:
    """Two grants cover what either does."""
    held = grants(Terms(coordinates=("T.a",)), Terms(coordinates=("T.b",))).of(
        "loket", "PELAYANAN_PUBLIK"
    )
    assert held.cover("T.a", DataClass.UMUM)
    assert held.cover("T.b", DataClass.UMUM)
    assert not held.cover("T.c", DataClass.UMUM)
