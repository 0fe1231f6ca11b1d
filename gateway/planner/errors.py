"""Why no plan could be made.

In: raised by the walk. Out: an InternalError, masked for the client: composition's satisfiability
promises that every field of the API schema is reachable, so this is a fault of the supergraph or
of ours, never of the request.
"""

from __future__ import annotations

from gateway.errors import InternalError

__all__ = ["PlanningError"]


class PlanningError(InternalError):
    """A selected field that no subgraph can answer from where it is selected."""
