"""Every fault of a SOAP service: what docs/source-faults.md says of it is what happens."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.kit.adapter import Adapter
from adapters.pbb.adapter import adapter
from demo.pbb.envelopes import write_fault, write_parcels
from tests.testkit.failing_service import failing, saying
from tests.testkit.hostile_server import OK, Talk, drip, reset
from tests.testkit.http_server import reply
from tests.testkit.selections import ask
from tests.testkit.source_faults import TIMEOUT, SourceFault, judge, source_faults

pytestmark = pytest.mark.anyio

XML = (("content-type", "text/xml; charset=utf-8"),)
PARCEL: Any = {
    **{"nop": "317199001003000010", "nik": "3171990101909001", "nama": "SITI CONTOHWATI"},
    **{"alamat": "JL. REKAAN", "kota": "3173", "kecamatan": "02", "kelurahan": "1001"},
    **{"luas_bumi": 120, "luas_bangunan": 80, "njop": 500},
}
WHOLE = write_parcels([(PARCEL, [])])


def soap(body: bytes, status: int = 200) -> Talk:
    """Answer with an envelope."""
    return saying(reply(body.decode(), status, XML))


def fault(code: str, kode: str) -> Talk:
    """Answer with a fault."""
    return soap(write_fault(code, "Siti Contohwati", kode), 500)


TALKS: dict[str, Talk] = {
    "slow_drip": drip,
    "reset": reset,
    "500": saying(reply("oops", 500)),
    "500-a fault of the server": fault("Server", "GALAT_DALAM"),
    "500-a fault of the caller": fault("Client", "TIDAK_DIKENAL"),
    "garbage": saying(b"\x00\x01 this is no HTTP\r\n\r\n"),
    "garbage-a page for people": saying(reply("<html><body>Sedang sibuk</body></html>")),
    "garbage-entities": soap(b'<!DOCTYPE e [<!ENTITY x "y">]>' + WHOLE.partition(b"?>")[2]),
    "error_in_answer": soap(write_fault("Server", "tutup", "GALAT_DALAM")),
    "error_in_answer-told as no such record": fault("Client", "DATA_KOSONG"),
    "quota": soap(WHOLE),
    "quota-told by a fault": fault("Server", "KUOTA_HABIS"),
    "expired_credential": saying(reply("who are you", 401)),
    "expired_credential-told by a fault": fault("Client", "TIDAK_BERHAK"),
    "changed_schema": soap(WHOLE.replace(b"Hasil", b"Keluaran")),
    "changed_schema-a key renamed": soap(WHOLE.replace(b"d:nop>", b"d:nomor>")),
    "changed_schema-a field renamed": soap(WHOLE.replace(b"d:njop>", b"d:nilai>")),
    "truncated": saying(OK + b"content-length: 9000\r\n\r\n" + WHOLE),
    "truncated-the envelope alone": soap(WHOLE[:-40]),
}


@pytest.mark.parametrize("row", source_faults("soap"), ids=str)
async def test_a_service_fails_as_the_table_says(row: SourceFault) -> None:
    """Code, completeness, time and what the service received are those of the row."""
    guard: dict[str, Any] = {"timeout_seconds": TIMEOUT}
    if row.fault == "quota" and not row.form:
        guard["quota_per_day"] = 0
    pbb: Adapter[Any] = adapter
    async with failing(row, TALKS) as service:
        opened = await pbb.open(
            {"url": f"{service.url}/soap", "username": "u", "password": "p", "guard": guard}
        )
        query = '{ objekPajak(nop: "317199001003000010") { njop } }'
        response = await judge(row, ask(opened, query))
        await opened.aclose()
    assert service.received == int(row.received)
    record = response.data["objekPajak"]
    assert (record and record["njop"]) == {"null": None, "whole": 500}[row.value]
    assert "Siti" not in repr(response.errors)
