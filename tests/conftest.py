"""What every test shares: the async backend, hypothesis profiles, and no silent skips in CI."""

import os
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.testkit.postgres import Postgres, running_postgres

pytest_plugins = ["tests.testkit.leak_watch", "tests.testkit.spread"]

settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "deep", parent=settings.get_profile("ci"), derandomize=False, max_examples=2000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, the loop that the product runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One server for all tests of a process, each with a database of its own."""
    with running_postgres() as server:
        yield server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where everything is expected to run (SIMPUL_TEST_ALL=1)."""
    report = yield
    # An expected failure ran; strict, it fails the day it passes.
    is_skip = report.skipped and not hasattr(report, "wasxfail")
    if is_skip and os.environ.get("SIMPUL_TEST_ALL") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"SIMPUL_TEST_ALL=1 and the test was skipped: {reason}"
    return report
