"""Every check of the conformance kit on the declared examples that have a recording."""

from __future__ import annotations

from adapters.check.testing import conformance_test
from adapters.dukcapil.adapter import adapter as dukcapil
from adapters.registry import find_recording, load_adapter
from adapters.wilayah.adapter import adapter as wilayah
from tests.testkit.declared import EXAMPLES

_POSYANDU, _BANSOS = str(EXAMPLES / "posyandu.yaml"), str(EXAMPLES / "bansos.yaml")
_NEIGHBOURS = (wilayah, dukcapil)

test_table = conformance_test(load_adapter(_POSYANDU), find_recording(_POSYANDU), _NEIGHBOURS)
test_file = conformance_test(load_adapter(_BANSOS), find_recording(_BANSOS), _NEIGHBOURS)
