"""What a service would find and need, before anybody applies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.contract import CallContext
from adapters.kit.outcome import InvalidArgument
from adapters.loket.checks.catalog import CHECKS
from adapters.loket.eligibility import Intention, judge
from adapters.loket.services import load_catalog
from adapters.loket.store.engine import own_call
from adapters.loket.store.tables import applications, checks
from tests.testkit.counter_desk import APPLICANT, HEIR, KARTINI, Desk, open_desk, person

pytestmark = pytest.mark.anyio

WHOLE = {"nama": ["Nama"], "tanggalLahir": ["2001-01-01"], "keperluan": ["Sekolah"]}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Open a counter of its own."""
    async with open_desk(f"sqlite+aiosqlite:///{tmp_path / 'loket.sqlite'}", tmp_path) as opened:
        yield opened


async def ask(
    desk: Desk,
    form: dict[str, list[str]],
    *,
    service: str = "PM1-UMUM",
    by: str = APPLICANT,
    proxy: str | None = None,
) -> dict[str, Any]:
    """Ask for the applicant."""
    asked = Intention(service, KARTINI, APPLICANT, proxy, form)
    call = CallContext(caller="jaki", roles=("PEMOHON",), person=by)
    return await judge(desk.counter, call, asked)


def results(told: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    """Give result and reason by check."""
    return {each["kode"]: (each["hasil"], each["alasan"]) for each in told["pemeriksaan"]}


def proven(told: dict[str, Any]) -> dict[str, bool]:
    """Give by requirement whether the records prove it."""
    return {each["kode"]: each["terbukti"] for each in told["persyaratan"]}


async def test_what_the_records_prove_needs_no_paper(desk: Desk) -> None:
    """As far as the form is filled in; nothing is written."""
    bare = await ask(desk, {})
    assert results(bare)["IDENTITAS"] == ("BELUM_DAPAT", "ISIAN_KURANG")
    assert results(bare)["ALAMAT_KK"] == ("LULUS", None)
    assert proven(bare) == {"PENGANTAR": False, "KTP": False, "KK": True}
    whole = await ask(desk, WHOLE)
    assert proven(whole) == {"PENGANTAR": False, "KTP": True, "KK": True}
    assert bare["mungkin"] is whole["mungkin"] is True
    for table in (applications, checks):
        query = select(func.count()).select_from(table)
        assert await desk.counter.store.read(own_call(), lambda tx, q=query: tx.scalar(q)) == 0


async def test_a_record_against_it_is_told(desk: Desk) -> None:
    """By the code that the application would be refused for."""
    desk.records.people[APPLICANT] = person(statusKawin="KAWIN")
    told = await ask(desk, WHOLE, service="KAWIN-1")
    assert told["mungkin"] is False
    assert results(told)["STATUS_KAWIN"] == ("GAGAL", "STATUS_KAWIN:KAWIN")
    assert results(told)["STATUS_KAWIN_CALON"] == ("BELUM_DAPAT", "ISIAN_KURANG")


async def test_a_proxy_needs_the_power_of_attorney(desk: Desk) -> None:
    """Who would apply for somebody may ask, and is told of its papers."""
    told = await ask(desk, WHOLE, by=HEIR, proxy=HEIR)
    assert {"SURAT_KUASA", "KTP_KUASA"} <= {*proven(told)}


async def test_who_may_not_apply_may_not_ask(desk: Desk) -> None:
    """Nor is anything asked of the agencies for what is no such service, or no such form."""
    with pytest.raises(InvalidArgument) as refused:
        await ask(desk, WHOLE, by=HEIR)
    assert refused.value.code == "TIDAK_ADA_HAK"
    with pytest.raises(InvalidArgument, match="no such service"):
        await ask(desk, WHOLE, service="KTP")
    with pytest.raises(InvalidArgument, match="tanggalLahir, asing"):
        await ask(desk, {**WHOLE, "tanggalLahir": ["besok"], "asing": ["x"]})
    assert desk.records.asked == []


def test_an_application_never_lacks_what_a_check_needs() -> None:
    """Every field that a check needs is compulsory in each service that makes it."""
    for service in load_catalog().template.values():
        compulsory = {each.nama for each in service.form if each.wajib}
        for code in service.checks:
            assert {*CHECKS[code].needs} <= compulsory, (service.code, code)
