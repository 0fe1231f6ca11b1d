"""Every check of the conformance kit on three recorded people."""

from __future__ import annotations

from adapters.check.testing import conformance_test
from adapters.dukcapil.adapter import adapter as dukcapil
from adapters.registry import find_recording
from adapters.siak.adapter import adapter
from adapters.wilayah.adapter import adapter as wilayah

test_conformance = conformance_test(adapter, find_recording("siak"), (dukcapil, wilayah))
