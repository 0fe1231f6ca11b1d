"""The four subgraphs of ``bench.reviews`` over HTTP: ``python -m bench.review_server DELAY SIZE``.

In: GraphQL over HTTP at ``/NAME``. Out: answers from one truth, each distinct body answered once
and then sent from memory, ``DELAY`` milliseconds after it came. ``SIZE`` is the truth's: ``small``
as in the public benchmark, ``large`` with 5,000 entities, of which a window is asked at a time. It
runs in a process of its own, so that the CPU time measured is the gateway's alone.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, cast

import httptools
import msgspec
import uvloop
from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode, parse
from graphql.utilities import value_from_ast_untyped

from bench.reviews import build_truth

__all__ = ["SIZES", "Answers", "main", "serving_reviews"]

SIZES: dict[str, dict[str, int]] = {
    "small": {},
    "large": {"users": 1_000, "products": 4_000, "reviews": 8_000},
}
_ENTITIES = {"User": ("users", "id"), "Product": ("topProducts", "upc")}


@contextmanager
def serving_reviews(delay_ms: int = 0, size: str = "small") -> Iterator[str]:
    """Run the server as a child; gives its base URL."""
    command = [sys.executable, "-m", "bench.review_server", str(delay_ms), size]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(child.stdout.readline())}"
        finally:
            child.terminate()


class Answers:
    """Answers GraphQL over HTTP from a truth."""

    def __init__(self, truth: Mapping[str, Any]) -> None:
        self._truth = truth
        self._by_key = {
            name: {each[key]: each for each in truth[among]}
            for name, (among, key) in _ENTITIES.items()
        }

    def answer(self, body: bytes) -> bytes:
        """Give the body of the answer to a request's body."""
        asked = msgspec.json.decode(body)
        selections = _parse(asked["query"])
        return msgspec.json.encode(
            {"data": self._pick(self._truth, selections, asked.get("variables") or {})}
        )

    def _pick(self, owner: Any, selections: SelectionSetNode, variables: dict[str, Any]) -> Any:
        if isinstance(owner, list):
            return [self._pick(each, selections, variables) for each in owner]
        picked: dict[str, Any] = {}
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                if condition is None or condition.name.value == _type_name(owner):
                    picked |= self._pick(owner, node.selection_set, variables)
            elif isinstance(node, FieldNode):
                name = node.alias.value if node.alias else node.name.value
                value = self._read(owner, node, variables)
                if node.selection_set is not None:
                    value = self._pick(value, node.selection_set, variables)
                picked[name] = value
        return picked

    def _read(self, owner: Any, node: FieldNode, variables: dict[str, Any]) -> Any:
        name = node.name.value
        if name == "__typename":
            return _type_name(owner)
        given = {
            a.name.value: value_from_ast_untyped(a.value, variables) for a in node.arguments or ()
        }
        if name == "_entities":
            found = given["representations"]
            return [self._by_key[r["__typename"]][r[_ENTITIES[r["__typename"]][1]]] for r in found]
        value = owner[name]
        if given:
            first = given["at"]
            return value[first : first + given["first"]]
        return value


@lru_cache
def _parse(text: str) -> SelectionSetNode:
    node = parse(text, no_location=True).definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    return node.selection_set


def _type_name(value: Mapping[str, Any]) -> str:
    return "User" if "username" in value else "Product" if "upc" in value else "Review"


def main() -> None:
    """Serve until terminated."""
    delay_ms, size = int(sys.argv[1]), sys.argv[2]
    uvloop.run(_serve(delay_ms / 1000, Answers(build_truth(**SIZES[size]))))


async def _serve(delay: float, answers: Answers) -> None:
    known: dict[bytes, bytes] = {}
    loop = asyncio.get_running_loop()

    def answer(body: bytes) -> bytes:
        found = known.get(body)
        if found is None:
            found = known[body] = _render(answers.answer(body))
        return found

    class Connection(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self._transport = cast(asyncio.Transport, transport)
            self._parser = httptools.HttpRequestParser(self)
            self._body = b""

        def data_received(self, data: bytes) -> None:
            self._parser.feed_data(data)

        def on_body(self, body: bytes) -> None:
            self._body += body

        def on_message_complete(self) -> None:
            found, self._body = answer(self._body), b""
            if delay:
                loop.call_later(delay, self._send, found)
            else:
                self._transport.write(found)

        def _send(self, found: bytes) -> None:
            if not self._transport.is_closing():  # or the load has ended meanwhile
                self._transport.write(found)

    server = await loop.create_server(Connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _render(body: bytes) -> bytes:
    head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


if __name__ == "__main__":
    main()
