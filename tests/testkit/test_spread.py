"""How the run is spread over its workers."""

from __future__ import annotations

import pytest

from tests.testkit.spread import find_fleets, sort_items


class _Item(pytest.Item):
    """A collected test of a file, with one mark or none."""

    def runtest(self) -> None: ...


@pytest.fixture
def make(request: pytest.FixtureRequest):
    """Collect tests of a file."""

    def collect(file: str, number: int, mark: str = "") -> list[pytest.Item]:
        items = [
            _Item.from_parent(request.session, name=f"test_{n}", nodeid=f"{file}::test_{n}")
            for n in range(number)
        ]
        for item in items[:1] if mark else ():
            item.add_marker(mark)
        return items

    return collect


def test_long_files_come_first_and_files_stay_whole(make) -> None:
    """Those over a fleet, those with a long test, then by number of tests."""
    files = [
        ("tests/a/test_few.py", 1, ""),
        ("tests/b/test_many.py", 3, ""),
        ("tests/c/test_slow.py", 2, "slow"),
        ("tests/e2e/test_faults.py", 1, ""),
    ]
    items = [item for file in files for item in make(*file)]

    sort_items(items)

    order = [item.nodeid.partition("::")[0] for item in items]
    assert [*dict.fromkeys(order)] == [
        "tests/e2e/test_faults.py",
        "tests/c/test_slow.py",
        "tests/b/test_many.py",
        "tests/a/test_few.py",
    ]
    assert [item.name for item in items if "many" in item.nodeid] == ["test_0", "test_1", "test_2"]


def test_files_over_one_fleet_are_together() -> None:
    """Each fleet has several files; what starts its own processes has none."""
    fleets = find_fleets()

    assert fleets["tests/e2e/test_faults.py"] == fleets["tests/e2e/test_faults_guard.py"]
    assert fleets["tests/e2e/test_batching.py"] == fleets["tests/e2e/test_nine_services.py"]
    assert fleets["tests/e2e/test_batching.py"] != fleets["tests/e2e/test_faults.py"]
    assert "tests/e2e/test_serve.py" not in fleets
