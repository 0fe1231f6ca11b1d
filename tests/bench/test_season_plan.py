"""The plan of a season: its shares, its order, its times, and that a seed repeats it."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest

from bench.season_plan import GAP, LIFE_SECONDS, LOOKS, Plan, make_plan
from bench.season_town import SHARES, Applicant, Town, key_of, passphrase_of, town_config
from demo.bsre.signers import load_signers
from tests.testkit.joined_graph import KELURAHAN

SECONDS, RATE = 200.0, 50.0


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Plan a long season over one invented person of each kelurahan."""
    return make_plan(_town(), random.Random(1), SECONDS, RATE)


def test_as_many_are_planned_as_are_asked_for(plan: Plan) -> None:
    """Steps and looks together come at the rate, within a tenth, in the measured time too."""
    steps = [life.begins + at * GAP for life in plan.lives for at in range(len(life))]
    due = [at for at in (*steps, *(look.at for look in plan.looks)) if 0 <= at < SECONDS]
    assert len(due) / SECONDS == pytest.approx(RATE, rel=0.1)


def test_shares_are_those_of_the_season(plan: Plan) -> None:
    """Services and looks come in their shares, within five hundredths."""
    for shares, drawn in (
        (SHARES, [life.applicant.service for life in plan.lives]),
        (LOOKS, [look.operation for look in plan.looks]),
    ):
        for name, share in shares.items():
            assert drawn.count(name) / len(drawn) == pytest.approx(share, abs=0.05)
    assert sum(SHARES.values()) == pytest.approx(1.0)
    assert sum(LOOKS.values()) == pytest.approx(1.0)


def test_lives_begin_before_the_measured_time(plan: Plan) -> None:
    """It holds as many last steps as first ones; nothing is due after its end but steps begun."""
    begins = [life.begins for life in plan.lives]
    assert begins == sorted(begins)
    assert -LIFE_SECONDS <= begins[0] < 0
    assert begins[-1] < SECONDS
    assert max(len(life) for life in plan.lives) * GAP <= LIFE_SECONDS


def test_heirs_are_signed_for_twice(plan: Plan) -> None:
    """First the lurah of the place, then the camat; each looks into the tray before."""
    life = next(each for each in plan.lives if each.applicant.service == "AHLI-WARIS")
    signed = [caller for operation, caller in life.steps if operation == "tanda-tangani"]
    assert signed == [f"lurah-{life.applicant.kelurahan}", "camat"]


def test_a_seed_repeats_the_plan(plan: Plan) -> None:
    """The same seed plans the same, another something else."""
    town = _town()
    assert make_plan(town, random.Random(1), SECONDS, RATE).looks == plan.looks
    assert make_plan(town, random.Random(2), SECONDS, RATE).looks != plan.looks


def test_every_signer_of_the_town_has_a_certificate() -> None:
    """Callers and officers are the same; a signer's passphrase opens the certificate of the NIK."""
    config = town_config()
    officers = config["subgraphs"]["loket"]["settings"]["officers"]
    signers = load_signers("31.71.02")
    assert {officer["caller"] for officer in officers} <= {*config["callers"]}
    assert len({officer["nip"] for officer in officers}) == len(officers) == 2 + 3 * len(KELURAHAN)
    for officer in officers:
        if "nik" in officer:
            assert signers[officer["nik"]].passphrase == passphrase_of(officer["caller"])
    assert key_of("camat") == "kunci-camat-demonstrasi"


def _town() -> Town:
    people: list[Any] = [
        SimpleNamespace(nik=f"31719901010190{place:02}", nama="X", lahir="1990-01-01", kelurahan=k)
        for place, k in enumerate(KELURAHAN)
    ]
    return Town({service: [Applicant(service, each) for each in people] for service in SHARES})
