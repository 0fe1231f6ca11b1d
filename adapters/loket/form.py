"""Whether a form is filled in, and which papers are missing: what a service asks of an application.

In: a service, and what the applicant gave. Out: the names of what is wrong or missing, never the
values. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from adapters.loket.service_file import Condition, FieldKind, FormFieldEntry, RequirementEntry
from adapters.loket.services import Service

__all__ = ["Form", "Requirement", "find_faults", "missing_papers", "requirements_of"]

Form = Mapping[str, Sequence[str]]
"""Name of a field -> its values."""

_DIGITS = {
    FieldKind.NIK: (16,),
    FieldKind.NIB: (13,),
    FieldKind.NOP: (18, 20),  # the tax office writes a parcel's place with four digits, or with six
}
_LONGEST = 500  # characters of one value: a form is no place for a document


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of an application, and what fulfills it."""

    entry: RequirementEntry
    paper: int | None  # place of the newest paper of this kind
    is_proven: bool  # by the records, through the check that the service names

    @property
    def is_met(self) -> bool:
        """Tell whether a paper or the records fulfill it."""
        return self.paper is not None or self.is_proven


def find_faults(service: Service, form: Form) -> tuple[str, ...]:
    """Name the fields that are missing, unknown, or hold what their kind does not allow."""
    known = {each.nama: each for each in service.form}
    unknown = [name for name in form if name not in known]
    wrong = [name for name, each in known.items() if not _is_fine(each, form.get(name, ()))]
    return (*wrong, *unknown)


def requirements_of(
    service: Service,
    form: Form,
    papers: Mapping[str, int],
    proven: Collection[str],
    *,
    has_proxy: bool,
) -> tuple[Requirement, ...]:
    """List what is required; ``papers`` gives the newest place by kind, ``proven`` checks."""
    return tuple(
        Requirement(each, papers.get(each.kode), each.terbukti_oleh in proven)
        for each in _holding(service, form, has_proxy)
    )


def missing_papers(requirements: Sequence[Requirement]) -> tuple[str, ...]:
    """Name the requirements that need a paper and have none.

    What records may prove is needed as paper only once they were asked and did not: the file is
    complete without it.
    """
    return tuple(
        each.entry.kode
        for each in requirements
        if not each.is_met and each.entry.terbukti_oleh is None
    )


def _holding(service: Service, form: Form, has_proxy: bool) -> Iterator[RequirementEntry]:
    holds = {
        None: True,
        Condition.KUASA: has_proxy,
        Condition.IPTM_LAMA: form.get("jenisIptm", ("BARU",))[0] != "BARU",
    }
    return (each for each in service.requirements if holds[each.bila])


def _is_fine(field: FormFieldEntry, values: Sequence[str]) -> bool:
    if not values:
        return not field.wajib
    if len(values) > 1 and not field.banyak:
        return False
    return all(_is_value(field, value) for value in values)


def _is_value(field: FormFieldEntry, value: str) -> bool:
    if not value.strip() or len(value) > _LONGEST:
        return False
    match field.jenis:
        case FieldKind.TEKS:
            return True
        case FieldKind.TANGGAL:
            return _is_day(value)
        case FieldKind.PILIHAN:
            return value in field.pilihan
        case kind:
            return len(value) in _DIGITS[kind] and value.isascii() and value.isdigit()


def _is_day(value: str) -> bool:
    try:
        return len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False
