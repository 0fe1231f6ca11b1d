"""Keeping free the one name that subgraph requests use themselves.

In: a document. Out: the same document, or one in which the variable ``representations`` bears
another name, and that name: an entity fetch sends a variable of that name beside the client's.
"""

from __future__ import annotations

from typing import Any

from graphql import DocumentNode, NameNode, VariableNode, Visitor, visit

__all__ = ["RESERVED", "free_reserved_name"]

RESERVED = "representations"


def free_reserved_name(document: DocumentNode) -> tuple[DocumentNode, str | None]:
    """Rename a client's variable that has the reserved name; None if there is none."""
    names = _Names()
    visit(document, names)
    if RESERVED not in names.seen:
        return document, None
    name = RESERVED
    while name in names.seen:
        name += "_"
    renamed: DocumentNode = visit(document, _Rename(name))
    return renamed, name


class _Names(Visitor):
    """Collects the names of all variables."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        """Note one."""
        self.seen.add(node.name.value)


class _Rename(Visitor):
    """Gives the variable its other name, wherever it stands."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def enter_variable(self, node: VariableNode, *_: Any) -> VariableNode | None:
        """Replace one."""
        if node.name.value != RESERVED:
            return None
        return VariableNode(name=NameNode(value=self._name), loc=node.loc)
