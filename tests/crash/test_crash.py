"""Deaths at named points, two at each over each database, and that a loss would be seen."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.crash.balance import Kept, find_faults
from tests.crash.lives import Client, Told, new_client
from tests.crash.points import Point, draw_death
from tests.testkit.imports import ROOT
from tests.testkit.postgres import Postgres


@pytest.mark.slow
@pytest.mark.needs_postgres
def test_deaths_at_named_points_lose_double_and_halve_nothing(postgres_server: Postgres) -> None:
    """Processes die at every point, twice over each database; what they kept is whole."""
    url = postgres_server.new_database("crash")
    command = [sys.executable, "-m", "tests.crash", "--named", "--kills", str(2 * len(Point))]
    # A process of its own: only one without threads may be forked.
    done = subprocess.run(
        [*command, "--url", url], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for point in Point:
        assert done.stdout.count(f"{point} 2") == 2


def test_a_death_follows_from_its_seed() -> None:
    """Clients and deaths can be had again."""
    for seed in range(20):
        drawn = [(draw_death(r), new_client("c", r)) for r in (Random(seed), Random(seed))]
        assert drawn[0] == drawn[1]


def test_a_lost_application_would_be_seen() -> None:
    """The books are not closed over what a client was told and nobody keeps."""
    told = Told("c", 0, "c/0/1", "n", 1, None, None)
    client = Client("c", "refused", 1, "n", 1, told=[told])
    faults = "\n".join(find_faults(Kept(), [client]))
    assert "n: told to c, and lost" in faults
    assert "evidence: no record of" in faults
    assert "keys: 0, 0 settled" in faults


def test_a_doubled_application_would_be_seen() -> None:
    """One that no client asked for, with a number that was drawn twice."""
    row = SimpleNamespace(nomor="n", kelurahan="k", layanan="l", tahun=2026, urut=2)
    faults = "\n".join(find_faults(Kept(applications=cast("Any", [row])), []))
    assert "n: nobody's" in faults
    assert "a gap or a double in [2]" in faults


def test_lines_of_the_register_would_be_missed_or_seen_twice() -> None:
    """A letter that was issued without a line, and a line that nobody issued, twice."""
    letter = SimpleNamespace(
        nomor="1/LKT", tahun=2026, kelurahan="k", jenis="l", urut=1, status="TERBIT"
    )
    below = {"kotak_keluar": {"n": [None]}, "surat": {"n": [letter]}}
    kept = Kept(below=cast("Any", below), lines=Counter({("2/LKT", 2026, "Loket"): 2}))
    faults = "\n".join(find_faults(kept, []))
    assert "register: no line of ('1/LKT', 2026, 'Loket')" in faults
    assert "register: 2 lines of ('2/LKT', 2026, 'Loket')" in faults
    assert "register: a line of ('2/LKT', 2026, 'Loket'), not issued" in faults


def test_a_letter_that_a_register_takes_for_valid_would_be_seen() -> None:
    """Its line is there, and says nothing of the revocation."""
    letter = SimpleNamespace(
        nomor="1/LKT", tahun=2026, kelurahan="k", jenis="l", urut=1, status="DICABUT"
    )
    below = {"kotak_keluar": {"n": [None]}, "surat": {"n": [letter]}}
    lines = Counter({("1/LKT", 2026, "Loket"): 1})
    faults = "\n".join(find_faults(Kept(below=cast("Any", below), lines=lines), []))
    assert "register: no line of ('1/LKT', 2026, 'Loket, dicabut')" in faults
