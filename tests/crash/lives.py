"""What the clients of a crash run want, and what each has been told so far.

In: a seed. Out: ``Client``s, each of which leads one application through one of a few lives, one
mutation after the other. Who was told nothing asks again, with the same key and the same version.
A client's state changes only by what it was told, so it outlives every process that dies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.testkit.counter_desk import APPLICANT, DECEASED, HEIR, KARTINI, PAPER
from tests.testkit.letter_authority import PASSPHRASE

__all__ = ["LIVES", "Client", "Move", "Told", "new_client", "query_of"]

_TOLD = "nomor versi status surat { nomor }"


@dataclass(frozen=True, slots=True)
class Move:
    """One mutation; its number, version and key are the client's."""

    step: str  # as the history names it
    caller: str
    field: str
    own: Mapping[str, str] = field(default_factory=dict)  # further arguments: name -> type
    given: Mapping[str, Any] = field(default_factory=dict)  # and their values


@dataclass(frozen=True, slots=True)
class Told:
    """What a client was told of one move."""

    client: str
    place: int  # of the move
    attempt: str
    number: str | None
    version: int
    draft: str | None
    refusal: str | None


def _paper(kind: str) -> Move:
    given = {"berkas": {**PAPER, "jenis": kind}}
    return Move("TAMBAH_BERKAS", "petugas", "tambahBerkas", {"berkas": "BerkasMasukan!"}, given)


def _submit(service: str, **form: list[str]) -> Move:
    filled = {"nama": ["Nama"], "tanggalLahir": ["2001-01-01"], "keperluan": ["Uji"], **form}
    asked = {
        "layanan": service, "kelurahan": KARTINI, "pemohon": APPLICANT, "rt": "003", "rw": "005",
        "isian": [{"nama": name, "nilai": values} for name, values in filled.items()],
        "berkas": [{**PAPER, "jenis": "KTP"}],
    }  # fmt: skip
    types = {"masukan": "PermohonanMasukan!"}
    return Move("AJUKAN", "warga", "ajukanPermohonan", types, {"masukan": asked})


def _sign(caller: str) -> Move:
    types = {"sidikDraf": "String!", "frasaSandi": "Rahasia!"}
    return Move("TANDA_TANGANI", caller, "tandaTangani", types, {"frasaSandi": PASSPHRASE})


def _reasoned(step: str, caller: str, name: str) -> Move:
    return Move(step, caller, name, {"alasan": "String!"}, {"alasan": "Uji."})


_INTRODUCED = Move(
    "CATAT_PENGANTAR", "rt", "catatPengantar", {"nomorPengantar": "String!"},
    {"nomorPengantar": "1/RT"},
)  # fmt: skip
_TAKEN = Move("AMBIL_TUGAS", "petugas", "ambilTugas")
_COMPLETE = Move("LENGKAPKAN", "petugas", "lengkapkanPermohonan")
_CHECKED = Move("PERIKSA", "petugas", "periksaPermohonan")
_VERIFIED = Move("VERIFIKASI", "petugas", "verifikasiPermohonan")
_DRAFT = Move("SUSUN_DRAF", "petugas", "susunDraf", {"teks": "String!"}, {"teks": "Bahwa ..."})
_ISSUED = Move("TERBITKAN", "petugas", "terbitkanSurat")
_COLLECTED = Move("SERAHKAN", "petugas", "serahkanSurat")
_REPAIR = _reasoned("MINTA_PERBAIKAN", "petugas", "mintaPerbaikan")
_AGAIN = Move("AJUKAN_ULANG", "warga", "ajukanUlang")
_TO_CHECKS = (_INTRODUCED, _paper("KTP"), _paper("KK"), _TAKEN, _COMPLETE, _CHECKED)
_LETTER = (_DRAFT, _sign("lurah"), _ISSUED, _COLLECTED)

LIVES: Mapping[str, tuple[Move, ...]] = {
    "letter": (_submit("PM1-UMUM"), *_TO_CHECKS, _VERIFIED, *_LETTER),
    "repaired": (
        _submit("PM1-UMUM"), *_TO_CHECKS, _REPAIR, _AGAIN, _CHECKED, _VERIFIED, *_LETTER,
    ),
    "heirs": (
        _submit("AHLI-WARIS", nikPewaris=[DECEASED], nikAhliWaris=[HEIR]), _INTRODUCED,
        _paper("PERNYATAAN_AHLI_WARIS"), _COMPLETE, _CHECKED, _VERIFIED,
        _DRAFT, _sign("lurah"), _sign("camat"), _ISSUED,
    ),
    "returned": (
        _submit("PM1-UMUM"), *_TO_CHECKS, _VERIFIED, _DRAFT, _sign("lurah"),
        _reasoned("MINTA_PERBAIKAN", "lurah", "mintaPerbaikan"), _AGAIN, _CHECKED, _VERIFIED,
        *_LETTER, _reasoned("CABUT", "lurah", "cabutSurat"),
    ),
    "given-up": (
        _submit("PM1-UMUM"), *_TO_CHECKS, _VERIFIED, _DRAFT, _sign("lurah"),
        _reasoned("TOLAK", "lurah", "tolakPermohonan"),
    ),
    "refused": (_submit("PM1-UMUM"), _reasoned("TOLAK", "petugas", "tolakPermohonan")),
    "cancelled": (
        _submit("PM1-UMUM"), _paper("KTP"), _reasoned("BATALKAN", "warga", "batalkanPermohonan"),
    ),
}  # fmt: skip
"""Name -> the moves of a life; every one of them is to be taken exactly once."""


@dataclass(slots=True)
class Client:
    """One applicant and the office, as they deal with one application."""

    name: str
    life: str
    place: int = 0  # of the next move
    number: str | None = None
    version: int = 0
    draft: str | None = None
    told: list[Told] = field(default_factory=list)

    @property
    def move(self) -> Move | None:
        """What is to be done next; None: nothing."""
        moves = LIVES[self.life]
        return moves[self.place] if self.place < len(moves) else None

    def variables(self, move: Move) -> dict[str, Any]:
        """Give the variables of a move, the same at every attempt."""
        variables = {**move.given, "kunci": f"{self.name}/{self.place}"}
        if move.step != "AJUKAN":
            variables |= {"nomor": self.number, "versi": self.version}
        if "sidikDraf" in move.own:
            variables["sidikDraf"] = self.draft
        return variables

    def hear(self, told: Told) -> None:
        """Take what was told, and go on."""
        assert told.place == self.place, "a client waits for each answer"
        self.told.append(told)
        self.place += 1
        self.number, self.version = told.number, told.version
        self.draft = told.draft or self.draft


def new_client(name: str, random: Random) -> Client:
    """Draw a client; every second one leads to a letter."""
    weights = {"letter": 3, "returned": 2, "refused": 2, "cancelled": 2}
    weights = {life: weights.get(life, 1) for life in LIVES}
    return Client(name, random.choices([*weights], [*weights.values()])[0])


def query_of(move: Move) -> str:
    """Write the mutation of a move."""
    types = {**move.own, "kunci": "ID!"}
    if move.step != "AJUKAN":
        types = {"nomor": "String!", "versi": "Int!", **types}
    named = ", ".join(f"${name}: {kind}" for name, kind in types.items())
    arguments = ", ".join(
        f"{'kunciIdempotensi' if name == 'kunci' else name}: ${name}" for name in types
    )
    told = _TOLD if move.caller == "rt" else f"{_TOLD} sidikDraf"  # who introduces reads no draft
    answer = f"{{ permohonan {{ {told} }} penolakan {{ kode }} }}"
    return f"mutation ({named}) {{ result: {move.field}({arguments}) {answer} }}"
