"""What the walk of one plan is given, and the state that it fills.

In: made by ``executor.execute``. Out: read by the steps of either path; only ``state``
changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.contract import CallContext, SubgraphExecutor
from gateway.executor.state.execution_state import ExecutionState
from gateway.executor.state.options import ExecutionOptions
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.executor.state.visible_names import VisibleNames

__all__ = ["WalkContext"]


@dataclass(frozen=True, slots=True)
class WalkContext:
    """Everything that a fetch needs besides its node."""

    documents: Mapping[int, bytes]  # by fetch id
    types: RuntimeTypes
    visible: VisibleNames
    variables: Mapping[str, Any]
    executors: Mapping[str, SubgraphExecutor]
    call: CallContext
    options: ExecutionOptions
    state: ExecutionState
