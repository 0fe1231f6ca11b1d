"""``simpul adapter new`` and ``schema``: what is printed, written and refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.cli.adapter_new import new_adapter, print_schema
from gateway.cli.main import app
from gateway.cli.output import Failure


def test_a_draft_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The verb reads two words after --from; an existing file is never overwritten."""
    (tmp_path / "a.csv").write_text("KODE;NAMA\n1;x\n2;y\n", encoding="utf-8")
    output = tmp_path / "a.yaml"
    words = ["adapter", "new", "--from", "csv", str(tmp_path / "a.csv"), "--output", str(output)]
    app(words, exit_on_error=False, result_action="return_value")
    text = output.read_text(encoding="utf-8")
    assert text.startswith("# Drafted from csv.\n")
    assert "kind: files" in text
    with pytest.raises(Failure, match="the file exists"):
        app(words, exit_on_error=False, result_action="return_value")


def test_what_is_not_mapped_goes_to_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The draft alone is on stdout."""
    (tmp_path / "a.csv").write_text("KODE;NAMA\n1;x\n1;x\n", encoding="utf-8")
    new_adapter(from_=("csv", str(tmp_path / "a.csv")))
    printed = capsys.readouterr()
    assert printed.out.startswith("# Drafted from csv.")
    assert 'not mapped: "a" has no key' in printed.err


def test_what_cannot_be_drafted_from_is_a_failure(tmp_path: Path) -> None:
    """The reason is told, without a traceback."""
    with pytest.raises(Failure, match="cannot be read"):
        new_adapter(from_=("csv", str(tmp_path / "no.csv")))


def test_schema_for_editors(capsys: pytest.CaptureFixture[str]) -> None:
    """One branch per kind tells what its source and its types' "from" may hold."""
    print_schema()
    schema = json.loads(capsys.readouterr().out)
    branches = {
        each["if"]["properties"]["source"]["properties"]["kind"]["const"]: each["then"]
        for each in schema["allOf"]
    }
    assert {"sql", "files"} <= branches.keys()
    place = branches["sql"]["properties"]["types"]["additionalProperties"]["properties"]["from"]
    assert [*place["properties"]] == ["table"]
    assert "url" in branches["sql"]["properties"]["source"]["properties"]
