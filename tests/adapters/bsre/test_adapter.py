"""The certificate authority's graph over the real server of the fleet, which really signs."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from adapters.bsre.adapter import adapter
from adapters.bsre.multipart import build_form
from adapters.contract import CallContext, SourceStatus, SubgraphResponse
from adapters.kit.runtime import LocalExecutor
from demo.bsre.signers import load_signers
from tests.testkit.legacy import LegacyServer, start_legacy
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

SIGNERS = [*load_signers("31.71.02").values()]
LURAH = SIGNERS[0]
OFFICER = CallContext(caller="loket", agency="kelurahan")
SIGN = (
    "mutation ($masukan: MasukanTandaTangan!)"
    " { tandaTanganiPdf(masukan: $masukan) { dokumen sidikJari ukuran } }"
)


@pytest.fixture(scope="module")
def server() -> Iterator[LegacyServer]:
    """The certificate authority."""
    with start_legacy("bsre") as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(server: LegacyServer) -> None:
    """Every test begins with counters at zero and no fault."""
    server.post("reset")


def settings(server: LegacyServer, **more: Any) -> dict[str, Any]:
    """Settings for this server."""
    return {"url": server.url, "username": "simpul", "password": "rahasia-bsre", **more}


@pytest.fixture
async def executor(server: LegacyServer) -> AsyncIterator[LocalExecutor]:
    """The adapter."""
    opened = await adapter.open(settings(server))
    yield opened
    await opened.aclose()


def build_pdf() -> bytes:
    """Write a PDF of one empty page."""
    writer = PdfFileWriter()
    contents = writer.add_object(StreamObject(stream_data=b""))
    writer.insert_page(PageObject(contents=contents, media_box=(0, 0, 200, 200)))
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


async def sign(
    executor: LocalExecutor, *, call: CallContext = OFFICER, **changed: Any
) -> SubgraphResponse:
    """Have a PDF signed by the lurah."""
    given = {
        "nik": LURAH.nik,
        "frasaSandi": LURAH.passphrase,
        "dokumen": base64.b64encode(build_pdf()).decode(),
        **changed,
    }
    return await ask(executor, SIGN, {"masukan": given}, call=call, root="Mutation")


async def check_signature(server: LegacyServer, document: bytes) -> list[tuple[bool, bool, str]]:
    """Tell of each signature whether it is intact, trusted, and whose it is."""
    _, _, root = pem.unarmor(Path(server.parts["ca"]).read_bytes())
    trust = ValidationContext(trust_roots=[x509.Certificate.load(root)], allow_fetching=False)
    told = []
    for signature in PdfFileReader(io.BytesIO(document)).embedded_signatures:
        status = await async_validate_pdf_signature(signature, trust)
        told.append(
            (status.intact, status.trusted, status.signing_cert.subject.native["common_name"])
        )
    return told


async def test_states_of_signers(executor: LocalExecutor, server: LegacyServer) -> None:
    """Each by its own call; who is not known to the authority is not registered."""
    niks = [LURAH.nik, "3171990301709001", "3171990301709002", "3171990101709999"]
    reps = [{"__typename": "PenandaTanganElektronik", "nik": nik} for nik in niks]
    response = await ask_entities(
        executor, "{ ... on PenandaTanganElektronik { statusSertifikat } }", reps
    )
    assert response.errors == ()
    states = [each["statusSertifikat"] for each in response.data]
    assert states == ["AKTIF", "KEDALUWARSA", "DICABUT", "TIDAK_TERDAFTAR"]
    assert server.counters()["calls"] == {"status": 4}


async def test_a_signed_document_can_be_checked(
    executor: LocalExecutor, server: LegacyServer
) -> None:
    """The signature is the signer's, covers every byte, and two of them stand one on the other."""
    response = await sign(executor, alasan="Surat keterangan")
    assert response.errors == ()
    signed = response.data["tandaTanganiPdf"]
    document = base64.b64decode(signed["dokumen"])
    assert signed["sidikJari"] == hashlib.sha256(document).hexdigest()
    assert signed["ukuran"] == len(document)
    assert await check_signature(server, document) == [(True, True, LURAH.name)]

    tampered = document.replace(b"200 200", b"300 200", 1)
    assert tampered != document
    assert [each[0] for each in await check_signature(server, tampered)] == [False]

    camat = SIGNERS[5]
    again = await sign(
        executor, nik=camat.nik, frasaSandi=camat.passphrase, dokumen=signed["dokumen"]
    )
    twice = base64.b64decode(again.data["tandaTanganiPdf"]["dokumen"])
    assert await check_signature(server, twice) == [
        (True, True, LURAH.name),
        (True, True, camat.name),
    ]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"frasaSandi": "salah-sekali"}, "the passphrase is wrong"),
        ({"nik": "3171990101709999"}, "no valid certificate"),
        ({"nik": "3171990301709001", "frasaSandi": "frasa-lama"}, "expired or was revoked"),
        ({"dokumen": base64.b64encode(b"%PDF-1.7 broken").decode()}, "no PDF that can be signed"),
        ({"dokumen": base64.b64encode(b"plain text").decode()}, "must be a PDF"),
        ({"dokumen": "???"}, "must be base64"),
    ],
    ids=["passphrase", "unknown", "expired", "broken", "no-pdf", "no-base64"],
)
async def test_what_the_signer_must_correct(
    executor: LocalExecutor, changed: dict[str, Any], told: str
) -> None:
    """It is the caller's error, says why, repeats nothing, and is no outage of the authority."""
    response = await sign(executor, **changed)
    assert response.data == {"tandaTanganiPdf": None}
    (error,) = response.errors
    assert error.code == "BAD_USER_INPUT"
    assert told in error.message
    assert not any(value in error.message for value in (*changed.values(), LURAH.nik))
    assert all(report.status is SourceStatus.ANSWERED for report in response.reports)


async def test_the_public_signs_nothing(executor: LocalExecutor, server: LegacyServer) -> None:
    """A caller without an agency is refused before the authority is asked."""
    response = await sign(executor, call=CallContext())
    assert [error.code for error in response.errors] == ["TIDAK_ADA_HAK"]
    assert server.counters()["total"] == 0


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("500", "SUMBER_TIDAK_TERSEDIA"),
        ("reset", "SUMBER_TIDAK_TERSEDIA"),
        ("garbage", "DATA_RUSAK"),
        ("truncated", "SUMBER_TIDAK_TERSEDIA"),
        ("stall", "BATAS_WAKTU"),
        ("quota_spent", "KUOTA_HABIS"),
    ],
)
async def test_a_signature_is_asked_for_once(server: LegacyServer, fault: str, code: str) -> None:
    """Whatever goes wrong, the authority is asked once, and the code says what went wrong."""
    executor = await adapter.open(settings(server, guard={"timeout_seconds": 0.5}))
    server.post("faults", fault=fault, method="sign")
    response = await sign(executor)
    await executor.aclose()
    assert [error.code for error in response.errors] == [code]
    assert server.counters()["calls"] == {"sign": 1}
    assert response.reports[0].status is SourceStatus.UNAVAILABLE


async def test_wrong_credentials_are_denied(server: LegacyServer) -> None:
    """Ours, not the signer's."""
    executor = await adapter.open(settings(server, password="salah"))
    response = await sign(executor)
    await executor.aclose()
    assert [error.code for error in response.errors] == ["TIDAK_ADA_HAK"]


async def test_no_secret_is_written_anywhere(
    server: LegacyServer, caplog: pytest.LogCaptureFixture
) -> None:
    """At debug level, well and badly: no passphrase, no NIK, no password of ours."""
    caplog.set_level(logging.DEBUG)
    executor = await adapter.open(settings(server, guard={"timeout_seconds": 0.5}))
    texts = [repr(executor), repr(adapter.check_settings(settings(server)))]
    for fault in ("none", "500", "garbage", "stall"):
        server.post("faults", fault=fault)
        texts.append(repr((await sign(executor)).errors))
        texts.append(repr((await sign(executor, frasaSandi="frasa-salah")).errors))
    await executor.aclose()
    for secret in (LURAH.passphrase, "frasa-salah", LURAH.nik, "rahasia-bsre"):
        assert secret not in caplog.text + "".join(texts)


def test_a_form_keeps_every_byte() -> None:
    """A file with line ends and dashes of any kind travels as it is; no boundary twice."""
    file = bytes(range(256)) + b"\r\n--x--\r\n"
    body, media_type = build_form({"nik": "1"}, "file", file)
    other, _ = build_form({"nik": "1"}, "file", file)
    boundary = media_type.partition("boundary=")[2].encode()
    assert body.count(b"--" + boundary) == 3
    assert file in body
    assert body != other
