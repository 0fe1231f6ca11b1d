"""A world follows from its parameters alone and is made chunk by chunk."""

import os
import sqlite3
import subprocess
import sys
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from demo.people.spec import WorldSpec, world_folder
from demo.people.world import find_or_build

SMALL = 900


def _dump(folder: Path, name: str) -> list[str]:
    with sqlite3.connect(folder / name) as rows:
        return list(rows.iterdump())


def test_the_same_parameters_make_the_same_world(tmp_path: Path) -> None:
    """Two builds agree in every row of every store and in every byte of the file registers."""
    first = find_or_build(tmp_path / "one", WorldSpec(SMALL, 7))
    second = find_or_build(tmp_path / "two", WorldSpec(SMALL, 7))
    for name in ("truth.sqlite", "people.sqlite", "dpmptsp.sqlite"):
        assert _dump(first, name) == _dump(second, name)
    for path in sorted((first / "registers").rglob("*.*")):
        if path.suffix in (".csv", ".DBF", ".sqlite"):
            other = second / path.relative_to(first)
            assert path.read_bytes() == other.read_bytes(), path.name


def test_another_seed_makes_other_people(tmp_path: Path) -> None:
    """Names differ between seeds."""
    names = []
    for seed in (1, 2):
        folder = find_or_build(tmp_path, WorldSpec(SMALL, seed))
        with sqlite3.connect(folder / "truth.sqlite") as rows:
            names.append({row[0] for row in rows.execute("SELECT nama FROM person")})
    assert len(names[0] & names[1]) < 5


@pytest.mark.parametrize("residents", [50, 51, 333, SMALL])
def test_there_are_exactly_as_many_residents_as_asked(tmp_path: Path, residents: int) -> None:
    """The number of people is met exactly, however small."""
    folder = find_or_build(tmp_path, WorldSpec(residents, 3))
    with sqlite3.connect(folder / "truth.sqlite") as rows:
        assert rows.execute("SELECT count(*) FROM person").fetchone()[0] == residents


def test_a_world_is_found_again(tmp_path: Path) -> None:
    """The second call returns the folder without touching it."""
    spec = WorldSpec(60, 3)
    folder = find_or_build(tmp_path, spec)
    before = (folder / "truth.sqlite").stat().st_mtime_ns
    assert find_or_build(tmp_path, spec) == folder == world_folder(tmp_path, spec)
    assert (folder / "truth.sqlite").stat().st_mtime_ns == before
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    """A world that cannot be made leaves no half folder behind."""
    with pytest.raises(ValueError, match="no kelurahan"):
        find_or_build(tmp_path, WorldSpec(60, 3, area="99.99"))
    assert list(tmp_path.iterdir()) == []


def test_what_killed_builders_left_is_removed(tmp_path: Path) -> None:
    """A half folder of a process that is gone goes; one of a living process stays."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for pid in (gone.pid, os.getppid()):
        (tmp_path / f".building-{pid}-world-x").mkdir()
    folder = find_or_build(tmp_path, WorldSpec(60, 3))
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {folder.name, f".building-{os.getppid()}-world-x"}


def test_parameters_name_the_folder() -> None:
    """Residents, seed, day and area each lead to another folder."""
    specs = [
        WorldSpec(),
        WorldSpec(seed=2),
        WorldSpec(500),
        WorldSpec(today=date(2026, 7, 2)),
        WorldSpec(area="31.71.03"),
    ]
    assert len({world_folder(Path("x"), spec) for spec in specs}) == len(specs)


def test_a_large_population_lives_in_the_whole_city() -> None:
    """Jakarta Pusat is populated when its numbers are asked for."""
    assert WorldSpec(1_057_270).prefix == "31.71"
    assert WorldSpec().prefix == "31.71.02"


def test_too_few_residents_are_refused() -> None:
    """A world below 50 people is refused with the number in the message."""
    with pytest.raises(ValueError, match="is 49"):
        WorldSpec(49)


def test_a_day_outside_the_books_is_refused() -> None:
    """The registers' books are of 2023 to 2026, and the clock stands in the last."""
    with pytest.raises(ValueError, match="2027"):
        WorldSpec(today=date(2027, 1, 1))


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2026, 12, 31)])
def test_the_clock_may_stand_anywhere_in_the_year(tmp_path: Path, day: date) -> None:
    """No letter is dated after the clock."""
    folder = find_or_build(tmp_path, WorldSpec(500, 3, today=day))
    with sqlite3.connect(folder / "truth.sqlite") as rows:
        latest = rows.execute("SELECT max(tanggal) FROM letter").fetchone()[0]
    assert latest < day.isoformat()


def test_memory_does_not_grow_with_the_population(tmp_path: Path) -> None:
    """Three times the people cost at most a third more memory at the peak."""
    peaks = []
    for residents in (2_500, 7_500):
        tracemalloc.start()
        find_or_build(tmp_path, WorldSpec(residents, 2))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.35
