"""The choice among candidates: fewest fetches over all leaves together."""

from __future__ import annotations

from gateway.planner.best import choose_best
from gateway.planner.graph_path import Enter, FetchKey, FetchTable, GraphPath
from gateway.planner.slot import Slots
from gateway.planner.walk import LeafCandidates


def candidate(table: FetchTable, *subgraphs: str) -> GraphPath:
    """Make a path that needs one fetch of each subgraph, one after another."""
    slot = Slots().root
    needs = 0
    for subgraph in subgraphs:
        needs |= table.add(FetchKey(0, subgraph, 0), needs)
    return GraphPath(None, Enter(FetchKey(0, subgraphs[-1], 0)), None, slot, None, needs, needs, ())


def choose(table: FetchTable, *leaves: tuple[GraphPath, ...], choices: int = 100) -> list[int]:
    """Give for each leaf the index of the chosen candidate."""
    listed = [LeafCandidates("T.f", ("f",), paths) for paths in leaves]
    chosen = choose_best(listed, table, choices)
    return [
        next(i for i, path in enumerate(paths) if path is found)
        for paths, found in zip(leaves, chosen, strict=True)
    ]


def test_candidate_within_the_fetches_of_others_is_free() -> None:
    """A leaf follows the subgraph that another leaf needs anyway."""
    table = FetchTable()
    a, b = candidate(table, "a"), candidate(table, "b")
    assert choose(table, (a, b), (b,)) == [1, 0]


def test_choice_is_for_all_leaves_together() -> None:
    """One subgraph that serves all beats two that each serve more than the rest."""
    table = FetchTable()
    a, b, c = candidate(table, "a"), candidate(table, "b"), candidate(table, "c")
    assert choose(table, (a, c), (b, c), (a, c)) == [1, 1, 1]


def test_of_equal_fetches_the_fewest_steps_win() -> None:
    """Two fetches at once beat two in a row."""
    table = FetchTable()
    root = candidate(table, "a")
    chained, parallel = candidate(table, "a", "b"), candidate(table, "c")
    assert choose(table, (root,), (chained, parallel)) == [0, 1]


def test_greedy_choice_stands_when_no_choices_are_left() -> None:
    """The first descent always ends in a plan."""
    table = FetchTable()
    a, b = candidate(table, "a"), candidate(table, "b")
    assert choose(table, (a, b), (a, b), choices=0) == [0, 0]
