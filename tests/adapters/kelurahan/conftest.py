"""The five registers of the test world, as the example settings describe them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import adapters.kelurahan
from adapters.kelurahan.adapter import adapter
from adapters.kit.runtime import LocalExecutor
from tests.testkit.legacy import find_world, open_truth

EXAMPLE = Path(adapters.kelurahan.__file__).parent / "registers.yaml"


def example_settings(registers: Path) -> dict[str, Any]:
    """Read the example settings for the registers in this folder."""
    text = EXAMPLE.read_text("utf-8").replace("${SIMPUL_FLEET_REGISTERS}", str(registers))
    settings: dict[str, Any] = YAML(typ="safe").load(text)
    return settings


@pytest.fixture(scope="session")
def truth() -> sqlite3.Connection:
    """The ground truth that the registers were written from."""
    return open_truth()


@pytest.fixture
def registers(tmp_path: Path) -> Path:
    """A copy of the registers that a test may break."""
    return Path(shutil.copytree(find_world() / "registers", tmp_path / "registers"))


@pytest.fixture
async def executor() -> AsyncIterator[LocalExecutor]:
    """The adapter over all five registers."""
    opened = await adapter.open(example_settings(find_world() / "registers"))
    yield opened
    await opened.aclose()
