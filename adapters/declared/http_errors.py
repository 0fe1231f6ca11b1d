"""Errors that a declared REST service tells inside a well-formed answer.

In: ``errors`` of the service's settings: where a word stands, which words, and what they mean. Out:
the function that ``HttpSource`` asks of each answer. The first that fits counts; no error repeats
the service's words, which may quote a record.
"""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from adapters.declared.nested import dig
from adapters.errors import (
    AccessDenied,
    BadRecord,
    QuotaExhausted,
    RecordNotFound,
    SourceCode,
    SourceError,
    SourceTimeout,
    SourceUnavailable,
)
from adapters.kit.adapter import AdapterSettings
from adapters.sources.http import FindError

__all__ = ["ToldError", "build_find_error"]

_ERRORS: dict[SourceCode, type[SourceError]] = {
    SourceCode.SUMBER_TIDAK_TERSEDIA: SourceUnavailable,
    SourceCode.KUOTA_HABIS: QuotaExhausted,
    SourceCode.TIDAK_ADA_HAK: AccessDenied,
    SourceCode.TIDAK_DITEMUKAN: RecordNotFound,
    SourceCode.DATA_RUSAK: BadRecord,
    SourceCode.BATAS_WAKTU: SourceTimeout,
}


class ToldError(AdapterSettings):
    """One way in which an answer says that it is none."""

    path: str = Field(description="Where in the answer.")
    equals: tuple[str | int | bool, ...] = Field((), description="Any of these values.")
    contains: str | None = Field(None, description="A part of the text, in capitals or not.")
    code: SourceCode = Field(description="What it means; TIDAK_DITEMUKAN: no such record.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.equals and self.contains is not None:
            raise ValueError('"equals" and "contains" are two ways: give one, or neither')
        return self

    def fits(self, answer: Any) -> bool:
        """Tell whether the answer says so; without words, whether there is anything at all."""
        told = dig(answer, self.path)
        if self.equals:
            return any(told == each and type(told) is type(each) for each in self.equals)
        if self.contains is not None:
            return isinstance(told, str) and self.contains.casefold() in told.casefold()
        return told not in (None, False, "", 0) and told != [] and told != {}


def build_find_error(source: str, told: tuple[ToldError, ...]) -> FindError | None:
    """Build the function that finds the error in an answer of ``source``."""
    if not told:
        return None

    def find_error(answer: Any) -> SourceError | None:
        for each in told:
            if each.fits(answer):
                text = f'source "{source}" told of an error at "{each.path}"'
                return _ERRORS[each.code](text)
        return None

    return find_error
