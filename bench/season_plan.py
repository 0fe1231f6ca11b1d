"""What is sent in a season, and when: a plan, made before anything is sent.

In: a town, a seed, how long and how much. Out: ``Life``s, each one application from the form to the
letter in its applicant's hands, and ``Look``s, which belong to none: queues, trays, tracking,
verification. Pure.

The plan is open: everything has its time, whatever becomes of what was sent before, and lives and
looks begin at random (a Poisson process), as callers who know nothing of each other do. Lives begin
before the measured time, so that it holds as many of their last steps as of their first.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.season_town import Applicant, Town
from tests.testkit.joined_graph import KELURAHAN

__all__ = ["GAP", "LIFE_SECONDS", "LOOKS", "OPERATIONS", "Life", "Look", "Plan", "make_plan"]

OPERATIONS = 40
"""Graph operations of one application, looks of all kinds included (DOMAIN, sizing)."""

GAP = 0.4
"""Seconds between two steps of one application: a day of work in seconds. Doubling it doubles the
applications under way, and the time before the measured one."""

LOOKS = {"lacak": 0.45, "antrean": 0.25, "baki-tanda-tangan": 0.12, "verifikasi-surat": 0.18}
"""Shares of the looks [I]: an applicant looks ten times, an officer before each file."""


@dataclass(frozen=True, slots=True)
class Life:
    """One application."""

    begins: float  # seconds; the measured time begins at 0
    applicant: Applicant
    steps: tuple[tuple[str, str], ...]  # operation and caller, ``GAP`` apart

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class Look:
    """One operation that belongs to no application under way."""

    at: float
    operation: str
    kelurahan: str
    place: float  # which of the applications or letters at hand, 0 to 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is sent."""

    lives: Sequence[Life]
    looks: Sequence[Look]


def make_plan(town: Town, chance: random.Random, seconds: float, rate: float) -> Plan:
    """Plan so many operations a second, in the season's shares."""
    lives: list[Life] = []
    at = -LIFE_SECONDS
    while (at := at + chance.expovariate(rate / OPERATIONS)) < seconds:
        applicant = town.draw(chance)
        lives.append(Life(at, applicant, tuple(_steps(applicant))))
    mean = sum(map(len, lives)) / max(1, len(lives))
    looks: list[Look] = []
    at = -LIFE_SECONDS
    while (at := at + chance.expovariate(rate * (1 - mean / OPERATIONS))) < seconds:
        (kind,) = chance.choices([*LOOKS], [*LOOKS.values()])
        looks.append(Look(at, kind, chance.choice(KELURAHAN), chance.random()))
    return Plan(lives, looks)


def _steps(applicant: Applicant) -> Iterator[tuple[str, str]]:
    place = applicant.kelurahan
    officer = f"petugas-{place}"
    yield "1-prefill", "jaki"
    yield "kelayakan", "jaki"
    yield "ajukan", "jaki"
    yield "catat-pengantar", f"rt-{place}"
    for step in ("ambil-tugas", "lengkapkan", "periksa"):
        yield step, officer
    if applicant.service == "SKTM":
        yield "konfirmasi", officer
    yield "verifikasi", officer
    yield "susun-draf", officer
    for signer in applicant.signers:
        yield "baki-tanda-tangan", signer
        yield "tanda-tangani", signer
    yield "terbitkan", officer
    yield "unduh-surat", "jaki"
    yield "serahkan", officer


_LONGEST = 18  # steps of heirs, whom two officials sign for
LIFE_SECONDS = _LONGEST * GAP
"""How long the longest application takes if nothing is late."""
