"""Letters signed: one number whatever happens, a passphrase that is kept nowhere, no false file."""

from __future__ import annotations

import base64
import io
import random
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from adapters.kit.outcome import NOT_GRANTED
from adapters.kit.scalar_rules import WIB
from adapters.loket.desk import Order
from adapters.loket.letter_steps import Prepared
from adapters.loket.letters.checking import DocumentChecks
from adapters.loket.life import Step
from adapters.loket.store.engine import own_call
from adapters.loket.store.tables import documents, letters
from tests.testkit.counter_desk import DECEASED, HEIR, Desk, call, code_of, open_desk
from tests.testkit.letter_authority import PASSPHRASE

pytestmark = pytest.mark.anyio

DECEMBER = datetime(2026, 12, 31, 15, 0, tzinfo=WIB)
JANUARY = datetime(2027, 1, 4, 9, 0, tzinfo=WIB)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Open a counter of its own; what databases differ in is not tried here."""
    async with open_desk(f"sqlite+aiosqlite:///{tmp_path}/loket.sqlite", tmp_path) as opened:
        yield opened


async def awaiting(desk: Desk, service: str = "PM1-UMUM", **form: list[str]) -> str:
    """Bring a new application to where signatures are awaited."""
    number = (await desk.submit(service, form=form)).number
    assert number is not None
    papers = ("PERNYATAAN_AHLI_WARIS",) if service == "AHLI-WARIS" else ()
    await desk.to_draft(number, *papers)
    await desk.step("petugas", Step.SUSUN_DRAF, number, teks="Menerangkan bahwa ...")
    return number


async def sign(desk: Desk, number: str, signer: str = "lurah", **given: Any) -> str:
    """Sign the draft as it stands; gives the code of a refusal, or nothing."""
    seen = (await desk.read(number))["sidikDraf"]
    return code_of(await desk.step(signer, Step.TANDA_TANGANI, number, sidikDraf=seen, **given))


async def letter_rows(desk: Desk) -> list[Any]:
    """Give all letters, by number."""
    ordered = select(letters).order_by(letters.c.urut)
    return await desk.counter.store.read(own_call(), lambda tx: [*tx.execute(ordered)])


async def kept_in(desk: Desk, column: Any) -> list[Any]:
    """Give a column of all files."""
    query = select(column)
    return await desk.counter.store.read(own_call(), lambda tx: [*tx.execute(query).scalars()])


async def change_file(desk: Desk, content: bytes) -> None:
    """Put other bytes in place of the file."""
    edit = update(documents).values(isi=content)
    await desk.counter.store.write(own_call(), lambda tx: tx.execute(edit).rowcount)


async def test_an_outage_leaves_a_number_that_the_retry_uses(desk: Desk) -> None:
    """Records or authority down: the number waits; the same key goes on, with the same code."""
    number = await awaiting(desk)
    version = (await desk.read(number))["versi"]
    for missing in ("orang", "tanda-tangan"):
        desk.records.authority.down = {missing}
        assert await sign(desk, number, key="s1", version=version) == "SURAT_BELUM_DAPAT"
    (waiting,) = await letter_rows(desk)
    assert (waiting.nomor, waiting.status) == ("1/LKT/PM1-UMUM/2026", "DISIAPKAN")
    assert (await desk.read(number))["surat"] is None
    desk.records.authority.down = set()
    assert await sign(desk, number, key="s1", version=version) == ""
    again = await desk.read(number)
    assert await sign(desk, number, key="s1", version=version) == ""
    assert (await desk.read(number))["versi"] == again["versi"]
    assert desk.records.authority.signed == 1
    assert code_of(await desk.step("petugas", Step.TERBITKAN, number)) == ""
    (issued,) = await letter_rows(desk)
    assert (issued.nomor, issued.kode_verifikasi, issued.status) == (
        waiting.nomor,
        waiting.kode_verifikasi,
        "TERBIT",
    )


async def test_an_application_that_ends_leaves_its_number_as_cancelled(desk: Desk) -> None:
    """No gap and no doubled number: the next letter has the next one."""
    first, second = await awaiting(desk), await awaiting(desk)
    assert await sign(desk, first) == ""
    ended = await desk.step("lurah", Step.TOLAK, first, reason="Keterangan tidak benar.")
    assert ended.refusal is None
    await desk.step("petugas", Step.TERBITKAN, second)
    assert await sign(desk, second) == ""
    await desk.step("petugas", Step.TERBITKAN, second)
    rows = [(each.urut, each.status) for each in await letter_rows(desk)]
    assert rows == [(1, "BATAL"), (2, "TERBIT")]
    assert await kept_in(desk, documents.c.permohonan) == [second]


async def test_a_letter_that_is_repaired_keeps_its_number(desk: Desk) -> None:
    """Drawn up and signed again, under the number and code of the first draft."""
    number = await awaiting(desk)
    assert await sign(desk, number) == ""
    (before,) = await letter_rows(desk)
    await desk.step("lurah", Step.MINTA_PERBAIKAN, number, reason="Keperluan kurang jelas.")
    await desk.step("warga", Step.AJUKAN_ULANG, number, isian=None)
    for step in (Step.PERIKSA, Step.VERIFIKASI):
        await desk.step("petugas", step, number)
    await desk.step("petugas", Step.SUSUN_DRAF, number, teks="Menerangkan lagi bahwa ...")
    assert await sign(desk, number) == ""
    (after,) = await letter_rows(desk)
    assert (after.nomor, after.kode_verifikasi) == (before.nomor, before.kode_verifikasi)
    assert after.draf_sidik != before.draf_sidik


async def repaired(desk: Desk, number: str) -> None:
    """Send a letter back, and bring it to a new draft."""
    await desk.step("lurah", Step.MINTA_PERBAIKAN, number, reason="Keperluan kurang jelas.")
    await desk.step("warga", Step.AJUKAN_ULANG, number, isian=None)
    for step in (Step.PERIKSA, Step.VERIFIKASI):
        await desk.step("petugas", step, number)
    await desk.step("petugas", Step.SUSUN_DRAF, number, teks="Menerangkan lagi bahwa ...")


async def numbers_of(desk: Desk) -> list[tuple[str, str]]:
    """Give number and status of all letters, by year and number."""
    rows = sorted(await letter_rows(desk), key=lambda row: (row.tahun, row.urut))
    return [(row.nomor, row.status) for row in rows]


async def test_a_letter_repaired_after_new_year_has_a_number_of_its_year(desk: Desk) -> None:
    """The old one is used up; the new one begins the new year's, with a code of its own."""
    desk.counter.desk.clock = lambda: DECEMBER
    number = await awaiting(desk)
    assert await sign(desk, number) == ""
    (before,) = await letter_rows(desk)
    desk.counter.desk.clock = lambda: JANUARY
    await repaired(desk, number)
    assert await sign(desk, number) == ""
    assert code_of(await desk.step("petugas", Step.TERBITKAN, number)) == ""
    assert await numbers_of(desk) == [
        ("1/LKT/PM1-UMUM/2026", "BATAL"),
        ("1/LKT/PM1-UMUM/2027", "TERBIT"),
    ]
    told = (await desk.read(number))["surat"]
    assert (told["nomor"], told["tahun"], told["tanggal"]) == (
        "1/LKT/PM1-UMUM/2027", 2027, JANUARY.date(),
    )  # fmt: skip
    assert not (await desk.counter.verify_letter(call("publik"), before.kode_verifikasi, None))[
        "asli"
    ]
    key = (before.kelurahan, before.nomor, before.tahun)
    asked = frozenset({"dokumen", "sidikJari"})
    spent = (await desk.counter.letters([key], asked, call("petugas")))[key]
    assert (spent["status"], spent["dokumen"], spent["sidikJari"]) == ("BATAL", None, None)


async def test_a_number_that_waited_over_new_year_is_not_signed_with(desk: Desk) -> None:
    """The same request goes on in January: under a number, a code and a day of January."""
    desk.counter.desk.clock = lambda: DECEMBER
    number = await awaiting(desk)
    version = (await desk.read(number))["versi"]
    desk.records.authority.down = {"tanda-tangan"}
    assert await sign(desk, number, key="s1", version=version) == "SURAT_BELUM_DAPAT"
    desk.counter.desk.clock = lambda: JANUARY
    assert await sign(desk, number, key="s1", version=version) == "SURAT_BELUM_DAPAT"
    desk.records.authority.down = set()
    assert await sign(desk, number, key="s1", version=version) == ""
    assert await numbers_of(desk) == [
        ("1/LKT/PM1-UMUM/2026", "BATAL"),
        ("1/LKT/PM1-UMUM/2027", "DISIAPKAN"),
    ]
    ended = await desk.step("lurah", Step.TOLAK, number, reason="Keterangan tidak benar.")
    assert ended.refusal is None
    assert [status for _, status in await numbers_of(desk)] == ["BATAL", "BATAL"]


async def test_a_letter_signed_in_december_keeps_its_number(desk: Desk) -> None:
    """A file that is signed bears its number and day; the second signer signs the same file."""
    desk.counter.desk.clock = lambda: DECEMBER
    heirs = {"nikPewaris": [DECEASED], "nikAhliWaris": [HEIR]}
    number = await awaiting(desk, "AHLI-WARIS", **heirs)
    assert await sign(desk, number) == ""
    desk.counter.desk.clock = lambda: JANUARY
    assert await sign(desk, number, "camat") == ""
    assert code_of(await desk.step("petugas", Step.TERBITKAN, number)) == ""
    assert await numbers_of(desk) == [("1/LKT/AHLI-WARIS/2026", "TERBIT")]


async def test_a_file_of_a_number_that_was_given_up_is_not_kept(desk: Desk) -> None:
    """Two sign at once, one of them since December: the file that comes late is refused."""
    desk.counter.desk.clock = lambda: DECEMBER
    number = await awaiting(desk)
    seen = await desk.read(number)
    order = Order("slow", number, seen["versi"], None, {"sidikDraf": seen["sidikDraf"]})
    begun = await desk.counter.desk.begin_signature(call("lurah"), order)
    assert isinstance(begun, Prepared)
    desk.counter.desk.clock = lambda: JANUARY
    desk.records.authority.down = {"tanda-tangan"}
    assert await sign(desk, number) == "SURAT_BELUM_DAPAT"
    found = {"dokumen": b"%PDF-", "sha256": "a" * 64, "dari": "b" * 64, "surat": begun.letter.nomor}
    late = replace(order, found=found)
    taken = await desk.counter.desk.take(call("lurah"), Step.TANDA_TANGANI, late)
    assert code_of(taken) == "DRAF_BERUBAH"


async def test_two_officials_sign_one_file(desk: Desk) -> None:
    """The camat's signature is added to the lurah's file, which stays as it was within."""
    heirs = {"nikPewaris": [DECEASED], "nikAhliWaris": [HEIR]}
    number = await awaiting(desk, "AHLI-WARIS", **heirs)
    assert await sign(desk, number) == ""
    (first,) = await kept_in(desk, documents.c.isi)
    assert code_of(await desk.step("petugas", Step.TERBITKAN, number)) == "TANDA_TANGAN_KURANG"
    assert await sign(desk, number, "camat") == ""
    assert code_of(await desk.step("petugas", Step.TERBITKAN, number)) == ""
    file = base64.b64decode(await document_for(desk, "petugas", number))
    assert file.startswith(first)
    roots = desk.records.authority.roots
    check = await DocumentChecks().check(file, roots, at=desk.counter.desk.clock())
    assert (check.genuine, len(check.signers)) == (True, 2)


async def test_a_file_that_was_changed_in_the_store_is_not_issued(desk: Desk) -> None:
    """Twenty bytes anywhere in what is signed, one at a time."""
    number = await awaiting(desk)
    assert await sign(desk, number) == ""
    (whole,) = await kept_in(desk, documents.c.isi)
    found = re.findall(rb"/ByteRange *\[ *0 +(\d+) +(\d+) +\d+ *\]", whole)
    before, after = (int(each) for each in found[-1])
    chance = random.Random(20260701)
    for place in chance.sample([*range(before), *range(after, len(whole))], 20):
        edited = bytearray(whole)
        edited[place] ^= 1 << chance.randrange(8)
        await change_file(desk, bytes(edited))
        taken = await desk.step("petugas", Step.TERBITKAN, number)
        assert code_of(taken) == "TANDA_TANGAN_DITOLAK", place
    await change_file(desk, whole)
    assert code_of(await desk.step("petugas", Step.TERBITKAN, number)) == ""


async def test_a_passphrase_is_kept_nowhere(desk: Desk, tmp_path: Path) -> None:
    """Neither the right one nor a wrong one is in any file, or in what the signer is told."""
    number = await awaiting(desk)
    seen = (await desk.read(number))["sidikDraf"]
    wrong = await desk.step(
        "lurah", Step.TANDA_TANGANI, number, sidikDraf=seen, frasaSandi="salah-sekali"
    )
    assert wrong.refusal is not None
    assert (code_of(wrong), wrong.refusal.details) == ("TANDA_TANGAN_DITOLAK", ("FRASA_SANDI",))
    assert await sign(desk, number) == ""
    kept = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    for secret in (PASSPHRASE, "salah-sekali"):
        assert secret.encode() not in kept
        assert secret not in f"{wrong} {wrong.refusal} {await desk.read(number)}"


async def test_a_letter_is_revoked_and_told_so(desk: Desk) -> None:
    """By who signs, with a reason; nothing can be done with the application afterwards."""
    number = await awaiting(desk)
    await sign(desk, number)
    await desk.step("petugas", Step.TERBITKAN, number)
    (row,) = await letter_rows(desk)
    assert code_of(await desk.step("petugas", Step.CABUT, number, reason="x")) == (
        "PERAN_TIDAK_BERHAK"
    )
    assert code_of(await desk.step("lurah", Step.CABUT, number)) == "ALASAN_WAJIB"
    assert code_of(await desk.step("lurah", Step.CABUT, number, reason="Keliru.")) == ""
    told = await desk.counter.verify_letter(call("publik"), row.kode_verifikasi, None)
    assert (told["asli"], told["status"], told["dokumenSesuai"]) == (True, "DICABUT", None)
    assert (await desk.read(number))["langkahSah"] == []
    assert (await desk.read(number))["riwayat"][-1]["alasan"] == "Keliru."


async def test_the_public_is_told_of_issued_letters_only(desk: Desk) -> None:
    """Codes that are unknown, malformed, or of letters not yet issued look alike."""
    number = await awaiting(desk)
    await sign(desk, number)
    (row,) = await letter_rows(desk)
    verify = partial(desk.counter.verify_letter, call("publik"))
    unknown = await verify("0" * 25 + "1", "a" * 64)
    assert not unknown["asli"]
    assert {*unknown.values()} == {False, None}
    for code in (row.kode_verifikasi, "", "no code", "%" * 26):
        assert await verify(code, "a" * 64) == unknown
    await desk.step("petugas", Step.TERBITKAN, number)
    (seal,) = await kept_in(desk, documents.c.sha256)
    told = await verify(row.kode_verifikasi.lower(), seal.upper())
    assert (told["asli"], told["dokumenSesuai"], told["penandatangan"]) == (True, True, "lurah")
    assert (await verify(row.kode_verifikasi, "a" * 64))["dokumenSesuai"] is False
    assert (await verify(row.kode_verifikasi, ""))["dokumenSesuai"] is False


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ({"jenisIptm": ["BARU"]}, "TPU Uji, blad A, petak 12"),
        ({"jenisIptm": ["TUMPANG"], "nomorSkLama": ["9"]}, "TPU Lama blok 7"),
    ],
    ids=["new", "stacked"],
)
async def test_a_grave_permit_names_the_grave(
    desk: Desk, form: dict[str, list[str]], place: str
) -> None:
    """A new one where the form says, an old one where the records say that it is."""
    old = {"jenis": "IPTM", "nomorSk": "9", "lokasi": "TPU Lama blok 7"}
    desk.records.people[DECEASED]["izin"] = desk.records.authority.graves = [old]
    given = {"nikAlmarhum": [DECEASED], "tpu": ["TPU Uji"], "blad": ["A"], "petak": ["12"], **form}
    number = await awaiting(desk, "IPTM", **given)
    assert await sign(desk, number, "ptsp") == ""
    assert code_of(await desk.step("petugas", Step.TERBITKAN, number)) == ""
    file = base64.b64decode(await document_for(desk, "petugas", number))
    (page,) = PdfReader(io.BytesIO(file)).pages
    assert place in re.sub(r"\s+", " ", page.extract_text())


async def document_for(desk: Desk, caller: str, number: str) -> Any:
    """Give the file of a letter as a caller gets it."""
    (row,) = [each for each in await letter_rows(desk) if each.permohonan == number]
    key = (row.kelurahan, row.nomor, row.tahun)
    found = await desk.counter.letters([key], frozenset({"dokumen"}), call(caller))
    return found[key]["dokumen"]


async def test_the_file_is_for_its_applicant_and_the_officers_of_its_area(desk: Desk) -> None:
    """Others are told that they have no right, and get nothing."""
    number = await awaiting(desk)
    await sign(desk, number)
    await desk.step("petugas", Step.TERBITKAN, number)
    for caller in ("warga", "petugas", "lurah", "camat"):
        assert base64.b64decode(await document_for(desk, caller, number)).startswith(b"%PDF-")
    for caller in ("lain", "jauh", "rt"):
        assert await document_for(desk, caller, number) is NOT_GRANTED
