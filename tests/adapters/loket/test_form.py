"""Forms and papers: what is missing or wrong is named, and never shown."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.loket.form import find_faults, missing_papers, requirements_of
from adapters.loket.services import load_catalog

CATALOG = load_catalog()
NIK = "3171990101019000"
COMMON = {"nama": ["N"], "tanggalLahir": ["2000-01-02"], "keperluan": ["K"]}


@pytest.mark.parametrize(
    ("service", "own", "faults"),
    [
        ("SKTM", {}, ()),
        ("SKTM", {"tanggalLahir": ["02-01-2000"]}, ("tanggalLahir",)),
        ("SKTM", {"nama": [" "]}, ("nama",)),
        ("SKTM", {"nama": ["a", "b"]}, ("nama",)),
        ("SKTM", {"gaji": ["1"]}, ("gaji",)),
        ("AHLI-WARIS", {"nikPewaris": [NIK], "nikAhliWaris": [NIK, NIK]}, ()),
        ("AHLI-WARIS", {"nikPewaris": ["317199010101900"], "nikAhliWaris": []},
         ("nikPewaris", "nikAhliWaris")),
        ("RIWAYAT-TANAH", {"nop": ["1" * 18], "nomorLetterC": ["1"]}, ()),
        ("RIWAYAT-TANAH", {"nop": ["1" * 20], "nomorLetterC": ["1"]}, ()),
        ("RIWAYAT-TANAH", {"nop": ["1" * 19], "nomorLetterC": ["1"]}, ("nop",)),
        ("IPTM", {"nikAlmarhum": ["3171990101019000"], "jenisIptm": ["LAMA"]}, ("jenisIptm",)),
    ],
)  # fmt: skip
def test_faults_of_a_form(service: str, own: dict[str, list[str]], faults: tuple[str, ...]) -> None:
    """By name, in the order of the form, unknown ones last."""
    found = CATALOG.find(service, None, date(2026, 7, 1))
    assert found is not None
    assert find_faults(found, {**COMMON, **own}) == faults


def test_what_the_records_may_prove_needs_no_paper() -> None:
    """The identity card is proven by the registry; a proxy needs papers, an old permit its own."""
    grave = CATALOG.template["IPTM"]
    new = requirements_of(grave, {"jenisIptm": ["BARU"]}, {}, (), has_proxy=False)
    assert missing_papers(new) == ("PENGANTAR",)
    assert "IPTM_LAMA" not in [each.entry.kode for each in new]
    by_proxy = requirements_of(
        grave, {"jenisIptm": ["TUMPANG"]}, {"PENGANTAR": 1}, ("KEMATIAN",), has_proxy=True
    )
    assert missing_papers(by_proxy) == ("SURAT_KUASA", "KTP_KUASA")
    met = {each.entry.kode: each.is_met for each in by_proxy}
    assert (met["SURAT_KEMATIAN"], met["IPTM_LAMA"]) == (True, False)
