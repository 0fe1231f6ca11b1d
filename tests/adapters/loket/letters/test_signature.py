"""Signed letters: genuine while untouched, and refused after any edit."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta

import pytest

from adapters.loket.letters.render import render_letter
from adapters.loket.letters.signature import check_signatures, read_roots
from demo.bsre.authority import Authority
from demo.bsre.signers import Signer
from demo.bsre.signing import sign
from tests.adapters.loket.letters.letters import make_content

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
LURAH = Signer("3171990101709001", "LURAH Uji", "frasa-1", "ISSUE")
CAMAT = Signer("3171990201709001", "CAMAT Uji", "frasa-2", "ISSUE")


@pytest.fixture(scope="module")
def authority() -> Authority:
    """An authority that the loket trusts."""
    return Authority()


@pytest.fixture
def signed(authority: Authority) -> bytes:
    """A letter that lurah and camat signed."""
    document = render_letter(make_content("AHLI-WARIS"))
    for official in (LURAH, CAMAT):
        document = sign(authority.enrol(official), document, "Mengetahui") or b""
    return document


async def test_two_signatures_in_order_are_genuine(signed: bytes, authority: Authority) -> None:
    """Signers come in the order of signing."""
    check = await check_signatures(signed, read_roots(authority.root_pem()), at=NOW)
    assert (check.genuine, check.why) == (True, "")
    assert check.signers == ("LURAH Uji", "CAMAT Uji")


async def test_an_unsigned_letter_is_not_genuine(authority: Authority) -> None:
    """A file without a signature proves nothing."""
    document = render_letter(make_content("SKTM"))
    check = await check_signatures(document, read_roots(authority.root_pem()), at=NOW)
    assert (check.genuine, check.why) == (False, "the file bears no signature")


async def test_what_is_no_pdf_is_not_genuine(authority: Authority) -> None:
    """Anything may be sent to be verified."""
    check = await check_signatures(b"no pdf", read_roots(authority.root_pem()), at=NOW)
    assert (check.genuine, check.why) == (False, "the file cannot be read as a PDF")


@pytest.mark.parametrize("name", [b"/Size", b"/Root", b"/Pages", b"/ByteRange", b"/Contents"])
async def test_a_file_without_its_parts_is_not_genuine(
    signed: bytes, authority: Authority, name: bytes
) -> None:
    """A reader that trips over what is missing says so, and raises nothing."""
    broken = signed.replace(name, name[:-1] + b"_")
    check = await check_signatures(broken, read_roots(authority.root_pem()), at=NOW)
    assert not check.genuine


async def test_another_root_is_not_trusted(signed: bytes) -> None:
    """An authority of the same name is not the same authority."""
    other = Authority()
    check = await check_signatures(signed, read_roots(other.root_pem()), at=NOW)
    assert not check.genuine
    assert "not trusted" in check.why


async def test_a_certificate_that_ran_out_is_not_trusted(
    signed: bytes, authority: Authority
) -> None:
    """Validity is judged at the instant that is passed."""
    late = NOW + timedelta(days=3700)
    assert not (await check_signatures(signed, read_roots(authority.root_pem()), at=late)).genuine


async def test_bytes_added_after_the_last_signature_are_found(
    signed: bytes, authority: Authority
) -> None:
    """The last signature covers the whole file."""
    check = await check_signatures(signed + b"\n% more", read_roots(authority.root_pem()), at=NOW)
    assert not check.genuine


async def test_any_changed_byte_is_found(signed: bytes, authority: Authority) -> None:
    """Sixty single bits, anywhere in what the last signature covers."""
    # Outside the container of the last signature itself, whose padding says nothing.
    before, after = _covered(signed)
    chance = random.Random(20260701)
    places = [chance.choice([*range(before), *range(after, len(signed))]) for _ in range(60)]
    for place in places:
        edited = bytearray(signed)
        edited[place] ^= 1 << chance.randrange(8)
        check = await check_signatures(bytes(edited), read_roots(authority.root_pem()), at=NOW)
        assert not check.genuine, place


def _covered(signed: bytes) -> tuple[int, int]:
    """Tell where the container of the last signature begins and ends."""
    found = re.findall(rb"/ByteRange *\[ *0 +(\d+) +(\d+) +\d+ *\]", signed)
    return int(found[-1][0]), int(found[-1][1])
