"""Nobody is answered with what was asked under other rights, whichever way a call takes."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import CallContext
from adapters.resilience import GuardSettings, SourceGuard
from cache.ledger import MemoryLedger

RIGHTS = st.builds(
    CallContext,
    agency=st.sampled_from(["dinsos", "ptsp"]),
    purpose=st.sampled_from([None, "PELAYANAN_PUBLIK", "PENEGAKAN_HUKUM"]),
    grant_profile=st.sampled_from(["a", "b"]),
    headers=st.sampled_from([(), (("x-kasus", "1"),), (("x-kasus", "2"),)]),
    personal_token=st.booleans(),
)
ASKED = st.lists(
    st.tuples(RIGHTS, st.sampled_from(["nik-1", "nik-2"]), st.integers(0, 3)), min_size=2
)
"""Who asks, for which key, and after how many turns of the loop."""


class Question:
    """An attempt that is answered with whose it was, after some turns of the loop."""

    def __init__(self, call: CallContext, key: str, asked: list[Hashable]) -> None:
        self._own = told(call, key)
        self._asked = asked

    def begin(self, deadline: float) -> asyncio.Future[Any]:
        self._asked.append(self._own)
        return asyncio.ensure_future(self._answer())

    def divert(self, deadline: float) -> asyncio.Future[Any]:
        return asyncio.ensure_future(self._answer())

    def abandon(self) -> None:
        """Nothing is held."""

    def read(self, answer: Any) -> Any:
        return answer

    async def mend(self, error: Exception, seconds: float) -> Any:
        raise error

    async def make(self, seconds: float | None) -> Any:
        self._asked.append(self._own)
        return await self._answer()

    async def _answer(self) -> Any:
        for _ in range(4):
            await asyncio.sleep(0)
        return self._own


def told(call: CallContext, key: str) -> Hashable:
    """Give all that may change an answer."""
    return (key, call.agency, call.purpose, call.grant_profile, call.headers, call.personal_token)


@given(asked=ASKED, has_lane=st.booleans())
def test_everybody_gets_the_answer_to_the_own_question(
    asked: list[tuple[CallContext, str, int]], has_lane: bool
) -> None:
    """Key, agency, purpose, grants and headers of the answer are the asker's, and a person's own
    token is never shared: each call with one costs an attempt."""
    made: list[Hashable] = []

    async def run() -> None:
        quota = {} if has_lane else {"quota_per_day": 10_000}  # a counted quota closes the lane
        guard = SourceGuard("dinas", GuardSettings(**quota), ledger=MemoryLedger())

        async def ask(call: CallContext, key: str, turns: int) -> None:
            for _ in range(turns):
                await asyncio.sleep(0)
            guarded = await guard.ask(Question(call, key, made), call, key=key)
            assert guarded.error is None
            assert guarded.value == told(call, key)

        await asyncio.gather(*(ask(*each) for each in asked))
        await guard.aclose()

    asyncio.run(run())
    with_token = [told(call, key) for call, key, _ in asked if call.personal_token]
    assert sorted(map(repr, with_token)) == sorted(repr(own) for own in made if own[-1])  # type: ignore[index]  # a tuple
