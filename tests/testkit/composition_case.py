"""One composition error: the smallest schema that has it and the nearest that has not.

In: SDL by subgraph's name, twice. Out: an assertion on the codes that ``compose`` reports.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.testkit.composing import compose_sdl

__all__ = ["CompositionCase", "assert_composes", "assert_refused"]


@dataclass(frozen=True, slots=True)
class CompositionCase:
    """A pair of worlds, both by subgraph's name; ``also`` are codes that come with the failure."""

    name: str
    failing: dict[str, str]
    passing: dict[str, str]
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Name the case in test ids."""
        return self.name


def assert_refused(case: CompositionCase, code: str) -> None:
    """The failing world reports exactly the expected codes, with a message and a subgraph."""
    result = compose_sdl(**case.failing)
    assert result.supergraph is None
    messages = "\n".join(str(error) for error in result.errors)
    assert {error.code for error in result.errors} == {code, *case.also}, messages
    assert all(error.message.endswith(".") for error in result.errors), messages


def assert_composes(case: CompositionCase) -> None:
    """The passing world composes."""
    result = compose_sdl(**case.passing)
    assert result.supergraph is not None, "\n".join(str(error) for error in result.errors)
