"""The default world and a fleet over it, made once for all tests of the demo."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.fleet import Fleet, start_fleet
from demo.people.spec import WorldSpec
from demo.people.truth import Truth
from demo.people.world import find_or_build


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for worlds."""
    return tmp_path_factory.mktemp("worlds")


@pytest.fixture(scope="session")
def world(store: Path) -> Path:
    """The default world: 20,000 residents of Sawah Besar."""
    return find_or_build(store, WorldSpec())


@pytest.fixture(scope="session")
def truth(world: Path) -> Iterator[Truth]:
    """The oracle of the default world."""
    reader = Truth(world / "truth.sqlite")
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def running_fleet(store: Path, world: Path) -> Iterator[Fleet]:
    """The fleet over the default world; take `fleet` instead."""
    with start_fleet(store, options={"dpmptsp": ["--token-seconds", "300"]}) as fleet:
        yield fleet


@pytest.fixture
def fleet(running_fleet: Fleet) -> Fleet:
    """The fleet, healthy and with counters at zero."""
    running_fleet.reset()
    return running_fleet
