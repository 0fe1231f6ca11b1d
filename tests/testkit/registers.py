"""The five registers of the test world, as the example settings describe them.

In: the folder of the registers. Out: settings for the adapter ``kelurahan``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import adapters.kelurahan

__all__ = ["EXAMPLE", "example_settings"]

EXAMPLE = Path(adapters.kelurahan.__file__).parent / "registers.yaml"


def example_settings(registers: Path) -> dict[str, Any]:
    """Read the example settings for the registers in this folder."""
    text = EXAMPLE.read_text("utf-8").replace("${SIMPUL_FLEET_REGISTERS}", str(registers))
    settings: dict[str, Any] = YAML(typ="safe").load(text)
    return settings
