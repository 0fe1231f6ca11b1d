"""CONTEXT_NAME_INVALID: the name of a context is letters and digits.

The supergraph joins it with the subgraph's name by underscores.
"""

from __future__ import annotations

import re

from schema.subgraph.contexts import context_settings
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph

__all__ = ["check_context_name_invalid"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def check_context_name_invalid(subgraph: Subgraph, findings: Findings) -> None:
    """Report every malformed name."""
    for name, types in context_settings(subgraph).items():
        if not _NAME.fullmatch(name):
            findings.report(
                "CONTEXT_NAME_INVALID",
                f'The context "{name}" of "{types[0]}" is malformed; use letters and digits only.',
                *types,
            )
