"""The evidence log: written at once, gone on with after a restart, and no edit stays unseen."""

from __future__ import annotations

import os
import sys
import tempfile
from asyncio import Semaphore, sleep
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cache.hash_chain import START
from gateway.audit.flushing import flushing
from gateway.audit.log import AuditBroken, AuditLog, render_head
from gateway.audit.record import find_subjects, hash_subjects
from gateway.audit.verify import ChainReport, verify_folder

KEY = b"k" * 32
NIK = "3171990101019000"


class Noted(msgspec.Struct):
    """A record."""

    text: str


def written(folder: Path, count: int) -> Path:
    """Write a chain of so many records; gives its file."""
    log = AuditLog(folder, KEY)
    for number in range(count):
        log.write(Noted(f"record {number}"))
    log.close()
    return log.path


def test_a_record_is_in_the_file_before_write_returns(tmp_path: Path) -> None:
    """Another reader sees it while the log is open."""
    log = AuditLog(tmp_path, KEY)
    log.write(Noted("a"))
    assert log.path.read_bytes().endswith(b'{"text":"a"}\n')
    assert verify_folder(tmp_path, KEY) == [ChainReport("worker-0", 1)]
    log.close()
    log.close()


def test_a_restart_leaves_no_gap(tmp_path: Path) -> None:
    """The next process goes on where the last one ended; two at once have a chain each."""
    written(tmp_path, 2)
    first, second = AuditLog(tmp_path, KEY), AuditLog(tmp_path, KEY)
    first.write(Noted("c"))
    second.write(Noted("x"))
    assert (first.path.name, second.path.name) == ("worker-0.log", "worker-1.log")
    first.close()
    second.close()
    assert verify_folder(tmp_path, KEY) == [ChainReport("worker-0", 3), ChainReport("worker-1", 1)]


def test_a_process_killed_between_record_and_head_left_a_whole_chain(tmp_path: Path) -> None:
    """The log is one record ahead of its head: verified, and gone on with."""
    path = written(tmp_path, 1)
    head = path.with_suffix(".head").read_bytes()
    written(tmp_path, 1)
    path.with_suffix(".head").write_bytes(head)
    assert verify_folder(tmp_path, KEY) == [ChainReport("worker-0", 2)]
    written(tmp_path, 1)
    assert verify_folder(tmp_path, KEY) == [ChainReport("worker-0", 3)]


def test_two_processes_killed_between_record_and_head_left_a_whole_chain(tmp_path: Path) -> None:
    """The second one brought the head up to date before it wrote: the log is one ahead again."""
    path = written(tmp_path, 1)
    for _ in range(2):
        log = AuditLog(tmp_path, KEY)
        head = path.with_suffix(".head").read_bytes()
        log.write(Noted("last words"))
        log.close()
        path.with_suffix(".head").write_bytes(head)
    assert verify_folder(tmp_path, KEY) == [ChainReport("worker-0", 3)]
    written(tmp_path, 1)
    assert verify_folder(tmp_path, KEY) == [ChainReport("worker-0", 4)]


def test_a_process_killed_inside_a_record_left_a_part_that_is_set_aside(tmp_path: Path) -> None:
    """Its answer never left: verifying tells of it, and the next process goes on without it."""
    path = written(tmp_path, 2)
    whole = path.read_bytes()
    part = b'3 0f0f {"text":"rec'
    path.write_bytes(whole + part)
    (report,) = verify_folder(tmp_path, KEY)
    assert (report.records, report.is_whole) == (2, False)
    written(tmp_path, 1)
    assert verify_folder(tmp_path, KEY) == [ChainReport("worker-0", 3)]
    assert path.read_bytes().startswith(whole)
    assert path.with_suffix(".torn").read_bytes() == part + b"\n"


@pytest.mark.parametrize("tail", [b"rubbish\n", b"3 x", b"7 00 {}\n"])
def test_what_no_process_leaves_is_not_gone_on_with(tmp_path: Path, tail: bytes) -> None:
    """A line of no chain, or a part of one after a line that the head does not know."""
    path = written(tmp_path, 2)
    if not tail.endswith(b"\n"):
        tail = path.read_bytes().splitlines(keepends=True)[-1] + tail
        path.with_suffix(".head").write_bytes(render_head(KEY, START))
    path.write_bytes(path.read_bytes() + tail)
    with pytest.raises(AuditBroken):
        AuditLog(tmp_path, KEY)


def test_rubbish_before_the_first_record_is_not_gone_on_with(tmp_path: Path) -> None:
    """An empty head belongs to an empty log."""
    (tmp_path / "worker-0.log").write_bytes(b"rubbish\n")
    with pytest.raises(AuditBroken):
        AuditLog(tmp_path, KEY)


def test_what_is_flushed_is_on_the_disk(tmp_path: Path) -> None:
    """The disk is waited for where something was written since, and at the end."""
    log = AuditLog(tmp_path, KEY)
    assert syncs_of(log.flush) == 0
    log.write(Noted("a"))
    assert log.flushed == 0
    assert syncs_of(log.flush) == 2  # the log before its head
    assert log.flushed == 1
    log.write(Noted("b"))
    assert syncs_of(log.close) == 2
    assert log.flushed == 2


def syncs_of(act: Callable[[], None]) -> int:
    """Count how often ``act`` waits for the disk."""
    seen: list[str] = []

    def profile(_: FrameType, kind: str, called: Any) -> None:
        if kind == "c_call" and called is os.fdatasync:
            seen.append(kind)

    sys.setprofile(profile)
    try:
        act()
    finally:
        sys.setprofile(None)
    return len(seen)


@pytest.mark.anyio
async def test_the_evidence_is_flushed_every_second(tmp_path: Path) -> None:
    """While it serves; a disk that refuses is tried again."""
    log, slept = AuditLog(tmp_path, KEY), Semaphore(0)
    ticks: list[float] = []

    async def tick(seconds: float) -> None:
        ticks.append(seconds)
        await slept.acquire()

    async with flushing(log, tick):
        log.write(Noted("a"))
        slept.release()
        while log.flushed < 1 or len(ticks) < 2:
            await sleep(0)
    log.close()
    assert {*ticks} == {1.0}


def test_a_chain_that_was_cut_is_not_gone_on_with(tmp_path: Path) -> None:
    """The start is refused, and says what to do."""
    path = written(tmp_path, 3)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1]))
    with pytest.raises(AuditBroken, match="audit verify"):
        AuditLog(tmp_path, KEY)


@pytest.mark.parametrize("gone", [".log", ".head"])
def test_a_missing_file_shows(tmp_path: Path, gone: str) -> None:
    """Of the two files of a chain, either tells that the other is gone."""
    written(tmp_path, 2).with_suffix(gone).unlink()
    (report,) = verify_folder(tmp_path, KEY)
    assert not report.is_whole


def test_another_key_verifies_nothing(tmp_path: Path) -> None:
    """A chain that was sealed again by who does not hold the key is found."""
    written(tmp_path, 1)
    (report,) = verify_folder(tmp_path, b"x" * 32)
    assert not report.is_whole


@pytest.mark.property
@given(st.integers(1, 5), st.data())
def test_any_edit_of_the_file_shows(count: int, data: st.DataObject) -> None:
    """Bytes changed, put in or taken out, lines dropped, doubled or moved: verifying finds it."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), count)
        original = path.read_bytes()
        edited = data.draw(st.one_of(byte_edits(original), line_edits(original)))
        assume(edited != original)
        path.write_bytes(edited)
        (report,) = verify_folder(Path(folder), KEY)
    lines = original.splitlines(keepends=True)
    # A kill may leave the log one ahead of its head, never behind it: one line less is a cut.
    assert edited == b"".join(lines) or not report.is_whole


def byte_edits(original: bytes) -> st.SearchStrategy[bytes]:
    """Replace a stretch of bytes by others."""
    return st.builds(
        lambda start, length, put: original[:start] + put + original[start + length :],
        st.integers(0, len(original)),
        st.integers(0, 80),
        st.binary(max_size=8),
    )


def line_edits(original: bytes) -> st.SearchStrategy[bytes]:
    """Take any lines in any order, some of them more than once."""
    lines = original.splitlines(keepends=True)
    return st.lists(st.sampled_from(lines), max_size=6).map(b"".join)


def test_subjects_are_found_in_request_and_answer_and_told_as_hashes() -> None:
    """Numbers of persons, wherever they stand; the record holds none of them."""
    other = "3171990101019001"
    found = find_subjects(f'{{ a(nik: "{NIK}") }}', {"n": ["12", other]}, {"b": [{"nik": NIK}]})
    assert found == {NIK, other}
    hashes = hash_subjects(KEY, found)
    assert len(hashes) == 2
    assert all(NIK not in each and len(each) == 64 for each in hashes)


@pytest.mark.parametrize(
    "name", ["1234567890123", "123456789012345678", "31.71.02.1003/KAWIN-1/2026/12"]
)
def test_what_has_no_nik_is_a_subject_by_its_own_name(name: str) -> None:
    """A business, an officer or a parcel, an application."""
    assert find_subjects("{ a { b } }", {"x": {"y": [name]}}, None) == {name}
    assert find_subjects(f'{{ a(x: "{name}") }}', {}, {"a": {"nama": "x"}}) == {name}


def test_where_nothing_is_named_the_question_is_the_subject() -> None:
    """Equal questions are equal subjects, however they are written; none is left without."""
    (first,) = find_subjects("query ($a: ID!) { b(c: $a) { d } }", {"a": "SK/1"}, {"b": 1})
    (again,) = find_subjects("query ($a: ID!) { b(c: $a) { e f } }", {"a": "SK/1"}, {"b": 2})
    (other,) = find_subjects("query ($a: ID!) { b(c: $a) { d } }", {"a": "SK/2"}, {"b": 1})
    assert first == again != other
    assert find_subjects("{ semua { nama } }", {}, {"semua": []}) == {"{ semua { nama } }"}
