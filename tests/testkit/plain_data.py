"""Gives the data of a result in dicts, whatever it was computed in."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["plain_data"]


def plain_data(data: Any) -> Any:
    """Give what the client reads of it."""
    return msgspec.json.decode(msgspec.json.encode(data))
