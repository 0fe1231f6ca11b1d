"""Drafting from, and asking, a real MariaDB: reserved words, composite keys, foreign keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.declared.draft import render_draft
from adapters.registry import load_adapter, load_kind
from tests.testkit.mariadb import MariaDB, running_mariadb
from tests.testkit.selections import ask, ask_entities
from tests.testkit.visits import VISITS_SCRIPT, check_summaries

pytestmark = [pytest.mark.anyio, pytest.mark.needs_mariadb]

SCRIPT = """
CREATE TABLE `order` (`key` VARCHAR(10) PRIMARY KEY, tgl DATE, nomor BIGINT, aktif BOOLEAN);
CREATE TABLE baris (`key` VARCHAR(10), `group` INT, nilai DECIMAL(12, 2), induk VARCHAR(10),
  PRIMARY KEY (`key`, `group`), FOREIGN KEY (induk) REFERENCES `order` (`key`));
INSERT INTO `order` VALUES ('A', '2026-03-01', 90071992547409931, TRUE);
INSERT INTO baris VALUES ('A', 1, 12.50, 'A'), ('A', 2, 7, NULL), ('B', 1, 1, 'A');
"""


@pytest.fixture(scope="module")
def server() -> Iterator[MariaDB]:
    """A server with the tables."""
    with running_mariadb() as running:
        running.run(SCRIPT + VISITS_SCRIPT)
        yield running


async def test_draft_and_ask(server: MariaDB, tmp_path: Path) -> None:
    """The draft holds no password, quotes what must be quoted, and answers by every key."""
    draft = await load_kind("sql").draft(server.url())
    text = render_draft(draft, "sql")
    assert "simpul:simpul" not in text
    assert draft.notes == ["the address holds a password: give it in the configuration's settings"]
    (tmp_path / "d.yaml").write_text(text, encoding="utf-8")
    executor = await load_adapter(str(tmp_path / "d.yaml")).open({"url": server.url()})
    response = await ask(
        executor,
        '{ order(key: "A") { tgl nomor baris { key group nilai } }'
        " daftarBaris(first: 2) { nodes { key group } pageInfo { hasNextPage } } }",
    )
    rows = [{"__typename": "Baris", "key": "A", "group": n} for n in (2, 3, 1)]
    entities = await ask_entities(executor, "{ ... on Baris { nilai } }", rows)
    await executor.aclose()
    assert response.errors == ()
    assert response.data["order"] == {
        "tgl": "2026-03-01",
        "nomor": "90071992547409931",
        "baris": [
            {"key": "A", "group": 1, "nilai": 12.5},
            {"key": "B", "group": 1, "nilai": 1.0},
        ],
    }
    assert response.data["daftarBaris"] == {
        "nodes": [{"key": "A", "group": 1}, {"key": "A", "group": 2}],
        "pageInfo": {"hasNextPage": True},
    }
    assert entities.data == [{"nilai": 7.0}, None, {"nilai": 12.5}]


async def test_aggregates_are_counted_by_the_server(server: MariaDB) -> None:
    """Count, least, greatest and mean, grouped by enumerated fields, filtered, in one statement."""
    await check_summaries(server.url())
