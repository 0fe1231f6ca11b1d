"""A secret key in a file: read, or made where there is none.

In: a path. Out: at least 32 bytes. The file is written whole or not at all, readable by its owner
only; several processes that start together end with the same key.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ["KEY_BYTES", "KeyUnreadable", "load_key"]

KEY_BYTES = 32


class KeyUnreadable(Exception):
    """The file cannot be used as a key; the text says why, and holds nothing of it."""


def load_key(path: Path) -> bytes:
    """Give the key in ``path``, made at random where there is no file; raises ``KeyUnreadable``."""
    try:
        if not path.exists():
            _make(path)
        text = path.read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
    except (OSError, ValueError) as error:
        kind = type(error).__name__
        raise KeyUnreadable(f'the key file "{path}" cannot be used: {kind}') from None
    if len(key) < KEY_BYTES:
        raise KeyUnreadable(f'the key file "{path}" holds fewer than {KEY_BYTES} bytes')
    return key


def _make(path: Path) -> None:
    """Link a finished file into place: whoever comes second keeps the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
