"""Changes of who may read an element: classes of personal data, masks and access requirements.

In: two supergraphs. Out: a change for every element whose guards differ. A guard that is added or
raised refuses callers who were served, so it breaks; one that is lowered or lifted opens people's
data, which no client notices and a data protection officer must: it is dangerous.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.changes.change import SchemaChange, breaking, dangerous
from schema.coordinates import coordinate
from schema.selection import print_value
from schema.spec.access import AUTHENTICATED_IDENTITY, POLICY_IDENTITY, REQUIRES_SCOPES_IDENTITY
from schema.spec.feature_url import parse_feature_url
from schema.spec.link import LinkedFeature
from schema.spec.personal import DATA_IDENTITY, STRICTER_LAST
from schema.supergraph.model import Applied, InputObjectType, ObjectType, Supergraph

__all__ = ["compare_guards"]

_GUARDS = {
    DATA_IDENTITY: ("kelas", "samarkan"),
    AUTHENTICATED_IDENTITY: ("authenticated",),
    REQUIRES_SCOPES_IDENTITY: ("requiresScopes",),
    POLICY_IDENTITY: ("policy",),
}


def compare_guards(old: Supergraph, new: Supergraph) -> Iterator[SchemaChange]:
    """Compare the guards of all elements that both supergraphs have."""
    before, after = _read_guards(old), _read_guards(new)
    for where, guards in before.items():
        if where not in after:
            continue  # removed with its element, which is a change of its own
        for directive in _directive_names():
            lax, strict = guards.get(directive), after[where].get(directive)
            if lax != strict:
                yield _judge(where, directive, lax, strict)


def _directive_names() -> Iterator[str]:
    for names in _GUARDS.values():
        yield from names


def _judge(where: str, directive: str, old: str | None, new: str | None) -> SchemaChange:
    code = "CLASS_CHANGED" if directive in STRICTER_LAST else "GUARD_CHANGED"
    told = f"@{directive} was {old or 'absent'} and is {new or 'absent'}"
    if _is_opened(directive, old, new):
        return dangerous(code, where, f"{told}: more callers may read it")
    if directive == "samarkan":
        return dangerous(code, where, f"{told}: callers may read other text than before")
    return breaking(code, where, f"{told}: callers who were served may be refused")


def _is_opened(directive: str, old: str | None, new: str | None) -> bool:
    if new is None:
        return True
    if old is None or directive not in STRICTER_LAST:
        return False
    argument, values = STRICTER_LAST[directive]
    lax_first = [f"{argument}: {value}" for value in values]
    both_known = old in lax_first and new in lax_first
    return both_known and lax_first.index(new) < lax_first.index(old)


def _read_guards(supergraph: Supergraph) -> dict[str, dict[str, str]]:
    """Give each element's guards: the directive's own name, and its arguments as text."""
    own_names = _own_names(supergraph)
    return {where: _guards(applied, own_names) for where, applied in _elements(supergraph)}


def _own_names(supergraph: Supergraph) -> dict[str, str]:
    """Map the names that directives have in this supergraph to those of their specification."""
    own = {}
    for link in supergraph.links:
        url = parse_feature_url(link.url)
        feature = LinkedFeature(url, link.alias, dict(link.imports))
        for name in _GUARDS.get(url.identity, ()):
            own[feature.local_directive(name)] = name
    return own


def _guards(applied: Applied, own_names: dict[str, str]) -> dict[str, str]:
    return {
        own_names[each.name]: ", ".join(f"{a.name}: {print_value(a.value)}" for a in each.arguments)
        or "set"
        for each in applied.directives
        if each.name in own_names
    }


def _elements(supergraph: Supergraph) -> Iterator[tuple[str, Applied]]:
    for name, definition in supergraph.types.items():
        yield name, definition.applied
        if isinstance(definition, ObjectType):
            for field in definition.fields.values():
                yield coordinate(name, field.name), field.applied
                for argument in field.arguments:
                    yield coordinate(name, field.name, argument.name), argument.applied
        elif isinstance(definition, InputObjectType):
            for given in definition.fields.values():
                yield coordinate(name, given.name), given.applied
