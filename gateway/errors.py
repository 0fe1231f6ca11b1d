"""What may go wrong with one request, as values whose class says whose fault it is.

In: raised or collected by the stages. Out: entries of ``errors`` and a status, made in
``pipeline``. Only a ClientError's text reaches the client unmasked; the text never holds a value
of a person's record, and quotes at most 200 characters of input.

    GatewayError
    ├── ClientError                 the request is wrong; its text is shown
    │   ├── ParseFailed             GRAPHQL_PARSE_FAILED        400
    │   ├── ValidationFailed        GRAPHQL_VALIDATION_FAILED   422
    │   ├── BadUserInput            BAD_USER_INPUT              422
    │   ├── MutationOverGet         BAD_USER_INPUT              405
    │   ├── OperationTooLarge       OPERATION_TOO_LARGE         422
    │   ├── PlanBudgetExceeded      PLAN_BUDGET_EXCEEDED        422
    │   ├── Unauthenticated         UNAUTHENTICATED             401
    │   ├── PurposeRequired         TUJUAN_WAJIB                422
    │   ├── PersonalValueInUrl      DATA_PRIBADI_DI_URL         400
    │   └── Incomplete              TIDAK_LENGKAP               422
    ├── Overloaded                  OVERLOADED                  503, Retry-After
    └── InternalError               INTERNAL_SERVER_ERROR       500, masked

Faults of upstreams are no exceptions: they are data of the answer (``adapters/errors.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

__all__ = [
    "BadUserInput",
    "ClientError",
    "GatewayError",
    "Incomplete",
    "InternalError",
    "Location",
    "MutationOverGet",
    "OperationTooLarge",
    "Overloaded",
    "ParseFailed",
    "PersonalValueInUrl",
    "PlanBudgetExceeded",
    "Problem",
    "PurposeRequired",
    "Unauthenticated",
    "ValidationFailed",
    "quote",
]

MAX_QUOTED = 200  # characters of input that an error text may repeat


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the document: line and column from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of ``errors``, before it has its code."""

    message: str
    locations: tuple[Location, ...] = ()
    path: tuple[str | int, ...] | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict)


class GatewayError(Exception):
    """A request that gets no data; ``problems`` become its ``errors``."""

    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"
    status: ClassVar[int] = 500

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: tuple[Problem, ...] = tuple(
            Problem(problem) if isinstance(problem, str) else problem for problem in problems
        )
        super().__init__("; ".join(problem.message for problem in self.problems))

    def render(self) -> list[dict[str, Any]]:
        """Give the entries of ``errors`` as the response holds them."""
        return [_render_problem(problem, self.code) for problem in self.problems]


class ClientError(GatewayError):
    """The request is wrong; the text says what, where, and what to do."""

    status: ClassVar[int] = 422


class ParseFailed(ClientError):
    """The document is not GraphQL."""

    code = "GRAPHQL_PARSE_FAILED"
    status = 400


class ValidationFailed(ClientError):
    """The document does not fit the API schema."""

    code = "GRAPHQL_VALIDATION_FAILED"


class BadUserInput(ClientError):
    """Variables, operation name or request parameters are wrong."""

    code = "BAD_USER_INPUT"


class MutationOverGet(BadUserInput):
    """Only queries may be sent by GET."""

    status = 405


class OperationTooLarge(ClientError):
    """The operation is over one of the limits (docs/configuration.md, limits)."""

    code = "OPERATION_TOO_LARGE"


class PlanBudgetExceeded(ClientError):
    """Planning took more time or nodes than the budget allows."""

    code = "PLAN_BUDGET_EXCEEDED"


class Unauthenticated(ClientError):
    """No caller has this key."""

    code = "UNAUTHENTICATED"
    status = 401


class PurposeRequired(ClientError):
    """A personal field is asked and no purpose is named."""

    code = "TUJUAN_WAJIB"


class PersonalValueInUrl(ClientError):
    """A GET would put a personal value into URLs and their logs."""

    code = "DATA_PRIBADI_DI_URL"
    status = 400


class Incomplete(ClientError):
    """``Simpul-Require: complete`` and a source did not answer."""

    code = "TIDAK_LENGKAP"


class Overloaded(GatewayError):
    """More requests in flight than this process takes."""

    code = "OVERLOADED"
    status = 503


class InternalError(GatewayError):
    """A bug of ours; the client gets an error id and nothing else."""


def quote(text: str) -> str:
    """Quote input for an error text, cut at 200 characters."""
    shown = text if len(text) <= MAX_QUOTED else text[:MAX_QUOTED] + "…"
    return f'"{shown}"'


def _render_problem(problem: Problem, code: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"message": problem.message}
    locations: Sequence[Location] = problem.locations
    if locations:
        entry["locations"] = [{"line": place.line, "column": place.column} for place in locations]
    if problem.path is not None:
        entry["path"] = list(problem.path)
    entry["extensions"] = {"code": code, **problem.extensions}
    return entry
