"""What a server of the fleet has seen: the numbers that batching tests assert on.

In: calls as they come and go. Out: counts per method, the most that were open at once, rows sent.
"""

from dataclasses import dataclass, field

__all__ = ["Counters"]


@dataclass(slots=True)
class Counters:
    """Counts of one server since its start or last reset."""

    calls: dict[str, int] = field(default_factory=dict)  # method to calls that arrived
    open: dict[str, int] = field(default_factory=dict)  # method to calls not yet answered
    most_open: dict[str, int] = field(default_factory=dict)  # method to the peak of `open`
    all_open: int = 0
    all_most_open: int = 0
    rows: dict[str, int] = field(default_factory=dict)  # method to records sent

    def enter(self, method: str) -> None:
        """Count a call that arrived."""
        self.calls[method] = self.calls.get(method, 0) + 1
        self.open[method] = self.open.get(method, 0) + 1
        self.most_open[method] = max(self.most_open.get(method, 0), self.open[method])
        self.all_open += 1
        self.all_most_open = max(self.all_most_open, self.all_open)

    def leave(self, method: str) -> None:
        """Count a call that ended, however it ended."""
        self.open[method] = self.open.get(method, 1) - 1
        self.all_open -= 1

    def sent(self, method: str, rows: int) -> None:
        """Count records in an answer."""
        self.rows[method] = self.rows.get(method, 0) + rows

    def reset(self) -> None:
        """Forget the past; calls still open stay counted as open."""
        self.calls.clear()
        self.rows.clear()
        self.most_open = {method: count for method, count in self.open.items() if count}
        self.all_most_open = self.all_open

    def as_json(self) -> dict[str, object]:
        """Write the counts as the control route answers them."""
        return {
            "calls": dict(self.calls),
            "total": sum(self.calls.values()),
            "open": self.all_open,
            "max_parallel": self.all_most_open,
            "max_parallel_by_method": dict(self.most_open),
            "rows": dict(self.rows),
        }
