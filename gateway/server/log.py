"""Log lines on stderr: one JSON object, or one readable line, per event.

In: telemetry records and the standard library's log records. Out: lines. A line about a request
holds ids, codes, counts and times; never text, variables, names or addresses of a request.

The standard library's logging, because the common structured loggers import a terminal library
at start, which a server does not need.
"""

from __future__ import annotations

import logging
import select
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, TextIO

import msgspec

from gateway.telemetry import OperationRecord, Outcome, ReloadRecord

__all__ = ["LogFormat", "OperationLog", "configure_logging"]

LogFormat = Literal["json", "text"]

_FIELDS = "simpul"  # the attribute of a log record that holds its structured fields
_BATCH = "simpul_operations"  # the attribute of one that holds many operations, a line for each
_ENCODER = msgspec.json.Encoder()
_OUR_FAULT = 500  # a status from here on is a warning
_TO_MILLISECONDS = (1000.0).__mul__


def configure_logging(
    log_format: LogFormat = "json", *, level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """Send all log records to one stream, in one form."""
    output = _WholeLines(stream or sys.stderr)
    output.setFormatter(_JsonLines() if log_format == "json" else _TextLines())
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = True  # its lines hold query strings


class _WholeLines(logging.StreamHandler[TextIO]):
    """Writes many lines in pieces that no other process's lines can cut.

    Workers share one stream. A pipe takes at most ``PIPE_BUF`` bytes at once; what is longer may
    have the lines of another worker in its midst.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        try:
            for piece in _cut_at_lines(self.format(record)):
                self.stream.write(piece)
                self.stream.flush()
        except Exception:
            self.handleError(record)


def _cut_at_lines(text: str) -> Iterator[str]:
    """Give the text in pieces of whole lines, each short enough unless it is one line."""
    lines, begin = f"{text}\n".encode(), 0
    while len(lines) - begin > select.PIPE_BUF:
        end = lines.rfind(b"\n", begin, begin + select.PIPE_BUF) + 1
        if not end:  # one line is longer
            end = lines.find(b"\n", begin) + 1
        yield lines[begin:end].decode()
        begin = end
    if begin < len(lines):
        yield lines[begin:].decode()


class OperationLog:
    """A telemetry sink that writes one line per operation and per reload."""

    def __init__(self) -> None:
        self._log = logging.getLogger("simpul.operation")

    def operations_finished(self, records: Sequence[OperationRecord]) -> None:
        """Write the operations, as one record of many lines: a record costs more than a line."""
        shown = records
        failed = max([each.outcome.status for each in records], default=0) >= _OUR_FAULT
        level = logging.WARNING if failed else logging.INFO
        if not self._log.isEnabledFor(logging.INFO):
            shown = [each for each in records if self._log.isEnabledFor(_level_of(each))]
        if not shown:
            return
        # Not ``log``: that walks the stack for the place of the call.
        lines = self._log.makeRecord(
            self._log.name, level, __file__, 0, "operations", (), None, extra={_BATCH: shown}
        )
        self._log.handle(lines)

    def schema_reloaded(self, record: ReloadRecord) -> None:
        """Write one reload."""
        fields = {"snapshot": record.snapshot_hash, "ms": round(record.seconds * 1000, 1)}
        if record.problem:
            self._log.error("schema not reloaded: %s", record.problem, extra={_FIELDS: fields})
        else:
            self._log.info("schema reloaded", extra={_FIELDS: fields})


class _OperationLine(msgspec.Struct, gc=False):
    """The members of an operation's line, in their order."""

    time: str
    level: str
    logger: str
    event: str
    operation_id: str
    document: str
    kind: str
    caller: str
    purpose: str
    status: int
    codes: tuple[str, ...]
    ms: float
    sources: dict[str, dict[str, object]]


def _level_of(record: OperationRecord) -> int:
    """A warning where it is our fault."""
    return logging.WARNING if record.outcome.status >= _OUR_FAULT else logging.INFO


def _build_line(logger: str, record: OperationRecord) -> _OperationLine:
    outcome = record.outcome
    return _OperationLine(
        _render_time(record.ended),
        "warning" if outcome.status >= _OUR_FAULT else "info",
        logger,
        "operation",
        record.operation_id,
        outcome.document_hash,
        outcome.kind,
        outcome.caller,
        outcome.purpose,
        outcome.status,
        outcome.codes,
        round(record.seconds * 1000, 1),
        {
            use.source: {"status": use.status, "calls": use.calls, "ms": round(seconds * 1000, 1)}
            for use, seconds in zip(outcome.sources, record.waited, strict=True)
        },
    )


def _render_lines(logger: str, records: Sequence[OperationRecord]) -> list[str]:
    """Give the lines of ``_build_line`` in JSON; what is alike in many is encoded once."""
    lines: list[str] = []
    for record in records:
        line = _render_alike(logger, record.outcome) % (
            _render_millisecond(int(record.ended * 1000)),
            record.operation_id,
            record.seconds * 1000,
            *map(_TO_MILLISECONDS, record.waited),
        )
        lines.append(line)
    return lines


@lru_cache(maxsize=1_000)
def _render_alike(logger: str, outcome: Outcome) -> str:
    """Give the line with places for time, id, milliseconds, and each source's milliseconds.

    What stands between quotes in JSON holds no quote, so a place is never found in a value.
    """
    record = OperationRecord("", 0.0, 0.0, outcome, (0.0,) * len(outcome.sources))
    line = _ENCODER.encode(_build_line(logger, record)).decode().replace("%", "%%")
    line = line.replace(f'"time":"{_render_time(0.0)}"', '"time":"%s"', 1)
    line = line.replace('"operation_id":""', '"operation_id":"%s"', 1)
    return line.replace('"ms":0.0', '"ms":%.1f')


def _render_time(epoch_seconds: float) -> str:
    return _render_millisecond(int(epoch_seconds * 1000))


@lru_cache(maxsize=64)
def _render_millisecond(milliseconds: int) -> str:
    """Render a moment, in which many operations may end, once for all their lines."""
    second = _render_second(milliseconds // 1000)
    return f"{second}.{milliseconds % 1000:03d}+00:00"


@lru_cache(maxsize=8)
def _render_second(second: int) -> str:
    """Render a second once for all its lines."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


class _JsonLines(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line or lines, without the last one's end."""
        batch = getattr(record, _BATCH, None)
        if batch is not None:
            return "\n".join(_render_lines(record.name, batch))
        line: dict[str, Any] = {
            "time": _render_time(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, _FIELDS, {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return _ENCODER.encode(line).decode()


class _TextLines(logging.Formatter):
    """One readable line per line of JSON."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Give the line or lines, with their fields behind the message."""
        batch = getattr(record, _BATCH, None)
        if batch is not None:
            return "\n".join(self._format_operation(record.name, each) for each in batch)
        fields = getattr(record, _FIELDS, {})
        return super().format(record) + _render_fields(fields)

    def _format_operation(self, logger: str, record: OperationRecord) -> str:
        fields = msgspec.structs.asdict(_build_line(logger, record))
        head = {name: fields.pop(name) for name in ("time", "level", "logger", "event")}
        clock = time.strftime("%H:%M:%S", self.converter(record.ended))
        level = head["level"].upper()
        return f"{clock} {level:<7} {logger}: {head['event']}" + _render_fields(fields)


def _render_fields(fields: Mapping[str, Any]) -> str:
    shown = " ".join(f"{name}={value}" for name, value in fields.items() if value)
    return f" {shown}" if shown else ""
