"""What telemetry is told of a request at its end."""

from __future__ import annotations

from gateway.context import PUBLIC, RequestContext
from gateway.request import GraphQLResponse
from gateway.telemetry import Outcome
from gateway.trace import Trace


def _outcome(**of: object) -> Outcome:
    context = RequestContext(PUBLIC, None, None, 9.0, (), False, "id")
    response = GraphQLResponse(None, **of)  # type: ignore[arg-type]  # the parts a test names
    return Trace("id", 1.0, lambda: 3.5, context).record(response).outcome


def test_requests_that_ended_alike_share_one_outcome() -> None:
    """So that a batch is worked through once for all of them; ids and times are their own."""
    assert _outcome() is _outcome()
    assert _outcome() is not _outcome(status=422)
    record = Trace("id", 1.0, lambda: 3.5).record(GraphQLResponse(None))
    assert (record.operation_id, record.seconds, record.outcome.caller) == ("id", 2.5, "")


def test_codes_are_told_once_each_and_sorted() -> None:
    """However many errors have them."""
    errors = [{"extensions": {"code": code}} for code in ("B", "A", "B")]
    assert _outcome(errors=errors).codes == ("A", "B")
