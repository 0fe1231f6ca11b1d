"""One question over HTTP in the form that a guard takes: ``adapters.contract.Attempt``.

In: what a source says of its question (where, what, how to read the answer). Out: an attempt that
can be begun on a connection that is free now, or made in any case.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from adapters.http_client.connection import Connection
from adapters.http_client.errors import ConnectionLost, HttpError, source_error
from adapters.http_client.message import HttpResponse
from adapters.http_client.pool import Pool

__all__ = ["HttpAttempt"]

T = TypeVar("T")

_DEFAULT_SECONDS = 30.0


class HttpAttempt(ABC, Generic[T]):
    """One question; subclasses say where it goes, what is sent, and what the answer means."""

    __slots__ = ("_answer", "_connection")

    _connection: Connection
    _answer: asyncio.Future[HttpResponse]

    may_repeat = False
    """Whether it may be sent again on another connection if a kept one was closed meanwhile."""

    @abstractmethod
    def render(self) -> tuple[Pool, bytes] | None:
        """Give where to ask and what to send, or None before ``prepare``; raises ``HttpError``."""

    @abstractmethod
    def read(self, answer: HttpResponse) -> T:
        """Read the answer; raises ``SourceError``."""

    async def prepare(self, seconds: float) -> None:
        """Wait for what ``render`` needs; raises ``SourceError``."""

    def begin(self, deadline: float) -> asyncio.Future[HttpResponse] | None:
        """Send on a connection that is free now; None: nothing was sent. Never raises."""
        try:
            rendered = self.render()
        except HttpError:
            return None  # ``make`` tells why
        if rendered is None:
            return None
        connection = rendered[0].take(deadline)
        if connection is None:
            rendered[0].grow()
            return None
        self._connection = connection
        self._answer = answer = connection.exchange(rendered[1], deadline)
        return answer

    def divert(self, deadline: float) -> asyncio.Future[HttpResponse]:
        """Give the answer under way to a future of its own."""
        self._answer = self._connection.divert(self._answer, deadline)
        return self._answer

    def abandon(self) -> None:
        """Cut what was begun, if it is still under way."""
        self._connection.abandon(self._answer)

    async def mend(self, error: Exception, seconds: float) -> T:
        """Ask once more if the connection had been closed unseen, else say what it means."""
        assert isinstance(error, HttpError)
        if self.may_repeat and isinstance(error, ConnectionLost) and error.untouched:
            return await self.make(seconds)
        raise source_error(error) from error

    async def make(self, seconds: float | None) -> T:
        """Ask, and give what was read; raises ``SourceError``."""
        seconds = _DEFAULT_SECONDS if seconds is None else seconds
        deadline = asyncio.get_running_loop().time() + seconds
        await self.prepare(seconds)
        try:
            rendered = self.render()
            assert rendered is not None
            pool, request = rendered
            response = await pool.send(request, deadline, may_repeat=self.may_repeat)
        except HttpError as error:
            raise source_error(error) from error
        return self.read(response)
