"""Letters signed by the authority, and checked before anybody relies on them.

In: a signature that an officer asks for, with the passphrase. Out: ``Taken``. Between two
transactions, holding none, the file is made of what the records say, signed through the graph by
the certificate authority, and its signatures are checked. Whatever fails in between leaves a
number that waits for the next try.

The passphrase goes from the request to the graph and nowhere else: it is in no order, digest,
history, log or error.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from adapters.contract import CallContext, GraphClient, GraphClientResult
from adapters.loket.checks.inquiry import Unanswered
from adapters.loket.desk import Desk, Order, Taken
from adapters.loket.letter_facts import LetterMatter, gather_content
from adapters.loket.letter_steps import Prepared
from adapters.loket.letters.checking import DocumentChecks
from adapters.loket.letters.content import Signer
from adapters.loket.letters.render import LetterError, render_letter
from adapters.loket.life import Role, Step
from adapters.loket.refusal import Refusal, RefusalCode
from adapters.loket.settings import OfficerSettings
from adapters.loket.store.letters import read_document
from adapters.loket.store.reading import read_application
from adapters.loket.working_days import WorkingDays

__all__ = ["LetterOffice"]

_REFUSED_BY_AUTHORITY = "BAD_USER_INPUT"
_REASONS = {"passphrase": "FRASA_SANDI", "certificate": "SERTIFIKAT"}


@dataclass(frozen=True, slots=True)
class LetterOffice:
    """Where letters are made."""

    desk: Desk
    calendar: WorkingDays
    graph: GraphClient | None  # None: served alone, no record and no authority can be asked
    roots: Path | None  # certificates that signatures are checked with
    verify_url: str  # with "{kode}"
    checks: DocumentChecks = field(default_factory=DocumentChecks)

    async def sign(self, call: CallContext, order: Order, passphrase: str) -> Taken:
        """Sign the letter of an application; raises ``SourceError``, ``RecordNotFound``."""
        prepared = await self.desk.begin_signature(call, order)
        if isinstance(prepared, Taken):
            return prepared
        try:
            before = prepared.document or await self._make(call, prepared)
            after = await self._have_signed(call, prepared, before, passphrase)
            await self._demand_genuine(after, len(prepared.signatures) + 1)
        except Refusal as refusal:
            return Taken(order.number, refusal)
        found = {
            "surat": prepared.letter.nomor,
            "dokumen": after,
            "sha256": _seal(after),
            "dari": _seal(before),
        }
        return await self.desk.take(call, Step.TANDA_TANGANI, replace(order, found=found))

    async def issue(self, call: CallContext, order: Order) -> Taken:
        """Issue the letter, once its file is found genuine; raises as ``sign`` does.

        Nothing is checked for who may not issue it, or did already.
        """
        actor = self.desk.actors.find(call)
        row, kept = await self.desk.store.read(
            call,
            lambda tx: (read_application(tx, order.number), read_document(tx, order.number)),
        )
        found: dict[str, Any] = {"sha256": None}
        is_due = row is not None and Step.TERBITKAN in self.desk.legal_for(actor, row)
        if kept is not None and is_due:
            try:
                await self._demand_genuine(bytes(kept.isi))
            except Refusal as refusal:
                return Taken(order.number, refusal)
            found["sha256"] = _seal(bytes(kept.isi))
        return await self.desk.take(call, Step.TERBITKAN, replace(order, found=found))

    async def _make(self, call: CallContext, prepared: Prepared) -> bytes:
        """Make the file, from what the records say now."""
        row = prepared.row
        if self.graph is None:
            raise _delayed("This counter is served alone and cannot ask the records.")
        matter = LetterMatter(
            row,
            prepared.letter,
            msgspec.json.decode(row.isian, type=dict[str, list[str]]),
            self._signers(call, prepared),
            self.verify_url.replace("{kode}", prepared.letter.kode_verifikasi),
            prepared.role is Role.PTSP,
            self.calendar,
        )
        try:
            content = await gather_content(self.graph, call, matter)
            return await asyncio.to_thread(render_letter, content)
        except Unanswered as silent:
            raise _delayed("What the letter says cannot be had now.", silent.code) from None
        except LetterError as error:
            raise _delayed(f"The letter cannot be made: {error}.") from None

    def _signers(self, call: CallContext, prepared: Prepared) -> tuple[Signer, ...]:
        """Name who signs now, and those after as far as it is known."""
        first = self.desk.actors.find(call).officer
        assert first is not None, "only an officer signs"
        return (
            Signer(first.jabatan, first.nama, first.nip),
            *(self._later_signer(prepared, roles) for roles in prepared.service.signatures[1:]),
        )

    def _later_signer(self, prepared: Prepared, roles: Iterable[Role]) -> Signer:
        row, wanted = prepared.row, {*roles}
        fitting: list[OfficerSettings] = [
            officer
            for officer in self.desk.actors.by_nip.values()
            if wanted & {*officer.roles} and officer.covers(row.kelurahan, row.rt, row.rw)
        ]
        if len(fitting) == 1:
            return Signer(fitting[0].jabatan, fitting[0].nama, fitting[0].nip)
        return Signer(" / ".join(sorted(role.capitalize() for role in wanted)))

    async def _have_signed(
        self, call: CallContext, prepared: Prepared, document: bytes, passphrase: str
    ) -> bytes:
        """Have the authority sign; what comes back must be what was sent, and a signature."""
        officer = self.desk.actors.find(call).officer
        if officer is None or officer.nik is None:
            raise Refusal(
                RefusalCode.TANDA_TANGAN_DITOLAK, "The settings name no NIK for this signer."
            )
        if self.graph is None:
            raise _delayed("This counter is served alone and cannot ask the authority.")
        asked = {
            "nik": officer.nik,
            "frasaSandi": passphrase,
            "dokumen": base64.b64encode(document).decode(),
            "alasan": f"{prepared.role.capitalize()} {prepared.letter.nomor}",
        }
        signed = _read_signed(await self.graph.run("tanda-tangan", {"masukan": asked}, call))
        if len(signed) <= len(document) or not signed.startswith(document):
            raise _delayed("The authority signed another file.", "DATA_RUSAK")
        return signed

    async def _demand_genuine(self, document: bytes, count: int | None = None) -> None:
        """Refuse a file whose signatures do not hold, or are not ``count``."""
        if self.roots is None:
            raise _delayed('The setting "signature_roots" names no certificates.')
        try:
            check = await self.checks.check(document, self.roots, at=self.desk.clock())
        except (OSError, ValueError):
            raise _delayed("The certificates of the authority cannot be read.") from None
        if not check.genuine:
            raise Refusal(RefusalCode.TANDA_TANGAN_DITOLAK, f"{check.why.capitalize()}.")
        if count is not None and len(check.signers) != count:
            raise Refusal(RefusalCode.TANDA_TANGAN_DITOLAK, "A signature is missing or too many.")


def _read_signed(result: GraphClientResult) -> bytes:
    """Give the signed file; the authority's refusal is the signer's to correct, else it waits."""
    for error in result.errors:
        code = str(error.get("extensions", {}).get("code", ""))
        if code == _REFUSED_BY_AUTHORITY:
            # Never the text itself: it is another's, about a request that holds a passphrase.
            words = str(error.get("message", ""))
            raise Refusal(
                RefusalCode.TANDA_TANGAN_DITOLAK,
                "The authority refuses to sign: the passphrase is wrong, or the certificate.",
                details=[code for word, code in _REASONS.items() if word in words],
            )
        raise _delayed("The authority did not sign; try again.", code)
    told = (result.data or {}).get("tandaTanganiPdf") or {}
    try:
        return base64.b64decode(told.get("dokumen") or "", validate=True)
    except (binascii.Error, ValueError):
        raise _delayed("The authority's answer cannot be read.", "DATA_RUSAK") from None


def _delayed(message: str, *details: str) -> Refusal:
    return Refusal(RefusalCode.SURAT_BELUM_DAPAT, message, details=details)


def _seal(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()
