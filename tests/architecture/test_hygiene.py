"""What no file of the repository may hold."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.testkit.imports import ROOT

# Split, so that this file does not find itself.
REGISTRIES = ("pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "crates" + ".io")
SECRETS = (re.compile(r"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----\n[A-Za-z0-9+/]{20}"),)


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace") if path.is_file() else ""


@pytest.mark.parametrize("address", REGISTRIES)
def test_no_file_names_a_package_registry(address: str) -> None:
    """Lock files and scripts hold no address of a registry."""
    assert [str(path) for path in _tracked() if address in _text(path)] == []


def test_no_file_names_a_path_of_this_machine() -> None:
    """Nothing depends on where the repository lies."""
    here = str(ROOT) + "/"
    assert [str(path) for path in _tracked() if here in _text(path)] == []


def test_no_file_holds_a_private_key() -> None:
    """Keys are made when they are needed."""
    found = [str(path) for path in _tracked() for pattern in SECRETS if pattern.search(_text(path))]
    assert found == []
