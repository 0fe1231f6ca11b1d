"""The code by which anybody may verify a letter: 128 random bits, as text that is read aloud.

Twenty-six letters and digits of Crockford's base 32, in groups of four or five. It is drawn, not
derived: it tells nothing of the letter, and cannot be guessed from another.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

__all__ = ["CODE_BYTES", "draw_code", "read_code"]

CODE_BYTES = 16
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def draw_code(draw: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Draw a code; ``draw`` gives that many random bytes."""
    number = int.from_bytes(draw(CODE_BYTES), "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def read_code(text: str) -> str | None:
    """Read a code as people type it (case, blanks, dashes, O for 0); None if it can be none."""
    code = text.upper().translate(_MISREAD)
    if len(code) != _LENGTH or code[0] not in "01234567" or any(c not in _ALPHABET for c in code):
        return None
    return code
