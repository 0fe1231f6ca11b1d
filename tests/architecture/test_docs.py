"""What the documents promise: every setting, error code and command is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from cyclopts import App

import gateway.errors
from adapters.check.catalog import CHECKS
from adapters.errors import SourceCode
from adapters.kit.adapter import GuardOptions
from adapters.loket.refusal import CALENDAR_MISSING
from gateway.cli.main import app
from gateway.config.document import list_settings
from gateway.server.refusal import CODES as EDGE_CODES
from schema.errors import COMPOSITION_CODES, HINT_CODES
from tests.testkit.imports import ROOT

DOCS = ROOT / "docs"


def _table_rows(name: str) -> list[list[str]]:
    lines = (DOCS / name).read_text(encoding="utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| `")
    ]


def test_every_setting_is_documented_as_it_is() -> None:
    """docs/configuration.md lists every setting with its default and meaning, and no other."""
    documented = [
        row for row in _table_rows("configuration.md") if len(row) == 3 and "Simpul-" not in row[0]
    ]
    expected = [
        [
            f"`{setting.path}`",
            f"`{setting.default}`" if setting.default else "required",
            setting.description,
        ]
        for setting in list_settings()
    ]
    assert documented == expected


def _request_codes() -> set[str]:
    return {
        cls.code
        for cls in vars(gateway.errors).values()
        if isinstance(cls, type) and issubclass(cls, gateway.errors.GatewayError)
    }


@pytest.mark.parametrize(
    "codes",
    [
        _request_codes(),
        set(EDGE_CODES.values()),
        set(SourceCode),
        set(COMPOSITION_CODES),
        set(HINT_CODES),
        {CALENDAR_MISSING},
    ],
    ids=["request", "edge", "source", "composition", "hint", "loket"],
)
def test_every_code_is_documented(codes: set[str]) -> None:
    """docs/errors.md has a row for every code."""
    documented = {row[0].strip("`") for row in _table_rows("errors.md")}
    assert {str(code) for code in codes} - documented == set()


def test_no_code_is_documented_that_does_not_exist() -> None:
    """docs/errors.md promises no code that nothing gives."""
    known = (
        _request_codes()
        | set(EDGE_CODES.values())
        | set(SourceCode)
        | set(COMPOSITION_CODES)
        | set(HINT_CODES)
        | {CALENDAR_MISSING}
    )
    documented = {row[0].strip("`") for row in _table_rows("errors.md")}
    assert documented - known == set()


def test_every_option_of_a_guard_is_documented() -> None:
    """docs/sources.md lists them, in the order of the model."""
    documented = [row[0].strip("`") for row in _table_rows("sources.md") if len(row) == 3]
    assert documented == [*GuardOptions.model_fields]


def test_every_check_of_adapters_is_documented_as_it_is() -> None:
    """docs/adapter-check.md lists every check with its claim and reason, in order, and no other."""
    rows = [row for row in _table_rows("adapter-check.md") if row[0].strip("`").isupper()]
    assert rows == [[f"`{check.code}`", check.title, check.why] for check in CHECKS]


def _verbs(group: App, prefix: str) -> Iterator[str]:
    for name in group:
        if name.startswith("-"):
            continue
        nested = group[name]
        inner = list(_verbs(nested, f"{prefix}{name} "))
        yield from inner or [f"{prefix}{name}"]


def test_every_command_is_documented() -> None:
    """docs/cli.md lists exactly the commands that exist."""
    documented = {row[0].strip("`").removeprefix("simpul ") for row in _table_rows("cli.md")}
    assert documented == set(_verbs(app, ""))


def test_links_between_documents_hold() -> None:
    """No relative link of README or docs leads nowhere."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in (ROOT / "README.md", *DOCS.rglob("*.md"))
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_without_gaps() -> None:
    """Decision records count up from 0001."""
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("*.md"))
    assert numbers[0] == 1
    assert all(after == before + 1 for before, after in pairwise(numbers))
