"""ROOT_QUERY_USED, ROOT_MUTATION_USED, ROOT_SUBSCRIPTION_USED: default names must stay free.

In: the document. Out: a finding where a schema names its query type otherwise and also has a type
"Query": all root types get their default names in the supergraph, and the two would collide.
Judged on the document, because the model has only the default names.
"""

from __future__ import annotations

from graphql import DocumentNode, TypeDefinitionNode

from schema.subgraph.build import root_names
from schema.subgraph.findings import Findings
from schema.subgraph.model import ROOT_TYPES

__all__ = ["check_roots"]


def check_roots(document: DocumentNode, findings: Findings) -> None:
    """Report each default root name that another type bears."""
    defined = {n.name.value for n in document.definitions if isinstance(n, TypeDefinitionNode)}
    roots = root_names(document)
    for default in ROOT_TYPES:
        if default in defined and roots.get(default, default) != default:
            findings.report(
                f"ROOT_{default.upper()}_USED",
                f'The schema uses "{roots[default]}" as its {default.lower()} type and also has '
                f'a type "{default}"; rename the latter.',
                default,
            )
