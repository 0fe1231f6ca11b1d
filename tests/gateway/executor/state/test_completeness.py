"""The completeness statement: how the accounts of fetches fold into one entry per source."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.contract import SourceReport, SourceStatus
from gateway.executor.state.account import FetchAccount
from gateway.executor.state.answer_error import AnswerError
from gateway.executor.state.completeness import (
    DeniedField,
    render_completeness,
    render_source_calls,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def entries(*accounts: FetchAccount, **parts: Any) -> list[dict[str, Any]]:
    """Give the sources of a statement."""
    statement = render_completeness(accounts, parts.get("denied", ()), {}, NOW)
    sources: list[dict[str, Any]] = statement["sources"]
    return sources


def reported(number: int, *statuses: SourceStatus) -> FetchAccount:
    """Make a fetch whose one source reports each status in turn."""
    reports = tuple(SourceReport("x", status, code=f"{status.value}!") for status in statuses)
    return FetchAccount(number, "s", reports=reports)


@pytest.mark.parametrize("worst_first", [True, False])
@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (SourceStatus.ANSWERED, SourceStatus.MASKED),
        (SourceStatus.MASKED, SourceStatus.STALE),
        (SourceStatus.STALE, SourceStatus.DENIED),
        (SourceStatus.DENIED, SourceStatus.UNAVAILABLE),
    ],
)
def test_the_worst_status_wins(
    better: SourceStatus, worse: SourceStatus, worst_first: bool
) -> None:
    """In either order, and with its own code."""
    order = (worse, better) if worst_first else (better, worse)
    (entry,) = entries(*(reported(number, status) for number, status in enumerate(order)))
    assert (entry["status"], entry["code"]) == (worse.value, f"{worse.value}!")


@pytest.mark.parametrize(
    ("code", "has_data", "status"),
    [
        (None, True, "ANSWERED"),
        ("TIDAK_DITEMUKAN", True, "ANSWERED"),
        ("BAD_USER_INPUT", True, "ANSWERED"),
        ("DATA_RUSAK", True, "ANSWERED"),
        ("DATA_RUSAK", False, "UNAVAILABLE"),
        ("TIDAK_ADA_HAK", False, "DENIED"),
        ("BATAS_WAKTU", True, "UNAVAILABLE"),
        ("SOME_CODE_OF_A_SUBGRAPH", True, "ANSWERED"),
        ("SOME_CODE_OF_A_SUBGRAPH", False, "UNAVAILABLE"),
    ],
)
def test_a_subgraph_without_reports_is_judged_by_its_errors(
    code: str | None, has_data: bool, status: str
) -> None:
    """What the codes say about the subgraph as its own source."""
    errors = () if code is None else (AnswerError("m", code, ("a",)),)
    (entry,) = entries(FetchAccount(0, "s", errors=errors, has_data=has_data))
    assert (entry["source"], entry["status"]) == ("s", status)
    assert entry["paths"] == ([] if code is None else [["a"]])


@pytest.mark.parametrize(
    ("code", "status"),
    [("KUOTA_HABIS", "UNAVAILABLE"), ("TIDAK_ADA_HAK", "DENIED"), ("OTHER", "ANSWERED")],
)
def test_errors_beside_an_answer_say_more_than_its_report(code: str, status: str) -> None:
    """A remote subgraph answers over HTTP and still tells that its own source is down."""
    account = FetchAccount(
        0, "s", errors=(AnswerError("m", code, ("a",)),), reports=(SourceReport("s"),)
    )
    statement = render_completeness([account], [], {}, NOW)
    assert statement["complete"] is False
    assert [entry["status"] for entry in statement["sources"]] == [status]


def test_the_oldest_of_several_answers_tells_the_age() -> None:
    """Without an as-of time there is no age; with several, the oldest counts."""
    live = FetchAccount(0, "s", reports=(SourceReport("live"),))
    old = [
        SourceReport("old", as_of=datetime(2026, 11, 23, hour, tzinfo=UTC)) for hour in (12, 6, 18)
    ]
    found = entries(live, FetchAccount(1, "s", reports=tuple(old)))
    assert [entry["ageSeconds"] for entry in found] == [None, 18 * 3600]


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (["TIDAK_DITANYA", "TIDAK_DITANYA"], "TIDAK_DITANYA"),
        (["TIDAK_DITANYA", None], None),
        ([None, "TIDAK_DITANYA"], None),
    ],
)
def test_a_source_is_not_asked_if_no_fetch_asked_it(
    codes: list[str | None], told: str | None
) -> None:
    """One fetch passed the source over, another asked it: then it was asked."""
    accounts = [
        FetchAccount(at, "s", reports=(SourceReport("s/1", code=code), SourceReport("s/2")))
        for at, code in enumerate(codes)
    ]
    assert [entry["code"] for entry in entries(*accounts)] == [told, None]


def test_a_denied_field_without_a_known_source_only_makes_it_incomplete() -> None:
    """The statement invents no source."""
    denied = [DeniedField("T.f", ("a",))]
    statement = render_completeness([], denied, {}, NOW)
    assert statement == {"complete": False, "sources": []}


def test_defects_of_projection_go_to_the_subgraphs_source() -> None:
    """A value of the wrong kind is counted where the subgraph's source stands."""
    accounts = [FetchAccount(0, "s", reports=(SourceReport("s/one"),), defects=2)]
    statement = render_completeness(accounts, [], {"s": [("a",), ("b",)]}, NOW)
    (entry,) = statement["sources"]
    assert (entry["source"], entry["defects"], entry["paths"]) == ("s/one", 4, [["a"], ["b"]])
    assert statement["complete"] is False


def test_source_calls_add_up() -> None:
    """Fetches, calls on the wire and waiting time, per source in plan order."""
    accounts = [
        FetchAccount(0, "s", reports=(SourceReport("x", calls=2, spans=((1.0, 1.1),)),)),
        FetchAccount(1, "t", span=(1.0, 1.0312)),
        FetchAccount(2, "s", reports=(SourceReport("x", calls=0, spans=((1.1, 1.3),)),)),
        FetchAccount(3, "t", was_sent=False),
    ]
    assert render_source_calls(accounts) == [
        {"source": "x", "fetches": 2, "calls": 2, "milliseconds": 300.0},
        {"source": "t", "fetches": 2, "calls": 1, "milliseconds": 31.2},
    ]


def test_waiting_at_the_same_time_counts_once() -> None:
    """Two calls that overlap cost the time from the first's beginning to the last's end."""
    reports = (
        SourceReport("x", calls=3, spans=((1.0, 1.4), (1.1, 1.2), (1.3, 1.5))),
        SourceReport("x", calls=1, spans=((1.45, 1.6), (2.0, 2.1))),
    )
    accounts = [FetchAccount(at, "s", reports=(each,)) for at, each in enumerate(reports)]
    (entry,) = render_source_calls(accounts)
    assert entry["milliseconds"] == pytest.approx(700.0)
