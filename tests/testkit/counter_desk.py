"""A counter in a test's hands: its records, its officers, its clock, and short words for steps.

In: a database's URL and a folder of the gateway's state. Out: a ``Desk`` over a counter that is
really open; only the graph is played, by ``Records``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from adapters.contract import CallContext, GraphClientResult
from adapters.kit.adapter import Opening
from adapters.kit.scalar_rules import WIB
from adapters.loket.counter import Counter, open_counter
from adapters.loket.desk import Order, Submission, Taken
from adapters.loket.life import Step
from adapters.loket.settings import LoketSettings, OfficerSettings
from tests.testkit.letter_authority import PASSPHRASE, LetterAuthority

__all__ = [
    "APPLICANT",
    "DECEASED",
    "HEIR",
    "KARTINI",
    "OFFICERS",
    "PAPER",
    "Desk",
    "Records",
    "call",
    "code_of",
    "open_desk",
    "person",
]

KARTINI = "31.71.02.1003"
APPLICANT, HEIR, DECEASED = "3171990101019000", "3171990101019001", "3171990101019002"
PAPER = {"lokasi": "toko/1", "sha256": "a" * 64, "media": "application/pdf", "ukuran": 9}
OFFICERS = {
    "rt": ("KETUA_RTRW", KARTINI),
    "petugas": ("PETUGAS", KARTINI),
    "lurah": ("LURAH", KARTINI),
    "camat": ("CAMAT", "31.71.02"),
    "ptsp": ("PTSP", "31.71"),
    "jauh": ("PETUGAS", "31.71.02.1001"),
    **{f"petugas-{n}": ("PETUGAS", KARTINI) for n in range(50)},
}


class Records:
    """The graph in the test's hands: persons by NIK, and whether a field is out of reach."""

    def __init__(self, authority: LetterAuthority) -> None:
        self.authority = authority
        self.people: dict[str, dict[str, Any]] = {
            APPLICANT: person(),
            HEIR: person(ayah={"nik": DECEASED}),
            DECEASED: person(tanggalMeninggal="2026-05-01", statusNik="MENINGGAL"),
        }
        self.agrees = True
        self.errors: tuple[Mapping[str, Any], ...] = ()
        self.asked: list[str] = []

    async def run(
        self, name: str, variables: Mapping[str, Any], call: CallContext
    ) -> GraphClientResult:
        """Answer a document."""
        self.asked.append(name)
        about_letter = await self.authority.answer(name, variables)
        if about_letter is not None:
            return about_letter
        sources = {"complete": True, "sources": [{"source": "dukcapil", "status": "ANSWERED"}]}
        if name == "identitas":
            elements = [{"elemen": "NAMA", "sesuai": self.agrees}]
            return GraphClientResult({"verifikasi": {"elemen": elements}}, self.errors, sources)
        found = {"penduduk": self.people.get(variables["nik"])}
        return GraphClientResult(found, self.errors, sources)


def person(**changes: Any) -> dict[str, Any]:
    """Give what the records know of somebody who lives in Kartini."""
    return {
        "nik": APPLICANT, "statusNik": "AKTIF", "nikBaru": None, "tanggalMeninggal": None,
        "statusKawin": "BELUM_KAWIN", "alamat": {"kelurahan": {"kode": KARTINI}},
        "ayah": None, "ibu": None, "pasangan": None, "suratKematian": [], "izin": [],
        "surat": [], "suratPengantar": [], "permohonan": [], "usaha": [], **changes,
    }  # fmt: skip


class Desk:
    """A counter, its records and its clock, with short words for steps."""

    def __init__(self, counter: Counter, records: Records) -> None:
        self.counter = counter
        self.records = records
        self._keys = count()

    async def submit(
        self, service: str = "PM1-UMUM", caller: str = "warga", **changes: Any
    ) -> Taken:
        """Submit an application of the applicant."""
        form = {
            "nama": ["Nama"], "tanggalLahir": ["2001-01-01"], "keperluan": ["Sekolah"],
            **changes.pop("form", {}),
        }  # fmt: skip
        values: dict[str, Any] = {
            "key": f"k{next(self._keys)}", "service": service, "kelurahan": KARTINI,
            "applicant": APPLICANT, "proxy": None, "rt": "003", "rw": "005", "form": form,
        }  # fmt: skip
        submission = Submission(**{**values, **changes})
        return await self.counter.desk.submit(call(caller), submission)

    async def step(self, caller: str, step: Step, number: str, **given: Any) -> Taken:
        """Take a step on the version that is current."""
        version = given.pop("version", None) or (await self.read(number))["versi"]
        key = given.pop("key", None) or f"k{next(self._keys)}"
        order = Order(key, number, version, given.pop("reason", None), given)
        if step is Step.PERIKSA:
            return await self.counter.check(call(caller), order)
        if step is Step.TANDA_TANGANI:
            passphrase = given.pop("frasaSandi", PASSPHRASE)
            return await self.counter.office.sign(call(caller), order, passphrase)
        if step is Step.TERBITKAN:
            return await self.counter.office.issue(call(caller), order)
        return await self.counter.desk.take(call(caller), step, order)

    async def read(self, number: str, caller: str = "petugas") -> dict[str, Any]:
        """Read an application as the graph tells it."""
        found: dict[str, Any] = (await self.counter.records([number], call(caller)))[number]
        return found

    async def to_draft(self, number: str, *papers: str) -> None:
        """Bring an application to its draft, every check passed or confirmed."""
        await self.step("rt", Step.CATAT_PENGANTAR, number, nomorPengantar="1/RT")
        for kind in papers:
            added = {**PAPER, "jenis": kind}
            assert (await self.step("petugas", Step.TAMBAH_BERKAS, number, berkas=added)).number
        for step in (Step.LENGKAPKAN, Step.PERIKSA):
            taken = await self.step("petugas", step, number)
            assert taken.refusal is None, taken.refusal.details
        for check in (await self.read(number))["pemeriksaan"]:
            if check["hasil"] == "PERLU_PETUGAS":
                given = {"pemeriksaan": check["kode"], "berkas": 1}
                await self.step("petugas", Step.KONFIRMASI, number, **given)
        taken = await self.step("petugas", Step.VERIFIKASI, number)
        assert taken.refusal is None, taken.refusal.details

    async def to_letter(self, number: str, *signers: str) -> None:
        """Bring a draft to its letter."""
        await self.step("petugas", Step.SUSUN_DRAF, number, teks="Menerangkan bahwa ...")
        for signer in signers:
            seen = (await self.read(number))["sidikDraf"]
            taken = await self.step(signer, Step.TANDA_TANGANI, number, sidikDraf=seen)
            assert taken.refusal is None
        assert (await self.step("petugas", Step.TERBITKAN, number)).refusal is None


def call(caller: str) -> CallContext:
    """Give the context of a caller with its role."""
    role = OFFICERS[caller][0] if caller in OFFICERS else "PEMOHON"
    return CallContext(caller=caller, roles=(role,))


def code_of(taken: Taken) -> str:
    """Give the code of a refusal; empty if the step was taken."""
    return "" if taken.refusal is None else taken.refusal.code.value


@asynccontextmanager
async def open_desk(url: str, state: Path, **settings: Any) -> AsyncIterator[Desk]:
    """Open a counter at nine in the morning of a Wednesday; each look at its clock is a minute."""
    minutes = count()
    start = datetime(2026, 7, 1, 9, 0, tzinfo=WIB)
    records = Records(LetterAuthority(state))
    opening = Opening(
        "loket",
        state=state,
        graph=records,
        clock=lambda: start + timedelta(minutes=next(minutes)),
    )
    officers = tuple(
        OfficerSettings(
            caller=name,
            nip=f"{place:018d}",
            nama=name,
            jabatan=role,
            roles=(role,),
            wilayah=area,
            nik=f"31719901017090{place:02d}",
        )
        for place, (name, (role, area)) in enumerate(OFFICERS.items())
    )
    given = {"store": url, "officers": officers, "signature_roots": records.authority.roots}
    counter = await open_counter(LoketSettings(**{**given, **settings}), opening)
    try:
        yield Desk(counter, records)
    finally:
        await counter.aclose()
