"""The tables of docs/loket.md are those that the code goes by."""

from __future__ import annotations

import re

from adapters.loket.adapter import adapter
from adapters.loket.checks.catalog import CHECKS
from adapters.loket.life import STEPS, Role, Step
from adapters.loket.refusal import RefusalCode
from adapters.loket.service_file import PARTS
from adapters.loket.services import load_catalog
from tests.testkit.imports import ROOT

PAGE = (ROOT / "docs" / "loket.md").read_text(encoding="utf-8")
ROLES = (Role.PEMOHON, Role.KETUA_RTRW, Role.PETUGAS, Role.LURAH, Role.CAMAT, Role.PTSP)

MUTATIONS = {
    Step.AJUKAN: "ajukanPermohonan",
    Step.TAMBAH_BERKAS: "tambahBerkas",
    Step.CATAT_PENGANTAR: "catatPengantar",
    Step.AMBIL_TUGAS: "ambilTugas",
    Step.LENGKAPKAN: "lengkapkanPermohonan",
    Step.PERIKSA: "periksaPermohonan",
    Step.KONFIRMASI: "konfirmasiPemeriksaan",
    Step.VERIFIKASI: "verifikasiPermohonan",
    Step.MINTA_PERBAIKAN: "mintaPerbaikan",
    Step.AJUKAN_ULANG: "ajukanUlang",
    Step.SUSUN_DRAF: "susunDraf",
    Step.TANDA_TANGANI: "tandaTangani",
    Step.TERBITKAN: "terbitkanSurat",
    Step.SERAHKAN: "serahkanSurat",
    Step.TOLAK: "tolakPermohonan",
    Step.BATALKAN: "batalkanPermohonan",
    Step.CABUT: "cabutSurat",
}


def steps_by_role() -> list[str]:
    """Render who may take which step: ● in its usual states, ○ where it waits for signatures."""
    lines = []
    for step, rule in STEPS.items():
        sources = " ".join(sorted(rule.sources)) or "-"
        also = frozenset().union(*rule.also.values()) if rule.also else frozenset()
        marks = ["●" if role in rule.roles else "○" if role in also else "" for role in ROLES]
        target = rule.target or "stays"
        name = f"`{MUTATIONS[step]}`" if step in MUTATIONS else "-"
        lines.append(f"| `{step}` | {name} | {sources} | {target} | {' | '.join(marks)} |")
    return lines


def checks_by_service() -> list[str]:
    """Render which check is made for which service: ■ blocks, □ warns."""
    catalog = load_catalog()
    lines = []
    for code, check in CHECKS.items():
        marks = [
            {True: "■", False: "□", None: ""}[service.checks.get(code)]
            for service in catalog.template.values()
        ]
        lines.append(f"| `{code}` | {check.evidence} | {' | '.join(marks)} |")
    return lines


def test_every_mutation_is_a_step() -> None:
    """And every step a mutation, but for how a first signature begins."""
    (block,) = re.findall(
        r"^type Mutation \{(.*?)^\}", adapter.definition.sdl, re.DOTALL | re.MULTILINE
    )
    assert {*re.findall(r"^  (\w+)\(", block, re.MULTILINE)} == {*MUTATIONS.values()}
    assert {*STEPS} - {*MUTATIONS} == {Step.SIAPKAN_SURAT}


def test_the_page_tells_who_may_take_which_step() -> None:
    """Row by row."""
    assert [line for line in steps_by_role() if line not in PAGE] == []


def test_the_page_tells_which_service_makes_which_check() -> None:
    """Row by row; and no service names a check that does not exist."""
    assert [line for line in checks_by_service() if line not in PAGE] == []
    used = {code for each in load_catalog().template.values() for code in each.checks}
    assert used == {*CHECKS}
    assert len(PARTS) == 14


def test_the_page_tells_every_refusal() -> None:
    """Each code, and no other."""
    part = PAGE.partition("## What is refused")[2].partition("\n## ")[0]
    told = [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")]
    assert told == [str(code) for code in RefusalCode]
