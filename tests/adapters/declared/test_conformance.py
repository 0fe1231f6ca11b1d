"""Every check of the conformance kit on the declared examples: one or more per kind of source."""

from __future__ import annotations

from typing import Any

from adapters.check.testing import conformance_test
from adapters.dukcapil.adapter import adapter as dukcapil
from adapters.registry import find_recording, kind_names, load_adapter
from adapters.wilayah.adapter import adapter as wilayah
from adapters.yaml_document import load_document
from tests.testkit.declared import EXAMPLES

_NEIGHBOURS = (wilayah, dukcapil)


def _test(name: str) -> Any:
    """Make a test of one example, from its recording."""
    path = str(EXAMPLES / f"{name}.yaml")
    return conformance_test(load_adapter(path), find_recording(path), _NEIGHBOURS)


test_sql = _test("posyandu")
test_files = _test("bansos")
test_sftp = _test("pensiun")
test_http = _test("imunisasi")
test_soap = _test("pajak")


def test_every_kind_of_source_has_an_example() -> None:
    """Whoever has such a source finds a file to begin with, and can check it without a server."""
    recorded = {path.name for path in (EXAMPLES / "recorded").iterdir()}
    examples = {
        path.stem: load_document(path).root["source"]["kind"] for path in EXAMPLES.glob("*.yaml")
    }
    assert set(examples) == recorded
    assert set(examples.values()) == set(kind_names())
