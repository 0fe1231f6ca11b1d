"""Arguments that are set from a context: the router fills them, clients never see them.

In: each subgraph's form of a field. Out: the names of contextual arguments, which the merged field
lacks, and per subgraph how they are filled. Contexts are named ``subgraph__context`` in the
supergraph, so that those of different subgraphs stay apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schema.composition.context import CompositionContext, Source
from schema.selection import Argument, Directive, Literal
from schema.subgraph.contexts import read_context_use
from schema.subgraph.model import Notes, SubgraphArgument, SubgraphField, text_argument
from schema.supergraph.model import ContextArgument

__all__ = ["context_arguments", "merge_contexts", "shown_arguments"]


def shown_arguments(
    context: CompositionContext, place: str, sources: Sequence[Source[SubgraphField]]
) -> list[Source[Mapping[str, SubgraphArgument]]]:
    """Give each subgraph's arguments without those that any subgraph sets from a context."""
    hidden = {
        name
        for source in sources
        for name, argument in source.element.arguments.items()
        if argument.notes.has("fromContext")
    }
    for name in sorted(hidden):
        _check_elsewhere(context, f"{place}({name}:)", name, sources)
    return [
        Source(s.subgraph, {n: a for n, a in s.element.arguments.items() if n not in hidden})
        for s in sources
    ]


def context_arguments(source: Source[SubgraphField], type_name: str) -> tuple[ContextArgument, ...]:
    """Tell how one subgraph's contextual arguments are filled."""
    parent = source.subgraph.types[type_name]
    uses = (
        read_context_use(parent, source.element, argument)
        for argument in source.element.arguments.values()
    )
    return tuple(
        ContextArgument(
            f"{source.graph}__{use.context}", use.argument.name, use.argument.type, use.selection
        )
        for use in uses
        if use is not None
    )


def merge_contexts(sources: Sequence[Source[Notes]]) -> tuple[Directive, ...]:
    """Give the supergraph's @context applications of one type."""
    return tuple(
        Directive("context", (Argument("name", Literal(f'"{s.graph}__{name}"')),))
        for s in sources
        for directive in s.element.every("context")
        if (name := text_argument(directive, "name")) is not None
    )


def _check_elsewhere(
    context: CompositionContext, place: str, name: str, sources: Sequence[Source[SubgraphField]]
) -> None:
    for source in sources:
        argument = source.element.arguments.get(name)
        if argument is None or argument.notes.has("fromContext"):
            continue
        if argument.is_required:
            context.report(
                "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
                f'"{place}" is set from a context in some subgraphs and required in '
                f'"{source.graph}"; make it optional there, or set it from a context too.',
                [place],
                [source.graph],
            )
        else:
            context.hint(
                "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
                f'"{place}" is set from a context in some subgraphs and never set in '
                f'"{source.graph}", which takes it from clients.',
                [place],
                [source.graph],
            )
