"""Quotas by purpose, the counter's reserve, and closed hours: refused before the wire."""

from __future__ import annotations

from datetime import datetime

import pytest

from adapters.contract import CallContext, Priority
from adapters.errors import (
    BadRecord,
    QuotaExhausted,
    SourceCode,
    SourceError,
    SourceTimeout,
    SourceUnavailable,
)
from adapters.kit.adapter import AdapterSettingsError, GuardOptions, Opening
from adapters.resilience.guard import SourceGuard
from adapters.resilience.quota import Quota
from adapters.resilience.settings import GuardSettings
from cache.ledger import JAKARTA, MemoryLedger

pytestmark = pytest.mark.anyio

COUNTER = CallContext(priority=Priority.COUNTER, purpose="PELAYANAN_PUBLIK")
CITIZEN = CallContext(priority=Priority.CITIZEN, purpose="PELAYANAN_PUBLIK")
REPORT = CallContext(priority=Priority.REPORT, purpose="ALOKASI_ANGGARAN")


async def _answer(_: float | None) -> str:
    return "answer"


async def ask(guard: SourceGuard, call: CallContext) -> SourceCode | None:
    """Make one call; give the code of its refusal."""
    answer = await guard.run(_answer, call)
    assert (answer.value is None) == (answer.calls == 0)
    return None if answer.error is None else answer.error.code


async def test_the_last_units_of_a_day_are_for_the_counter() -> None:
    """Others are refused while a citizen at the counter is still served."""
    settings = GuardSettings(quota_per_day=5, quota_reserve=2)
    guard = SourceGuard("dukcapil", settings, ledger=MemoryLedger())
    assert [await ask(guard, CITIZEN) for _ in range(4)] == [None, None, None, "KUOTA_HABIS"]
    assert await ask(guard, REPORT) == "KUOTA_HABIS"
    assert [await ask(guard, COUNTER) for _ in range(3)] == [None, None, "KUOTA_HABIS"]
    assert guard.status()["units"] == 5


async def test_a_refusal_says_whose_units_are_used_up() -> None:
    """The reserve, the purpose, or the whole."""
    settings = GuardSettings(
        quota_per_day=3, quota_reserve=1, quota_by_purpose={"ALOKASI_ANGGARAN": 1}
    )
    guard = SourceGuard("dukcapil", settings, ledger=MemoryLedger())
    assert await ask(guard, REPORT) is None
    for call, said in (
        (REPORT, 'quota for the purpose "ALOKASI_ANGGARAN" of 1 units'),
        (CITIZEN, ""),
        (CITIZEN, "quota that is not kept for the counter of 2 units"),
        (COUNTER, ""),
        (COUNTER, "quota of 3 units"),
    ):
        answer = await guard.run(_answer, call)
        assert said in str(answer.error or "")
        assert (answer.error is None) == (said == "")


async def test_a_purpose_without_a_quota_of_its_own_shares_the_whole() -> None:
    """And one that used up its own leaves the others theirs."""
    settings = GuardSettings(quota_per_day=4, quota_by_purpose={"ALOKASI_ANGGARAN": 1})
    guard = SourceGuard("dukcapil", settings, ledger=MemoryLedger())
    assert [await ask(guard, REPORT) for _ in range(2)] == [None, "KUOTA_HABIS"]
    assert [await ask(guard, CITIZEN) for _ in range(4)] == [None, None, None, "KUOTA_HABIS"]


async def test_outside_its_hours_a_source_is_not_asked_and_nothing_is_counted() -> None:
    """No unit, no failure: the breaker stays closed however many come too early."""
    moment = datetime(2026, 7, 1, 6, 0, tzinfo=JAKARTA)
    ledger = MemoryLedger()
    settings = GuardSettings(opening_hours=("Mon-Fri 07:00-20:00",), quota_per_day=9)
    guard = SourceGuard("dukcapil", settings, ledger=ledger, wall=lambda: moment.timestamp())
    for _ in range(30):
        answer = await guard.run(_answer, CITIZEN)
        assert answer.error is not None
        assert answer.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
        assert "until 2026-07-01T07:00+07:00" in str(answer.error)
    assert ledger.used("dukcapil") == 0
    moment = datetime(2026, 7, 1, 7, 0, tzinfo=JAKARTA)
    assert await ask(guard, CITIZEN) is None


WRONG = [
    ({"quota_reserve": 3}, "quota_reserve"),
    ({"quota_per_day": 2, "quota_reserve": 3}, "quota_reserve"),
    ({"quota_by_purpose": {"PELAYANAN_PUBLIK": 3}}, "quota_per_day"),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_settings_that_contradict_each_other_are_told(
    options: dict[str, object], message: str
) -> None:
    """As a mistake of the adapter's settings, before anything is asked."""
    with pytest.raises(AdapterSettingsError, match=message):
        Opening("dukcapil").new_guard("dukcapil", GuardOptions.model_validate(options))


def test_a_wrong_window_is_a_mistake_of_the_settings() -> None:
    """It is told with what is expected."""
    with pytest.raises(ValueError, match="is no window such as"):
        GuardOptions(opening_hours=("always",))


async def test_the_units_used_are_told_of_the_day_and_of_all_who_share_the_key() -> None:
    """Two sources of one credential draw on one quota; at midnight nothing is used yet."""
    now = [datetime(2026, 7, 1, 23, 0, tzinfo=JAKARTA).timestamp()]
    ledger = MemoryLedger(lambda: now[0])
    settings = GuardSettings(
        quota_per_day=5, quota_by_purpose={"ALOKASI_ANGGARAN": 2}, quota_key="kunci"
    )
    read, verify = (Quota(name, settings, ledger, lambda: now[0]) for name in ("baca", "uji"))
    assert read.tell_used() == {}
    await read.pay(2, CITIZEN)
    await verify.pay(1, REPORT)
    assert read.tell_used() == {"quota_used": 2}  # as of its own last payment
    assert verify.tell_used() == {
        "quota_used": 3,
        "quota_used_by_purpose": {"ALOKASI_ANGGARAN": 1},
    }
    with pytest.raises(QuotaExhausted):
        await read.pay(3, CITIZEN)
    now[0] += 3600
    assert read.tell_used() == verify.tell_used() == {}


async def test_a_purpose_may_have_a_class_of_its_own_at_a_source() -> None:
    """At best that one: the reserve of the counter is not for plans, whoever asks for them."""
    settings = GuardSettings(
        quota_per_day=3, quota_reserve=2, priority_by_purpose={"ALOKASI_ANGGARAN": "REPORT"}
    )
    guard = SourceGuard("dukcapil", settings, ledger=MemoryLedger())
    plans = CallContext(priority=Priority.COUNTER, purpose="ALOKASI_ANGGARAN")
    assert [await ask(guard, plans) for _ in range(2)] == [None, "KUOTA_HABIS"]
    assert await ask(guard, COUNTER) is None
    raised = settings.priority_of(CallContext(priority=Priority.REPORT, purpose="LAIN"))
    assert raised is Priority.REPORT


@pytest.mark.parametrize(
    ("codes", "error", "opens"),
    [
        (("BATAS_WAKTU",), SourceTimeout(), True),
        (("BATAS_WAKTU",), SourceUnavailable(), False),
        (("KUOTA_HABIS",), QuotaExhausted(), True),
        (GuardSettings().failure_codes, QuotaExhausted(), False),
        (GuardSettings().failure_codes, BadRecord(), True),
    ],
)
def test_what_counts_as_failure_is_a_setting(
    codes: tuple[str, ...], error: SourceError, opens: bool
) -> None:
    """By code; by default what the source does wrong, not what it refuses."""
    assert GuardSettings(failure_codes=codes).is_failure(error) is opens
