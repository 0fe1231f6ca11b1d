"""The demonstration's counter as its clients see it: who asks, by a documented operation.

In: the joined graph, whose configuration names the callers. Out: data of reads, and what became of
steps; the version that a step goes by is the one that the last answer told.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from demo.people.truth import TruePerson
from gateway.server.examples import Example, read_examples
from tests.testkit.imports import ROOT
from tests.testkit.joined_graph import JoinedGraph
from tests.testkit.product import ask

__all__ = ["EXAMPLES", "KARTINI", "PLAIN", "IssuedLetter", "Loket", "paper_of"]

KARTINI = "31.71.02.1003"
EXAMPLES: Mapping[str, Example] = {
    each.name: each for each in read_examples(ROOT / "docs" / "examples" / "loket")
}
PLAIN = (
    "status = 'AKTIF' AND meninggal IS NULL AND lahir < '2000' AND kelurahan_asal IS NULL"
    " AND nik_lama IS NULL AND nik_ganda IS NULL"
    " AND nik NOT IN (SELECT nik FROM recorded_death WHERE nik IS NOT NULL)"
)
"""SQL over the truth's ``person``: grown up, alive, never moved, one number."""


_PASSPHRASES = {
    "lurah": "frasa-31.71.02.1003",
    "camat": "frasa-31.71.02",
    "ptsp": "frasa-ptsp-31.71.02",
}


_DRAFT = "query ($nomor: String!) { permohonan(nomor: $nomor) { sidikDraf } }"


@dataclass(frozen=True, slots=True)
class IssuedLetter:
    """A letter in its applicant's hands."""

    number: str
    file: bytes  # PDF
    text: str  # what a reader sees
    code: str  # of the QR


class Loket:
    """The demonstration's counter."""

    def __init__(self, graph: JoinedGraph, state: Path) -> None:
        self.graph = graph
        self._state = state
        self._keys = count()
        self._versions: dict[str, int] = {}

    def ask(self, caller: str, example: str, **variables: Any) -> Any:
        """Run an example as a caller; gives its data, and fails on any error."""
        answer = self.answer(caller, example, **variables)
        assert "errors" not in answer, answer["errors"][:3]
        return answer["data"]

    def answer(
        self, caller: str, example: str, *, person: str | None = None, **variables: Any
    ) -> Any:
        """Run an example as a caller, for a person if one is named; gives the whole answer."""
        found = EXAMPLES[example]
        body = {"query": found.query, "variables": {**found.variables, **variables}}
        headers = {"authorization": f"Bearer kunci-{caller}-demonstrasi"} if caller else {}
        if person is not None:
            headers["simpul-person"] = person
        return ask(f"{self.graph.product.url}/graphql", body, headers=headers).json

    def ask_public(self, example: str, **variables: Any) -> Any:
        """Run an example as who sends no key; gives its data."""
        return self.graph.product.graphql(EXAMPLES[example].query, variables)["data"]

    def kept(self) -> bytes:
        """Give everything that the gateway wrote: its log, its audit, its store."""
        files = [each for each in self._state.rglob("*") if each.is_file()]
        return b"".join([self.graph.product.output.encode(), *(f.read_bytes() for f in files)])

    def step(self, caller: str, example: str, number: str, **variables: Any) -> Any:
        """Take a step on the version that is current; gives what became of it."""
        version = self._versions.get(number) or self.track(number)["versi"]
        key = f"uji-{next(self._keys)}"
        data = self.ask(caller, example, nomor=number, versi=version, kunci=key, **variables)
        (result,) = data.values()
        self._versions[number] = result["permohonan"]["versi"]
        return result

    def done(self, caller: str, example: str, number: str, **variables: Any) -> None:
        """Take a step that must be taken."""
        result = self.step(caller, example, number, **variables)
        assert result["penolakan"] is None, (example, result["penolakan"])

    def refused(self, caller: str, example: str, number: str, **variables: Any) -> Any:
        """Take a step that must not be taken; gives why."""
        refusal = self.step(caller, example, number, **variables)["penolakan"]
        assert refusal is not None, example
        return refusal

    def track(self, number: str) -> Any:
        """Read an application as its applicant does."""
        return self.ask("jaki", "lacak", nomor=number)["permohonan"]

    def checks(self, number: str) -> dict[str, Any]:
        """Make all checks; gives them by code."""
        self.done("petugas", "periksa", number)
        return {each["kode"]: each for each in self.track(number)["pemeriksaan"]}

    def sign(self, caller: str, number: str) -> None:
        """Sign the draft that lies in the signer's tray."""
        (draft,) = [each for each in self.tray(caller) if each["nomor"] == number]
        self.sign_draft(caller, number, draft["sidikDraf"])

    def sign_unseen(self, caller: str, number: str) -> None:
        """Sign a draft without looking into the tray, which tells of everybody's drafts."""
        self.sign_draft(caller, number, self.draft_of(caller, number))

    def sign_draft(self, caller: str, number: str, seen: str) -> None:
        """Sign a draft by its hash."""
        given = {"sidikDraf": seen, "frasaSandi": _PASSPHRASES[caller]}
        self.done(caller, "tanda-tangani", number, **given)

    def draft_of(self, caller: str, number: str) -> str:
        """Give the hash of a draft as a signer reads it."""
        body = {"query": _DRAFT, "variables": {"nomor": number}}
        headers = {"authorization": f"Bearer kunci-{caller}-demonstrasi"}
        told = ask(f"{self.graph.product.url}/graphql", body, headers=headers).json
        seen: str = told["data"]["permohonan"]["sidikDraf"]
        return seen

    def tray(self, caller: str) -> Any:
        """Read a signer's tray."""
        return self.ask(caller, "baki-tanda-tangan")["daftarPermohonan"]["nodes"]

    def fetch_letter(self, number: str) -> IssuedLetter:
        """Fetch the letter of an application as its applicant does, and read what it says."""
        told = self.ask("jaki", "unduh-surat", nomor=number)["permohonan"]["surat"]
        file = base64.b64decode(told["dokumen"])
        assert told["sidikJari"] == hashlib.sha256(file).hexdigest()
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)
        (code,) = {*re.findall(r"/periksa/([0-9A-Z]{26})", text)}  # one on every page
        return IssuedLetter(told["nomor"], file, text, code)

    def verify(self, letter: IssuedLetter, file: bytes | None = None) -> Any:
        """Ask as anybody whether a letter is genuine, with the file at hand."""
        seal = hashlib.sha256(file or letter.file).hexdigest()
        asked = {"kode": letter.code, "sidikJari": seal}
        return self.ask_public("verifikasi-surat", **asked)["verifikasiSurat"]

    def foresee(self, person: TruePerson, service: str, form: Mapping[str, Sequence[str]]) -> Any:
        """Ask, as who would apply, what a service of Kartini would find and need."""
        asked = {"nik": person.nik, "kode": service, "kelurahan": KARTINI}
        fields = _fields(person, form)
        answer = self.answer("jaki", "kelayakan", person=person.nik, **asked, isian=fields)
        assert "errors" not in answer, answer["errors"][:3]
        return answer["data"]["kelayakan"]

    def submit(
        self,
        person: TruePerson,
        service: str,
        form: Mapping[str, Sequence[str]],
        papers: Sequence[str] = (),
        proxy: TruePerson | None = None,
        **changes: Any,
    ) -> str:
        """Submit an application in Kartini; ``form`` adds to what all services ask.

        An app does it, for the proxy who is logged in to it, if there is one.
        """
        asked = {
            "layanan": service,
            "kelurahan": KARTINI,
            "pemohon": person.nik,
            "kuasa": proxy.nik if proxy else None,
            "rt": "003",
            "rw": "005",
            "isian": _fields(person, form),
            "berkas": [paper_of(kind) for kind in papers],
            **changes,
        }
        key = f"uji-{next(self._keys)}"
        who = proxy.nik if proxy else None
        answer = self.answer("jaki", "ajukan", person=who, masukan=asked, kunci=key)
        number: str = answer["data"]["ajukanPermohonan"]["permohonan"]["nomor"]
        return number

    def resubmit(self, person: TruePerson, number: str, form: Mapping[str, Sequence[str]]) -> None:
        """Submit the repaired form."""
        self.done("jaki", "ajukan-ulang", number, isian=_fields(person, form))


def paper_of(kind: str) -> dict[str, Any]:
    """Give a paper of a kind."""
    return {**EXAMPLES["tambah-berkas"].variables["berkas"], "jenis": kind}


def _fields(person: TruePerson, form: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    common = {"nama": [person.nama], "tanggalLahir": [person.lahir], "keperluan": ["Uji"]}
    return [{"nama": name, "nilai": [*values]} for name, values in {**common, **form}.items()]
