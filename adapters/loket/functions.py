"""The functions behind the graph's fields: reads in batches, and one function a mutation.

In: keys or arguments, as the runtime coerced them. Out: outcomes by key, pages, or what became of a
step. What a mutation refuses is data beside the application; what is no such application, or a
store that does not answer, is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from adapters.errors import SourceCode
from adapters.kit.context import Context
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Denied, InvalidArgument, Outcomes, Page, PageRequest
from adapters.kit.paging import pack_cursor, unpack_cursor
from adapters.kit.python import lookup
from adapters.kit.scalar_rules import WIB
from adapters.loket.counter import AT_ONCE, Counter
from adapters.loket.desk import Order, Submission, Taken
from adapters.loket.eligibility import Intention, judge
from adapters.loket.life import Step
from adapters.loket.mapping import (
    local_service_record,
    officer_record,
    refusal_record,
    service_record,
)
from adapters.loket.refusal import CALENDAR_MISSING
from adapters.loket.store.history import moment, seals_after
from adapters.loket.store.reading import (
    Filter,
    find_applications,
    is_narrow,
    numbers_of_people,
)
from adapters.loket.working_days import CalendarMissing

__all__ = [
    "applications_by_number",
    "applications_of",
    "export_lines",
    "judge_eligibility",
    "letters_by_key",
    "list_applications",
    "needs_dispensation",
    "officers_by_nip",
    "services_by_code",
    "services_in",
    "sign",
    "submit",
    "take",
    "verify_letter",
]


@lookup("Permohonan", key="nomor")
async def applications_by_number(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give the applications of these numbers."""
    counter: Counter = context.sources
    return await counter.records(keys, context.call, wanted)


@lookup("JenisLayanan", key="kode")
async def services_by_code(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give the services of these codes, by the province's template."""
    counter: Counter = context.sources
    template = counter.catalog.template
    return {key: service_record(template[key]) for key in keys if key in template}


@lookup("Petugas", key="nip")
async def officers_by_nip(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give the officers of these NIPs."""
    counter: Counter = context.sources
    known = counter.actors.by_nip
    return {key: officer_record(known[key]) for key in keys if key in known}


@lookup("Surat", key=("kelurahan.kode", "nomor", "tahun"))
async def letters_by_key(
    keys: Sequence[tuple[str, str, int]], wanted: Wanted, context: Context
) -> Outcomes:
    """Give the letters that were issued here; a register's own is not found."""
    counter: Counter = context.sources
    return await counter.letters(keys, wanted, context.call)


async def applications_of(keys: Sequence[str], context: Context) -> Outcomes:
    """Give the applications of these residents that the caller may see, the oldest first."""
    counter: Counter = context.sources
    sight = counter.actors.find(context.call).sight
    if sight is None:
        return dict.fromkeys(keys, Denied())
    numbers = await counter.store.read(context.call, lambda tx: numbers_of_people(tx, keys, sight))
    return {nik: [{"nomor": each} for each in found] for nik, found in numbers.items()}


async def services_in(keys: Sequence[str], context: Context, day: date | None) -> Outcomes:
    """Give the services as they hold in these kelurahan on a day; None: today."""
    counter: Counter = context.sources
    when = day or counter.today
    catalog = counter.catalog
    return {
        key: [
            local_service_record(service)
            for code in catalog.codes
            if (service := catalog.find(code, key, when)) is not None
        ]
        for key in keys
    }


async def list_applications(context: Context, page: PageRequest, sought: Mapping[str, Any]) -> Page:
    """List what is sought and the caller may see, the oldest first."""
    counter: Counter = context.sources
    sight = counter.actors.find(context.call).sight
    if sight is None:
        raise InvalidArgument("The caller has no role at the counter.", SourceCode.TIDAK_ADA_HAK)
    after = unpack_cursor(page.after, str, str) if page.after is not None else None
    asked = Filter(
        sought.get("wilayah"),
        sought.get("layanan"),
        sought.get("status"),
        sought.get("petugas"),
        sought.get("rt"),
        sought.get("rw"),
        _midnight(sought.get("dari")),
        _midnight(sought.get("sampai"), days=1),
    )
    is_small = page.first <= AT_ONCE and is_narrow(asked, sight)
    run = counter.store.look if is_small else counter.store.read
    found = await run(
        context.call, lambda tx: find_applications(tx, asked, sight, page.first + 1, after)
    )
    shown = found[: page.first]
    return Page(
        [{"nomor": number} for _, number in shown],
        len(found) > page.first,
        pack_cursor(*shown[-1]) if shown else None,
    )


async def needs_dispensation(context: Context, wedding: date) -> bool:
    """Tell whether a wedding on that day needs the camat's dispensation, asked today."""
    counter: Counter = context.sources
    try:
        return counter.calendar.needs_dispensation(counter.today, wedding)
    except CalendarMissing as missing:
        raise InvalidArgument(str(missing), CALENDAR_MISSING) from None


async def judge_eligibility(
    context: Context, asked: Mapping[str, Any], fields: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Tell what a service would find and need; ``asked`` is what ``Intention`` is made of."""
    return await judge(context.sources, context.call, Intention(**asked, form=form_of(fields)))


async def submit(context: Context, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Take a new application."""
    counter: Counter = context.sources
    submission = Submission(
        key,
        asked["layanan"],
        asked["kelurahan"],
        asked["pemohon"],
        asked.get("kuasa"),
        _neighbourhood(asked.get("rt")),
        _neighbourhood(asked.get("rw")),
        form_of(asked["isian"]),
        [paper_of(each) for each in asked.get("berkas") or ()],
    )
    taken = await counter.desk.submit(context.call, submission)
    return await _told(context, taken, Step.AJUKAN, 0)


async def take(
    context: Context,
    step: Step,
    order: tuple[str, str, int],
    *,
    reason: str | None = None,
    **given: Any,
) -> dict[str, Any]:
    """Take a step; ``order`` is key, number and version."""
    counter: Counter = context.sources
    asked = Order(*order, reason, given)
    match step:
        case Step.PERIKSA:
            taken = await counter.check(context.call, asked)
        case Step.TERBITKAN:
            taken = await counter.office.issue(context.call, asked)
        case _:
            taken = await counter.desk.take(context.call, step, asked)
    if step in (Step.TERBITKAN, Step.CABUT):
        counter.sender.nudge()
    return await _told(context, taken, step, asked.version)


async def sign(
    context: Context, order: tuple[str, str, int], draft: str, passphrase: str
) -> dict[str, Any]:
    """Sign the draft whose hash is given; the passphrase is passed on and kept nowhere."""
    counter: Counter = context.sources
    asked = Order(*order, None, {"sidikDraf": draft})
    taken = await counter.office.sign(context.call, asked, passphrase)
    return await _told(context, taken, Step.TANDA_TANGANI, asked.version)


async def verify_letter(context: Context, code: str, seal: str | None) -> dict[str, Any]:
    """Tell the public whether a letter is genuine."""
    counter: Counter = context.sources
    return await counter.verify_letter(context.call, code, seal)


async def export_lines(
    context: Context, kelurahan: str, since: date | None, until: date | None
) -> dict[str, Any]:
    """Give the lines of a kelurahan's letters to an officer there."""
    counter: Counter = context.sources
    return await counter.export(context.call, kelurahan, since, until)


def form_of(fields: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Read a form; raises ``InvalidArgument`` for a field that is given twice."""
    form = {each["nama"]: [*each["nilai"]] for each in fields}
    if len(form) != len(fields):
        raise InvalidArgument("A field of the form is given twice.")
    return form


def paper_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Read a paper; raises ``InvalidArgument``."""
    digest = str(given["sha256"])
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise InvalidArgument('"sha256" is 64 hexadecimal digits.')
    if given["ukuran"] <= 0:
        raise InvalidArgument('"ukuran" is a number of bytes.')
    return {name: given[name] for name in ("jenis", "lokasi", "sha256", "media", "ukuran")}


def _neighbourhood(number: str | None) -> str | None:
    """Read the number of an RT or RW: written otherwise, its head would never see the request."""
    if number is not None and not (len(number) == 3 and number.isascii() and number.isdigit()):
        raise InvalidArgument('"rt" and "rw" have three digits, such as "003".')
    return number


async def _told(context: Context, taken: Taken, step: Step, version: int) -> dict[str, Any]:
    """Tell what became of a step; the evidence of the operation names what it wrote."""
    counter, number = context.sources, taken.number
    context.record(counter.name, calls=1)
    # A signature begins with an entry of its own, which stays if the authority then refuses.
    begun = (Step.SIAPKAN_SURAT,) if step is Step.TANDA_TANGANI else ()
    written = begun if taken.refusal else (*begun, step)
    if number is not None and written:
        seals = None if begun else taken.seals
        if seals is None:  # written by more than one transaction, or by an earlier request
            seals = await counter.store.look(
                context.call, lambda tx: seals_after(tx, number, version, written)
            )
        context.seal(counter.name, seals)
    return {
        "permohonan": None if number is None else {"nomor": number},
        "penolakan": None if taken.refusal is None else refusal_record(taken.refusal),
    }


def _midnight(day: date | None, days: int = 0) -> str | None:
    if day is None:
        return None
    return moment(datetime.combine(day + timedelta(days), time(), WIB))
