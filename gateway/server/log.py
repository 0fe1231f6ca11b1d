"""Log lines on stderr: one JSON object, or one readable line, per event.

In: telemetry records and the standard library's log records. Out: lines. A line about a request
holds ids, codes, counts and times; never text, variables, names or addresses of a request.

The standard library's logging, because the common structured loggers import a terminal library
at start, which a server does not need.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

import msgspec

from gateway.telemetry import OperationRecord, ReloadRecord

__all__ = ["LogFormat", "OperationLog", "configure_logging"]

LogFormat = Literal["json", "text"]

_FIELDS = "simpul"  # the attribute of a log record that holds its structured fields


def configure_logging(
    log_format: LogFormat = "json", *, level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """Send all log records to one stream, in one form."""
    output = logging.StreamHandler(stream or sys.stderr)
    output.setFormatter(_JsonLines() if log_format == "json" else _TextLines())
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = True  # its lines hold query strings


class OperationLog:
    """A telemetry sink that writes one line per operation and per reload."""

    def __init__(self) -> None:
        self._log = logging.getLogger("simpul.operation")

    def operation_finished(self, record: OperationRecord) -> None:
        """Write one operation; a warning where it is our fault."""
        level = logging.WARNING if record.status >= 500 else logging.INFO
        if not self._log.isEnabledFor(level):
            return
        fields = {
            "operation_id": record.operation_id,
            "document": record.document_hash,
            "kind": record.kind,
            "caller": record.caller,
            "purpose": record.purpose,
            "status": record.status,
            "codes": record.codes,
            "ms": round(record.seconds * 1000, 1),
            "sources": {
                use.source: {
                    "status": use.status,
                    "calls": use.calls,
                    "ms": round(use.seconds * 1000, 1),
                }
                for use in record.sources
            },
        }
        # Not ``log``: that walks the stack for the place of the call, at half the line's cost.
        line = self._log.makeRecord(
            self._log.name, level, __file__, 0, "operation", (), None, extra={_FIELDS: fields}
        )
        self._log.handle(line)

    def schema_reloaded(self, record: ReloadRecord) -> None:
        """Write one reload."""
        fields = {"snapshot": record.snapshot_hash, "ms": round(record.seconds * 1000, 1)}
        if record.problem:
            self._log.error("schema not reloaded: %s", record.problem, extra={_FIELDS: fields})
        else:
            self._log.info("schema reloaded", extra={_FIELDS: fields})


class _JsonLines(logging.Formatter):
    """One JSON object per record."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, _FIELDS, {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


class _TextLines(logging.Formatter):
    """One readable line per record."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, with its fields behind the message."""
        fields = getattr(record, _FIELDS, {})
        shown = " ".join(f"{name}={value}" for name, value in fields.items() if value)
        return super().format(record) + (f" {shown}" if shown else "")
