"""Drafting from, and asking, real servers: reserved words, composite keys, foreign keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.declared.draft import render_draft
from adapters.registry import load_adapter, load_kind
from tests.testkit.database_servers import SERVERS, Server, running_server
from tests.testkit.selections import ask, ask_entities
from tests.testkit.visits import VISITS_SCRIPT, check_summaries

pytestmark = pytest.mark.anyio

TABLES = {
    "mariadb": """
CREATE TABLE `order` (`key` VARCHAR(10) PRIMARY KEY, tgl DATE, nomor BIGINT, aktif BOOLEAN);
CREATE TABLE baris (`key` VARCHAR(10), `group` INT, nilai DECIMAL(12, 2), induk VARCHAR(10),
  PRIMARY KEY (`key`, `group`), FOREIGN KEY (induk) REFERENCES `order` (`key`));
INSERT INTO `order` VALUES ('A', '2026-03-01', 90071992547409931, TRUE);
INSERT INTO baris VALUES ('A', 1, 12.50, 'A'), ('A', 2, 7, NULL), ('B', 1, 1, 'A');
""",
    "postgres": """
CREATE TABLE "order" (key VARCHAR(10) PRIMARY KEY, tgl DATE, nomor BIGINT, aktif BOOLEAN);
CREATE TABLE baris (key VARCHAR(10), "group" INT, nilai NUMERIC(12, 2),
  induk VARCHAR(10) REFERENCES "order" (key), PRIMARY KEY (key, "group"));
INSERT INTO "order" VALUES ('A', '2026-03-01', 90071992547409931, TRUE);
INSERT INTO baris VALUES ('A', 1, 12.50, 'A'), ('A', 2, 7, NULL), ('B', 1, 1, 'A');
GRANT SELECT ON "order", baris, kunjungan TO simpul;
""",
}


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Each kind of server in turn, with the tables."""
    with running_server(request.param) as running:
        running.run(VISITS_SCRIPT + TABLES[request.param])
        yield running


async def test_draft_and_ask(server: Server, tmp_path: Path) -> None:
    """The draft holds no password, quotes what must be quoted, and answers by every key."""
    draft = await load_kind("sql").draft(server.url())
    text = render_draft(draft, "sql")
    assert "simpul:simpul" not in text
    assert draft.notes == ["the address holds a password: give it in the configuration's settings"]
    (tmp_path / "d.yaml").write_text(text, encoding="utf-8")
    executor = await load_adapter(str(tmp_path / "d.yaml")).open({"url": server.url()})
    response = await ask(
        executor,
        '{ order(key: "A") { tgl nomor aktif baris { key group nilai } }'
        " daftarBaris(first: 2) { nodes { key group } pageInfo { hasNextPage } } }",
    )
    rows = [{"__typename": "Baris", "key": "A", "group": n} for n in (2, 3, 1)]
    entities = await ask_entities(executor, "{ ... on Baris { nilai } }", rows)
    await executor.aclose()
    assert response.errors == ()
    order = response.data["order"]
    assert sorted((each["key"], each["group"], each["nilai"]) for each in order.pop("baris")) == [
        ("A", 1, 12.5),
        ("B", 1, 1.0),
    ]
    # MariaDB's BOOLEAN is a number of one digit: 1, which Python holds equal.
    assert order == {"tgl": "2026-03-01", "nomor": "90071992547409931", "aktif": True}
    assert response.data["daftarBaris"] == {
        "nodes": [{"key": "A", "group": 1}, {"key": "A", "group": 2}],
        "pageInfo": {"hasNextPage": True},
    }
    assert entities.data == [{"nilai": 7.0}, None, {"nilai": 12.5}]


async def test_aggregates_are_counted_by_the_server(server: Server) -> None:
    """Count, least, greatest and mean, grouped by enumerated fields, filtered, in one statement."""
    await check_summaries(server.url())
