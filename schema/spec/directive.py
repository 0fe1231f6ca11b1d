"""A directive as a specification defines it.

In: the name, the definition's parameters and locations as text. Out: the definition under the
name that a schema gives it. Text and not a syntax tree, because the only readers are people and
the parser.
"""

from __future__ import annotations

from dataclasses import dataclass

from schema.spec.feature_url import Version

__all__ = ["SpecifiedDirective", "SpecifiedScalar"]


@dataclass(frozen=True, slots=True)
class SpecifiedDirective:
    """One directive of a specification; ``{Scalar}`` in ``parameters`` stands for a local name."""

    name: str
    parameters: str
    locations: tuple[str, ...]
    since: Version
    repeatable: bool = False
    # Locations that a later version added, with that version.
    later_locations: tuple[tuple[str, Version], ...] = ()
    # Parameters that a later version added, with that version.
    later_parameters: tuple[tuple[str, Version], ...] = ()
    repeatable_since: Version | None = None

    def define(self, local_name: str, version: Version, scalars: dict[str, str]) -> str:
        """Write the definition as ``version`` has it, under the schema's own names."""
        added = [text for text, since in self.later_parameters if version >= since]
        parameters = ", ".join([text for text in (self.parameters, *added) if text])
        for name, local in scalars.items():
            parameters = parameters.replace(f"{{{name}}}", local)
        repeatable = " repeatable" if self._is_repeatable(version) else ""
        arguments = f"({parameters})" if parameters else ""
        locations = " | ".join(self.locations_in(version))
        return f"directive @{local_name}{arguments}{repeatable} on {locations}"

    def locations_in(self, version: Version) -> tuple[str, ...]:
        """List the locations that ``version`` allows."""
        later = tuple(text for text, since in self.later_locations if version >= since)
        return self.locations + later

    def _is_repeatable(self, version: Version) -> bool:
        since = self.repeatable_since
        return self.repeatable or (since is not None and version >= since)


@dataclass(frozen=True, slots=True)
class SpecifiedScalar:
    """A scalar that a specification brings."""

    name: str
    since: Version
