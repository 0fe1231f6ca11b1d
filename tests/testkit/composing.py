"""Composing test worlds.

In: one SDL per subgraph, by name. Out: the supergraph; an error fails the test with all messages.
"""

from __future__ import annotations

from schema.composition.composer import CompositionResult, compose
from schema.subgraph.model import SubgraphSource
from schema.supergraph.model import Supergraph

__all__ = ["FED2", "compose_sdl", "supergraph_of"]

FED2 = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key" "@shareable" "@external" "@requires" "@provides" "@override" "@inaccessible" "@tag"
  "@interfaceObject" "@composeDirective" "@authenticated" "@requiresScopes" "@policy" "@extends"
  "@cost" "@listSize" "@context" "@fromContext"
])
"""


def compose_sdl(**sdl_by_name: str) -> CompositionResult:
    """Compose the given subgraphs, whatever comes of it."""
    return compose(
        [SubgraphSource(name, f"http://{name}.example/", sdl) for name, sdl in sdl_by_name.items()]
    )


def supergraph_of(**sdl_by_name: str) -> Supergraph:
    """Compose the given subgraphs; they must compose."""
    result = compose_sdl(**sdl_by_name)
    assert result.supergraph is not None, "\n".join(str(error) for error in result.errors)
    return result.supergraph
