"""Every check of the conformance kit on the recorded business registry."""

from __future__ import annotations

from adapters.check.testing import conformance_test
from adapters.dpmptsp.adapter import adapter as dpmptsp
from adapters.dukcapil.adapter import adapter as dukcapil
from adapters.oss.adapter import adapter
from adapters.registry import find_recording
from adapters.wilayah.adapter import adapter as wilayah

test_conformance = conformance_test(adapter, find_recording("oss"), (dukcapil, wilayah, dpmptsp))
