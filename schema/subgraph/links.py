"""Reading the ``@link`` applications of a subgraph.

In: the parsed document. Out: ``LinkedNames`` and the federation version, with what is wrong
reported. A schema without a link to federation is Federation 1: it has the old names unprefixed.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    ValueNode,
)

from schema.spec.feature_url import FeatureUrl, Version, parse_feature_url, print_version
from schema.spec.federation import (
    FEDERATION_1_DIRECTIVES,
    FEDERATION_DIRECTIVES,
    FEDERATION_IDENTITY,
    FEDERATION_SCALARS,
    FEDERATION_VERSIONS,
    LATEST_FEDERATION_VERSION,
)
from schema.spec.link import (
    CORE_IDENTITY,
    LINK_IDENTITY,
    LINK_VERSIONS,
    LinkedFeature,
    LinkedNames,
)
from schema.subgraph.findings import Findings

__all__ = ["Links", "link_name", "read_links"]

_USAGE = "INVALID_LINK_DIRECTIVE_USAGE"
_PURPOSES = ("SECURITY", "EXECUTION")


@dataclass(frozen=True, slots=True)
class Links:
    """The names of linked elements; ``version`` None means Federation 1."""

    names: LinkedNames
    version: Version | None


def read_links(document: DocumentNode, findings: Findings) -> Links:
    """Read every link of the schema element and its extensions."""
    applications = _link_applications(document)
    features = [f for node in applications if (f := _read_link(node, findings)) is not None]
    _check_duplicates(features, findings)
    federation = next((f for f in features if f.url.identity == FEDERATION_IDENTITY), None)
    if federation is None:
        return Links(LinkedNames((*features, _federation_1())), None)
    return Links(LinkedNames(tuple(features)), _federation_version(federation, findings))


def link_name(document: DocumentNode) -> str:
    """Give the name that the link directive itself has in this schema."""
    for node in _schema_directives(document):
        text = _text(node, "url")
        if text is None or not text.startswith((LINK_IDENTITY + "/", CORE_IDENTITY + "/")):
            continue
        own = _text(node, "as") or ("link" if text.startswith(LINK_IDENTITY) else "core")
        if node.name.value in (own, _imported_link(node)):
            return node.name.value
    return "link"


def _imported_link(node: DirectiveNode) -> str | None:
    imports = _argument(node, "import")
    if not isinstance(imports, ListValueNode):
        return None
    for item in imports.values:
        pair = _import_pair(item)
        if pair is not None and pair[0] == "@link":
            return pair[1][1:]
    return None


def _schema_directives(document: DocumentNode) -> list[DirectiveNode]:
    return [
        directive
        for definition in document.definitions
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode)
        for directive in definition.directives or ()
    ]


def _link_applications(document: DocumentNode) -> list[DirectiveNode]:
    name = link_name(document)
    return [node for node in _schema_directives(document) if node.name.value == name]


def _read_link(node: DirectiveNode, findings: Findings) -> LinkedFeature | None:
    text = _text(node, "url") or _text(node, "feature")
    if text is None:
        findings.report(_USAGE, 'A @link has no "url"; name the specification it links.')
        return None
    try:
        url = parse_feature_url(text)
    except ValueError as error:
        findings.report("INVALID_LINK_IDENTIFIER", f"A @link cannot be read: {error}.")
        return None
    if url.version is None:
        findings.report(
            "INVALID_LINK_IDENTIFIER",
            f'A @link cannot be read: "{text}" ends with no version such as "/v1.0".',
        )
        return None
    _check_url(url, findings)
    return LinkedFeature(
        url,
        _read_alias(node, findings),
        _read_imports(node, url, findings),
        _purpose(node, findings),
    )


def _check_url(url: FeatureUrl, findings: Findings) -> None:
    if url.identity == LINK_IDENTITY and url.version not in LINK_VERSIONS:
        findings.report(
            "UNKNOWN_LINK_VERSION",
            f'Version "{url.text_version}" of the link specification is not known; link v1.0.',
        )


def _federation_version(feature: LinkedFeature, findings: Findings) -> Version:
    version = feature.url.version
    if version in FEDERATION_VERSIONS:
        return version
    latest = print_version(LATEST_FEDERATION_VERSION)
    findings.report(
        "UNKNOWN_FEDERATION_LINK_VERSION",
        f'Version "{feature.url.text_version}" of the federation specification is not known; '
        f"link a version from 2.0 to {latest}.",
    )
    return LATEST_FEDERATION_VERSION


def _read_alias(node: DirectiveNode, findings: Findings) -> str | None:
    alias = _text(node, "as")
    if alias is not None and (not alias.isidentifier() or "__" in alias or alias.endswith("_")):
        findings.report(
            _USAGE, f'A @link is renamed to "{alias}", which cannot prefix names; choose another.'
        )
    return alias


def _read_imports(node: DirectiveNode, url: FeatureUrl, findings: Findings) -> dict[str, str]:
    value = _argument(node, "import")
    if value is None:
        return {}
    if not isinstance(value, ListValueNode):
        findings.report(_USAGE, f'The imports of "{url}" are not a list.')
        return {}
    imports: dict[str, str] = {}
    for item in value.values:
        pair = _import_pair(item)
        if pair is None:
            findings.report(
                _USAGE, f'An import of "{url}" is neither a name nor a {{name: …, as: …}}.'
            )
        elif pair[0].startswith("@") != pair[1].startswith("@"):
            findings.report(
                _USAGE,
                f'The import "{pair[0]}" of "{url}" is renamed to "{pair[1]}"; '
                'a directive keeps its "@" and a type has none.',
            )
        else:
            imports[pair[0]] = pair[1]
            _check_import(pair[0], url, findings)
    return imports


def _check_import(element: str, url: FeatureUrl, findings: Findings) -> None:
    if url.identity != FEDERATION_IDENTITY or url.version not in FEDERATION_VERSIONS:
        return
    assert url.version is not None
    directive = FEDERATION_DIRECTIVES.get(element[1:]) if element.startswith("@") else None
    known = directive or FEDERATION_SCALARS.get(element)
    if known is None:
        twin = element[1:] if element.startswith("@") else f"@{element}"
        advice = f' (did you mean "{twin}"?)' if _is_federation_element(twin) else ""
        findings.report(
            _USAGE, f'The import "{element}" is not an element of "{url}"{advice}; remove it.'
        )
    elif known.since > url.version:
        findings.report(
            _USAGE,
            f'The import "{element}" is not an element of "{url}"; '
            f"link version {print_version(known.since)} or later.",
        )


def _is_federation_element(element: str) -> bool:
    if element.startswith("@"):
        return element[1:] in FEDERATION_DIRECTIVES
    return element in FEDERATION_SCALARS


def _import_pair(item: ValueNode) -> tuple[str, str] | None:
    if isinstance(item, StringValueNode):
        return item.value, item.value
    if not isinstance(item, ObjectValueNode):
        return None
    values = {f.name.value: f.value for f in item.fields}
    name, alias = values.get("name"), values.get("as")
    if not isinstance(name, StringValueNode):
        return None
    return name.value, alias.value if isinstance(alias, StringValueNode) else name.value


def _check_duplicates(features: list[LinkedFeature], findings: Findings) -> None:
    seen: set[str] = set()
    for feature in features:
        if feature.url.identity in seen:
            findings.report(_USAGE, f'"{feature.url.identity}" is linked twice; link it once.')
        seen.add(feature.url.identity)
    named: dict[str, str] = {}
    for feature in features:
        other = named.setdefault(feature.prefix, feature.url.identity)
        if other != feature.url.identity:
            findings.report(
                _USAGE,
                f'"{other}" and "{feature.url.identity}" are both linked as "{feature.prefix}"; '
                'rename one by "as".',
            )


def _federation_1() -> LinkedFeature:
    imports = {f"@{name}": f"@{name}" for name in FEDERATION_1_DIRECTIVES}
    imports["FieldSet"] = "_FieldSet"
    return LinkedFeature(FeatureUrl(FEDERATION_IDENTITY, "federation", None), None, imports)


def _purpose(node: DirectiveNode, findings: Findings) -> str | None:
    value = _argument(node, "for")
    if value is None or isinstance(value, NullValueNode):
        return None
    if isinstance(value, EnumValueNode) and value.value in _PURPOSES:
        return value.value
    findings.report(
        "INVALID_GRAPHQL", f'A @link is "for" no purpose; write {" or ".join(_PURPOSES)}.'
    )
    return None


def _text(node: DirectiveNode, name: str) -> str | None:
    value = _argument(node, name)
    return value.value if isinstance(value, StringValueNode) else None


def _argument(node: DirectiveNode, name: str) -> ValueNode | None:
    return next((a.value for a in node.arguments or () if a.name.value == name), None)
