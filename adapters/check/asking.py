"""Which samples reach a source through a guard: what most claims about failure can be tried on."""

from __future__ import annotations

from adapters.check.model import NotApplicable
from adapters.check.recording import Sample
from adapters.check.subject import Subject

__all__ = ["samples_that_ask"]


async def samples_that_ask(subject: Subject) -> list[Sample]:
    """Give the samples that cause calls; raises ``NotApplicable`` if there is none."""
    found = []
    async with subject.open() as opened:
        for sample in subject.recording.samples:
            before = opened.wire.calls
            await opened.ask(sample)
            if opened.wire.calls > before:
                found.append(sample)
    if not found:
        raise NotApplicable("no sample asks a source through a guard")
    return found
