"""Whatever a source sends, nobody gets what is another key's, or was asked under other rights.

The legacy adapters are asked their recorded samples while their sources send rows of anybody, in
any order, with gaps and doubles; a source's own word for another key is the worst that it can say.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.check.comparing import told_wrongly
from adapters.check.recording import load_recording
from adapters.check.subject import Subject
from adapters.check.tampering import Tamper, change_texts, is_free_text
from adapters.check.wire import CALLER, Wire
from adapters.contract import CallContext
from adapters.registry import find_recording, load_adapter
from tests.testkit.raw_wire import Pick, pick_answers, pick_files

ADAPTERS = ("dukcapil", "dpmptsp", "kelurahan", "siak", "oss", "pbb", "carik", "bsre")

_EVENTS = ("oss",)
"""Whose rows are news: without the newest an older one is true again, so none is left out here."""

_ALWAYS_FRESH = ("dukcapil", "dpmptsp", "siak", "pbb")
"""Sources that are asked anew for each question, and do not keep a version in memory for all."""


@cache
def subject_of(name: str) -> Subject:
    """Give what is asked, and its recording."""
    return Subject(load_adapter(name), load_recording(find_recording(name)))


@cache
def truth_of(name: str) -> dict[str, list[Any]]:
    """Give the entities of each sample as an orderly source has them."""
    return asyncio.run(_ask(subject_of(name), None))


async def _ask(subject: Subject, pick: Pick | None) -> dict[str, list[Any]]:
    async with subject.open(Wire(limits={"retries": 0})) as opened:
        if pick is not None:
            pick_files(opened.files, pick)
        return {
            sample.title: (await opened.ask(sample)).data or [None] * len(sample.representations)
            for sample in subject.entity_samples
            if sample.representations is not None
        }


@pytest.mark.property
@pytest.mark.parametrize("name", ADAPTERS)
@settings(max_examples=10)
@given(data=st.data())
def test_no_value_ever_attaches_to_another_key(name: str, data: st.DataObject) -> None:
    """Every entity is its own record, a part of it, or nothing, and no record comes twice."""

    def pick(rows: Sequence[Any]) -> list[Any]:
        some = data.draw(st.lists(st.sampled_from(range(len(rows))), max_size=len(rows) + 2))
        if name in _EVENTS:
            some += data.draw(st.permutations(range(len(rows))))
        return [rows[place] for place in some]

    subject = subject_of(name)
    true = truth_of(name)
    sloppy = replace(subject, recording=pick_answers(subject.recording, pick), unrecorded=[])
    told = asyncio.run(_ask(sloppy, pick))
    assert [
        finding
        for title, entities in told.items()
        for finding in told_wrongly(title, entities, true[title])
    ] == []


RIGHTS = st.lists(
    st.tuples(
        st.sampled_from(["ptsp", "dinsos"]),
        st.sampled_from(["PELAYANAN_PUBLIK", "ALOKASI_ANGGARAN"]),
    ),
    min_size=2,
    max_size=6,
)


@pytest.mark.property
@pytest.mark.parametrize("name", _ALWAYS_FRESH)
@settings(max_examples=8)
@given(rights=RIGHTS)
def test_no_call_is_answered_from_anothers(name: str, rights: list[tuple[str, str]]) -> None:
    """Who asks the same at the same time for another agency or purpose gets an answer of its own.

    Every answer of the source is stamped with the call that it answers.
    """
    stamps = asyncio.run(_stamps(name, rights))
    owners: dict[str, set[tuple[str, str]]] = {}
    for own, seen in zip(rights, stamps, strict=True):
        assert seen
        for stamp in seen:
            owners.setdefault(stamp, set()).add(own)
    assert all(len(each) == 1 for each in owners.values())


async def _stamps(name: str, rights: list[tuple[str, str]]) -> list[set[str]]:
    """Ask one sample once for each of these rights, at once; give the stamps that each one saw."""
    subject, numbers = subject_of(name), iter(range(10, 10_000))

    def stamp(answer: Any) -> Any:
        text = f"CAP NOMOR {next(numbers)}"
        return Tamper(change_texts(is_free_text, lambda _: text))(answer)

    async with subject.open(Wire(after=stamp)) as opened:
        sample = subject.entity_samples[0]
        calls = [
            CallContext(caller=CALLER, agency=agency, purpose=purpose) for agency, purpose in rights
        ]
        answers = await asyncio.gather(*(opened.ask(sample, call=call) for call in calls))
    return [{*re.findall(r"NOMOR (\d+)", json.dumps(each.data, default=str))} for each in answers]
