"""A client's text as a document.

In: the text of ``query`` and the token limit. Out: graphql-core's ``DocumentNode`` with locations,
or ``ParseFailed``/``OperationTooLarge``. The limit holds inside the lexer: what is too long is
never read whole.
"""

from __future__ import annotations

from dataclasses import replace

from graphql import DocumentNode, GraphQLSyntaxError, parse

from gateway.errors import OperationTooLarge, ParseFailed
from gateway.operation.client_text import build_problem

__all__ = ["parse_document"]

# How the parser ends the messages of its limits (tokens, comments, nesting).
_ABORTED = "Parsing aborted."


def parse_document(text: str, *, max_tokens: int) -> DocumentNode:
    """Parse ``text``.

    Raises:
        ParseFailed: if it is no GraphQL document, or selects nothing somewhere.
        OperationTooLarge: if it has more than ``max_tokens`` tokens or comments, or is nested
            deeper than the parser goes.
    """
    try:
        return parse(
            text,
            allow_empty_selection_sets=False,
            max_lexical_tokens=max_tokens,
            max_comments=max_tokens,
        )
    except GraphQLSyntaxError as error:
        if error.message.endswith(_ABORTED):
            message = error.message.removeprefix("Syntax Error: ").removesuffix(_ABORTED).strip()
            raise OperationTooLarge(replace(build_problem(error), message=message)) from None
        raise ParseFailed(build_problem(error)) from None
