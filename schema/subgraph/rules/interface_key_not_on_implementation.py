"""INTERFACE_KEY_NOT_ON_IMPLEMENTATION: whoever finds an interface by key finds its types by it.

Every implementation in the subgraph needs each @key of the interface, and resolves it if the
interface does.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.field_set import FieldSetError, render_field_set
from schema.selection import Literal
from schema.subgraph.field_sets import FieldSetUse, read_field_set
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, SubgraphType, TypeKind, argument_of

__all__ = ["check_interface_key_not_on_implementation"]


def check_interface_key_not_on_implementation(subgraph: Subgraph, findings: Findings) -> None:
    """Report every implementation that lacks a key of its interface."""
    for interface in subgraph.composites():
        if interface.kind is not TypeKind.INTERFACE:
            continue
        for fields, resolvable in _keys(subgraph, interface):
            for name in subgraph.possible_types(interface.name):
                keys = dict(_keys(subgraph, subgraph.types[name]))
                if fields not in keys or (resolvable and not keys[fields]):
                    wanted = "a resolvable" if fields in keys else "the"
                    findings.report(
                        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
                        f'The interface "{interface.name}" has the key "{fields}" and its '
                        f'implementation "{name}" has not; add {wanted} '
                        f'@key(fields: "{fields}") to it.',
                        name,
                    )


def _keys(subgraph: Subgraph, definition: SubgraphType) -> Iterator[tuple[str, bool]]:
    """Iterate over (fields, resolvable), the fields in one spelling whatever their order."""
    for key in definition.keys:
        use = FieldSetUse(key, definition.name, None, definition.name)
        try:
            text = render_field_set(read_field_set(subgraph, use))
        except FieldSetError:
            continue
        yield text, argument_of(key, "resolvable") != Literal("false")
