"""Letters as files: PDF/A, whole, reproducible, and their text never read as markup."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from pypdf import PdfReader

from adapters.loket.letters.kinds import KINDS
from adapters.loket.letters.render import LetterError, render_letter
from adapters.loket.services import load_catalog
from tests.adapters.loket.letters.letters import make_content


def _text(document: bytes) -> str:
    pages = PdfReader(io.BytesIO(document)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_every_service_has_its_letter() -> None:
    """The kinds are the services of the list."""
    assert set(KINDS) == set(load_catalog().codes)


@pytest.mark.parametrize("service", KINDS)
def test_a_letter_says_who_what_and_how_to_verify_it(service: str) -> None:
    """Number, persons, day, signers and the address of verification."""
    content = make_content(service)
    text = _text(render_letter(content))
    assert content.number in text
    assert content.applicant.name in text
    assert content.verify_url in text
    assert "1 Juli 2026" in text
    assert all(person.name in text for person in content.others)
    assert all(signer.nip in text for signer in content.signers)


@pytest.mark.parametrize("service", KINDS)
def test_a_letter_is_pdf_a_2b(service: str) -> None:
    """As the file itself claims, in its metadata."""
    document = render_letter(make_content(service))
    metadata = PdfReader(io.BytesIO(document)).xmp_metadata
    assert metadata is not None
    assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == ("2", "B")


def test_letters_of_one_service_are_made_at_once() -> None:
    """Two officers sign at the same moment: a compiler that is busy is waited for."""
    content = make_content("SKTM")
    with ThreadPoolExecutor(4) as threads:
        made = [*threads.map(render_letter, [content] * 12)]
    assert len({*made}) == 1


def test_the_same_content_gives_the_same_bytes() -> None:
    """Made again after a crash, a letter has the same hash."""
    content = make_content("SKTM")
    assert render_letter(content) == render_letter(content)
    assert render_letter(replace(content, number="2")) != render_letter(content)


def test_marriage_papers_are_complete() -> None:
    """N1, N2 and N4 always, N6 after a death."""
    first = _text(render_letter(make_content("KAWIN-1")))
    second = _text(render_letter(make_content("KAWIN-2")))
    assert all(f"MODEL N{model}" in first.upper() for model in (1, 2, 4))
    assert "MODEL N6" not in first.upper()
    assert all(f"MODEL N{model}" in second.upper() for model in (1, 2, 4, 6))


def test_names_are_data_and_never_markup() -> None:
    """Signs that mean something in a template come out as they are."""
    name = "O'Neill *Uji* #panic() $x$ [y] <z> @w"
    assert name in _text(render_letter(make_content("SKTM", name=name))).replace("’", "'")


@pytest.mark.parametrize("service", KINDS)
def test_a_letter_that_lacks_a_fact_is_refused_by_name(service: str) -> None:
    """No letter with a gap is made."""
    content = make_content(service)
    for fact in KINDS[service].facts:
        lacking = {name: text for name, text in content.facts.items() if name != fact}
        with pytest.raises(LetterError, match=fact):
            render_letter(replace(content, facts=lacking))


def test_refusals_name_the_service_and_nobody() -> None:
    """What is wrong is said without the person."""
    content = make_content("AHLI-WARIS")
    with pytest.raises(LetterError, match="2 to 40 further persons, not of 1") as refused:
        render_letter(replace(content, others=content.others[:1]))
    assert content.applicant.name not in str(refused.value)
    with pytest.raises(LetterError, match="no letter for the service"):
        render_letter(replace(content, service="KTP"))
    with pytest.raises(LetterError, match="must have a signer"):
        render_letter(replace(content, signers=()))
