"""The code of a letter: 128 bits, read as people type it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.loket.letters.code import CODE_BYTES, draw_code, read_code


@given(st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES))
def test_every_draw_is_read_back(drawn: bytes) -> None:
    """As drawn, and as somebody types it."""
    code = draw_code(lambda _: drawn)
    assert read_code(code) == code
    assert read_code(f" {code[:5]}-{code[5:].lower()} ") == code


@given(
    st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES),
    st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES),
)
def test_no_two_draws_share_a_code(one: bytes, other: bytes) -> None:
    """Codes are as distinct as the bits they are made of."""
    assert (draw_code(lambda _: one) == draw_code(lambda _: other)) == (one == other)


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    """O and l stand for 0 and 1."""
    code = draw_code(lambda size: bytes([0, 1] * (size // 2)))
    assert read_code(code.replace("0", "O").replace("1", "l")) == code


def test_what_can_be_no_code_is_none() -> None:
    """Too short, too long, too large, or a letter that codes do not use."""
    code = draw_code()
    assert read_code(code[:-1]) is None
    assert read_code(code + "0") is None
    assert read_code("Z" + code[1:]) is None
    assert read_code(code[:-1] + "U") is None
