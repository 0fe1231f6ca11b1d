"""Stand-ins by which strawberry learns a field's arguments, and by which we find its function.

In: an author's batch function, or the key of a keyed root field. Out: a callable that is never
called, with the signature that the field has in the graph and a mark that names the function.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from strawberry import UNSET

from adapters.kit.definition import Event, KeyedRoot, Listing, Mutation, Relation

__all__ = ["FunctionMark", "find_mark", "function_stub", "key_stub"]

_MARK = "__simpul__"


@dataclass(frozen=True, slots=True)
class FunctionMark:
    """What stands behind a field."""

    kind: type[Relation] | type[Listing] | type[Mutation] | type[Event] | type[KeyedRoot]
    function: Any = None  # a batch function; None for a keyed root
    takes: tuple[str, ...] = ()
    paged: bool = False
    paths: Mapping[str, str] | None = None  # keyed root: argument -> key path, where they differ


def function_stub(function: Callable[..., Any], mark: FunctionMark, given: int) -> Any:
    """Make the stand-in for ``function``, whose first ``given`` parameters the runtime fills."""
    parameters = [*inspect.signature(function).parameters.values()][given:]
    visible: list[inspect.Parameter] = []
    for parameter in parameters:
        if parameter.name == "page":
            visible.append(_parameter("first", int | None, UNSET))
            visible.append(_parameter("after", str | None, UNSET))
        elif parameter.default is None:
            visible.append(parameter.replace(default=UNSET))  # optional, without "= null"
        else:
            visible.append(parameter)
    return _stub(function.__name__, function.__module__, visible, mark)


def key_stub(arguments: Mapping[str, Any], mark: FunctionMark) -> Any:
    """Make the stand-in for a keyed root field with these required arguments."""
    parameters = [_parameter(name, kind) for name, kind in arguments.items()]
    return _stub("by_key", __name__, parameters, mark)


def find_mark(resolver: Any) -> FunctionMark | None:
    """Give the mark of a stand-in; None for strawberry's own resolvers."""
    mark = getattr(resolver, _MARK, None)
    return mark if isinstance(mark, FunctionMark) else None


def _parameter(
    name: str, annotation: Any, default: Any = inspect.Parameter.empty
) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
    )


def _stub(name: str, module: str, parameters: list[inspect.Parameter], mark: FunctionMark) -> Any:
    def stub() -> None:
        """Stand in; the runtime answers."""

    keyword_only = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
    stub.__name__ = name
    stub.__module__ = module  # where strawberry resolves annotations written as text
    stub.__annotations__ = {p.name: p.annotation for p in keyword_only}
    setattr(stub, "__signature__", inspect.Signature(keyword_only))  # noqa: B010  # not in typeshed
    setattr(stub, _MARK, mark)
    return stub
