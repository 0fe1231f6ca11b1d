"""Drafts from real sources: each loads, composes with the graph, and answers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.declared.draft import Draft, DraftError, guess_scalar, render_draft
from adapters.kit.adapter import Adapter
from adapters.registry import load_adapter, load_kind
from tests.testkit.composing import compose_sdl
from tests.testkit.declared import EXAMPLES
from tests.testkit.http_server import http_server, json_reply
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

NIK = "3171021503200001"
SCRIPT = f"""
CREATE TABLE dokter (id_dokter INTEGER PRIMARY KEY, nama TEXT, "foto-1" BLOB);
CREATE TABLE kunjungan (no_kunj TEXT PRIMARY KEY, tgl TEXT, nik_pasien TEXT, biaya NUMERIC,
  id_dokter INTEGER REFERENCES dokter (id_dokter), kd_kel TEXT, dibuat DATETIME);
CREATE TABLE obat (no_kunj TEXT REFERENCES kunjungan (no_kunj), urut INTEGER, nama TEXT,
  PRIMARY KEY (no_kunj, urut));
CREATE TABLE catatan (isi TEXT);
INSERT INTO dokter VALUES (7, 'dr. Contoh', NULL);
INSERT INTO kunjungan VALUES ('K-1', '02-03-2026', '{NIK}', 12.5, 7, '31.71.02.1001', NULL);
INSERT INTO obat VALUES ('K-1', 1, 'A'), ('K-1', 2, 'B');
"""


async def draft_of(kind: str, address: str) -> Draft:
    """Draft from an address."""
    return await load_kind(kind).draft(address)


async def drafted(kind: str, address: str, folder: Path) -> tuple[Adapter[Any], Draft]:
    """Draft from an address, write the file and load it."""
    draft = await draft_of(kind, address)
    file = folder / "draft.yaml"
    file.write_text(render_draft(draft, kind), encoding="utf-8")
    adapter = load_adapter(str(file))
    areas, people = load_adapter("wilayah").sdl, load_adapter("dukcapil").sdl
    assert compose_sdl(wilayah=areas, dukcapil=people, declared=adapter.sdl).errors == ()
    return adapter, draft


@pytest.fixture
def clinic(tmp_path: Path) -> str:
    """The URL of a database with foreign keys, a blob, and a table without a key."""
    with closing(sqlite3.connect(tmp_path / "k.sqlite")) as connection:
        connection.executescript(SCRIPT)
    return f"sqlite+aiosqlite:///{tmp_path}/k.sqlite"


async def test_tables_and_foreign_keys(clinic: str, tmp_path: Path) -> None:
    """A foreign key becomes a reference and a relation back; what is not mapped is told."""
    adapter, draft = await drafted("sql", clinic, tmp_path)
    assert draft.notes == [
        '"catatan" has no key: declare one by hand, or leave it out',
        '"dokter.foto-1" is of a type without a scalar',
        '"obat.no_kunj" points at "kunjungan", which is part of a key or has another key: '
        "a plain value",
    ]
    executor = await adapter.open()
    response = await ask(
        executor,
        '{ kunjungan(noKunj: "K-1") { tgl nikPasien biaya dokter { nama kunjungan { kdKel } } }'
        " daftarObat { nodes { noKunj urut nama } }"
        ' a: obat(noKunj: "K-1", urut: 2) { nama } b: obat(noKunj: "K-2", urut: 2) { nama } }',
    )
    people = await ask_entities(
        executor,
        "{ ... on Penduduk { kunjungan { noKunj } } }",
        [{"__typename": "Penduduk", "nik": NIK}],
    )
    await executor.aclose()
    assert response.errors == ()
    assert response.data["kunjungan"] == {
        "tgl": "2026-03-02",
        "nikPasien": NIK,
        "biaya": 12.5,
        "dokter": {"nama": "dr. Contoh", "kunjungan": [{"kdKel": "31.71.02.1001"}]},
    }
    assert [node["urut"] for node in response.data["daftarObat"]["nodes"]] == [1, 2]
    assert (response.data["a"], response.data["b"]) == ({"nama": "B"}, None)
    assert people.data == [{"kunjungan": [{"noKunj": "K-1"}]}]


async def test_a_password_stays_out_of_the_draft(tmp_path: Path) -> None:
    """Secrets belong into the configuration; an address that is none is no crash."""
    with pytest.raises(DraftError) as refusal:
        await draft_of("sql", "mysql+asyncmy://u:rahasia@127.0.0.1:1/x")
    assert "rahasia" not in str(refusal.value)
    with pytest.raises(DraftError, match="no address of a database"):
        await draft_of("sql", "entah")


async def test_a_csv(tmp_path: Path) -> None:
    """Encoding, delimiter, types and a key of two columns are found in the file."""
    text = (
        "TAHUN;NO_KK;NILAI;TGL;RT;CATATAN\n"
        "2026;3171020101100001;12,5;05-02-2026;001;Ibu Renée\n"
        "2026;3171020101100002;7;06-02-2026;002;-\n"
        "2025;3171020101100001;8;1 Juli 2025;001;-"
    )
    (tmp_path / "bantuan.csv").write_bytes(text.encode("cp1252"))
    adapter, draft = await drafted("files", str(tmp_path / "bantuan.csv"), tmp_path)
    model = draft.values["types"]["Bantuan"]
    assert model["from"]["delimiter"] == ";"
    assert model["from"]["encoding"] == "cp1252"
    assert model["keys"] == ["tahun noKk"]
    assert {name: each["type"] for name, each in model["fields"].items()} == {
        "tahun": "Int",
        "noKk": "NomorKK",
        "nilai": "Float",
        "tgl": "Tanggal",
        "rt": "String",
        "catatan": "String",
    }
    executor = await adapter.open()
    response = await ask(
        executor, '{ bantuan(tahun: 2025, noKk: "3171020101100001") { nilai tgl catatan } }'
    )
    await executor.aclose()
    assert response.errors == ()
    assert response.data["bantuan"] == {"nilai": 8.0, "tgl": "2025-07-01", "catatan": None}


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read"), ("A;A\n1;2\n", "two of one name"), ('A;B\n"1;2\n', "cannot be")],
    ids=["absent", "columns", "broken"],
)
async def test_what_is_no_csv(tmp_path: Path, content: str | None, told: str) -> None:
    """The error names the file and the reason."""
    if content is not None:
        (tmp_path / "x.csv").write_text(content, encoding="utf-8")
    with pytest.raises(DraftError, match=told):
        await draft_of("files", str(tmp_path / "x.csv"))


OPENAPI = """
openapi: 3.1.0
info: {title: Layanan Surat}
servers: [{url: /api}]
paths:
  /surat:
    get:
      responses:
        "200": {content: {application/json: {schema: {type: object, properties: {
          data: {type: array, items: {$ref: "#/components/schemas/Surat"}},
          total: {type: integer}}}}}}
    post: {responses: {}}
  /surat/{nomor}:
    get:
      responses:
        "200": {content: {application/json: {schema: {$ref: "#/components/schemas/Surat"}}}}
  /statistik/{tahun}/{bulan}:
    get: {responses: {}}
components:
  schemas:
    Surat:
      type: object
      properties:
        nomor: {type: string}
        terbit: {type: string, format: date}
        nik: {type: [string, "null"]}
        lampiran: {type: array, items: {type: string}}
        pejabat: {type: object, properties: {nama: {type: string}, nip: {type: string}}}
"""


async def test_openapi(tmp_path: Path) -> None:
    """A record's own path makes a type, the collection beside it a list; the rest is told."""
    (tmp_path / "surat.yml").write_text(OPENAPI, encoding="utf-8")
    adapter, draft = await drafted("http", str(tmp_path / "surat.yml"), tmp_path)
    model = draft.values["types"]["Surat"]
    assert model["from"] == {
        "path": "/surat",
        "records": "data",
        "find": {"nomor": {"path": "/surat/{nomor}", "records": ""}},
    }
    assert {each["from"]: each["type"] for each in model["fields"].values()} == {
        "nomor": "String",
        "terbit": "Tanggal",
        "nik": "NIK",
        "pejabat.nama": "String",
        "pejabat.nip": "NIP",
    }
    assert draft.notes == [
        '"surat.lampiran" is of a type without a scalar',
        '"surat" could hang on "Penduduk" by "nik": '
        "add a relation, and how records are found by it",
        '"POST /surat" is no record by its key and no list of them',
        '"GET /statistik/{tahun}/{bulan}" is no record by its key and no list of them',
        "the description names no address: give it in the configuration's settings",
    ]
    letter = {"nomor": "4/7", "terbit": "2026-03-01", "nik": None, "pejabat": {"nip": "1" * 18}}
    async with http_server(lambda _: json_reply(letter)) as server:
        executor = await adapter.open({"url": server.url})
        response = await ask(executor, '{ surat(nomor: "4/7") { terbit pejabatNip } }')
        await executor.aclose()
    assert response.errors == ()
    assert response.data == {"surat": {"terbit": "2026-03-01", "pejabatNip": "1" * 18}}
    assert server.requests[0].target == "/surat/4%2F7"


async def test_what_is_no_openapi(tmp_path: Path) -> None:
    """Version 2 is another format."""
    (tmp_path / "x.json").write_text('{"swagger": "2.0"}', encoding="utf-8")
    with pytest.raises(DraftError, match="no OpenAPI description of version 3"):
        await draft_of("http", str(tmp_path / "x.json"))


WSDL = EXAMPLES / "pajak.wsdl"


async def test_wsdl(tmp_path: Path) -> None:
    """An operation that takes a value of what it gives makes a type; many keys go in one call."""
    _, draft = await drafted("soap", str(WSDL), tmp_path)
    model = draft.values["types"]["Objek"]
    assert model["from"] == {"find": {"nop": {"operation": "Cari", "request": {"nop": "{*}"}}}}
    assert {name: each["type"] for name, each in model["fields"].items()} == {
        "nop": "String",
        "luas": "Float",
        "lunas": "Tanggal",
    }
    assert draft.notes == ['"Objek.tahun" is of a type without a scalar']


async def test_what_is_no_wsdl(tmp_path: Path) -> None:
    """The error names the document."""
    (tmp_path / "x.wsdl").write_text("<a/>", encoding="utf-8")
    with pytest.raises(DraftError, match=r"x\.wsdl"):
        await draft_of("soap", str(tmp_path / "x.wsdl"))


@pytest.mark.parametrize(
    ("column", "scalar"),
    [
        ("NIK", "NIK"),
        ("nik_ibu", "NIK"),
        ("teknik", "String"),
        ("NO_KK", "NomorKK"),
        ("kd_kel", "KodeWilayah"),
        ("tgl_lahir", "Tanggal"),
        ("nib", "NIB"),
    ],
)
def test_names_tell_the_scalar(column: str, scalar: str) -> None:
    """Whole words only."""
    assert guess_scalar(column, "String") == scalar
