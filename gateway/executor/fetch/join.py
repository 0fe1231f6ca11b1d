"""Joins the answers of several requests that one entity fetch became.

In: answers, and how many representations each was asked for. Out: one answer, as if one request had
brought all: entities and errors in the order of the representations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from adapters.contract import SubgraphError, SubgraphResponse
from gateway.executor.fetch.call import FetchAnswer

__all__ = ["join_answers"]


def join_answers(answers: Sequence[FetchAnswer], sizes: Sequence[int]) -> FetchAnswer:
    """Put answers together as if one request had brought all their representations."""
    if len(answers) == 1:
        return answers[0]
    data: list[Any] = []
    errors: list[SubgraphError] = []
    for answer, size in zip(answers, sizes, strict=True):
        errors.extend(_shifted(answer.response, len(data), size))
        part = answer.response.data
        is_whole = isinstance(part, list) and len(part) == size
        data.extend(part if is_whole else [None] * size)
    responses = [answer.response for answer in answers]
    spans = [answer.span for answer in answers if answer.span is not None]
    return FetchAnswer(
        SubgraphResponse(
            None if all(each.data is None for each in responses) else data,
            tuple(errors),
            as_of=min((r.as_of for r in responses if r.as_of is not None), default=None),
            defects=tuple(defect for each in responses for defect in each.defects),
            reports=tuple(report for each in responses for report in each.reports),
        ),
        (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None,
        any(answer.was_sent for answer in answers),
    )


def _shifted(response: SubgraphResponse, first: int, size: int) -> Iterator[SubgraphError]:
    """Give a part's errors at their places in the whole; one of all the part at each entity."""
    for error in response.errors:
        path = error.path or ()
        if len(path) > 1 and path[0] == "_entities" and isinstance(path[1], int):
            places = [("_entities", first + path[1], *path[2:])]
        else:
            places = [("_entities", first + index) for index in range(size)]
        for place in places:
            yield SubgraphError(error.message, error.code, place, error.source, error.extensions)
