"""Every operation leaves one record before its answer leaves, and no answer leaves without."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import msgspec
import pytest

from adapters.contract import SourceReport, SubgraphRequest, SubgraphResponse
from cache.hash_chain import keyed_hash
from gateway.audit.record import AuditRecord
from gateway.config.model import Config
from gateway.pipeline import Pipeline
from gateway.request import GraphQLRequest, GraphQLResponse
from gateway.snapshot import SchemaSnapshot, SnapshotHolder
from gateway.telemetry import Telemetry
from tests.testkit.classed import CLASSED, now_fixed
from tests.testkit.composing import supergraph_of
from tests.testkit.fake_subgraph import Script, ScriptedSubgraph

pytestmark = pytest.mark.anyio

KEY = b"k" * 32
NIK, OTHER = "3171990101019000", "3171990101019001"
QUERY = "query ($nik: NIK!) { orang(nik: $nik) { nik nama ibu { nik } } }"


class Evidence:
    """Keeps the records in the test's hands."""

    key = KEY

    def __init__(self) -> None:
        self.records: list[AuditRecord] = []
        self.is_full = False

    def write(self, record: msgspec.Struct) -> None:
        """Keep a record, unless the disk is full."""
        if self.is_full:
            raise OSError("full")
        assert isinstance(record, AuditRecord)
        self.records.append(record)


async def _answer(request: SubgraphRequest) -> SubgraphResponse:
    person = {"nik": NIK, "nama": "x", "ibu": {"nik": OTHER}}
    return SubgraphResponse({"orang": person})


async def _close_nothing() -> None:
    """There is nothing to close."""


def open_pipeline(
    evidence: Evidence,
    *grants: dict[str, Any],
    shares: bool = False,
    answer: Script = _answer,
    sdl: str = CLASSED,
) -> Pipeline:
    """Open a pipeline over one agency."""
    caller = {
        "agency": "satu", "key_sha256": hashlib.sha256(b"k" * 32).hexdigest(),
        "roles": ["PETUGAS"], "purposes": ["PELAYANAN_PUBLIK"], "names_person": True,
    }  # fmt: skip
    config = Config.model_validate(
        {
            "supergraph": {"file": "unread"},
            "callers": {"loket": caller},
            "grants": grants,
            "dedupe": {"requests": shares},
        }
    )
    executors = {"warga": ScriptedSubgraph(answer)}
    snapshot = SchemaSnapshot(config, supergraph_of(warga=sdl), executors, _close_nothing)
    return Pipeline(SnapshotHolder(snapshot), Telemetry(), now_fixed, evidence)


async def ask(
    pipeline: Pipeline,
    query: str = QUERY,
    purpose: str | None = "PELAYANAN_PUBLIK",
    frasa: str | None = None,
    **more: str,
) -> GraphQLResponse:
    """Ask about a person."""
    headers = {"authorization": f"Bearer {'k' * 32}", "simpul-case": "berkas-1", **more}
    if purpose is not None:
        headers["simpul-purpose"] = purpose
    variables = {"nik": NIK} if frasa is None else {"nik": NIK, "frasa": frasa}
    return await pipeline.answer(GraphQLRequest(query, variables=variables, headers=headers))


GRANT = {"agency": "satu", "purposes": ["PELAYANAN_PUBLIK"], "classes": ["UMUM"]}


async def test_who_saw_what_of_whom_is_recorded() -> None:
    """Caller, purpose and fields in words, persons and case by keyed hashes."""
    evidence = Evidence()
    await ask(open_pipeline(evidence, GRANT))
    (record,) = evidence.records
    assert (record.caller, record.agency, record.purpose) == ("loket", "satu", "PELAYANAN_PUBLIK")
    assert {"Orang.nik", "Orang.nama", "Orang.ibu"} <= {*record.fields}
    assert record.subjects == sorted(keyed_hash(KEY, each) for each in (NIK, OTHER))
    assert record.case == keyed_hash(KEY, "berkas-1")
    assert NIK not in msgspec.json.encode(record).decode()


async def test_a_secret_is_no_subject() -> None:
    """A passphrase that looks like a person's number is hashed nowhere."""
    evidence, secret = Evidence(), OTHER.replace("3", "4")
    sdl = CLASSED.replace("orang(nik: NIK!)", "orang(nik: NIK!, frasa: Rahasia)")
    pipeline = open_pipeline(evidence, GRANT, sdl=f"{sdl} scalar Rahasia")
    query = QUERY.replace("$nik: NIK!", "$nik: NIK!, $frasa: Rahasia").replace(
        "(nik: $nik)", "(nik: $nik, frasa: $frasa)"
    )
    answer = await ask(pipeline, query, frasa=secret)
    assert answer.has_data
    (record,) = evidence.records
    assert record.subjects == sorted(keyed_hash(KEY, each) for each in (NIK, OTHER))


async def test_who_asked_through_an_app_is_recorded() -> None:
    """By the hash by which one is a subject: one's own looks are told from those of others."""
    evidence = Evidence()
    pipeline = open_pipeline(evidence, GRANT)
    await ask(pipeline, **{"simpul-person": NIK})
    await ask(pipeline)
    own, other = evidence.records
    assert own.person == keyed_hash(KEY, NIK)
    assert own.person in own.subjects
    assert other.person == ""


async def test_a_denied_field_is_recorded_as_denied_and_shows_nobody() -> None:
    """What was asked and not granted is evidence too."""
    evidence = Evidence()
    await ask(open_pipeline(evidence))
    (record,) = evidence.records
    assert record.fields == ()
    assert "Orang.nama" in record.denied
    assert record.subjects == []


async def test_what_was_written_is_named_by_its_seal() -> None:
    """The record names the entries of a source's own history, in their order."""
    evidence = Evidence()

    async def write(request: SubgraphRequest) -> SubgraphResponse:
        report = SourceReport("satu", calls=1, seals=("a" * 64, "b" * 64))
        return SubgraphResponse({"orang": None}, reports=(report,))

    await ask(open_pipeline(evidence, GRANT, answer=write))
    (record,) = evidence.records
    assert record.seals == ("a" * 64, "b" * 64)


@pytest.mark.parametrize(
    ("query", "purpose", "code"),
    [("{ tidakAda }", None, "GRAPHQL_VALIDATION_FAILED"), (QUERY, None, "TUJUAN_WAJIB")],
)
async def test_a_refused_request_is_recorded(query: str, purpose: str | None, code: str) -> None:
    """With its code, and without a person: nothing was read."""
    evidence = Evidence()
    await ask(open_pipeline(evidence, GRANT), query, purpose)
    (record,) = evidence.records
    assert ([*record.codes], record.subjects) == ([code], [])


async def test_without_a_record_no_answer_leaves() -> None:
    """A full disk makes an error of an answer that was ready."""
    evidence = Evidence()
    evidence.is_full = True
    response = await ask(open_pipeline(evidence, GRANT))
    assert (response.status, response.has_data) == (500, False)


async def test_who_shares_an_answer_leaves_a_record_of_its_own() -> None:
    """It saw as much of whom as the one who was there first."""
    evidence, asked = Evidence(), []

    async def answer(request: SubgraphRequest) -> SubgraphResponse:
        asked.append(request)
        await asyncio.sleep(0)
        return await _answer(request)

    pipeline = open_pipeline(evidence, GRANT, shares=True, answer=answer)
    await asyncio.gather(ask(pipeline), ask(pipeline))
    first, second = map(msgspec.structs.asdict, evidence.records)
    assert len(asked) == 1
    assert first.pop("operation") != second.pop("operation")
    assert first == second
    assert first["subjects"]
