"""Authorization: deny by default, as data, restricted to what an operation uses."""

from dataclasses import replace

import pytest

from gateway.errors import PurposeRequired
from gateway.operation.model import Operation, OperationKind
from gateway.policy.authorize import authorize, find_classed
from gateway.policy.classes import DataClass, DataClasses
from gateway.policy.grants import AgencyGrants, Grant
from schema.selection import Field, Fragment, SelectionSet

CLASSES = DataClasses(
    fields={
        "Penduduk.nama": DataClass.UMUM,
        "Penduduk.agama": DataClass.SPESIFIK,
        "Bernama.nama": DataClass.UMUM,
        "Kantor.nama": DataClass.UMUM,
    },
    sources={"Penduduk.nama": "dukcapil", "Penduduk.agama": "dukcapil", "Kantor.nama": "loket"},
    implementations={"Bernama.nama": ("Penduduk.nama", "Kantor.nama")},
)


def operation(*selections: Field | Fragment) -> Operation:
    """Ask ``selections`` of one resident."""
    penduduk = Field("penduduk", SelectionSet("Penduduk", selections))
    return Operation(OperationKind.QUERY, SelectionSet("Query", (penduduk,)))


def holding(*coordinates: str, classes: tuple[DataClass, ...] = ()) -> AgencyGrants:
    """Hold one grant."""
    return AgencyGrants(
        (Grant("a", frozenset({"P"}), frozenset(coordinates), classes=frozenset(classes)),)
    )


PUBLIC = operation(Field("surat"))
PERSONAL = operation(Field("surat"), Field("nama"), Field("nama", alias="lagi"), Field("agama"))


def test_a_public_operation_needs_neither_purpose_nor_grant() -> None:
    """No class means public."""
    assert authorize(PUBLIC, CLASSES, AgencyGrants(), None).denied == frozenset()


def test_denies_by_default() -> None:
    """What no grant covers is denied, each coordinate once, with who would have answered."""
    decision = authorize(PERSONAL, CLASSES, AgencyGrants(), "P")
    assert decision.denied == {"Penduduk.nama", "Penduduk.agama"}
    assert decision.denied_sources == {"Penduduk.nama": "dukcapil", "Penduduk.agama": "dukcapil"}


def test_grants_open_fields() -> None:
    """A grant by coordinate or by class opens what it names."""
    assert authorize(PERSONAL, CLASSES, holding("Penduduk.nama"), "P").denied == {"Penduduk.agama"}
    specific = holding(classes=(DataClass.SPESIFIK,))
    assert authorize(PERSONAL, CLASSES, specific, "P").denied == {"Penduduk.nama"}


def test_a_classed_field_needs_a_purpose() -> None:
    """Without a purpose the request is refused, whatever is granted."""
    with pytest.raises(PurposeRequired) as caught:
        authorize(PERSONAL, CLASSES, holding("Penduduk.nama", "Penduduk.agama"), None)
    entry = caught.value.render()[0]
    assert entry["extensions"]["code"] == "TUJUAN_WAJIB"
    assert '"Simpul-Purpose"' in entry["message"]
    assert caught.value.status == 422


def test_looks_into_fragments() -> None:
    """A field inside a narrowing fragment counts as any other."""
    inside = operation(Fragment(SelectionSet("Penduduk", (Field("agama"),))))
    assert find_classed(inside, CLASSES) == ("Penduduk.agama",)


def by_interface() -> Operation:
    """Ask a field of an interface."""
    named = Field("bernama", SelectionSet("Bernama", (Field("nama"),)))
    return Operation(OperationKind.QUERY, SelectionSet("Query", (named,)))


@pytest.mark.parametrize(
    ("granted", "denied"),
    [
        ((), {"Bernama.nama", "Penduduk.nama", "Kantor.nama"}),
        (("Penduduk.nama",), {"Bernama.nama", "Kantor.nama"}),
        (("Penduduk.nama", "Kantor.nama"), set()),
        (("Bernama.nama",), set()),
    ],
)
def test_an_interface_opens_nothing_that_its_implementations_hide(
    granted: tuple[str, ...], denied: set[str]
) -> None:
    """The interface's field needs its own grant or one for each implementation."""
    assert authorize(by_interface(), CLASSES, holding(*granted), "P").denied == denied


FINDING = replace(CLASSES, lookups={"Query.penduduk": ("Penduduk.nama", "Penduduk.agama")})


@pytest.mark.parametrize(
    ("granted", "denied"),
    [
        ((), {"Query.penduduk"}),
        (("Kantor.nama",), {"Query.penduduk"}),
        (("Penduduk.agama",), set()),
        (("Query.penduduk",), set()),
    ],
)
def test_finding_a_record_needs_a_grant_of_it(granted: tuple[str, ...], denied: set[str]) -> None:
    """Whoever may read nothing of a record does not learn that there is one."""
    existing = operation(Field("__typename"))
    assert authorize(existing, FINDING, holding(*granted), "P").denied == denied
    with pytest.raises(PurposeRequired):
        authorize(existing, FINDING, holding(*granted), None)


def test_the_profile_tells_decisions_apart_and_nothing_else() -> None:
    """Equal denials have equal profiles, whatever else the grants say."""
    one = authorize(PERSONAL, CLASSES, holding("Penduduk.nama"), "P")
    same = authorize(PERSONAL, CLASSES, holding("Penduduk.nama", "Kantor.nama"), "P")
    other = authorize(PERSONAL, CLASSES, holding("Penduduk.agama"), "P")
    assert one.profile == same.profile
    assert one.profile != other.profile
    assert authorize(PUBLIC, CLASSES, AgencyGrants(), "P").profile == (
        authorize(PUBLIC, CLASSES, holding("Penduduk.nama"), None).profile
    )
