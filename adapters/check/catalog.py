"""All checks, in the order in which they are tried and reported.

In: the heads. Out: ``CHECKS``. docs/adapter-check.md lists them; a test compares the two.
"""

from __future__ import annotations

from adapters.check.claims.batches import BATCH_CHECKS
from adapters.check.claims.cost import COST_CHECKS
from adapters.check.claims.failures import FAILURE_CHECKS
from adapters.check.claims.keys import KEY_CHECKS
from adapters.check.claims.pages import PAGE_CHECKS
from adapters.check.claims.privacy import PRIVACY_CHECKS
from adapters.check.claims.rows import ROW_CHECKS
from adapters.check.claims.schema import SCHEMA_CHECKS
from adapters.check.claims.time import TIME_CHECKS
from adapters.check.claims.upstream import UPSTREAM_CHECKS
from adapters.check.model import Check

__all__ = ["CHECKS"]

CHECKS: tuple[Check, ...] = (
    *SCHEMA_CHECKS,
    *KEY_CHECKS,
    *ROW_CHECKS,
    *FAILURE_CHECKS,
    *TIME_CHECKS,
    *PRIVACY_CHECKS,
    *PAGE_CHECKS,
    *UPSTREAM_CHECKS,
    *COST_CHECKS,
    *BATCH_CHECKS,
)
