"""Who may see an application and act on it: by person, by proxy, by area, and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import astuple, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, delete, insert

from adapters.contract import CallContext
from adapters.kit.context import Context
from adapters.kit.outcome import NOT_GRANTED, Denied, InvalidArgument
from adapters.loket.actors import Actor, Actors, Matter
from adapters.loket.desk import Order, Submission
from adapters.loket.functions import submit as submit_application
from adapters.loket.life import Role, Step
from adapters.loket.settings import OfficerSettings
from adapters.loket.store.engine import own_call
from adapters.loket.store.reading import Filter, find_applications, read_dossiers
from adapters.loket.store.tables import applications, metadata
from tests.testkit.counter_desk import APPLICANT, HEIR, KARTINI, Desk, code_of, open_desk

STRANGER = "3171990101019003"
MATTER = Matter(KARTINI, "003", "005", APPLICANT, HEIR, "jaki")
OFFICERS = {
    "ketua-rt": ("KETUA_RTRW", KARTINI, "003"),
    "ketua-rt-004": ("KETUA_RTRW", KARTINI, "004"),
    "petugas": ("PETUGAS", KARTINI, None),
    "petugas-pasar-baru": ("PETUGAS", "31.71.02.1001", None),
    "lurah": ("LURAH", KARTINI, None),
    "lurah-karang-anyar": ("LURAH", "31.71.02.1002", None),
    "camat": ("CAMAT", "31.71.02", None),
    "camat-gambir": ("CAMAT", "31.71.01", None),
    "ptsp": ("PTSP", "31.71", None),
}
ACTORS = Actors(
    OfficerSettings(
        caller=name, nip=f"{place:018d}", nama=name, jabatan=role, roles=(Role(role),),
        wilayah=area, rt=rt, rw="005" if rt else None,
    )
    for place, (name, (role, area, rt)) in enumerate(OFFICERS.items())
)  # fmt: skip
SEEN_BY = {
    ("jaki", APPLICANT): True,
    ("aplikasi-lain", APPLICANT): True,  # one's own, whatever app it was submitted by
    ("jaki", HEIR): True,  # the proxy that the application records
    ("jaki", STRANGER): False,  # another of the many who use the same app
    ("jaki", None): True,  # an app that names nobody: what it submitted itself
    ("aplikasi-lain", None): False,
    ("ketua-rt", None): True,
    ("ketua-rt-004", None): False,
    ("petugas", None): True,
    ("petugas-pasar-baru", None): False,
    ("lurah", None): True,
    ("lurah-karang-anyar", None): False,
    ("camat", None): True,
    ("camat-gambir", None): False,
    ("ptsp", None): True,
    ("siapa-saja", None): False,
}


def actor(caller: str, person: str | None = None, *roles: str) -> Actor:
    """Find an actor by the role that its kind of caller has."""
    own = OFFICERS[caller][0] if caller in OFFICERS else "PEMOHON"
    held = roles or (("PUBLIK",) if caller == "siapa-saja" else (own,))
    return ACTORS.find(CallContext(caller=caller, roles=held, person=person))


@pytest.mark.parametrize(("who", "expected"), SEEN_BY.items(), ids=str)
def test_who_sees_an_application(who: tuple[str, str | None], expected: bool) -> None:
    """The applicant, the proxy, the app that submitted it, and the officers of the area."""
    assert actor(*who).may_see(MATTER) is expected
    assert bool({*actor(*who).roles_at(MATTER)} - {Role.PUBLIK}) is expected


def test_an_application_without_an_rt_is_no_rt_heads() -> None:
    """Nor is one of the same RT number in another RW."""
    assert not actor("ketua-rt").may_see(replace(MATTER, rt=None, rw=None))
    assert not actor("ketua-rt").may_see(replace(MATTER, rw="006"))


def test_a_role_of_an_office_needs_an_officer() -> None:
    """A caller that calls itself one, and an officer whose caller lost the role, are none."""
    assert not actor("aplikasi-lain", None, "PETUGAS").may_see(MATTER)
    lost = actor("petugas", None, "PUBLIK")
    assert (lost.may_see(MATTER), lost.sight) == (False, None)


AREAS = (KARTINI, "31.71.02.1001", "31.71.02.1002", "31.71.01.1001", "31.71.0")
PEOPLE = (APPLICANT, HEIR, STRANGER)
MATTERS = st.builds(
    Matter,
    st.sampled_from(AREAS),
    st.sampled_from((None, "003", "004")),
    st.sampled_from((None, "005", "006")),
    st.sampled_from(PEOPLE),
    st.sampled_from((None, *PEOPLE)),
    st.sampled_from(("jaki", "aplikasi-lain", "petugas")),
)
CALLERS = st.builds(
    actor,
    st.sampled_from((*OFFICERS, "jaki", "aplikasi-lain", "siapa-saja")),
    st.sampled_from((None, *PEOPLE)),
)


@pytest.fixture(scope="module")
def table() -> Iterator[Connection]:
    """Keep the applications' table in memory."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        yield connection
    engine.dispose()


@pytest.mark.property
@given(st.lists(MATTERS, max_size=8), CALLERS)
def test_lists_show_what_one_may_see(table: Connection, matters: list[Matter], who: Actor) -> None:
    """The condition in SQL and the decision for one application agree, for every caller."""
    table.execute(delete(applications))
    for place, matter in enumerate(matters):
        table.execute(insert(applications).values(_row(str(place), matter)))
    expected = {str(place) for place, each in enumerate(matters) if who.may_see(each)}
    found = set()
    if who.sight is not None:
        found = {number for _, number in find_applications(table, Filter(), who.sight, 100, None)}
    assert found == expected


def _row(number: str, matter: Matter) -> dict[str, object]:
    names = ("kelurahan", "rt", "rw", "pemohon_nik", "kuasa_nik", "pengaju")
    needed = {
        column.name: 0 if column.type.python_type is int else ""
        for column in applications.c
        if not column.nullable
    }
    return {
        **needed, "nomor": number, "urut": int(number),
        **dict(zip(names, astuple(matter), strict=True)),
    }  # fmt: skip


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Open a counter of its own."""
    async with open_desk(f"sqlite+aiosqlite:///{tmp_path / 'loket.sqlite'}", tmp_path) as opened:
        yield opened


def by(person: str, caller: str = "jaki") -> CallContext:
    """Let a person ask through an app."""
    return CallContext(caller=caller, roles=("PEMOHON",), person=person)


@pytest.mark.anyio
async def test_a_person_acts_for_oneself_through_any_app(desk: Desk) -> None:
    """Submitted through one app, cancelled through another; a stranger in the same app may not."""
    number = await submit(desk, by(APPLICANT), None)
    assert number is not None
    order = Order("b", number, 1, "Tidak jadi.")
    stranger = await desk.counter.desk.take(by(STRANGER), Step.BATALKAN, order)
    assert (stranger.number, code_of(stranger)) == (None, "PERAN_TIDAK_BERHAK")
    assert await desk.counter.records([number], by(STRANGER)) == {number: Denied()}
    own = await desk.counter.desk.take(by(APPLICANT, "aplikasi-lain"), Step.BATALKAN, order)
    assert (own.number, own.refusal) == (number, None)


@pytest.mark.anyio
async def test_nobody_submits_for_another_without_being_the_proxy(desk: Desk) -> None:
    """Neither applicant nor proxy: refused; the recorded proxy may, and the history says so."""
    assert await submit(desk, by(STRANGER), HEIR) is None
    assert await submit(desk, by(HEIR), None) is None
    number = await submit(desk, by(HEIR), HEIR)
    assert number is not None
    read = await desk.counter.store.read(own_call(), lambda tx: read_dossiers(tx, [number]))
    (first,) = read[number].history
    assert first[0].evidence["kuasa"] is True


@pytest.mark.anyio
async def test_the_head_of_an_rt_sees_what_one_vouches_for(desk: Desk) -> None:
    """Who applies and for what; not the papers, nor what the records told, nor the text."""
    number = (await desk.submit(form={"tempatLahir": ["Jakarta"]})).number
    assert number is not None
    await desk.to_draft(number)
    head, officer = await desk.read(number, "rt"), await desk.read(number)
    for name in ("berkas", "pemeriksaan", "draf", "sidikDraf"):
        assert (head[name], officer[name] is NOT_GRANTED) == (NOT_GRANTED, False)
    assert head["isian"] == [{"nama": "keperluan", "nilai": ["Sekolah"]}]
    assert {each["alasan"] for each in head["riwayat"]} == {NOT_GRANTED}
    assert (head["status"], head["pemohon"]) == (officer["status"], {"nik": APPLICANT})


async def submit(desk: Desk, call: CallContext, proxy: str | None) -> str | None:
    """Submit an application of the applicant."""
    form = {"nama": ["Nama"], "tanggalLahir": ["2001-01-01"], "keperluan": ["Sekolah"]}
    key = f"{call.person}-{proxy}"
    asked = Submission(key, "PM1-UMUM", KARTINI, APPLICANT, proxy, "003", "005", form)
    taken = await desk.counter.desk.submit(call, asked)
    assert code_of(taken) == ("" if taken.number else "PERAN_TIDAK_BERHAK")
    return taken.number


@pytest.mark.anyio
@pytest.mark.parametrize("number", ["3", "0003", "00a", ""])
async def test_an_rt_is_written_one_way(desk: Desk, number: str) -> None:
    """Written otherwise, its head would never see the request."""
    context = Context(by(APPLICANT), desk.counter)
    asked = {
        "layanan": "PM1-UMUM", "kelurahan": KARTINI, "pemohon": APPLICANT, "rt": number,
        "isian": [],
    }  # fmt: skip
    with pytest.raises(InvalidArgument, match="three digits"):
        await submit_application(context, "kunci", asked)
