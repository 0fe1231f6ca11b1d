"""The adapter over the demo's whole table, on PostgreSQL and on SQLite: equal to the truth."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from typing import Any

import pytest

from adapters.kit.normalize.person_name import normalize_name
from adapters.kit.runtime import LocalExecutor
from adapters.siak.adapter import adapter
from demo.people.spec import WorldSpec
from demo.people.world import find_or_build
from demo.siak.tables import has_no_head, has_two_heads, read_tables, write
from demo.tables import load_codes
from tests.testkit.postgres import running_postgres
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A world of two thousand residents."""
    world = find_or_build(tmp_path_factory.mktemp("worlds"), WorldSpec(residents=2_000))
    with closing(sqlite3.connect(world / "truth.sqlite")) as store:
        store.row_factory = sqlite3.Row
        yield store


@pytest.fixture(scope="module")
def sqlite_url(truth: sqlite3.Connection, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The table in a file, as the fleet keeps it."""
    path = tmp_path_factory.mktemp("siak") / "siak.sqlite"
    write(truth, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="module")
def postgres_url(truth: sqlite3.Connection) -> Iterator[str]:
    """The table in a server, numbers of people as CHAR(17)."""
    with running_postgres() as server:
        kinds = {"nik": "CHAR(17)", "no_kk": "CHAR(17)", "tgl_lhr": "DATE"}
        for table in read_tables(truth):
            columns = ", ".join(
                f"{name} {kinds.get(name, 'INT' if name in table.numbers else 'VARCHAR(80)')}"
                for name in table.columns
            )
            rows = "\n".join("\t".join(map(str, row)) for row in table.rows)
            server.run(
                f"CREATE TABLE {table.name} ({columns}); GRANT SELECT ON {table.name} TO simpul;\n"
                f"COPY {table.name} FROM stdin;\n{rows}\n\\.\n"
            )
        yield server.url()


@pytest.fixture(
    params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.needs_postgres)]
)
async def executor(request: pytest.FixtureRequest) -> AsyncIterator[LocalExecutor]:
    """The adapter over one of the two."""
    opened = await adapter.open({"url": request.getfixturevalue(request.param)})
    yield opened
    await opened.aclose()


def sixteen(number: int) -> str:
    """Write a number as the graph does."""
    return f"{number:016}"


def expected(row: sqlite3.Row) -> dict[str, Any]:
    """Give what is true of a resident."""
    codes = load_codes()
    return {
        "nikLama": None if row["nik_lama"] is None else sixteen(row["nik_lama"]),
        "jenisKelaminSiak": "PEREMPUAN" if row["perempuan"] else "LAKI_LAKI",
        "tempatLahirSiak": None if row["pid"] % 97 == 0 else row["tempat"].upper(),
        "tanggalLahirSiak": row["lahir"],
        "agamaSiak": None if row["pid"] % 89 == 0 else codes["AGAMA"][row["agama"]],
        "statusKawinSiak": codes["STAT_KWN"][row["stat_kwn"]],
        "kartuKeluargaSiak": {"noKk": sixteen(row["no_kk"])},
        "kelurahanSiak": {"kode": row["kelurahan"]},
    }


async def test_everybody(executor: LocalExecutor, truth: sqlite3.Connection) -> None:
    """Every resident is found by NIK, with what is true of them."""
    people = truth.execute("SELECT * FROM person ORDER BY nik").fetchall()
    response = await ask_entities(
        executor,
        "{ ... on Penduduk { nikLama jenisKelaminSiak tempatLahirSiak tanggalLahirSiak"
        " agamaSiak statusKawinSiak kartuKeluargaSiak { noKk } kelurahanSiak { kode } } }",
        [{"__typename": "Penduduk", "nik": sixteen(row["nik"])} for row in people],
    )
    assert response.errors == ()
    assert response.defects == ()
    assert response.data == [expected(row) for row in people]


async def test_heads(executor: LocalExecutor, truth: sqlite3.Connection) -> None:
    """A card has the heads that are recorded, none and two included."""
    rows = truth.execute("SELECT nik, no_kk, stat_hbkel FROM person ORDER BY nik").fetchall()
    heads: dict[int, list[dict[str, str]]] = {row["no_kk"]: [] for row in rows}
    for row in rows:
        is_head = row["stat_hbkel"] == 1 and not has_no_head(row["no_kk"])
        if is_head or (row["stat_hbkel"] == 3 and has_two_heads(row["no_kk"])):
            heads[row["no_kk"]].append({"nik": sixteen(row["nik"])})
    assert {0, 1, 2} <= {len(each) for each in heads.values()}
    response = await ask_entities(
        executor,
        "{ ... on KartuKeluarga { kepalaKeluargaSiak { nik } } }",
        [{"__typename": "KartuKeluarga", "noKk": sixteen(card)} for card in heads],
    )
    assert response.errors == ()
    assert [each["kepalaKeluargaSiak"] for each in response.data] == [*heads.values()]


async def test_family_cards(executor: LocalExecutor, truth: sqlite3.Connection) -> None:
    """Whom each card names as its head, none where it names nobody, and where the family lives."""
    people = truth.execute("SELECT * FROM person ORDER BY stat_hbkel, pid").fetchall()
    first: dict[int, sqlite3.Row] = {}
    for row in people:
        first.setdefault(row["no_kk"], row)
    response = await ask_entities(
        executor,
        "{ ... on KartuKeluarga { namaKepalaSiak alamatSiak { jalan rt rw kelurahan { kode } } } }",
        [{"__typename": "KartuKeluarga", "noKk": sixteen(card)} for card in first],
    )
    assert response.errors == ()
    assert response.defects == ()
    for (card, row), told in zip(first.items(), response.data, strict=True):
        named = None if has_no_head(card) else normalize_name(row["nama"].upper())
        assert told == {
            "namaKepalaSiak": named,
            "alamatSiak": {
                "jalan": row["alamat"].upper(),
                "rt": f"{row['rt']:03}",
                "rw": f"{row['rw']:03}",
                "kelurahan": {"kode": row["kelurahan"]},
            },
        }


async def test_a_former_number_leads_to_today(
    executor: LocalExecutor, truth: sqlite3.Connection
) -> None:
    """Old papers carry the NIK from before a correction; one that nobody had leads to nobody."""
    former, nik = truth.execute(
        "SELECT nik_lama, nik FROM person WHERE nik_lama NOTNULL ORDER BY pid"
    ).fetchone()
    query = '{ pendudukMenurutNikLama(nik: "%s") { nik } }'
    found = await ask(executor, query % sixteen(former))
    nobody = await ask(executor, query % "3171990101019009")
    assert found.data == {"pendudukMenurutNikLama": {"nik": sixteen(nik)}}
    assert nobody.data == {"pendudukMenurutNikLama": None}
    assert nobody.errors == ()
