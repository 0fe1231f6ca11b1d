"""One recorded question and answer of an HTTP source.

In: JSON of a recording. Out: ``Exchange``. A question is told apart by method, target and body;
a JSON body is compared as a value, so that the order of its keys does not matter.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict

__all__ = ["Exchange", "comparable_body"]


class Exchange(BaseModel):
    """A question and its answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: str
    target: str  # path and query, as they stood in the request
    body: Any = None  # decoded JSON, or text
    status: int = 200
    answer: Any = None  # JSON, written anew for each answer; of another media type its text
    media_type: str = "application/json"

    @property
    def content(self) -> bytes:
        """The answer's body."""
        if isinstance(self.answer, str) and self.media_type != "application/json":
            return self.answer.encode()
        return json.dumps(self.answer).encode()


def comparable_body(body: bytes) -> Any:
    """Decode a request's body: JSON where it is, else text; None if there is none."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
