"""The table from the wire's errors to the six source codes."""

from adapters.errors import SourceCode
from adapters.http_client.errors import (
    SOURCE_ERRORS,
    ConnectFailed,
    DeadlineExceeded,
    HttpError,
    source_error,
)


def test_the_table_is_complete() -> None:
    """Every error of the wire has a code."""
    assert set(SOURCE_ERRORS) == set(HttpError.__subclasses__())


def test_translates_code_and_text() -> None:
    """The text is kept, and the code says whose fault it is."""
    assert str(source_error(ConnectFailed("a:1"))) == "a:1"
    assert source_error(ConnectFailed("")).code is SourceCode.SUMBER_TIDAK_TERSEDIA
    assert source_error(DeadlineExceeded("")).code is SourceCode.BATAS_WAKTU
