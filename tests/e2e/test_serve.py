"""The gateway over remote subgraphs, started as a user starts it."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.testkit.product import Product, ask, run_simpul, running_simpul
from tests.testkit.subgraph_server import SubgraphServer, serving_subgraph

pytestmark = pytest.mark.e2e

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", '
    'import: ["@key" "@external" "@requires" "@shareable"])\n'
)
BOOKS = LINK + (
    "type Query { books: [Book] }\n"
    "type Mutation { addBook(title: String!): Book }\n"
    'type Book @key(fields: "id") { id: ID! title: String }\n'
)
REVIEWS = LINK + 'type Query { best: Book }\ntype Book @key(fields: "id") { id: ID! stars: Int }\n'
QUERY = "{ books { title stars } }"


@dataclass(slots=True)
class World:
    """Two running subgraphs and a configuration over them."""

    books: SubgraphServer
    reviews: SubgraphServer
    config: Path

    def write(self, extra: str = "") -> None:
        """Write the configuration, as a usual supergraph.yaml with more."""
        self.config.write_text(
            "subgraphs:\n"
            f"  books: {{routing_url: '{self.books.url}', schema: {{file: books.graphql}}}}\n"
            f"  reviews: {{routing_url: '{self.reviews.url}', schema: {{subgraph_url: "
            f"'{self.reviews.url}'}}}}\n"
            f"{extra}",
            encoding="utf-8",
        )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Books and their reviews."""
    rows = [{"id": "1", "title": "Sang Pemula"}, {"id": "2", "title": "Anak Semua Bangsa"}]
    with (
        serving_subgraph(
            BOOKS, {"books": rows, "addBook": lambda _, title: {"id": "9", "title": title}}
        ) as books,
        serving_subgraph(
            REVIEWS, {"best": {"id": "2", "stars": 2}}, lambda r: {"stars": int(r["id"])}
        ) as more,
    ):
        (tmp_path / "books.graphql").write_text(BOOKS, encoding="utf-8")
        made = World(books, more, tmp_path / "supergraph.yaml")
        made.write()
        yield made


@pytest.fixture
def product(world: World) -> Iterator[Product]:
    """The gateway over them."""
    with running_simpul("serve", "--config", str(world.config), "--port", "0") as running:
        yield running


def test_two_subgraphs_answer_as_one(product: Product, world: World) -> None:
    """An entity's fields come from both, with one batched entity request."""
    assert product.graphql(QUERY) == {
        "data": {
            "books": [
                {"title": "Sang Pemula", "stars": 1},
                {"title": "Anak Semua Bangsa", "stars": 2},
            ]
        }
    }
    asked = [each for each in world.reviews.requests if "_entities" in each["query"]]
    assert len(asked) == 1
    assert len(asked[0]["variables"]["representations"]) == 2


def test_a_composed_supergraph_is_served(world: World, tmp_path: Path) -> None:
    """`compose` writes what `serve --supergraph` serves."""
    output = tmp_path / "supergraph.graphql"
    composed = run_simpul("compose", "--config", str(world.config), "--output", str(output))
    assert composed.returncode == 0, composed.stderr
    with running_simpul("serve", "--supergraph", str(output), "--port", "0") as running:
        assert running.graphql("{ best { id stars } }") == {
            "data": {"best": {"id": "2", "stars": 2}}
        }


def test_a_dead_subgraph_leaves_the_rest(world: World, product: Product) -> None:
    """One subgraph's failure nulls its own fields, with a code and the status 294."""
    world.reviews.status = 503
    answer = ask(f"{product.url}/graphql", {"query": QUERY})
    assert answer.status == 294
    assert [book["title"] for book in answer.json["data"]["books"]] == [
        "Sang Pemula",
        "Anak Semua Bangsa",
    ]
    codes = {error["extensions"]["code"] for error in answer.json["errors"]}
    assert codes == {"SUMBER_TIDAK_TERSEDIA"}


def test_a_mutation_goes_by_post_only(product: Product) -> None:
    """A mutation by GET is refused with Allow."""
    answer = ask(f"{product.url}/graphql?query=mutation%7BaddBook(title%3A%22x%22)%7Bid%7D%7D")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    posted = product.graphql('mutation { addBook(title: "x") { id title } }')
    assert posted == {"data": {"addBook": {"id": "9", "title": "x"}}}


def test_hangup_reloads_and_a_bad_schema_changes_nothing(world: World, product: Product) -> None:
    """SIGHUP takes a good schema, and keeps the old one instead of a bad one."""
    sdl = world.config.parent / "books.graphql"
    assert product.graphql('{ __type(name: "Book") { name } }')["data"]["__type"]
    sdl.write_text(BOOKS.replace("title: String", "title: String author: String"), "utf-8")
    product.signal(signal.SIGHUP)
    product.wait_for("schema reloaded")
    fields = product.graphql('{ __type(name: "Book") { fields { name } } }')
    names = {field["name"] for field in fields["data"]["__type"]["fields"]}
    assert names == {"id", "title", "author", "stars"}
    sdl.write_text("type Query {", encoding="utf-8")
    product.signal(signal.SIGHUP)
    assert "INVALID_GRAPHQL" in product.wait_for("schema not reloaded")
    assert product.graphql("{ books { title } }")["data"]["books"]


def test_a_stop_lets_requests_finish(world: World, product: Product) -> None:
    """SIGTERM answers what is in flight, then ends with status 0."""
    world.books.held.clear()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(product.graphql("{ books { id } }")))
    before = len(world.books.requests)
    asking.start()
    deadline = time.monotonic() + 60
    while len(world.books.requests) == before and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    product.signal(signal.SIGTERM)
    world.books.held.set()
    asking.join(60)
    assert answers == [{"data": {"books": [{"id": "1"}, {"id": "2"}]}}]
    assert product.process.wait(60) == 0


def test_subgraphs_that_do_not_compose_are_told(world: World) -> None:
    """A broken graph is refused before anything listens, with the reason."""
    (world.config.parent / "books.graphql").write_text("type Query { a: Nope }", encoding="utf-8")
    run = run_simpul("serve", "--config", str(world.config), "--port", "0")
    assert run.returncode == 1
    assert "INVALID_GRAPHQL" in run.stderr
    assert "Traceback" not in run.stderr


def test_headers_travel_only_where_configured(world: World) -> None:
    """Only propagated headers reach a subgraph."""
    world.write("headers: {propagate: [x-request-id]}\n")
    with running_simpul("serve", "--config", str(world.config), "--port", "0") as running:
        ask(
            f"{running.url}/graphql",
            {"query": "{ books { id } }"},
            headers={"x-request-id": "r1", "cookie": "secret=1"},
        )
    seen = world.books.headers[-1]
    assert seen["x-request-id"] == "r1"
    assert "cookie" not in seen


def test_the_second_port_has_metrics(world: World) -> None:
    """`admin` serves metrics and the state of each source; the main port does not."""
    world.write("admin: 127.0.0.1:0\n")
    with running_simpul("serve", "--config", str(world.config), "--port", "0") as running:
        running.graphql(QUERY)
        assert ask(f"{running.url}/metrics").status == 404
        listening = re.findall(r"http://127\.0\.0\.1:\d+(?= )", running.output)
        operators = next(url for url in listening if url != running.url)
        metrics = ask(f"{operators}/metrics").body.decode()
        assert 'simpul_operations_total{agency="",kind="query",status="200"} 1.0' in metrics
        assert 'simpul_source_calls_total{agency="",purpose="",source="books"} 1.0' in metrics
        assert ask(f"{operators}/sources").json["reviews"]["breaker"] == "CLOSED"


def test_health_says_ready(product: Product) -> None:
    """Readiness is 200 once the graph can be asked."""
    assert ask(f"{product.url}/health/ready").status == 200
    assert ask(f"{product.url}/health/live").status == 200
