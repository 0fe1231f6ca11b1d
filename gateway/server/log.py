"""Log lines on stderr: one JSON object, or one readable line, per event.

In: telemetry records and the standard library's log records. Out: lines. A line about a request
holds ids, codes, counts and times; never text, variables, names or addresses of a request.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, Literal, TextIO

import structlog

from gateway.telemetry import OperationRecord, ReloadRecord

__all__ = ["LogFormat", "OperationLog", "configure_logging"]

LogFormat = Literal["json", "text"]


def configure_logging(
    log_format: LogFormat = "json", *, level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """Send the standard library's records through structlog to one stream."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    output = logging.StreamHandler(stream or sys.stderr)
    output.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # its lines hold query strings


class OperationLog:
    """A telemetry sink that writes one line per operation and per reload."""

    def __init__(self) -> None:
        self._log = logging.getLogger("simpul.operation")

    def operation_finished(self, record: OperationRecord) -> None:
        """Write one operation; warnings where it had errors of ours or of a source."""
        level = logging.WARNING if record.status >= 500 else logging.INFO
        if not self._log.isEnabledFor(level):
            return
        self._log.log(
            level,
            "operation",
            extra={
                "operation_id": record.operation_id,
                "document": record.document_hash,
                "kind": record.kind,
                "caller": record.caller,
                "purpose": record.purpose,
                "status": record.status,
                "codes": list(record.codes),
                "ms": round(record.seconds * 1000, 1),
                "sources": {
                    use.source: {
                        "status": use.status,
                        "calls": use.calls,
                        "ms": round(use.seconds * 1000, 1),
                    }
                    for use in record.sources
                },
            },
        )

    def schema_reloaded(self, record: ReloadRecord) -> None:
        """Write one reload."""
        extra = {"snapshot": record.snapshot_hash, "ms": round(record.seconds * 1000, 1)}
        if record.problem:
            self._log.error("schema not reloaded: %s", record.problem, extra=extra)
        else:
            self._log.info("schema reloaded", extra=extra)
