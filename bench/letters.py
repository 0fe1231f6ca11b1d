"""What a letter costs the gateway: the CPU of its signatures, and of its issue.

In: nothing. Out: a row for each service: milliseconds of the gateway's own CPU a letter, system
time included. The demonstration's fleet runs beside it, in processes of its own; applications are
brought to where signatures are awaited before anything is measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.load import cpu_seconds
from tests.testkit.counter import Loket
from tests.testkit.joined_graph import gateway_over, patient_config, running_fleet
from tests.testkit.letter_costs import bring_to_draft
from tests.testkit.nine_services import Scenario, find_scenarios

__all__ = ["LETTERS", "LetterCost", "run_letters"]

LETTERS = 40
_WARM = 3  # letters before that; the first loads what reads signatures
_SERVICES = ("PM1-UMUM", "AHLI-WARIS")  # of one signature, and of two
_UNLIMITED = 1_000_000


@dataclass(frozen=True, slots=True)
class LetterCost:
    """Milliseconds of the gateway's CPU for one letter."""

    service: str
    signed: float  # by all its signers
    issued: float


def run_letters() -> Iterator[LetterCost]:
    """Measure one service after the other."""
    with TemporaryDirectory() as folder, running_fleet() as fleet:
        state = Path(folder)
        with gateway_over(fleet, state, config=patient_config()) as graph:
            fleet.set_quota("pelayanan", _UNLIMITED)
            loket = Loket(graph, state / "var")
            scenarios = find_scenarios(graph.truth)
            for service in _SERVICES:
                yield _measure(loket, scenarios[service])


def _measure(loket: Loket, scenario: Scenario) -> LetterCost:
    pid = loket.graph.product.process.pid
    drafts = {}
    for _ in range(LETTERS + _WARM):
        number = bring_to_draft(loket, scenario)
        drafts[number] = loket.draft_of(scenario.signers[0], number)
    signed = issued = 0.0
    for place, number in enumerate(drafts):
        began = cpu_seconds(pid)
        _sign(loket, scenario, number, drafts)
        between = cpu_seconds(pid)
        loket.done("petugas", "terbitkan", number)
        if place >= _WARM:
            signed += between - began
            issued += cpu_seconds(pid) - between
    return LetterCost(scenario.service, signed * 1e3 / LETTERS, issued * 1e3 / LETTERS)


def _sign(loket: Loket, scenario: Scenario, number: str, drafts: Mapping[str, str]) -> None:
    for signer in scenario.signers:
        loket.sign_draft(signer, number, drafts[number])
