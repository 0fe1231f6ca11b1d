"""The nine services as data: whole, in order, and as a kelurahan decrees them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from adapters.loket.life import Role
from adapters.loket.service_file import PARTS, Condition
from adapters.loket.services import load_catalog
from adapters.yaml_document import DocumentError

CATALOG = load_catalog()
TODAY = date(2026, 7, 1)
KARTINI = "31.71.02.1003"

DECREES = """
keputusan:
  - kelurahan: 31.71.02.1003
    layanan: SKTM
    berlaku_sejak: 2026-03-01
    nomor: Keputusan Lurah Kartini 7/2026
    sla_hari_kerja: 2
    bagian: {biaya: Gratis.}
  - kelurahan: 31.71.02.1003
    layanan: SKTM
    berlaku_sejak: 2026-08-01
    nomor: Keputusan Lurah Kartini 19/2026
    persyaratan_tambahan: [{kode: FOTO_RUMAH, nama: Foto rumah}]
"""


def test_there_are_nine_in_the_order_of_the_list() -> None:
    """Codes, promised days and fees are those of the list."""
    assert CATALOG.codes == (
        "SKTM",
        "PM1-UMUM",
        "KAWIN-1",
        "KAWIN-2",
        "DISPENSASI-KAWIN",
        "AHLI-WARIS",
        "RIWAYAT-TANAH",
        "SKU-NIB",
        "IPTM",
    )
    days = {code: service.days for code, service in CATALOG.template.items()}
    assert {code for code, promised in days.items() if promised == 3} == {
        "AHLI-WARIS",
        "RIWAYAT-TANAH",
        "IPTM",
    }
    assert CATALOG.template["IPTM"].fee == "SKRD"


@pytest.mark.parametrize("code", CATALOG.codes)
def test_a_standard_has_the_fourteen_parts_of_the_law(code: str) -> None:
    """Each part has a text."""
    standard = CATALOG.template[code].standard
    assert len(standard) == len(PARTS) == 14
    assert all(title and text for title, text in standard)


@pytest.mark.parametrize("code", CATALOG.codes)
def test_a_requirement_is_proven_by_a_check_of_the_same_service(code: str) -> None:
    """What is said to prove a paper is checked, and names of fields and papers are used once."""
    service = CATALOG.template[code]
    proofs = {each.terbukti_oleh for each in service.requirements} - {None}
    assert proofs <= {*service.checks}
    for names in ([e.kode for e in service.requirements], [e.nama for e in service.form]):
        assert len(names) == len({*names})
    assert any(each.bila is Condition.KUASA for each in service.requirements)


def test_signers_are_those_of_the_list() -> None:
    """The heirs' statement has two signatures in order; a business letter has either of two."""
    signers = {code: service.signatures for code, service in CATALOG.template.items()}
    assert signers["AHLI-WARIS"] == (frozenset({Role.LURAH}), frozenset({Role.CAMAT}))
    assert signers["SKU-NIB"] == (frozenset({Role.LURAH, Role.PTSP}),)
    assert signers["DISPENSASI-KAWIN"] == (frozenset({Role.CAMAT}),)
    assert signers["IPTM"] == (frozenset({Role.PTSP}),)


def test_a_decree_holds_in_its_kelurahan_from_its_day_on(tmp_path: Path) -> None:
    """The newest that is in force is laid over those before it, and over the template."""
    file = tmp_path / "keputusan.yaml"
    file.write_text(DECREES, encoding="utf-8")
    catalog = load_catalog(file)
    before = catalog.find("SKTM", KARTINI, date(2026, 2, 28))
    after = catalog.find("SKTM", KARTINI, TODAY)
    later = catalog.find("SKTM", KARTINI, date(2026, 8, 1))
    assert before is catalog.template["SKTM"]
    assert after is not None
    assert later is not None
    assert (after.days, after.decree) == (2, "Keputusan Lurah Kartini 7/2026")
    assert (after.parts["biaya"], after.parts["dasar_hukum"]) == ("Gratis.", after.decree)
    assert later.days == 2
    assert later.requirements[-1].kode == "FOTO_RUMAH"
    assert catalog.find("SKTM", "31.71.02.1001", TODAY) is catalog.template["SKTM"]
    assert catalog.find("KTP", KARTINI, TODAY) is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("    nomer: x", "there is no such setting"),
        ("    bagian: {harga: x}", "bagian"),
        ("    sla_hari_kerja: 0", "greater than 0"),
    ],
    ids=["key", "part", "days"],
)
def test_a_mistake_in_a_decree_is_named_with_its_place(
    tmp_path: Path, line: str, says: str
) -> None:
    """File, line and column, and what is wrong."""
    file = tmp_path / "keputusan.yaml"
    head = "\n".join(DECREES.splitlines()[:6])
    file.write_text(f"{head}\n{line}\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"keputusan\.yaml:\d+:\d+") as refused:
        load_catalog(file)
    assert says in str(refused.value)
