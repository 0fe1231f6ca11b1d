"""The conformance kit on the counter, over its own recorded store."""

from __future__ import annotations

from adapters.check.testing import conformance_test
from adapters.dukcapil.adapter import adapter as dukcapil
from adapters.loket.adapter import adapter
from adapters.registry import find_recording
from adapters.wilayah.adapter import adapter as wilayah

test_conformance = conformance_test(adapter, find_recording("loket"), (dukcapil, wilayah))
