"""What telemetry is told of the sources of one execution."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.contract import SourceReport, SourceStatus
from adapters.errors import SourceCode
from gateway.executor.state.account import FetchAccount
from gateway.executor.state.answer_error import AnswerError
from gateway.executor.state.completeness import DeniedField
from gateway.executor.state.statement import SourceUse, Statement

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def _account(number: int, *reports: SourceReport, code: str | None = None) -> FetchAccount:
    errors = () if code is None else (AnswerError("", code, ("a",)),)
    return FetchAccount(
        number, "s", errors, reports, has_data=not errors, span=(number * 1.0, number + 2.0)
    )


def _uses(*accounts: FetchAccount, denied: Sequence[DeniedField] = ()) -> dict[SourceUse, float]:
    uses, waited = Statement(accounts, denied, {}, lambda: NOW, is_whole=True).uses()
    return dict(zip(uses, waited, strict=True))


def test_each_source_has_one_use_in_the_order_of_the_plan() -> None:
    """Fetches and calls are added up, and time that two waited together counts once."""
    first, second = (SourceReport(name, calls=2, spans=((0.0, 1.5),)) for name in "ba")
    again = SourceReport("b", calls=1, spans=((1.0, 2.0),))
    assert _uses(_account(1, first), _account(2, second), _account(3, again)) == {
        ("b", "ANSWERED", 2, 3): 2.0,
        ("a", "ANSWERED", 1, 2): 1.5,
    }


def test_a_subgraph_without_sources_is_its_own() -> None:
    """It is told by what the fetch itself waited; what was not waited for took no time."""
    assert _uses(_account(1)) == {("s", "ANSWERED", 1, 1): 2.0}
    assert _uses(FetchAccount(1, "s")) == {("s", "ANSWERED", 1, 1): 0.0}


def test_a_source_that_failed_is_told_so_beside_one_that_answered() -> None:
    """The status is that of the completeness statement."""
    down = SourceReport("b", SourceStatus.UNAVAILABLE, SourceCode.BATAS_WAKTU, 1, ((0.0, 1.0),))
    fine = SourceReport("a", calls=1, spans=((2.0, 2.5),))
    assert _uses(_account(1, down, code=SourceCode.BATAS_WAKTU), _account(2, fine)) == {
        ("b", "UNAVAILABLE", 1, 1): 1.0,
        ("a", "ANSWERED", 1, 1): 0.5,
    }
    assert _uses(_account(1, code=SourceCode.BATAS_WAKTU)) == {("s", "UNAVAILABLE", 1, 1): 2.0}


def test_an_old_answer_is_told_as_what_the_statement_says() -> None:
    """A last good answer is no answer of now."""
    stale = SourceReport("b", SourceStatus.STALE, calls=1, as_of=NOW)
    assert _uses(_account(1, stale)) == {("b", "STALE", 1, 1): 0.0}


def test_a_denied_source_that_was_asked_for_the_rest_is_told_as_denied() -> None:
    """The worst counts; one that was never asked has no use."""
    denied = [DeniedField("T.a", ("a",), "s"), DeniedField("T.b", ("b",), "never")]
    assert _uses(_account(1), denied=denied) == {("s", "DENIED", 1, 1): 2.0}
