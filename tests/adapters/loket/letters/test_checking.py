"""A file is read once: what was found genuine is known by its hash, and nothing else is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.loket.letters.checking import DocumentChecks
from adapters.loket.letters.render import render_letter
from demo.bsre.authority import Authority
from demo.bsre.signers import Signer
from demo.bsre.signing import sign
from tests.adapters.loket.letters.letters import make_content

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
LURAH = Signer("3171990101709001", "LURAH Uji", "frasa-1", "ISSUE")


@pytest.fixture(scope="module")
def authority() -> Authority:
    """An authority that the loket trusts."""
    return Authority()


@pytest.fixture(scope="module")
def signed(authority: Authority) -> bytes:
    """A letter that the lurah signed."""
    return sign(authority.enrol(LURAH), render_letter(make_content("SKTM")), "Uji") or b""


@pytest.fixture
def roots(authority: Authority, tmp_path: Path) -> Path:
    """The file of trusted certificates."""
    path = tmp_path / "roots.pem"
    path.write_bytes(authority.root_pem())
    return path


async def test_a_genuine_file_is_read_once(signed: bytes, roots: Path) -> None:
    """By one after the other, and by several at once."""
    checks = DocumentChecks()
    found = await asyncio.gather(*(checks.check(signed, roots, at=NOW) for _ in range(3)))
    found.append(await checks.check(bytes(signed), roots, at=NOW + timedelta(days=1)))
    assert (checks.made, {check.genuine for check in found}) == (1, {True})


async def test_a_changed_file_is_read_and_found(signed: bytes, roots: Path) -> None:
    """Each time anew: what is not genuine is not remembered."""
    checks = DocumentChecks()
    await checks.check(signed, roots, at=NOW)
    changed = signed.replace(b"%PDF-1.7", b"%PDF-1.6", 1)
    assert changed != signed
    for made in (2, 3):
        assert not (await checks.check(changed, roots, at=NOW)).genuine
        assert checks.made == made


async def test_other_roots_make_it_another_question(signed: bytes, roots: Path) -> None:
    """A root that is no longer trusted vouches for no letter, remembered or not."""
    checks = DocumentChecks()
    assert (await checks.check(signed, roots, at=NOW)).genuine
    roots.write_bytes(Authority().root_pem())
    assert not (await checks.check(signed, roots, at=NOW)).genuine


async def test_what_is_remembered_ends_with_its_certificates(signed: bytes, roots: Path) -> None:
    """The instant counts, as it does for who reads the file."""
    checks = DocumentChecks()
    check = await checks.check(signed, roots, at=NOW)
    assert check.until is not None
    assert (await checks.check(signed, roots, at=check.until)).genuine
    late = await checks.check(signed, roots, at=check.until + timedelta(minutes=1))
    assert (late.genuine, checks.made) == (False, 2)
