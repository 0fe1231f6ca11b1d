"""Random walks over the real desk: whatever anybody tries, no letter leaves that must not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from adapters.loket.checks.finding import Result
from adapters.loket.desk import Taken
from adapters.loket.life import ENDED, State, Step
from adapters.loket.store.engine import own_call
from adapters.loket.store.history import Entry
from adapters.loket.store.reading import Dossier, read_dossiers
from tests.testkit.counter_desk import DECEASED, HEIR, PAPER, Desk, call, open_desk

pytestmark = [pytest.mark.anyio, pytest.mark.property]

CALLERS = ("warga", "lain", "rt", "petugas", "jauh", "lurah", "camat", "ptsp")
FORMS: dict[str, dict[str, list[str]]] = {
    "PM1-UMUM": {},
    "SKTM": {},
    "AHLI-WARIS": {"nikPewaris": [DECEASED], "nikAhliWaris": [HEIR]},
}
KINDS = ("KTP", "KK", "PERNYATAAN_AHLI_WARIS", "PERNYATAAN_TIDAK_MAMPU")
DOWN = ({"path": ["penduduk"], "extensions": {"code": "SUMBER_TIDAK_TERSEDIA"}},)
WEIGHTS = {
    **dict.fromkeys((Step.TOLAK, Step.BATALKAN, Step.MINTA_PERBAIKAN), 0.3),
    Step.AMBIL_TUGAS: 0.3,
    Step.LENGKAPKAN: 2,
}
"""How readily a step is tried; what is not named leads on."""
ISSUED = (State.TERBIT, State.DIAMBIL, State.DICABUT)


class Walk:
    """One application after the other, led by chance; what came of each attempt is counted."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self.desk = desk
        self.random = random
        self.seen: Counter[str] = Counter()
        self.number = ""
        self.true_at_check = True  # whether the records spoke for the application at the last round

    async def begin(self) -> None:
        """Submit an application of any service."""
        service = self.random.choice([*FORMS])
        papers = [{**PAPER, "jenis": kind} for kind in self.random.choice((KINDS, KINDS[:1]))]
        asked = await self.desk.submit(service, form=FORMS[service], papers=papers)
        self.number = asked.number or ""
        assert self.number

    async def move(self) -> None:
        """Let somebody try something, most often what may lead on, in a world that changes."""
        random, records = self.random, self.desk.records
        if random.random() < 0.08:
            records.agrees = random.random() < 0.8
            records.errors = DOWN if random.random() < 0.2 else ()
        before = await self._dossier()
        caller, step = self._choose(before)
        taken = await self.desk.step(caller, step, self.number, **self._arguments(before, step))
        self.seen[f"{step} {'refused' if taken.refusal else 'taken'}"] += 1
        if step is Step.PERIKSA and taken.refusal is None:
            self.true_at_check = records.agrees and not records.errors
        after = await self._dossier()
        self._judge(before, taken, after)
        if after.row.status in ENDED or after.row.status in ISSUED:
            await self.begin()

    def _choose(self, dossier: Dossier) -> tuple[str, Step]:
        """Choose who, and what: mostly one who may, and a step that leads on."""
        steps = [step for step in Step if step not in (Step.AJUKAN, Step.SIAPKAN_SURAT)]
        if self.random.random() < 0.1:
            return self.random.choice(CALLERS), self.random.choice(steps)
        desk = self.desk.counter.desk
        legal: dict[Step, list[str]] = {}
        for caller in CALLERS:
            for step in desk.legal_for(desk.actors.find(call(caller)), dossier.row):
                legal.setdefault(step, []).append(caller)
        useless = self._useless(dossier)
        weights = [0.1 if step in useless else WEIGHTS.get(step, 4) for step in legal]
        chosen = self.random.choices([*legal], weights)[0]
        return self.random.choice(legal[chosen]), chosen

    def _useless(self, dossier: Dossier) -> set[Step]:
        """Name what would be taken, or refused, and lead nowhere."""
        found = {
            Step.KONFIRMASI: any(c.hasil == Result.PERLU_PETUGAS for c in dossier.checks),
            Step.CATAT_PENGANTAR: not any(p.jenis == "PENGANTAR" for p in dossier.papers),
            Step.TAMBAH_BERKAS: bool(_missing(dossier)),
            Step.TERBITKAN: bool(dossier.signatures),
        }
        return {step for step, is_useful in found.items() if not is_useful}

    def _arguments(self, dossier: Dossier, step: Step) -> dict[str, Any]:
        random = self.random
        draft = dossier.row.draf_sidik if random.random() < 0.9 else "0" * 64
        codes = [check.kode for check in dossier.checks if check.hasil != Result.LULUS]
        given: dict[Step, dict[str, Any]] = {
            Step.TAMBAH_BERKAS: {
                "berkas": {**PAPER, "jenis": random.choice(_missing(dossier) or KINDS)}
            },
            Step.CATAT_PENGANTAR: {"nomorPengantar": "1/RT"},
            Step.KONFIRMASI: {
                "pemeriksaan": random.choice(codes or ["IDENTITAS"]),
                "berkas": random.choice((1, 1, 99)),
            },
            Step.AJUKAN_ULANG: {"isian": None},
            Step.SUSUN_DRAF: {"teks": random.choice("AB")},
            Step.TANDA_TANGANI: {"sidikDraf": draft or "0" * 64},
        }
        return {"reason": random.choice(("Uji.", "Uji.", None)), **given.get(step, {})}

    def _judge(self, before: Dossier, taken: Taken, after: Dossier) -> None:
        """Hold what happened to what the history alone tells."""
        if taken.refusal is not None:
            # A refused signature may leave the letter's number behind, and nothing else.
            steps = [entry.step for entry, _ in after.history[len(before.history) :]]
            assert steps in ([], [Step.SIAPKAN_SURAT])
            assert after.row.status == before.row.status
        assert [entry.version for entry, _ in after.history] == [*range(1, after.row.versi + 1)]
        if after.row.status in ISSUED:
            self.seen["letters"] += 1
            entries = [entry for entry, _ in after.history]
            issued = next(at for at, each in enumerate(entries) if each.step == Step.TERBITKAN)
            self._demand_checks(after, entries[:issued])
            self._demand_signatures(after, entries[:issued])

    def _demand_checks(self, dossier: Dossier, entries: list[Entry]) -> None:
        """Every blocking check of the last round passed, or an officer confirmed it since."""
        service = self.desk.counter.desk.service_of(dossier.row)
        last = max(at for at, each in enumerate(entries) if each.step == Step.PERIKSA)
        assert not [each for each in entries[last:] if each.step == Step.AJUKAN_ULANG]
        assert self.true_at_check, "the records spoke against it, or could not be asked"
        found = entries[last].evidence["hasil"]
        confirmed = {e.evidence["pemeriksaan"] for e in entries if e.step == Step.KONFIRMASI}
        for code, blocks in service.checks.items():
            if blocks and found[code] != Result.LULUS:
                assert (found[code], code in confirmed) == (Result.PERLU_PETUGAS, True)

    def _demand_signatures(self, dossier: Dossier, entries: list[Entry]) -> None:
        """Whoever must sign signed the last draft, in order, after it was drawn up."""
        service = self.desk.counter.desk.service_of(dossier.row)
        last = max(at for at, each in enumerate(entries) if each.step == Step.SUSUN_DRAF)
        signed = [each for each in entries[last:] if each.step == Step.TANDA_TANGANI]
        draft = entries[last].evidence["draf"]
        assert [each.evidence["draf"] for each in signed] == [draft] * len(service.signatures)
        assert all(e.role in roles for e, roles in zip(signed, service.signatures, strict=True))

    async def _dossier(self) -> Dossier:
        store, numbers = self.desk.counter.store, [self.number]
        return (await store.read(own_call(), lambda tx: read_dossiers(tx, numbers)))[self.number]


def _missing(dossier: Dossier) -> list[str]:
    held = {paper.jenis for paper in dossier.papers}
    return [kind for kind in KINDS if kind not in held]


async def test_no_walk_issues_a_letter_without_its_checks_and_signatures(tmp_path: Path) -> None:
    """Over all of them letters are issued and refused, or the walks prove nothing."""
    seen: Counter[str] = Counter()
    for seed in range(2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        async with open_desk(f"sqlite+aiosqlite:///{folder}/loket.sqlite", folder) as desk:
            walk = Walk(desk, Random(seed))
            await walk.begin()
            for _ in range(120):
                await walk.move()
            seen += walk.seen
    assert seen["letters"] >= 3, seen
    for step in (Step.VERIFIKASI, Step.TANDA_TANGANI, Step.TERBITKAN):
        assert seen[f"{step} taken"], seen
        assert seen[f"{step} refused"], seen
