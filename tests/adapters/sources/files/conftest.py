"""Each format of a register in turn, and a place for the one writer that needs a file."""

from __future__ import annotations

import pytest

from tests.testkit.file_registers import KINDS, Kind


@pytest.fixture(autouse=True)
def dbf_path(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the DBF writer, which can only write files, a place outside the register's folder."""
    monkeypatch.setenv("SIMPUL_TEST_DBF", str(tmp_path_factory.mktemp("dbf") / "x.dbf"))


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Give each format in turn."""
    return KINDS[request.param]
