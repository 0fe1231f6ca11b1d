"""The console's files, read once and served from memory under a strict policy.

In: the folder of built files (``gateway/console/dist``). Out: an ASGI endpoint for ``/console``.
Only names that were in the folder at start can be asked for, so no path leads out of it. The page
may load from this server alone, and talk to nothing else. Files whose names carry a hash of their
content never change and are kept by browsers for a year; the page itself is asked for each time.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from gateway.server.asgi import Receive, Scope, Send
from gateway.server.negotiation import JSON
from gateway.server.refusal import Refusal
from gateway.server.reply import Headers, build_refused, send_reply

__all__ = ["CONSOLE_PATH", "Console", "load_console"]

CONSOLE_PATH = "/console"

_POLICY = b"; ".join(
    (
        b"default-src 'none'",
        b"script-src 'self'",
        b"style-src 'self' 'unsafe-inline'",
        b"img-src 'self' data:",
        b"font-src 'self' data:",
        b"connect-src 'self'",
        b"worker-src 'self' blob:",
        b"base-uri 'none'",
        b"form-action 'none'",
        b"frame-ancestors 'none'",
    )
)
# Style attributes are what the query editor positions its lines and menus with; scripts have no
# such exception. Its workers start from blobs.
_PAGE_HEADERS: Headers = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_HASHED_NAME = re.compile(r"[-.][0-9A-Za-z_-]{8,}\.[a-z0-9]+$")
_FOREVER = b"public, max-age=31536000, immutable"
_METHODS = ((b"allow", b"GET, HEAD"),)
# The system's own table of types differs from machine to machine.
_TYPES = mimetypes.MimeTypes()
_TYPES.add_type("text/javascript", ".js")
_TYPES.add_type("text/javascript", ".mjs")
_TYPES.add_type("font/woff2", ".woff2")
_TYPES.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    media_type: bytes
    tag: bytes  # the entity tag: a hash of the content
    cache_control: bytes


class Console:
    """The endpoint; the paths given to it begin with ``/console``."""

    def __init__(self, files: dict[str, _File]) -> None:
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one file; ``/console`` itself leads to the page, so that its links hold."""
        if scope["method"] not in ("GET", "HEAD"):
            refusal = Refusal(405, "this method is not allowed here; use GET", _METHODS)
            await send_reply(send, build_refused(refusal, JSON))
            return
        if scope["path"] == CONSOLE_PATH:
            await _send(send, 308, ((b"location", b"/console/"),), b"")
            return
        name = scope["path"].removeprefix(CONSOLE_PATH + "/") or "index.html"
        file = self._files.get(name)
        if file is None:
            refusal = Refusal(404, "the console has no such file")
            await send_reply(send, build_refused(refusal, JSON))
            return
        headers = (
            (b"content-type", file.media_type),
            (b"etag", file.tag),
            (b"cache-control", file.cache_control),
        )
        if _is_known(scope, file.tag):
            await _send(send, 304, headers, b"")
        else:
            await _send(send, 200, headers, file.body)


def load_console(folder: Path) -> Console:
    """Read the built files; raises ``FileNotFoundError`` if the page is not among them."""
    if not (folder / "index.html").is_file():
        raise FileNotFoundError(f'the console is not built: "{folder / "index.html"}" is missing')
    files = {
        path.relative_to(folder).as_posix(): _load_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    return Console(files)


def _load_file(path: Path) -> _File:
    body = path.read_bytes()
    media_type = _TYPES.guess_type(path.name)[0] or "application/octet-stream"
    if media_type.startswith("text/") or media_type.endswith("json"):
        media_type += "; charset=utf-8"
    is_hashed = _HASHED_NAME.search(path.name) is not None
    return _File(
        body=body,
        media_type=media_type.encode(),
        tag=b'"%b"' % hashlib.sha256(body).hexdigest()[:32].encode(),
        cache_control=_FOREVER if is_hashed else b"no-cache",
    )


def _is_known(scope: Scope, tag: bytes) -> bool:
    return any(name == b"if-none-match" and tag in value for name, value in scope["headers"])


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    length = () if status == 304 else ((b"content-length", b"%d" % len(body)),)
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*headers, *length, *_PAGE_HEADERS],
        }
    )
    await send({"type": "http.response.body", "body": body})
