"""The counter at work: whole lives, refusals, repetitions, and fifty officers on one queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from adapters.errors import RecordNotFound
from adapters.kit.outcome import Denied
from adapters.loket.counter import verify_counter
from adapters.loket.desk import Taken
from adapters.loket.life import Step
from adapters.loket.store.engine import own_call
from adapters.loket.store.reading import Part
from adapters.loket.store.tables import applications, letters
from tests.testkit.counter_desk import (
    DECEASED,
    HEIR,
    KARTINI,
    Desk,
    call,
    code_of,
    open_desk,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(store_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Open a counter of its own, over either database."""
    async with open_desk(store_url, tmp_path) as opened:
        yield opened


async def test_a_letter_from_submission_to_collection(desk: Desk) -> None:
    """Numbers, states, history and clock of an undisturbed application."""
    number = (await desk.submit()).number
    assert number == f"{KARTINI}/PM1-UMUM/2026/1"
    await desk.to_draft(number, "KTP", "KK")
    await desk.to_letter(number, "lurah")
    assert (await desk.step("petugas", Step.SERAHKAN, number)).refusal is None
    found = await desk.read(number)
    assert found["status"] == "DIAMBIL"
    assert (found["surat"]["nomor"], found["surat"]["penandatangan"]) == (
        "1/LKT/PM1-UMUM/2026",
        "lurah",
    )
    steps = [each["langkah"] for each in found["riwayat"]]
    assert (steps[0], steps[-1]) == ("AJUKAN", "SERAHKAN")
    assert [each["versi"] for each in found["riwayat"]] == [*range(1, found["versi"] + 1)]
    assert found["sla"]["lampu"] == "HIJAU"
    verdict = await verify_counter(desk.counter)
    assert verdict.head.number == found["versi"]


async def test_two_sign_in_order(desk: Desk) -> None:
    """The heirs' statement is signed by the lurah, then by the camat, and by nobody else."""
    form = {"nikPewaris": [DECEASED], "nikAhliWaris": [HEIR]}
    number = (await desk.submit("AHLI-WARIS", form=form)).number
    assert number is not None
    await desk.to_draft(number, "PERNYATAAN_AHLI_WARIS")
    await desk.step("petugas", Step.SUSUN_DRAF, number, teks="Ahli waris ...")
    seen = (await desk.read(number))["sidikDraf"]
    early = await desk.step("camat", Step.TANDA_TANGANI, number, sidikDraf=seen)
    assert (code_of(early), early.refusal and early.refusal.details) == (
        "BUKAN_GILIRAN",
        ("LURAH",),
    )
    await desk.step("lurah", Step.TANDA_TANGANI, number, sidikDraf=seen)
    half = await desk.step("petugas", Step.TERBITKAN, number)
    assert code_of(half) == "TANDA_TANGAN_KURANG"
    other = await desk.step("camat", Step.TANDA_TANGANI, number, sidikDraf="0" * 64)
    assert code_of(other) == "DRAF_BERUBAH"
    await desk.step("camat", Step.TANDA_TANGANI, number, sidikDraf=seen)
    assert (await desk.step("petugas", Step.TERBITKAN, number)).refusal is None


async def test_repair_is_checked_and_signed_again(desk: Desk) -> None:
    """A signer sends back: the clock stands, checks and signatures are made again."""
    number = (await desk.submit()).number
    assert number is not None
    await desk.to_draft(number)
    await desk.step("petugas", Step.SUSUN_DRAF, number, teks="A")
    seen = (await desk.read(number))["sidikDraf"]
    await desk.step("lurah", Step.TANDA_TANGANI, number, sidikDraf=seen)
    without = await desk.step("lurah", Step.MINTA_PERBAIKAN, number)
    assert code_of(without) == "ALASAN_WAJIB"
    await desk.step("lurah", Step.MINTA_PERBAIKAN, number, reason="Keperluan kurang jelas.")
    assert (await desk.read(number))["sla"]["lampu"] == "DITANGGUHKAN"
    await desk.step("warga", Step.AJUKAN_ULANG, number, isian=None)
    unchecked = await desk.step("petugas", Step.VERIFIKASI, number)
    assert code_of(unchecked) == "PEMERIKSAAN_MENGHALANGI"
    await desk.step("petugas", Step.PERIKSA, number)
    await desk.step("petugas", Step.VERIFIKASI, number)
    await desk.step("petugas", Step.SUSUN_DRAF, number, teks="A")
    unsigned = await desk.step("petugas", Step.TERBITKAN, number)
    assert code_of(unsigned) == "TANDA_TANGAN_KURANG"


async def test_an_agency_that_is_down_passes_nothing(desk: Desk) -> None:
    """What could not be asked blocks, with its code; when the agency is back it is made again."""
    number = (await desk.submit()).number
    assert number is not None
    await desk.step("rt", Step.CATAT_PENGANTAR, number, nomorPengantar="1/RT")
    await desk.step("petugas", Step.LENGKAPKAN, number)
    down = {"path": ["penduduk"], "extensions": {"code": "SUMBER_TIDAK_TERSEDIA"}}
    desk.records.errors = (down,)
    await desk.step("petugas", Step.PERIKSA, number)
    found = {each["kode"]: each for each in (await desk.read(number))["pemeriksaan"]}
    assert found["IDENTITAS"]["hasil"] == "LULUS"
    assert (found["STATUS_NIK"]["hasil"], found["STATUS_NIK"]["alasan"]) == (
        "BELUM_DAPAT",
        "SUMBER_TIDAK_TERSEDIA",
    )
    blocked = await desk.step("petugas", Step.VERIFIKASI, number)
    assert blocked.refusal is not None
    assert set(blocked.refusal.details) == {"STATUS_NIK", "ALAMAT_KK"}
    paper = await desk.step("petugas", Step.KONFIRMASI, number, pemeriksaan="STATUS_NIK", berkas=1)
    assert code_of(paper) == "PEMERIKSAAN_MENGHALANGI"
    desk.records.errors = ()
    await desk.step("petugas", Step.PERIKSA, number)
    assert (await desk.step("petugas", Step.VERIFIKASI, number)).refusal is None


async def test_a_refused_application_has_ended(desk: Desk) -> None:
    """With a reason that the history keeps; nothing can be done after it."""
    number = (await desk.submit()).number
    assert number is not None
    await desk.step("petugas", Step.TOLAK, number, reason="Bukan warga.")
    after = await desk.step("petugas", Step.LENGKAPKAN, number)
    assert (code_of(after), after.refusal and after.refusal.legal) == ("LANGKAH_TIDAK_SAH", ())
    assert (await desk.read(number))["riwayat"][-1]["alasan"] == "Bukan warga."


@pytest.mark.parametrize(
    ("caller", "step"),
    [("lurah", Step.LENGKAPKAN), ("warga", Step.LENGKAPKAN)],
)
async def test_a_step_is_for_its_roles(desk: Desk, caller: str, step: Step) -> None:
    """Who sees an application but may not take the step is told what is legal instead."""
    number = (await desk.submit()).number
    assert number is not None
    taken = await desk.step(caller, step, number, reason="x")
    assert code_of(taken) == "PERAN_TIDAK_BERHAK"
    assert taken.refusal is not None
    expected = (await desk.read(number, caller))["langkahSah"]
    assert [*taken.refusal.legal] == expected


@pytest.mark.parametrize(
    ("caller", "step"),
    [
        ("lain", Step.BATALKAN),  # an app that did not submit it
        ("jauh", Step.LENGKAPKAN),  # an officer of another kelurahan
    ],
)
async def test_a_role_holds_only_where_it_is_given(desk: Desk, caller: str, step: Step) -> None:
    """Own applications, own area; who has no right to an application is told nothing of it."""
    number = (await desk.submit()).number
    assert number is not None
    taken = await desk.step(caller, step, number, reason="x")
    assert (taken.number, code_of(taken)) == (None, "PERAN_TIDAK_BERHAK")
    assert taken.refusal is not None
    assert taken.refusal.legal == ()
    assert await desk.counter.records([number], call(caller)) == {number: Denied()}


async def test_what_is_missing_is_named(desk: Desk) -> None:
    """Fields, papers and services, by name."""
    wrong = await desk.submit("KAWIN-1", form={"nikCalon": ["1"], "asing": ["x"]})
    assert wrong.refusal is not None
    assert wrong.refusal.details == ("nikCalon", "tanggalAkad", "asing")
    number = (await desk.submit(proxy=HEIR)).number
    assert number is not None
    bare = await desk.step("petugas", Step.LENGKAPKAN, number)
    assert bare.refusal is not None
    assert bare.refusal.details == ("PENGANTAR", "SURAT_KUASA", "KTP_KUASA")
    assert code_of(await desk.submit("KTP")) == "LAYANAN_TIDAK_ADA"
    with pytest.raises(RecordNotFound):
        await desk.step("petugas", Step.TOLAK, "none", version=1, reason="x")


async def test_a_repetition_finds_what_the_first_led_to(desk: Desk) -> None:
    """Same key and request: the same application, one entry; same key, another request: refused."""
    first, again = await desk.submit(key="k"), await desk.submit(key="k")
    assert first.number == again.number is not None
    other = await desk.submit(key="k", rt="004")
    assert code_of(other) == "KUNCI_TERPAKAI"
    for _ in range(2):
        taken = await desk.step("petugas", Step.AMBIL_TUGAS, first.number, key="t", version=1)
        assert taken.refusal is None
    assert (await desk.read(first.number))["versi"] == 2


async def test_who_read_an_older_version_reads_again(desk: Desk) -> None:
    """A step on what was changed since is not taken."""
    number = (await desk.submit()).number
    assert number is not None
    await desk.step("petugas", Step.AMBIL_TUGAS, number)
    late = await desk.step("petugas", Step.TOLAK, number, version=1, reason="x")
    assert code_of(late) == "VERSI_BERUBAH"


async def test_fifty_officers_work_every_application_once(desk: Desk) -> None:
    """All press at once on one queue: each application has one officer and one first step."""
    numbers = [(await desk.submit()).number or "" for _ in range(5)]

    async def work(officer: str) -> list[Taken]:
        return [await desk.step(officer, Step.AMBIL_TUGAS, number, version=1) for number in numbers]

    taken = await asyncio.gather(*(work(f"petugas-{n}") for n in range(50)))
    won = [each for officer in taken for each in officer if each.refusal is None]
    assert sorted(each.number or "" for each in won) == sorted(numbers)
    for number in numbers:
        history = (await desk.read(number))["riwayat"]
        assert [each["langkah"] for each in history] == ["AJUKAN", "AMBIL_TUGAS"]


async def test_equal_submissions_at_once_are_one_application(desk: Desk) -> None:
    """Twenty repetitions of an impatient app make one application and no letter."""
    taken = await asyncio.gather(*(desk.submit(key="k") for _ in range(20)))
    assert len({each.number for each in taken}) == 1
    rows = [select(func.count()).select_from(table) for table in (applications, letters)]
    counted = await desk.counter.store.read(own_call(), lambda tx: [tx.scalar(q) for q in rows])
    assert counted == [1, 0]


async def test_what_is_not_asked_is_not_read(desk: Desk) -> None:
    """A field alone is told as among all; what only others tell of is left out, not empty."""
    number = (await desk.submit()).number or ""
    await desk.step("petugas", Step.AMBIL_TUGAS, number)
    await desk.to_draft(number)
    await desk.to_letter(number, "lurah")
    whole = await desk.read(number)
    for name, value in whole.items():
        asked = frozenset({f"{name}.x"})
        told = (await desk.counter.records([number], call("petugas"), asked))[number]
        assert told[name] == value, name
    told = (await desk.counter.records([number], call("petugas"), frozenset({"status"})))[number]
    assert {*whole} - {*told} == {name for part in Part for name in part.value}
