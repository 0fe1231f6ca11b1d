"""Says of a fetch's selections by what name each belongs in the answer.

In: the output rewrites of a fetch. Out: ``Renames``, followed selection by selection. What comes
under an internal alias is decoded under that alias and held under its own name, so that nothing is
left to be renamed when it has come.

A rewrite's path names its parents as the subgraph answers them, and no list.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.executor.compiled.source import NotCovered
from gateway.plan.nodes import FetchNode, KeyRenamer, TypeCondition

__all__ = ["Renames"]


@dataclass(frozen=True, slots=True)
class Renames:
    """The renames at one selection set and below it; their paths begin there."""

    held: tuple[KeyRenamer, ...]
    failed: tuple[KeyRenamer, ...] = ()  # those of other types

    @classmethod
    def of(cls, fetch: FetchNode) -> Renames:
        """Give those of a fetch; raises ``NotCovered`` for a type name that is to be set."""
        found = tuple(each for each in fetch.output_rewrites if isinstance(each, KeyRenamer))
        if len(found) < len(fetch.output_rewrites):
            raise NotCovered
        return cls(found)

    def on(self, type_name: str) -> Renames:
        """Tell which hold for objects of a type."""
        held: list[KeyRenamer] = []
        failed: list[KeyRenamer] = []
        for each in self.held:
            path = each.path
            while isinstance(path[0], TypeCondition) and type_name in path[0].types:
                path = path[1:]
            (failed if isinstance(path[0], TypeCondition) else held).append(
                replace(each, path=path)
            )
        return Renames(tuple(held), (*self.failed, *failed))

    def name_of(self, name: str) -> str:
        """Give the name in the answer; raises ``NotCovered`` for an alias that nothing undoes."""
        for each in self.held:
            if each.path == (name,):
                return each.rename_to
        if any(_names(each) == [name] for each in self.failed):
            raise NotCovered
        return name

    def below(self, name: str) -> Renames:
        """Give those below a field."""
        return Renames(
            tuple(
                replace(each, path=each.path[1:])
                for each in self.held
                if len(each.path) > 1 and each.path[0] == name
            ),
            tuple(
                replace(each, path=tuple(_names(each)[1:]))
                for each in self.failed
                if _names(each)[0] == name and len(_names(each)) > 1
            ),
        )


def _names(rewrite: KeyRenamer) -> list[str]:
    return [each for each in rewrite.path if isinstance(each, str)]
