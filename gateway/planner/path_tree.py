"""The chosen paths as one tree: what they share is there once.

In: the chosen path of every leaf. Out: a tree over steps, in document order, printed for
inspection, and the input of the fetch graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gateway.planner.graph_path import Enter, GraphPath, Select, print_step

__all__ = ["PathTree", "build_path_tree", "render_path_tree"]


@dataclass(slots=True, eq=False)
class PathTree:
    """One step of the tree; ``path`` is None at the top only."""

    path: GraphPath | None = None
    children: list[PathTree] = field(default_factory=list)

    def leaves(self) -> Iterator[GraphPath]:
        """Iterate over the chosen leaves in document order."""
        if self.path is not None and not self.children:
            yield self.path
        for child in self.children:
            yield from child.leaves()


def build_path_tree(paths: Iterable[GraphPath]) -> PathTree:
    """Merge paths that begin with the same steps."""
    top = PathTree()
    trees: dict[int, PathTree] = {}
    for path in paths:
        _insert(top, trees, path)
    return top


def render_path_tree(tree: PathTree) -> str:
    """Print the tree, one step a line; what is gathered stands under the fetch it is for."""
    return "\n".join(_lines(tree, -1))


def _insert(top: PathTree, trees: dict[int, PathTree], path: GraphPath) -> PathTree:
    known = trees.get(id(path))
    if known is not None:
        return known
    parent = top if path.parent is None else _insert(top, trees, path.parent)
    tree = trees[id(path)] = PathTree(path)
    parent.children.append(tree)
    return tree


def _lines(tree: PathTree, depth: int) -> Iterator[str]:
    if tree.path is not None:
        step = tree.path.step
        node = f" ({tree.path.node})" if isinstance(step, Select) and tree.path.node else ""
        yield "  " * depth + print_step(step) + node
        if isinstance(step, Enter):
            for gathered in step.inputs:
                for leaf in gathered.leaves:
                    yield "  " * (depth + 1) + f"needs {leaf}"
    for child in tree.children:
        yield from _lines(child, depth + 1)
