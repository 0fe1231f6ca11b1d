"""A port that is taken is said at once, in words that help."""

from __future__ import annotations

import socket

import pytest

from gateway.cli.output import Failure
from gateway.cli.port import require_port
from tests.testkit.product import run_simpul


def test_a_free_port_is_taken_as_it_is() -> None:
    """Port 0, and one that nobody listens on."""
    require_port("127.0.0.1", 0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    require_port("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "advice"),
    [("192.0.2.1", "does not have that address"), ("host.invalid", "host is not known")],
)
def test_an_address_of_others_is_refused(host: str, advice: str) -> None:
    """The text names host and port and says what is wrong with them."""
    with pytest.raises(Failure, match=advice):
        require_port(host, 4000)


@pytest.mark.parametrize("verb", [("demo",), ("serve", "--supergraph", "missing.graphql")])
def test_a_taken_port_ends_a_verb_before_it_starts_anything(verb: tuple[str, ...]) -> None:
    """Neither fleet nor schema is touched, and the text says what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = run_simpul(*verb, "--port", str(port))
    assert run.returncode == 1
    assert f'"127.0.0.1:{port}": the port is taken' in run.stderr
    assert run.stdout == ""
