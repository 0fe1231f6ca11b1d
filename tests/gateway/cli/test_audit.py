"""``simpul audit verify``: whole chains exit 0; whatever was done to one is named, and exits 1."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from cache.key_file import load_key
from gateway.audit.log import AuditLog
from gateway.cli.audit import verify
from gateway.cli.output import Failure


class Noted(msgspec.Struct):
    """A record."""

    text: str


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Write a configuration with a counter, and the evidence of one worker."""
    folder = tmp_path / "var" / "audit"
    log = AuditLog(folder, load_key(folder / "key"))
    for number in range(3):
        log.write(Noted(str(number)))
    log.close()
    file = tmp_path / "simpul.yaml"
    file.write_text(
        "state_dir: var\nsubgraphs: {wilayah: {adapter: wilayah}, loket: {adapter: loket}}\n"
    )
    return file


def test_whole_chains_are_told(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for the worker, one for the counter's own history."""
    verify(config)
    printed = capsys.readouterr().out.splitlines()
    assert [line.split() for line in printed] == [
        ["worker-0", "3", "records", "whole"],
        ["loket", "0", "records", "whole"],
    ]


def test_a_changed_record_is_found(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the chain broke is said, for people and for programs."""
    log = config.parent / "var" / "audit" / "worker-0.log"
    log.write_bytes(log.read_bytes().replace(b'"text":"1"', b'"text":"9"'))
    with pytest.raises(Failure, match="worker-0"):
        verify(config, format="json")
    worker, _ = json.loads(capsys.readouterr().out)["chains"]
    assert worker == {"name": "worker-0", "records": 1, "problem": "link 2 was changed"}


def test_a_cut_history_of_the_counter_is_found(config: Path) -> None:
    """The counter's store is verified with its own key."""
    verify(config)
    with closing(sqlite3.connect(config.parent / "var" / "loket.sqlite")) as base:
        base.execute("UPDATE rantai SET urut = 5")
        base.commit()
    with pytest.raises(Failure, match="loket"):
        verify(config)


def test_without_the_key_nothing_is_claimed(config: Path) -> None:
    """No new key is made, under which everything would look forged."""
    key = config.parent / "var" / "audit" / "key"
    key.unlink()
    with pytest.raises(Failure, match="no key"):
        verify(config)
    assert not key.exists()


def test_no_chain_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A gateway that never served has nothing to show."""
    file = tmp_path / "simpul.yaml"
    file.write_text("state_dir: var\nsubgraphs: {wilayah: {adapter: wilayah}}\n")
    verify(file)
    assert capsys.readouterr().out == "there is no chain yet\n"
