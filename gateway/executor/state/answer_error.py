"""One entry of the answer's ``errors``, before it is rendered; and the texts that clients see.

In: made where a subgraph's error arrives and where the answer is completed. Out: the response's
JSON. An upstream's own text is shown only by configuration; else a fixed text per code names the
subgraph, so that no value of a record can leak through a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.contract import Path
from adapters.errors import SourceCode

__all__ = ["INTERNAL_CODE", "LIMIT_CODE", "AnswerError", "fixed_message"]

INTERNAL_CODE = "INTERNAL_SERVER_ERROR"
LIMIT_CODE = "OPERATION_TOO_LARGE"

_MESSAGES: dict[str, str] = {
    SourceCode.SUMBER_TIDAK_TERSEDIA: 'Subgraph "{}" is not available; try again later.',
    SourceCode.KUOTA_HABIS: 'The quota of subgraph "{}" is used up; try again tomorrow.',
    SourceCode.TIDAK_ADA_HAK: 'Subgraph "{}" refused access to this value.',
    SourceCode.TIDAK_DITEMUKAN: 'Subgraph "{}" has no such record.',
    SourceCode.DATA_RUSAK: 'Subgraph "{}" answered with data that cannot be read.',
    SourceCode.BATAS_WAKTU: 'Subgraph "{}" did not answer in time; try again later.',
    INTERNAL_CODE: 'Subgraph "{}" failed inside; name the error id when you report it.',
    LIMIT_CODE: 'Subgraph "{}" was not asked: the operation needs too many fetches; ask for less.',
}


@dataclass(frozen=True, slots=True)
class AnswerError:
    """What the client is told about one place of the answer."""

    message: str
    code: str
    path: Path | None = None  # in the client's answer; None: no single place
    subgraph: str | None = None
    source: str | None = None  # the source inside the subgraph, if it is not the subgraph itself

    def render(self, error_id: str) -> dict[str, Any]:
        """Give the entry as the response holds it."""
        entry: dict[str, Any] = {"message": self.message}
        if self.path is not None:
            entry["path"] = list(self.path)
        extensions = {"code": self.code}
        if self.subgraph is not None:
            extensions["subgraph"] = self.subgraph
        if self.source is not None:
            extensions["source"] = self.source
        if error_id:
            extensions["errorId"] = error_id
        entry["extensions"] = extensions
        return entry


def fixed_message(code: str, subgraph: str) -> str:
    """Give the text that is shown in place of an upstream's own."""
    template = _MESSAGES.get(code)
    if template is None:
        return f'Subgraph "{subgraph}" reported an error with code "{code}".'
    return template.format(subgraph)
