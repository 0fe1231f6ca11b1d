"""Whether one answer says no more than another: the comparison that most checks rest on.

In: two values of an answer. Out: where they differ, as a path without values. Lists of records are
compared as bags: a source may send its rows in any order.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from adapters.contract import SubgraphResponse
from adapters.errors import SourceCode

__all__ = ["codes_of", "is_part", "is_same", "told_wrongly", "unexpected_codes"]

_SIX = frozenset(str(code) for code in SourceCode)


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two answers are equal but for the order of lists."""
    return _canonical(one) == _canonical(other)


def is_part(less: Any, whole: Any) -> bool:
    """Tell whether ``less`` is ``whole`` with perhaps nulls and missing list items."""
    if less is None or less == whole:
        return True
    if isinstance(less, dict) and isinstance(whole, dict):
        return all(name in whole and is_part(item, whole[name]) for name, item in less.items())
    if isinstance(less, list) and isinstance(whole, list):
        return _are_part(less, whole)
    return False


def told_wrongly(title: str, told: Sequence[Any], true: Sequence[Any]) -> list[str]:
    """Find the places at which entities hold something that is not theirs."""
    if len(told) != len(true):
        return [f'"{title}": {len(told)} entities came for {len(true)} representations']
    return [
        f'"{title}": _entities.{place} holds what is not its own'
        for place, (one, other) in enumerate(zip(told, true, strict=True))
        if not is_part(one, other)
    ]


def codes_of(response: SubgraphResponse) -> set[str]:
    """Give the codes of all errors."""
    return {error.code for error in response.errors}


def unexpected_codes(
    title: str, response: SubgraphResponse, expected: frozenset[str] = _SIX
) -> list[str]:
    """Find codes beyond those expected, by default the six of sources."""
    wrong = sorted(codes_of(response) - expected)
    return [f'"{title}": the code {code} is none of {_listed(expected)}' for code in wrong]


def _are_part(less: list[Any], whole: list[Any]) -> bool:
    left = [*whole]
    for item in less:
        for place, candidate in enumerate(left):
            if is_part(item, candidate):
                del left[place]
                break
        else:
            return False
    return True


def _canonical(value: Any) -> str:
    return json.dumps(_sorted(value), sort_keys=True, ensure_ascii=False, default=str)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(item) for name, item in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(item) for item in value), key=_canonical)
    return value


def _listed(codes: frozenset[str]) -> str:
    return ", ".join(sorted(codes))
