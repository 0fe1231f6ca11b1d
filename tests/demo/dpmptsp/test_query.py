"""Collection parameters become bound SQL, or a refusal that names what is wrong."""

import pytest

from demo.dpmptsp.query import parse_query
from demo.dpmptsp.tokens import AgencyError

GOOD = {
    "nothing": ([], "1", (), "id", 1, 20),
    "page": ([("page", "3"), ("limit", "50")], "1", (), "id", 3, 50),
    "equal": ([("filter[sector]", "A")], "1 AND sector = ?", ("A",), "id", 1, 20),
    "range": (
        [("filter[expired_date][gte]", "a"), ("filter[expired_date][lt]", "b")],
        "1 AND expired_date >= ? AND expired_date < ?",
        ("a", "b"),
        "id",
        1,
        20,
    ),
    "list": (
        [("filter[owner_identity_number][in]", "1,2, 3")],
        "1 AND owner_identity_number IN (?, ?, ?)",
        ("1", "2", "3"),
        "id",
        1,
        20,
    ),
    "ids": ([("id_in", "7")], "1 AND id IN (?)", ("7",), "id", 1, 20),
    "empty list": ([("id_in", "")], "1 AND id IN ()", (), "id", 1, 20),
    "sort": (
        [("sort", "-issued_date,id")],
        "1",
        (),
        "issued_date DESC, id ASC, id ASC",
        1,
        20,
    ),
}


@pytest.mark.parametrize("case", GOOD)
def test_parameters_are_understood(case: str) -> None:
    """Each parameter has its place in the query."""
    parameters, *wanted = GOOD[case]
    query = parse_query(parameters)
    assert [query.where, query.values, query.order, query.page, query.limit] == wanted


BAD = {
    "unknown parameter": ("colour", "red"),
    "unknown field": ("filter[password]", "x"),
    "unknown operator": ("filter[id][regex]", "x"),
    "sql in a field": ("filter[id) OR (1]", "x"),
    "sql in a sort": ("sort", "id; DROP TABLE licences"),
    "page zero": ("page", "0"),
    "limit above 100": ("limit", "101"),
    "limit no number": ("limit", "-1"),
    "unknown relation": ("with", "passwords"),
    "too many values": ("filter[id][in]", ",".join(str(number) for number in range(101))),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_not_understood_is_refused(case: str) -> None:
    """A bad parameter is 422 in the agency's shape."""
    with pytest.raises(AgencyError) as refusal:
        parse_query([BAD[case]])
    assert refusal.value.status == 422
    assert refusal.value.body["error"] == "invalid_filter"
    assert set(refusal.value.body) == {"error", "error_description", "hint", "message"}


def test_a_hundred_values_are_taken() -> None:
    """The limit itself is allowed."""
    values = ",".join(str(number) for number in range(100))
    assert len(parse_query([("id_in", values)]).values) == 100
