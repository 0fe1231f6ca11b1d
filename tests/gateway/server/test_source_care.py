"""Every care for a source is a setting of its adapter, and is seen on both ways to look at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.contract import CallContext, Priority
from adapters.errors import QuotaExhausted
from adapters.kit.adapter import GuardOptions, Opening
from adapters.registry import load_adapter
from adapters.resilience.guard import SourceGuard
from gateway.cli.adapter_status import render_status
from gateway.server.metrics import Metrics

pytestmark = pytest.mark.anyio

GIVEN: dict[str, Any] = {
    "timeout_seconds": 11.0,
    "parallel": 1,
    "queue": 13,
    "priority_by_purpose": {"ALOKASI_ANGGARAN": "REPORT"},
    "retries": 0,
    "retry_base_seconds": 0.2,
    "retry_cap_seconds": 3.0,
    "retry_budget": 0.3,
    "retry_reserve": 4.0,
    "breaker_requests": 2,
    "breaker_failures": 0.75,
    "breaker_window_seconds": 50.0,
    "breaker_buckets": 7,
    "breaker_open_seconds": 31.0,
    "breaker_probes": 6,
    "breaker_successes": 5,
    "failure_codes": ["KUOTA_HABIS"],
    "quota_per_day": 40,
    "quota_reserve": 8,
    "quota_by_purpose": {"ALOKASI_ANGGARAN": 9},
    "quota_key": "kunci-bersama",
    "opening_hours": ["Mon-Fri 07:00-20:00"],
    "maintenance": ["02:00-04:00"],
}
"""Every option, with another value than its default."""

WEDNESDAY_NOON = datetime(2026, 7, 1, 5, 0, tzinfo=UTC)  # 12:00 in Jakarta
REPORT = CallContext(purpose="ALOKASI_ANGGARAN", priority=Priority.COUNTER)


async def _status(guard: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Open an agency's adapter with these settings of its guard; tell how its source stands."""
    opening = Opening("pbb", clock=lambda: WEDNESDAY_NOON)
    settings = {"url": "http://127.0.0.1:9", "username": "u", "password": "p", "guard": guard}
    executor = await load_adapter("pbb").open(settings, opening)
    await executor.aclose()
    return {name: tell() for name, tell in opening.observed.items()}


def _metrics(status: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return Metrics(lambda: status).render().decode().splitlines()


def test_every_option_is_walked() -> None:
    """None is left out here, and none has its default's value."""
    assert [*GIVEN] == [*GuardOptions.model_fields]


@pytest.mark.parametrize("option", GIVEN)
async def test_an_option_is_seen_on_both_ways(option: str) -> None:
    """As it was given: in the status' text, and as a number or a word of /metrics."""
    status = await _status(GIVEN)
    line = next(line for line in render_status(status).splitlines() if "care: " in line)
    for setting, value in _parts(option, GIVEN[option]):
        metric = f'simpul_source_limit{{setting="{setting}",source="pbb"}} {value}'
        if isinstance(value, str):
            metric = f'setting="{setting}",source="pbb",value="{value}"}} 1.0'
        assert any(metric in each for each in _metrics(status))
        assert f"{setting.rpartition('.')[2]}=" in line
        assert str(value).removesuffix(".0") in line


@pytest.mark.parametrize("option", GIVEN)
async def test_what_is_on_by_default_is_seen_too(option: str) -> None:
    """Whoever sets nothing sees what holds; quotas and hours are for the agency to tell."""
    status = await _status({})
    care = status["pbb"]["care"]
    unset = "priority_by_purpose", "quota_per_day", "quota_by_purpose", "quota_key"
    if option in (*unset, "opening_hours", "maintenance"):
        assert option not in care
    else:
        assert care[option] != GIVEN[option]
        assert any(f'setting="{option}",source="pbb"' in line for line in _metrics(status))


async def test_each_care_shows_when_it_acts() -> None:
    """Units used, of the day and of a purpose; closed hours; a breaker that opened."""
    moment = [WEDNESDAY_NOON]
    opening = Opening("a", clock=lambda: moment[0])
    guard = opening.new_guard("a", GuardOptions.model_validate(GIVEN))

    async def told_off(_: float | None) -> None:
        raise QuotaExhausted("no more today")

    assert _shown(guard, "breaker_open") == _shown(guard, "closed") == 0.0
    await guard.run(told_off, REPORT)
    assert _shown(guard, "quota_used", 'purpose="",') == 1.0
    assert _shown(guard, "quota_used", 'purpose="ALOKASI_ANGGARAN",') == 1.0
    await guard.run(told_off, REPORT)  # "failure_codes" has it that this counts
    assert _shown(guard, "breaker_open") == 1.0
    assert "breaker_open: True" in render_status({"a": guard.status()})
    moment[0] = WEDNESDAY_NOON.replace(hour=14)  # 21:00 in Jakarta
    assert _shown(guard, "closed") == 1.0


def _shown(guard: SourceGuard, name: str, labels: str = "") -> float:
    start = f'simpul_source_{name}{{{labels}source="a"}} '
    (line,) = [line for line in _metrics({"a": guard.status()}) if line.startswith(start)]
    return float(line.removeprefix(start))


def _parts(option: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{option}.{name}", _float(item)) for name, item in value.items()]
    return [(option, _float(item)) for item in (value if isinstance(value, list) else [value])]


def _float(value: Any) -> Any:
    return value if isinstance(value, str) else float(value)
