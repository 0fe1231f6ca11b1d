"""A real GraphQL subgraph over HTTP on loopback, in a thread: graphql-core over given values.

In: federation SDL, root values, and entities by type and key. Out: its URL, and the requests it
received. Stands for any team's subgraph in any language.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from graphql import GraphQLSchema, build_schema, graphql_sync

__all__ = ["SubgraphServer", "serving_subgraph"]

Resolve = Callable[[dict[str, Any]], dict[str, Any] | None]

_MACHINERY = """
scalar _Any
scalar FieldSet
directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @external on FIELD_DEFINITION
directive @requires(fields: FieldSet!) on FIELD_DEFINITION
directive @provides(fields: FieldSet!) on FIELD_DEFINITION
directive @shareable on FIELD_DEFINITION | OBJECT
type _Service { sdl: String! }
"""


class SubgraphServer:
    """What a test sees of a running subgraph."""

    def __init__(self, sdl: str, root: Mapping[str, Any], resolve: Resolve) -> None:
        self.sdl = sdl
        self.url = ""
        self.requests: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.status = 200  # what it answers with
        self.held = threading.Event()  # answers wait for it
        self.held.set()
        self._root = root
        self._resolve = resolve
        self._schema = _build(sdl)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Execute one request."""
        self.requests.append(request)
        root = {
            **self._root,
            "_service": {"sdl": self.sdl},
            "_entities": lambda _, representations: [
                self._entity(each) for each in representations
            ],
        }
        result = graphql_sync(
            self._schema,
            request["query"],
            root,
            variable_values=request.get("variables"),
            operation_name=request.get("operationName"),
        )
        return dict(result.formatted)

    def _entity(self, representation: dict[str, Any]) -> dict[str, Any] | None:
        found = self._resolve(representation)
        return None if found is None else {"__typename": representation["__typename"], **found}


def _build(sdl: str) -> GraphQLSchema:
    """Build an executable schema of federation SDL: what every subgraph library does."""
    plain = "\n".join(line for line in sdl.splitlines() if not line.startswith("extend schema"))
    entities = [
        line.split()[1]
        for line in plain.splitlines()
        if line.startswith("type ") and "@key" in line
    ]
    union = f"union _Entity = {' | '.join(entities)}\n" if entities else ""
    fields = "_service: _Service!"
    if entities:
        fields += " _entities(representations: [_Any!]!): [_Entity]!"
    return build_schema(
        f"{_MACHINERY}{union}{plain}\nextend type Query {{ {fields} }}", assume_valid_sdl=True
    )


@contextlib.contextmanager
def serving_subgraph(
    sdl: str,
    root: Mapping[str, Any] | None = None,
    resolve: Resolve = lambda representation: None,
) -> Iterator[SubgraphServer]:
    """Serve a subgraph until the block ends."""
    subgraph = SubgraphServer(sdl, root or {}, resolve)

    class Endpoint(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            subgraph.headers.append({k.lower(): v for k, v in self.headers.items()})
            request = json.loads(self.rfile.read(length))
            answer = json.dumps(subgraph.answer(request)).encode()
            if subgraph.status >= 500:
                answer = b"upstream failed"
            subgraph.held.wait(60)
            self.send_response(subgraph.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.daemon_threads = True
    subgraph.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield subgraph
    finally:
        subgraph.held.set()
        server.shutdown()
        thread.join()
        server.server_close()
