"""Settings of adapters: all findings at once, and no value of any in an error."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.dukcapil.adapter import adapter as dukcapil
from adapters.kelurahan.adapter import adapter as kelurahan
from adapters.kit.adapter import AdapterSettingsError, GuardOptions
from tests.testkit.registers import example_settings

pytestmark = pytest.mark.anyio


async def test_all_findings_at_once_without_values() -> None:
    """Every missing, unknown and wrong setting is named with its place; no secret is shown."""
    with pytest.raises(AdapterSettingsError) as refusal:
        await dukcapil.open({"user_id": "u", "pasword": "s3cret", "guard": {"parallel": 0}})
    places = {".".join(map(str, place)) for place, _ in refusal.value.findings}
    assert places == {"url", "password", "pasword", "guard.parallel"}
    assert "s3cret" not in str(refusal.value)
    assert '"guard.parallel"' in str(refusal.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kelurahan": "31.71.02"}, "a kelurahan is named by its code"),
        ({"store": "ftp"}, "store"),
        ({"books": []}, "books"),
        (
            {"books": [{"table": "x; DROP", "columns": {"a": "nama"}}]},
            "is no name of a table or column",
        ),
        ({"books": [{"table": "x", "columns": {"a": "nama", "b": "nama"}}]}, "the same field"),
        ({"books": [{"table": "x", "columns": {"a": "umur"}}]}, "unknown fields: umur"),
    ],
)
async def test_registers_are_checked(tmp_path: Any, change: dict[str, Any], told: str) -> None:
    """A register that is described wrongly is refused when the adapter opens."""
    settings = example_settings(tmp_path)
    settings["registers"] = [{**settings["registers"][0], **change}]
    with pytest.raises(AdapterSettingsError, match=told):
        await kelurahan.open(settings)


async def test_register_given_twice_is_refused(tmp_path: Any) -> None:
    """One kelurahan has one register."""
    settings = example_settings(tmp_path)
    settings["registers"] *= 2
    with pytest.raises(AdapterSettingsError, match=r"given twice: 31\.71\.02\.1001"):
        await kelurahan.open(settings)


def test_guard_options_pass_on_only_what_is_given() -> None:
    """The guard's own defaults hold where the configuration is silent."""
    assert GuardOptions(parallel=3).given(parallel=8, retries=1) == {"parallel": 3, "retries": 1}


@pytest.mark.parametrize("name", ["quota_by_purpose", "priority_by_purpose"])
async def test_a_misspelt_purpose_is_refused(name: str) -> None:
    """Nobody asks for it: a share of the quota, or a class, would never take effect."""
    given = {"PELAYANAN": 1 if name.startswith("quota") else "REPORT"}
    settings = {"url": "http://127.0.0.1:1", "user_id": "u", "password": "p"}
    with pytest.raises(AdapterSettingsError, match=rf"guard\.{name}\.PELAYANAN.*PELAYANAN_PUBLIK"):
        await dukcapil.open({**settings, "guard": {name: given}})
