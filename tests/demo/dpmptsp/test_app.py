"""The licensing agency's wire: tokens, pages without a total, errors of four texts."""

import json
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from demo.fleet import Fleet, start_fleet
from demo.people.truth import Truth

USER = {
    "grant_type": "password",
    "client_id": "simpul",
    "client_secret": "rahasia-klien",
    "username": "gateway",
    "password": "rahasia-gateway",
}


def _token(fleet: Fleet) -> str:
    url = f"{fleet.addresses['dpmptsp']}/oauth/token"
    with urlopen(Request(url, urlencode(USER).encode()), timeout=5) as answer:
        return str(json.load(answer)["access_token"])


def _get(fleet: Fleet, path: str, token: str) -> tuple[int, dict[str, Any]]:
    url = fleet.addresses["dpmptsp"] + path
    request = Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def _walk(fleet: Fleet, parameters: dict[str, str]) -> list[dict[str, Any]]:
    token = _token(fleet)
    path: str | None = "/api/v1/licences?" + urlencode(parameters)
    records: list[dict[str, Any]] = []
    while path is not None:
        status, page = _get(fleet, path, token)
        assert status == 200
        assert set(page) == {"data", "meta", "links"}
        assert set(page["meta"]) == {"page", "limit", "count"}
        records += page["data"]
        path = page["links"]["next"]
    return records


def test_all_pages_are_the_whole_collection(fleet: Fleet, truth: Truth) -> None:
    """Following `next` until it is null yields every licence once."""
    records = _walk(fleet, {"limit": "100"})
    assert [record["id"] for record in records] == list(range(1, truth.count("licence") + 1))


def test_owners_are_found_a_hundred_at_a_time(fleet: Fleet, truth: Truth) -> None:
    """One filter over 100 identities yields exactly their licences."""
    people = truth.sample(100, where="pid IN (SELECT pid FROM licence WHERE nik NOTNULL)")
    numbers = ",".join(person.nik for person in people)
    records = _walk(fleet, {"filter[owner_identity_number][in]": numbers, "limit": "7"})
    wanted = {licence.decree_number for person in people for licence in truth.licences(person.nik)}
    assert {record["decree_number"] for record in records} == wanted
    assert len(records) == len(wanted)


def test_date_ranges_compare_real_dates(fleet: Fleet, truth: Truth) -> None:
    """Licences that end within 90 days include every one that the truth expects."""
    records = _walk(
        fleet,
        {
            "filter[expired_date][gte]": "2026-07-01",
            "filter[expired_date][lte]": "2026-09-29",
            "filter[jurisdiction][like]": "kartini",
            "limit": "100",
        },
    )
    decrees = {(record["decree_number"],) for record in records}
    assert truth.expected("izin_berakhir", "31.71.02.1003") <= decrees
    assert all("2026-07-01" <= record["expired_date"] <= "2026-09-29" for record in records)


def test_owner_applicant_and_spellings(fleet: Fleet) -> None:
    """Owners differ from applicants; identities, areas and missing ends are written variously."""
    records = _walk(fleet, {"limit": "100"})
    same = [
        record["owner_identity_number"] == record["applicant_identity_number"] for record in records
    ]
    assert {True, False} == set(same)
    lengths = {len(record["owner_identity_number"]) for record in records}
    assert {16, 13, 8, 20} == lengths
    assert {None, "-", "0000-00-00"} <= {record["expired_date"] for record in records}
    assert len({record["jurisdiction"] for record in records}) == 40
    assert all(record["application_date"].endswith(" 00:00:00") for record in records)


def test_sorting_and_relations(fleet: Fleet) -> None:
    """`sort` orders, `with` adds, `id_in` picks."""
    token = _token(fleet)
    _, page = _get(fleet, "/api/v1/licences?sort=-issued_date&limit=50", token)
    days = [record["issued_date"] for record in page["data"]]
    assert days == sorted(days, reverse=True)
    _, page = _get(fleet, "/api/v1/licences?id_in=5,3&with=history,business", token)
    assert [record["id"] for record in page["data"]] == [3, 5]
    assert all({"history", "business"} <= set(record) for record in page["data"])


@pytest.mark.parametrize(
    ("path", "token", "status", "error"),
    [
        ("/api/v1/licences", "x", 401, "invalid_token"),
        ("/api/v1/licences?limit=1000", "", 422, "invalid_filter"),
        ("/api/v1/licences/99999999", "", 404, "not_found"),
    ],
)
def test_errors_have_four_texts(
    fleet: Fleet, path: str, token: str, status: int, error: str
) -> None:
    """An error carries error, error_description, hint and message."""
    got, body = _get(fleet, path, token or _token(fleet))
    assert (got, body["error"]) == (status, error)
    assert set(body) == {"error", "error_description", "hint", "message"}


def test_the_quota_fault_is_429(fleet: Fleet) -> None:
    """When nothing is left today the agency says 429."""
    token = _token(fleet)
    fleet.switch("dpmptsp", "quota_spent", method="licences")
    status, body = _get(fleet, "/api/v1/licences", token)
    assert (status, body["error"]) == (429, "rate_limit_exceeded")
    assert _token(fleet)


def test_tokens_expire(store: Path, world: Path) -> None:
    """A token of a server with a life of zero seconds is refused at once."""
    options = {"dpmptsp": ["--token-seconds", "0"]}
    with start_fleet(store, ["dpmptsp"], options=options) as fleet:
        status, body = _get(fleet, "/api/v1/licences", _token(fleet))
    assert (status, body["error"]) == (401, "invalid_token")


def test_counters_tell_methods_apart(fleet: Fleet) -> None:
    """Tokens and collection calls are counted apart, with the records sent."""
    _get(fleet, "/api/v1/licences?limit=7", _token(fleet))
    counts = fleet.counters("dpmptsp")
    assert counts["calls"] == {"token": 1, "licences": 1}
    assert counts["rows"] == {"licences": 7}
