"""The life of an application: every state and step, as one table.

In: the state an application is in, the step that is asked, and the role of who asks it. Out: the
state after it, or the steps that are legal instead. Pure; what a step must find true beyond state
and role (papers, checks, signatures) is its ``Evidence``, which ``desk`` looks up before it writes.

    AJUKAN ─> DIAJUKAN ─> VERIFIKASI_BERKAS ─> DRAF ─> MENUNGGU_TTD ─> TERBIT ─> DIAMBIL
                               │      ^          │          │
                               v      │          v          v
                               PERBAIKAN <───────┴──────────┘
    from every state before TERBIT: DITOLAK, by the office; before MENUNGGU_TTD: DIBATALKAN, by
    who applied; from TERBIT and DIAMBIL: DICABUT, by who signs. The clock of the service runs from
    LENGKAPKAN on and stands still in PERBAIKAN.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

__all__ = [
    "ENDED",
    "STEPS",
    "Evidence",
    "Role",
    "Rule",
    "State",
    "Step",
    "Unlawful",
    "acting_role",
    "legal_steps",
    "next_state",
]


class State(StrEnum):
    """Where an application stands."""

    DIAJUKAN = "DIAJUKAN"
    VERIFIKASI_BERKAS = "VERIFIKASI_BERKAS"
    PERBAIKAN = "PERBAIKAN"
    DRAF = "DRAF"
    MENUNGGU_TTD = "MENUNGGU_TTD"
    TERBIT = "TERBIT"
    DIAMBIL = "DIAMBIL"
    DITOLAK = "DITOLAK"
    DIBATALKAN = "DIBATALKAN"
    DICABUT = "DICABUT"


ENDED = frozenset({State.DITOLAK, State.DIBATALKAN, State.DICABUT})
"""States that no step leaves."""


class Role(StrEnum):
    """As whom a caller acts."""

    PEMOHON = "PEMOHON"  # the applicant, or the proxy
    KETUA_RTRW = "KETUA_RTRW"
    PETUGAS = "PETUGAS"  # the kelurahan's counter
    LURAH = "LURAH"
    CAMAT = "CAMAT"
    PTSP = "PTSP"  # the one-stop service's counter and signer
    PUBLIK = "PUBLIK"  # whoever verifies a letter; takes no step


class Step(StrEnum):
    """What may be done with an application."""

    AJUKAN = "AJUKAN"
    TAMBAH_BERKAS = "TAMBAH_BERKAS"
    CATAT_PENGANTAR = "CATAT_PENGANTAR"
    AMBIL_TUGAS = "AMBIL_TUGAS"
    LENGKAPKAN = "LENGKAPKAN"
    PERIKSA = "PERIKSA"
    KONFIRMASI = "KONFIRMASI"
    VERIFIKASI = "VERIFIKASI"
    MINTA_PERBAIKAN = "MINTA_PERBAIKAN"
    AJUKAN_ULANG = "AJUKAN_ULANG"
    SUSUN_DRAF = "SUSUN_DRAF"
    SIAPKAN_SURAT = "SIAPKAN_SURAT"
    TANDA_TANGANI = "TANDA_TANGANI"
    TERBITKAN = "TERBITKAN"
    SERAHKAN = "SERAHKAN"
    TOLAK = "TOLAK"
    BATALKAN = "BATALKAN"
    CABUT = "CABUT"


class Evidence(StrEnum):
    """What a step must find true, or must be given, beyond state and role."""

    FORM = "FORM"  # the form is filled in as the service defines it
    PAPERS = "PAPERS"  # every required paper is there
    CHECKS = "CHECKS"  # every blocking check of the last round passed or was confirmed
    DRAFT = "DRAFT"  # a text to sign, whose hash is kept
    NEXT_SIGNER = "NEXT_SIGNER"  # the role is that of the next signature
    SIGNATURES = "SIGNATURES"  # all signatures are there, over the last draft
    DOCUMENT = "DOCUMENT"  # the letter's file, whose signatures hold
    REASON = "REASON"  # a reason in words
    PAPER = "PAPER"  # one paper that is kept with the application


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    sources: frozenset[State]  # empty: there is no application yet
    target: State | None  # None: the state stays
    roles: frozenset[Role]
    evidence: tuple[Evidence, ...] = ()
    # Further states that only these roles may take the step from: who signs may send back.
    also: Mapping[State, frozenset[Role]] = field(default_factory=dict)

    def allows(self, state: State | None, role: Role) -> bool:
        """Tell whether ``role`` may take the step in ``state``."""
        if state is None:
            return not self.sources and role in self.roles
        return (state in self.sources and role in self.roles) or role in self.also.get(
            state, frozenset()
        )

    def starts_in(self, state: State | None) -> bool:
        """Tell whether anybody may take the step in ``state``."""
        return (state is None and not self.sources) or state in self.sources or state in self.also


_COUNTER = frozenset({Role.PETUGAS, Role.PTSP})
_APPLICANT = frozenset({Role.PEMOHON, Role.PETUGAS, Role.PTSP})  # the counter writes for who comes
_SIGNERS = frozenset({Role.LURAH, Role.CAMAT, Role.PTSP})
_RECEIVING = frozenset({State.DIAJUKAN, State.PERBAIKAN})
_WORKED_ON = frozenset({State.VERIFIKASI_BERKAS, State.DRAF})
_OPEN = frozenset({State.DIAJUKAN, State.PERBAIKAN, *_WORKED_ON})
_AT_SIGNERS = MappingProxyType({State.MENUNGGU_TTD: _SIGNERS})

STEPS: Mapping[Step, Rule] = MappingProxyType(
    {
        Step.AJUKAN: Rule(frozenset(), State.DIAJUKAN, _APPLICANT, (Evidence.FORM,)),
        Step.TAMBAH_BERKAS: Rule(_RECEIVING, None, _APPLICANT, (Evidence.PAPER,)),
        Step.CATAT_PENGANTAR: Rule(
            _RECEIVING, None, frozenset({Role.KETUA_RTRW}), (Evidence.PAPER,)
        ),
        Step.AMBIL_TUGAS: Rule(frozenset({State.DIAJUKAN, *_WORKED_ON}), None, _COUNTER),
        Step.LENGKAPKAN: Rule(
            frozenset({State.DIAJUKAN}), State.VERIFIKASI_BERKAS, _COUNTER, (Evidence.PAPERS,)
        ),
        Step.PERIKSA: Rule(frozenset({State.VERIFIKASI_BERKAS}), None, _COUNTER),
        Step.KONFIRMASI: Rule(
            frozenset({State.VERIFIKASI_BERKAS}), None, _COUNTER, (Evidence.PAPER,)
        ),
        Step.VERIFIKASI: Rule(
            frozenset({State.VERIFIKASI_BERKAS}),
            State.DRAF,
            _COUNTER,
            (Evidence.PAPERS, Evidence.CHECKS),
        ),
        Step.MINTA_PERBAIKAN: Rule(
            _WORKED_ON, State.PERBAIKAN, _COUNTER, (Evidence.REASON,), _AT_SIGNERS
        ),
        Step.AJUKAN_ULANG: Rule(
            frozenset({State.PERBAIKAN}),
            State.VERIFIKASI_BERKAS,
            _APPLICANT,
            (Evidence.FORM, Evidence.PAPERS),
        ),
        Step.SUSUN_DRAF: Rule(
            frozenset({State.DRAF}), State.MENUNGGU_TTD, _COUNTER, (Evidence.DRAFT,)
        ),
        # Nobody asks for it: the first signature begins with it, as a transaction of its own.
        Step.SIAPKAN_SURAT: Rule(frozenset({State.MENUNGGU_TTD}), None, frozenset()),
        Step.TANDA_TANGANI: Rule(
            frozenset({State.MENUNGGU_TTD}),
            None,
            _SIGNERS,
            (Evidence.NEXT_SIGNER, Evidence.DOCUMENT),
        ),
        Step.TERBITKAN: Rule(
            frozenset({State.MENUNGGU_TTD}),
            State.TERBIT,
            _COUNTER,
            (Evidence.CHECKS, Evidence.SIGNATURES, Evidence.DOCUMENT),
        ),
        Step.SERAHKAN: Rule(frozenset({State.TERBIT}), State.DIAMBIL, _APPLICANT),
        Step.TOLAK: Rule(
            frozenset({State.DIAJUKAN, *_WORKED_ON}),
            State.DITOLAK,
            _COUNTER,
            (Evidence.REASON,),
            _AT_SIGNERS,
        ),
        Step.BATALKAN: Rule(_OPEN, State.DIBATALKAN, frozenset({Role.PEMOHON}), (Evidence.REASON,)),
        Step.CABUT: Rule(
            frozenset({State.TERBIT, State.DIAMBIL}), State.DICABUT, _SIGNERS, (Evidence.REASON,)
        ),
    }
)
"""Step -> its rule: the whole life, in the order of an undisturbed one."""


@dataclass(frozen=True, slots=True)
class Unlawful:
    """The step cannot be taken; ``legal`` lists what these roles may do instead."""

    step: Step
    state: State | None
    legal: tuple[Step, ...]
    is_role: bool  # True: the state allows the step, but to other roles


def next_state(step: Step, state: State | None, roles: Iterable[Role]) -> State | Unlawful:
    """Give the state after ``step``, or why it is unlawful."""
    held, rule = [*roles], STEPS[step]
    if any(rule.allows(state, role) for role in held):
        target = rule.target or state
        assert target is not None, "a step without an application leads somewhere"
        return target
    return Unlawful(step, state, legal_steps(state, held), is_role=rule.starts_in(state))


def legal_steps(state: State | None, roles: Iterable[Role]) -> tuple[Step, ...]:
    """List what ``roles`` may do in ``state``, in the order of the table."""
    held = [*roles]
    return tuple(
        step for step, rule in STEPS.items() if any(rule.allows(state, role) for role in held)
    )


def acting_role(step: Step, state: State | None, roles: Iterable[Role]) -> Role | None:
    """Give the first of ``roles`` that may take ``step`` in ``state``: it goes into the history."""
    return next((role for role in roles if STEPS[step].allows(state, role)), None)
