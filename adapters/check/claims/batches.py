"""The claim about batches: no call asks for more keys than its source takes at once.

In: the samples that ask for entities, with keys made up until they fill two calls and begin a
third. Out: findings by sample. Keys are counted in the questions themselves, on the recorded wire:
what an adapter says of its batches is not what it sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.check.model import Check, NotApplicable
from adapters.check.recording import Sample
from adapters.check.subject import Opened, Subject
from adapters.check.wire import Wire
from adapters.contract import Representation

__all__ = ["BATCH_CHECKS"]

_MOST_KEYS = 999  # made up for one sample: the numbers 9000 to 9998, which invented people carry
_DIGITS = re.compile(r"\d+(?!.*\d)", re.DOTALL)  # the last digits of a text
# What was made up is answered 404; a breaker that opened would keep the rest of the calls at home.
_LIMITS = {"retries": 0, "breaker_requests": 10_000}


async def _capped(subject: Subject) -> Sequence[str]:
    cap = _cap_of(subject)
    found, seen = [], 0
    for sample in subject.entity_samples:
        keys = [*_make_keys(sample, min(2 * cap + 1, _MOST_KEYS))]
        async with subject.open(Wire(limits=_LIMITS)) as opened:
            await opened.ask(sample, keys)
            most = max(_count_keys(opened, keys), default=0)
        seen += most
        if most > cap:
            found.append(f'"{sample.title}": {most} keys in one call, and the source takes {cap}')
    subject.unrecorded.clear()  # nobody could have recorded what was made up
    if not seen:
        raise NotApplicable("no question holds a key as it was asked")
    return found


def _cap_of(subject: Subject) -> int:
    if not subject.recording.exchanges or subject.live is not None:
        raise NotApplicable("no HTTP source is recorded; statements are split by their source")
    if subject.recording.at_most is None:
        raise NotApplicable('the recording does not tell "at_most", the most keys of one call')
    return subject.recording.at_most


def _make_keys(sample: Sample, count: int) -> Iterator[Representation]:
    """Make up keys like the sample's first: the last digits of its values are others in each."""
    like = (sample.representations or ())[0]
    for number in range(9000, 9000 + count):
        yield {name: _vary(name, value, number) for name, value in like.items()}


def _vary(name: str, value: Any, number: int) -> Any:
    if name == "__typename" or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return number
    if isinstance(value, str):
        return _DIGITS.sub(lambda digits: f"{digits[0][:-4]}{number}", value)
    return value


def _count_keys(opened: Opened, keys: Sequence[Representation]) -> Iterator[int]:
    """Count the keys in each question that the replay got."""
    texts = [{value for value in key.values() if isinstance(value, str)} for key in keys]
    shared = set.intersection(*texts)  # the type's name, and parts of a key without digits
    for asked in opened.replay.asked if opened.replay else ():
        yield sum(any(text in asked for text in each - shared) for each in texts)


BATCH_CHECKS: tuple[Check, ...] = (
    Check(
        "BATCHES_CAPPED",
        "No call asks for more keys than its source takes at once.",
        "A filter beyond the source's limit is refused, or cut off without a word.",
        _capped,
    ),
)
