"""What the walk of one plan is given, and the state that it fills.

In: made by ``executor.execute``. Out: read by the steps of either path; only ``state``
changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from adapters.contract import CallContext, Representation, SubgraphExecutor
from gateway.executor.fetch.call import FetchAnswer
from gateway.executor.state.execution_state import ExecutionState
from gateway.executor.state.options import ExecutionOptions
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.executor.state.visible_names import VisibleNames

__all__ = ["Received", "WalkContext"]


class Received(msgspec.Struct, frozen=True, gc=False):
    """An answer that has come already, and the representations that it answers."""

    items: Sequence[Representation] | None  # None: a root fetch
    variables: Mapping[str, Any]
    answer: FetchAnswer


class WalkContext(msgspec.Struct, frozen=True):
    """Everything that a fetch needs besides its node. Made per request, so a struct."""

    documents: Mapping[int, bytes]  # by fetch id
    types: RuntimeTypes
    visible: VisibleNames
    variables: Mapping[str, Any]
    executors: Mapping[str, SubgraphExecutor]
    call: CallContext
    options: ExecutionOptions
    state: ExecutionState
    # By fetch id: what the compiled path had when it gave up. Nothing of it is asked again.
    received: Mapping[int, Sequence[Received]] = msgspec.field(default_factory=dict)

    def known(
        self,
        fetch_id: int,
        variables: Mapping[str, Any],
        items: Sequence[Representation] | None,
    ) -> FetchAnswer | None:
        """Give the answer to a request that was sent already."""
        for each in self.received.get(fetch_id, ()):
            if each.items == items and each.variables == variables:
                return each.answer
        return None
