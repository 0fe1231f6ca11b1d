"""Every fault of a server can be switched on while it runs, and off again."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from demo.faults.http import Fault
from demo.fleet import Fleet

BODY = json.dumps(
    {
        "nik": 3171990101018999,
        "user_id": "pelayanan",
        "password": "rahasia-pelayanan",
        "ip_user": "127.0.0.1",
    }
).encode()
PATIENCE = 30.0  # seconds: of a failure only; a healthy wait ends long before
PATH = "/dukcapil/get_json/31.71/pelayanan/call_status"


@pytest.fixture
def sick(fleet: Fleet) -> Iterator[Fleet]:
    """The fleet; whatever a test switched on is off afterwards."""
    yield fleet
    fleet.reset()


def _connect(fleet: Fleet) -> socket.socket:
    host, port = fleet.addresses["dukcapil"].removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def _send(connection: socket.socket) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\n\r\n"
    connection.sendall(head.encode() + BODY)


def _read_head(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65_536)
    return received


def _read_all(connection: socket.socket) -> tuple[bytes, type[Exception] | None]:
    """Read to the end; tell the error that ended it, if any."""
    received = b""
    try:
        while block := connection.recv(65_536):
            received += block
    except OSError as error:
        return received, type(error)
    return received, None


def _call(fleet: Fleet) -> bytes:
    with urlopen(Request(fleet.addresses["dukcapil"] + PATH, BODY), timeout=PATIENCE) as answer:
        return bytes(answer.read())


def test_healthy_before_and_after(sick: Fleet) -> None:
    """A switched-off fault leaves nothing behind."""
    before = _call(sick)
    sick.switch("dukcapil", "500")
    with pytest.raises(HTTPError):
        _call(sick)
    sick.switch("dukcapil", "none")
    assert _call(sick) == before


def test_down_takes_the_request_and_is_silent(sick: Fleet) -> None:
    """No byte of an answer comes; switching it off ends the wait with a reset."""
    sick.switch("dukcapil", "down")
    with _connect(sick) as connection:
        _send(connection)
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        sick.switch("dukcapil", "none")
        connection.settimeout(PATIENCE)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_refused_closes_the_port_and_control_goes_on(sick: Fleet) -> None:
    """Nobody listens on the public port; the control port answers and heals on the same port."""
    with _connect(sick) as old:
        sick.switch("dukcapil", "refused")
        with pytest.raises(ConnectionRefusedError):
            _connect(sick)
        with pytest.raises(ConnectionResetError):
            old.recv(1)
    assert sick.control("dukcapil", "faults")["fault"] == "refused"
    sick.switch("dukcapil", "none")
    assert b"content" in _call(sick)


def test_slow_drip_sends_byte_by_byte(sick: Fleet) -> None:
    """The head comes at once, the body in single bytes."""
    sick.switch("dukcapil", "slow_drip", drip_ms=30)
    with _connect(sick) as connection:
        _send(connection)
        received = _read_head(connection)
        body = received.partition(b"\r\n\r\n")[2]
        pieces = [connection.recv(100) for _ in range(3)]
        assert len(body) <= 1
        assert [len(piece) for piece in pieces] == [1, 1, 1]


def test_stall_sends_the_head_and_stops(sick: Fleet) -> None:
    """After the head there is silence."""
    sick.switch("dukcapil", "stall")
    with _connect(sick) as connection:
        _send(connection)
        received = _read_head(connection)
        assert received.startswith(b"HTTP/1.1 200")
        assert received.endswith(b"\r\n\r\n")
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_reset_tears_the_connection(sick: Fleet) -> None:
    """The request arrives, and a TCP reset answers."""
    sick.switch("dukcapil", "reset")
    with _connect(sick) as connection:
        _send(connection)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert sick.counters("dukcapil")["calls"] == {"CALL_STATUS": 1}


def test_500_is_an_html_page(sick: Fleet) -> None:
    """The body of an error is HTML, as proxies before such systems send it."""
    sick.switch("dukcapil", "500")
    with pytest.raises(HTTPError) as error:
        _call(sick)
    with error.value as answer:
        assert (answer.code, answer.headers["content-type"]) == (500, "text/html")


def test_garbage_is_200_and_no_json(sick: Fleet) -> None:
    """The status says yes, the body says nothing."""
    sick.switch("dukcapil", "garbage")
    with pytest.raises(ValueError):
        json.loads(_call(sick))


def test_truncated_ends_before_the_announced_length(sick: Fleet) -> None:
    """Half of the body arrives, then the connection is gone."""
    sick.switch("dukcapil", "truncated")
    with _connect(sick) as connection:
        _send(connection)
        received, ended_by = _read_all(connection)
    assert ended_by is ConnectionResetError
    head, _, body = received.partition(b"\r\n\r\n")
    announced = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    assert 0 < len(body) < announced


def test_spent_quota_is_the_systems_own_word(sick: Fleet) -> None:
    """The answer is a row about the quota and costs no unit."""
    sick.switch("dukcapil", "quota_spent")
    assert b"telah habis" in _call(sick).lower()
    assert sick.counters("dukcapil")["quota"]["pelayanan"]["used"] == 0


def test_a_fault_may_hit_one_method(sick: Fleet) -> None:
    """Other methods go on."""
    sick.switch("dukcapil", "500", method="CALL_KK")
    assert b"content" in _call(sick)
    sick.switch("dukcapil", "500", method="CALL_STATUS")
    with pytest.raises(HTTPError) as error:
        _call(sick)
    error.value.close()


def test_delay_holds_healthy_answers_back(sick: Fleet) -> None:
    """With `delay_ms` an answer takes at least that long, and calls overlap."""
    sick.switch("dukcapil", "none", delay_ms=150)
    connections = [_connect(sick) for _ in range(3)]
    start = time.monotonic()
    for connection in connections:
        _send(connection)
    for connection in connections:
        assert b"200" in _read_head(connection)
        connection.close()
    assert time.monotonic() - start >= 0.15
    assert sick.counters("dukcapil")["max_parallel_by_method"] == {"CALL_STATUS": 3}


def test_faults_hit_every_public_port(sick: Fleet) -> None:
    """The verifying port refuses together with the reading one."""
    host, port = sick.addresses["dukcapil-verify"].removeprefix("https://").split(":")
    sick.switch("dukcapil", "refused")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=PATIENCE)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"fault": "broken"}', "faults are none, down"),
        (b'{"colour": 1}', "unknown key"),
        (b"[]", "unknown key"),
        (b'{"delay_ms": "x"}', "invalid literal"),
    ],
    ids=["fault", "key", "no object", "number"],
)
def test_unknown_switches_are_refused(sick: Fleet, body: bytes, says: str) -> None:
    """A wrong switch is 400 with what is known."""
    url = sick.addresses["dukcapil-control"] + "/_fleet/faults"
    with pytest.raises(HTTPError) as error:
        urlopen(Request(url, body), timeout=PATIENCE)
    with error.value as answer:
        assert answer.code == 400
        assert says in json.load(answer)["error"]


def test_every_fault_is_listed_in_the_readme() -> None:
    """The page of wire formats names each fault."""
    text = (Path(__file__).parents[3] / "demo" / "README.md").read_text(encoding="utf-8")
    assert not [fault for fault in Fault if f"| `{fault}` |" not in text]
