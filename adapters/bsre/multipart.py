"""A form with a file in it, as bytes (https://www.rfc-editor.org/rfc/rfc7578).

In: fields and one file. Out: body and media type. Built here, because a secret is among the fields
and no library's debug log may see it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

__all__ = ["build_form"]


def build_form(fields: Mapping[str, str], name: str, file: bytes) -> tuple[bytes, str]:
    """Give the body and its media type; ``name`` is the file's field. Field names are ours."""
    boundary = secrets.token_hex(16)  # of 128 random bits: it is in no file
    parts = [
        f'--{boundary}\r\ncontent-disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"; filename="{name}.pdf"\r\n'
        "content-type: application/pdf\r\n\r\n"
    )
    body = b"".join([*parts, head.encode(), file, f"\r\n--{boundary}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={boundary}"
