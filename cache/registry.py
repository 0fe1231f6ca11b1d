"""What we keep, by URL: the one place in this package that loads by name.

In: a URL. Out: the form that its scheme names, opened. A form whose library is missing is told as
what is wrong with the configuration.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from cache.errors import FormUnknown
from cache.ledger import Ledger
from cache.ledger_sqlite import SqliteLedger

__all__ = ["open_ledger"]

_REDIS = ("redis", "rediss", "unix")


@asynccontextmanager
async def open_ledger(place: str | Path) -> AsyncIterator[Ledger]:
    """Open a ledger: in a file, or at a ``redis://``, ``rediss://`` or ``unix://`` address.

    Raises ``FormUnknown``; whether a server answers shows at the first count.
    """
    if isinstance(place, Path):
        yield SqliteLedger(place)
        return
    ledger = _make_redis_ledger(place)
    try:
        yield ledger
    finally:
        await ledger.aclose()


def _make_redis_ledger(url: str) -> Any:
    """Make the form that only gateways with the extra ``redis`` can load."""
    scheme = url.partition("://")[0]
    if scheme not in _REDIS:
        raise FormUnknown(
            f'no ledger is kept at "{scheme}://": write redis://, rediss:// or unix://'
        )
    try:
        return import_module("cache.ledger_redis").RedisLedger(url)
    except ModuleNotFoundError as error:
        raise FormUnknown(
            f'a ledger at "{scheme}://" needs "{error.name}": pip install "simpul[redis]"'
        ) from None
