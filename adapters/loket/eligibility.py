"""What a service would find and need, before anybody applies: its checks, made for the asking.

In: a service, a kelurahan, an applicant, and as much of the form as is filled in. Out: a record of
the graph's ``Kelayakan``. Nothing is written and nothing of the records is kept; the checks are
those of an application, asked through the graph as who asks. A check whose fields of the form are
not filled in yet is not made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.contract import CallContext
from adapters.kit.outcome import InvalidArgument
from adapters.loket.actors import Matter
from adapters.loket.checks.finding import Result
from adapters.loket.checks.inquiry import Facts, Inquiry
from adapters.loket.checks.run import make_checks
from adapters.loket.counter import Counter
from adapters.loket.form import Form, Requirement, find_faults, requirements_of
from adapters.loket.life import Step, acting_role
from adapters.loket.mapping import requirement_record, service_record
from adapters.loket.services import Service

__all__ = ["Intention", "judge"]


@dataclass(frozen=True, slots=True)
class Intention:
    """What somebody thinks of applying for."""

    service: str
    kelurahan: str
    applicant: str  # NIK
    proxy: str | None
    form: Form  # as far as it is filled in


async def judge(counter: Counter, call: CallContext, asked: Intention) -> dict[str, Any]:
    """Make the checks and list the requirements; raises ``InvalidArgument``.

    Only who may apply may ask: the applicant, the proxy, and the counter.
    """
    service = _find_service(counter, call, asked)
    facts = Facts(
        asked.kelurahan,
        asked.applicant,
        asked.form,
        frozenset(),
        counter.today,
        counter.calendar,
    )
    found = await make_checks(Inquiry(counter.graph, call, facts), service, counter.desk.key)
    against = [
        each["kode"] for each in found if each["menghalangi"] and each["hasil"] == Result.GAGAL
    ]
    return {
        "layanan": service_record(service),
        "mungkin": not against,
        "pemeriksaan": [_check(each) for each in found],
        "persyaratan": [requirement_record(each) for each in _requirements(service, asked, found)],
    }


def _find_service(counter: Counter, call: CallContext, asked: Intention) -> Service:
    matter = Matter(asked.kelurahan, None, None, asked.applicant, asked.proxy, None)
    roles = counter.actors.find(call).roles_at(matter)
    if acting_role(Step.AJUKAN, None, roles) is None:
        raise InvalidArgument("The caller may not apply for this person.", "TIDAK_ADA_HAK")
    service = counter.catalog.find(asked.service, asked.kelurahan, counter.today)
    if service is None:
        raise InvalidArgument("There is no such service.")
    wrong = [name for name in find_faults(service, asked.form) if name in asked.form]
    if wrong:
        raise InvalidArgument(f"These fields are not filled in as they must be: {', '.join(wrong)}")
    return service


def _requirements(
    service: Service, asked: Intention, found: list[dict[str, Any]]
) -> tuple[Requirement, ...]:
    proven = {each["kode"] for each in found if each["hasil"] == Result.LULUS}
    return requirements_of(service, asked.form, {}, proven, has_proxy=asked.proxy is not None)


def _check(made: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: made[name] for name in ("kode", "hasil", "alasan", "menghalangi")},
        "sumber": made["sumber"].split(",") if made["sumber"] else [],
    }
