"""Lines of fixed width, in any encoding.

In: a path, and how many characters each column has. Out: rows of text without the blanks around
it. There are no names in such a file, so the width of its lines is all that can be checked: a line
of another width is left out and counted, a short *last* line means that the file ends before its
end, and when most lines differ it is another file than the one that was told.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from pathlib import Path

from adapters.sources.files.model import Alarm, Content, FileFormat, refuse

__all__ = ["read_fixed_width"]

_END_OF_FILE = "\x1a"  # which programs for DOS put behind the last line


def read_fixed_width(path: Path, file_format: FileFormat) -> Content:
    """Read a file of fixed width; raises ``VersionRefused``."""
    text = path.read_bytes().decode(file_format.encoding, "replace")
    text = text.removeprefix("\ufeff").rstrip(_END_OF_FILE)
    if "\0" in text:
        refuse(Alarm.UNREADABLE, "the file holds zero bytes: it is no text or half written")
    if text and file_format.final_newline and text[-1] not in "\r\n":
        refuse(
            Alarm.TRUNCATED,
            "the last line has no end; if the file is always so, set final_newline to false",
        )
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    width = sum(file_format.widths)
    if lines and len(lines[-1]) < width <= len(lines[0]):
        refuse(Alarm.TRUNCATED, "the last line is short")
    whole = [line for line in lines if len(line) == width]
    if len(whole) * 2 < len(lines) or not lines:
        refuse(Alarm.WRONG_HEADER, f"most lines are not {width} characters wide")
    places = [*pairwise(accumulate(file_format.widths, initial=0))]
    rows = [[line[start:end].strip() for start, end in places] for line in whole]
    return Content(file_format.header, rows, skipped=len(lines) - len(whole))
