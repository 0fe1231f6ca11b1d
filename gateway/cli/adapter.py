"""``simpul adapter``: the local adapters that are installed."""

from __future__ import annotations

from adapters.registry import adapter_names

__all__ = ["list_adapters"]


def list_adapters() -> None:
    """Print the names of the installed adapters, one a line."""
    for name in adapter_names():
        print(name)
