"""KEY_UNSUPPORTED_ON_INTERFACE and its siblings: what an interface may not carry.

@key is allowed from federation 2.3; @provides and @requires never are, since an interface's field
is resolved nowhere.
"""

from __future__ import annotations

from schema.subgraph.field_sets import field_set_uses
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, TypeKind

__all__ = ["check_unsupported_on_interface"]

_KEY_SINCE = (2, 3)


def check_unsupported_on_interface(subgraph: Subgraph, findings: Findings) -> None:
    """Report field sets on interfaces."""
    for use in field_set_uses(subgraph):
        name = use.directive.name
        if subgraph.types[use.parent].kind is not TypeKind.INTERFACE:
            continue
        if name == "key" and (subgraph.version is None or subgraph.version >= _KEY_SINCE):
            continue
        advice = (
            "link federation v2.3 or later" if name == "key" else "write it on the implementations"
        )
        findings.report(
            f"{name.upper()}_UNSUPPORTED_ON_INTERFACE",
            f'@{name} cannot stand on "{use.coordinate}", an interface; {advice}.',
            use.coordinate,
        )
