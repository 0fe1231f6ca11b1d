"""A YAML file that remembers where its elements stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.yaml_document import DocumentError, load_document

TEXT = "types:\n  Izin:\n    keys: [a, b]\n"


def write(folder: Path, text: str) -> Path:
    """Write a file."""
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ((), "1:1"),
        (("types", "Izin"), "2:3"),
        (("types", "Izin", "keys", 1), "3:15"),
        (("types", "Izin", "fields", "nomor"), "2:3"),
    ],
    ids=["root", "key", "item", "missing"],
)
def test_place(tmp_path: Path, location: tuple[str | int, ...], place: str) -> None:
    """An element is pointed at by line and column; a missing one at what should hold it."""
    document = load_document(write(tmp_path, TEXT))
    assert document.place(location) == f"{tmp_path / 'x.yaml'}:{place}"


def test_findings_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Whoever finds them, the reader mends them from top to bottom."""
    document = load_document(write(tmp_path, TEXT))
    error = document.refuse([(("types", "Izin", "keys"), "second"), (("types",), "first")])
    assert [line.rsplit(" ", 1)[1] for line in error.lines] == ["first", "second"]


@pytest.mark.parametrize(
    ("text", "told"),
    [("- a\n", "1:1: a mapping"), ("a: [\n", "not YAML"), (None, "no such file")],
    ids=["list", "broken", "absent"],
)
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str | None, told: str) -> None:
    """The error names the file and what is wrong with it."""
    path = tmp_path / "none.yaml" if text is None else write(tmp_path, text)
    with pytest.raises(DocumentError, match=told):
        load_document(path)
