"""Sends the registry's pushes to a region's inbox, as the registry does: signed, in no order, and
some of them twice.

In: the store of pushes, an inbox's URL. Out: what became of each: accepted, known, refused. One
connection, one push after another; what gets no answer, or 503, is sent again a few times.
"""

import hashlib
import hmac
import http.client
import json
import sqlite3
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["KEY", "Pusher"]

KEY = "rahasia-oss-dki"
"""The key of its signatures; it guards nothing but loopback."""

_TRIES = 5
_EVERY_TWICE = 10  # each tenth push is sent again at once


@dataclass(slots=True)
class Pusher:
    """One run through all pushes at a time."""

    store: Path
    accepted: int = 0  # stored by the receiver
    known: int = 0  # acknowledged as a repetition
    refused: int = 0
    total: int = 0
    problem: str = ""  # of the last push that was not acknowledged
    _running: threading.Thread | None = field(default=None)

    def start(self, inbox: str) -> None:
        """Push everything to ``inbox`` in a thread, unless a run is under way."""
        if self._running is not None and self._running.is_alive():
            return
        self.accepted = self.known = self.refused = 0
        self._running = threading.Thread(target=self._run, args=(inbox,), daemon=True)
        self._running.start()

    @property
    def is_running(self) -> bool:
        """Tell whether a run is under way."""
        return self._running is not None and self._running.is_alive()

    def as_json(self) -> dict[str, object]:
        """Write the counts as the control route answers them."""
        return {
            "pushing": self.is_running,
            "pushes": self.total,
            "accepted": self.accepted,
            "known": self.known,
            "refused": self.refused,
            "problem": self.problem,
        }

    def _run(self, inbox: str) -> None:
        bodies = _read_bodies(self.store)
        self.total = len(bodies)
        parts = urlsplit(inbox)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        for number, body in enumerate(bodies):
            for _ in range(2 if number % _EVERY_TWICE == 0 else 1):
                self._push(connection, parts.path, body)
        connection.close()

    def _push(self, connection: http.client.HTTPConnection, path: str, body: bytes) -> None:
        for _ in range(_TRIES):
            try:
                connection.request("POST", path, body, _sign(body))
                answer = connection.getresponse()
                told = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.problem = type(error).__name__
                connection.close()
                continue
            if answer.status == 200:
                self._count(told)
                return
            self.problem = f"status {answer.status}"
            if answer.status != 503:
                break
        self.refused += 1

    def _count(self, told: bytes) -> None:
        if json.loads(told).get("new"):
            self.accepted += 1
        else:
            self.known += 1


def _read_bodies(store: Path) -> list[bytes]:
    rows = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        return [
            body.encode() for (body,) in rows.execute("SELECT body FROM pushes ORDER BY number")
        ]
    finally:
        rows.close()


def _sign(body: bytes) -> dict[str, str]:
    signature = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    return {"content-type": "application/json", "x-signature": f"sha256={signature}"}
