"""The watch over logs finds what is planted, tells where, and never what."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from demo.people.names import build_name, build_word
from tests.testkit.imports import ROOT
from tests.testkit.legacy import open_truth
from tests.testkit.personal_text import PersonalText

NIK = "3171026904959627"
NUMBER, NAME = {"a NIK or KK number"}, {"a name"}

PLANTING = """
import logging
import subprocess
import sys
import threading

import pytest

from tests.testkit.product import run_simpul, running_command
from tests.testkit.sinks import open_sink

NIK, NAME = "3171" + "0269" + "04959627", "Zhal" + "zuq Thro" + "djix"
SERVER = "import signal, sys; print(sys.argv[1], file=sys.stderr, flush=True)"
SERVER += "; print('READY http://127.0.0.1:1/graphql', flush=True); signal.pause()"


def test_in_a_message():
    logging.getLogger("simpul.adapters").debug("asked for %s", NIK)


def test_in_a_field():
    logging.getLogger("simpul.operation").info("operation", extra={"simpul": {"caller": NAME}})


def test_in_a_traceback():
    try:
        raise ValueError(NAME.upper())
    except ValueError:
        logging.getLogger("simpul.edge").exception("failed")


def test_in_a_process():
    with running_command(sys.executable, "-c", SERVER, f"nik={NIK}"):
        pass


def test_in_a_fleet():
    with open_sink("log of the fleet") as log:
        subprocess.run([sys.executable, "-c", SERVER[:-16], NAME], stderr=log, check=True)


def test_in_an_error_of_a_verb():
    run_simpul("compose", "--config", f"/tmp/{NIK}.yaml")


def test_after_logging_was_set_up_anew():
    logging.getLogger().handlers[:] = []


@pytest.mark.parametrize("nik", [NIK])
def test_harmless(nik):
    identifier = "d05" + "3171026904959627" + "00000000a5b6c"
    logging.getLogger("simpul.edge").warning("took 0.1234567890123456 s, %s", identifier)
"""


def _run_watched(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_planted.py").write_text(PLANTING, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.testkit.leak_watch"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", "--rootdir", str(folder), *arguments, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_fails_where_something_personal_is_logged(tmp_path: Path, workers: str) -> None:
    """Each planted value is found in its place, by each way; its text is not repeated."""
    run = _run_watched(tmp_path, "-n", workers)
    found = {line for line in run.stdout.splitlines() if line.startswith(("a NIK", "a name"))}
    place = "test_planted.py::test_in_a"
    assert run.returncode == 1, run.stdout
    assert found == {
        f'a NIK or KK number in a record of the logger "simpul.adapters" in {place}_message',
        f'a name in a record of the logger "simpul.operation" in {place}_field',
        f'a name in a record of the logger "simpul.edge" in {place}_traceback',
        f"a NIK or KK number in line 2 of the log of the gateway started in {place}_process",
        f"a name in line 2 of the log of the fleet started in {place}_fleet",
        "a NIK or KK number in line 2 of the error output of the verb compose started in "
        f"{place}n_error_of_a_verb",
    }
    assert NIK not in run.stdout
    assert "zuq" not in run.stdout.lower()


@pytest.mark.slow
def test_a_harmless_run_passes_and_leaves_nothing(tmp_path: Path) -> None:
    """Floats and ids are nobody's numbers; the sinks are gone afterwards."""
    run = _run_watched(tmp_path, "-k", "harmless or anew")
    assert run.returncode == 0, run.stdout
    assert re.search(r"^[1-9]\d* lines of 1 log sinks were searched", run.stdout, re.MULTILINE)
    assert not [*tmp_path.glob("simpul-sinks-*")]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"key={NIK}", NUMBER),
        ("nik 3171.0269.0495.9627!", NUMBER),
        ("kk:3171021203179557", NUMBER),
        (f"00{NIK}", NUMBER),
        ("3273016909049627", NUMBER),
        ("3273016909048627", set()),
        ("hello Khumvin Njidjam", NAME),
        ('{"nama": "KHUMVIN"}', NAME),
        ("jalan khumvin", NAME),
        ('"operation_id":"0a4b6dd72a134f829eb04f7a739e0548"', set()),
        ("2026-07-01 09:00:00 0.12345678901011290 7.317102690495962", set()),
        ("kHuMvIn", set()),
        ("Kelurahan Pasar Baru, Sawah Besar", set()),
    ],
)
def test_what_is_personal(text: str, kinds: set[str]) -> None:
    """Numbers however grouped, and invented words however cased; no other text."""
    assert PersonalText().kinds_in(text) == kinds


def test_every_person_of_a_world_is_found() -> None:
    """No number and no full name of the truth passes the search, whoever wrote it."""
    truth, search = open_truth(), PersonalText()
    columns = ("nik", "no_kk", "nik_ganda", "kk_ganda", "nik_lama", "nama")
    missed = [
        (column, value)
        for column in columns
        for (value,) in truth.execute(f"SELECT {column} FROM person")
        if value is not None and not search.kinds_in(f"x={value};")
    ]
    truth.close()
    assert missed == []


def test_every_invented_word_is_found() -> None:
    """Names and streets of worlds that were never made are found as well."""
    draw, search = random.Random(7), PersonalText()
    words = [build_word(draw) for _ in range(500)] + [build_name(draw) for _ in range(500)]
    assert [word for word in words if not search.kinds_in(word)] == []
