"""A key is made once, kept, and never half written."""

from __future__ import annotations

from pathlib import Path

import pytest

from cache.key_file import KEY_BYTES, KeyUnreadable, load_key


def test_a_key_is_made_once(tmp_path: Path) -> None:
    """The second who loads it gets the first one's; only the owner may read it."""
    path = tmp_path / "state" / "kunci"
    first = load_key(path)
    assert len(first) == KEY_BYTES
    assert load_key(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["kunci"]


@pytest.mark.parametrize("text", ["", "xyz", "00" * 8], ids=["empty", "no-hex", "short"])
def test_what_is_no_key_is_refused_without_telling_it(tmp_path: Path, text: str) -> None:
    """The text names the file, and holds nothing of what is in it."""
    path = tmp_path / "kunci"
    path.write_text(text)
    with pytest.raises(KeyUnreadable, match="kunci") as refused:
        load_key(path)
    assert not text or text not in str(refused.value)
