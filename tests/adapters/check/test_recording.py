"""What is read of a recording, and how mistakes in it are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.check.recording import RecordingError, load_recording

GOOD = 'samples:\n  - {title: a, ask: "{ a }"}\n'


def test_samples_and_exchanges_are_read(tmp_path: Path) -> None:
    """A recording is its samples, and the exchanges beside them."""
    (tmp_path / "recording.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "exchanges.json").write_text('[{"method": "GET", "target": "/a"}]', "utf-8")
    recording = load_recording(tmp_path)
    assert [sample.title for sample in recording.samples] == ["a"]
    assert [(each.method, each.status) for each in recording.exchanges] == [("GET", 200)]


def test_a_folder_without_a_recording_is_named(tmp_path: Path) -> None:
    """Who has none yet is told where it belongs and how it is written."""
    with pytest.raises(RecordingError, match=r"recording\.yaml.*docs/adapter-check\.md"):
        load_recording(tmp_path)


def test_a_mistake_is_told_with_its_place(tmp_path: Path) -> None:
    """File, line and column of the setting that does not exist."""
    (tmp_path / "recording.yaml").write_text(GOOD + "samplez: 1\n", "utf-8")
    with pytest.raises(RecordingError, match=r"recording\.yaml:3:1: samplez"):
        load_recording(tmp_path)
