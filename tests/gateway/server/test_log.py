"""Lines about operations: one per operation, in either form."""

from __future__ import annotations

import io
import json
import logging
import select
from collections.abc import Iterator

import pytest

from gateway.server.log import LogFormat, OperationLog, configure_logging
from gateway.telemetry import OperationRecord, Outcome, ReloadRecord, SourceUse


@pytest.fixture(autouse=True)
def _former_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def _record(number: int = 1, status: int = 200) -> OperationRecord:
    outcome = Outcome(
        document_hash="abc",
        kind="query",
        caller="counter",
        agency="ptsp",
        purpose="PELAYANAN_PUBLIK",
        status=status,
        codes=("BATAS_WAKTU",),
        sources=(SourceUse("dukcapil", "UNAVAILABLE", 1, 2),),
    )
    return OperationRecord(f"id{number}", 1_700_000_000.25, 0.01234, outcome, (0.0101,))


def _log(*records: OperationRecord, form: LogFormat, level: int = logging.INFO) -> list[str]:
    stream = io.StringIO()
    configure_logging(form, level=level, stream=stream)
    OperationLog().operations_finished(records)
    return stream.getvalue().splitlines()


def test_a_json_line_holds_what_an_operator_asks() -> None:
    """Ids, codes, times and sources; nothing of the request."""
    (line,) = _log(_record(), form="json")
    assert json.loads(line) == {
        "time": "2023-11-14T22:13:20.250+00:00",
        "level": "info",
        "logger": "simpul.operation",
        "event": "operation",
        "operation_id": "id1",
        "document": "abc",
        "kind": "query",
        "caller": "counter",
        "purpose": "PELAYANAN_PUBLIK",
        "status": 200,
        "codes": ["BATAS_WAKTU"],
        "ms": 12.3,
        "sources": {"dukcapil": {"status": "UNAVAILABLE", "calls": 2, "ms": 10.1}},
    }


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_batch_is_a_line_each(form: LogFormat) -> None:
    """Many operations of one batch do not share a line."""
    lines = _log(_record(1), _record(2, status=500), _record(3), form=form)
    assert [f"id{number}" in line for number, line in enumerate(lines, 1)] == [True] * 3


def test_a_text_line_reads_like_the_others() -> None:
    """Time, level, logger and event stand first."""
    (line,) = _log(_record(status=500), form="text")
    assert line[8:].startswith(" WARNING simpul.operation: operation operation_id=id1 ")


def test_a_quiet_log_keeps_our_faults() -> None:
    """At level warning only answers of 500 and above are written."""
    lines = _log(_record(1), _record(2, status=503), form="json", level=logging.WARNING)
    assert [json.loads(line)["operation_id"] for line in lines] == ["id2"]


def test_nothing_to_tell_is_no_line() -> None:
    """An empty batch leaves no empty line."""
    assert _log(_record(), form="json", level=logging.ERROR) == []


def test_a_reload_has_a_line() -> None:
    """A schema that was refused is an error, with its reason."""
    stream = io.StringIO()
    configure_logging("json", stream=stream)
    log = OperationLog()
    log.schema_reloaded(ReloadRecord("h", 0.5))
    log.schema_reloaded(ReloadRecord("h", 0.5, problem="no file"))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["level"], line["event"], line["ms"]) for line in lines] == [
        ("info", "schema reloaded", 500.0),
        ("error", "schema not reloaded: no file", 500.0),
    ]


class _Pieces(io.StringIO):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def write(self, text: str) -> int:
        self.pieces.append(text)
        return super().write(text)


def test_lines_of_several_processes_do_not_mix() -> None:
    """A long batch is written in pieces that a pipe takes at once, each of whole lines."""
    stream = _Pieces()
    configure_logging("json", stream=stream)
    records = [_record(number) for number in range(100)]
    OperationLog().operations_finished(records)
    assert len(stream.pieces) > 1
    assert all(len(piece.encode()) <= select.PIPE_BUF for piece in stream.pieces)
    assert all(piece.endswith("}\n") for piece in stream.pieces)
    ids = [json.loads(line)["operation_id"] for line in stream.getvalue().splitlines()]
    assert ids == [record.operation_id for record in records]


def test_a_line_longer_than_a_piece_stays_whole() -> None:
    """It cannot be kept apart from others, but nothing of it is lost."""
    stream = _Pieces()
    configure_logging("text", stream=stream)
    logging.getLogger("simpul.test").info("x" * 10_000)
    assert [len(piece) > 10_000 for piece in stream.pieces] == [True]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_line_is_its_record_in_json(count: int) -> None:
    """What is alike in many lines is encoded once; escapes and numbers are those of the rest."""
    uses = (
        SourceUse('s"1%s', "ANSWERED", 1, 2),
        SourceUse('"ms":0.0', "UNAVAILABLE", 2, 0),
    )[:count]
    waited = (0.00034, 1.2)[:count]
    outcome = Outcome("d", "query", "c\\a\n%d", "", "P", 294, ("A",), uses)
    record = OperationRecord("ab", 1_700_000_000.1234, 0.12345, outcome, waited)
    line = json.loads(_written(record))
    assert line == {
        "time": "2023-11-14T22:13:20.123+00:00",
        "level": "info",
        "logger": "simpul.operation",
        "event": "operation",
        "operation_id": "ab",
        "document": "d",
        "kind": "query",
        "caller": "c\\a\n%d",
        "purpose": "P",
        "status": 294,
        "codes": ["A"],
        "ms": 123.5,
        "sources": {
            use.source: {"status": use.status, "calls": use.calls, "ms": milliseconds}
            for use, milliseconds in zip(uses, (0.3, 1200.0), strict=False)
        },
    }


def _written(record: OperationRecord) -> str:
    stream = io.StringIO()
    configure_logging(stream=stream)
    OperationLog().operations_finished([record])
    return stream.getvalue()
