"""An adapter as data: its SDL and the batch functions behind the SDL's fields.

In: SDL and functions, from a front-end (``kit.python``, a declared YAML file). Out: an
``AdapterDefinition`` that ``kit.runtime`` answers from. Five kinds of function exist:

    Lookup     type and key        keys, wanted, context              -> key -> outcome
    Relation   field of a type     keys, wanted, context, arguments   -> key -> outcome
    Listing    root field          wanted, context, arguments [page]  -> outcome
    Mutation   root field, serial  wanted, context, arguments         -> outcome
    Event      subscription field  wanted, context, arguments         -> outcomes, one per event

``wanted`` holds the names of the fields that were asked *and* granted, nested ones dotted
(``alamat.kelurahan.kode``): what is not in it must not be requested from the source. Answers are
matched by key, never by position, so a source may answer in any order, with gaps or doubles.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any, TypeAlias

from adapters.kit.outcome import Outcomes

__all__ = [
    "AdapterDefinition",
    "Event",
    "KeyedRoot",
    "Listing",
    "Lookup",
    "Mutation",
    "Relation",
    "Wanted",
    "below",
]

Wanted: TypeAlias = frozenset[str]
"""Names of the fields asked and granted, nested ones dotted."""


def below(wanted: Wanted, name: str) -> Wanted:
    """Give what is wanted of the field ``name``: ``alamat.rt`` below ``alamat`` is ``rt``."""
    head = f"{name}."
    return frozenset(item.removeprefix(head) for item in wanted if item.startswith(head))


BatchFunction: TypeAlias = Callable[..., Awaitable[Outcomes]]
OneFunction: TypeAlias = Callable[..., Awaitable[Any]]
EventFunction: TypeAlias = Callable[..., AsyncIterator[Any]]


@dataclass(frozen=True, slots=True)
class Lookup:
    """Records of ``type_name`` by key; the entity fetch and keyed root fields use it."""

    type_name: str
    key: tuple[str, ...]  # field paths; one path: the bare value is the key, else a tuple
    function: BatchFunction


@dataclass(frozen=True, slots=True)
class Relation:
    """A field whose values are fetched for many parents at once."""

    type_name: str
    field: str
    takes: tuple[str, ...]  # paths on the parent that make its key: key fields, @requires inputs
    function: BatchFunction
    arguments: Mapping[str, str] = default(default_factory=dict)  # SDL name -> parameter
    paged: bool = False  # the function takes ``page``


@dataclass(frozen=True, slots=True)
class KeyedRoot:
    """A root field answered by the key lookup: aliases of one key share one call."""

    field: str
    key: Mapping[str, str]  # key path -> argument's SDL name
    type_name: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A root field with a function of its own."""

    field: str
    function: OneFunction
    arguments: Mapping[str, str] = default(default_factory=dict)
    paged: bool = False


@dataclass(frozen=True, slots=True)
class Mutation:
    """A root field that changes something; run one after another, never repeated."""

    field: str
    function: OneFunction
    arguments: Mapping[str, str] = default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """A subscription's root field."""

    field: str
    function: EventFunction
    arguments: Mapping[str, str] = default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AdapterDefinition:
    """An adapter: its subgraph's SDL and every function behind it."""

    name: str
    sdl: str
    lookups: tuple[Lookup, ...] = ()
    relations: tuple[Relation, ...] = ()
    roots: tuple[KeyedRoot | Listing, ...] = ()
    mutations: tuple[Mutation, ...] = ()
    events: tuple[Event, ...] = ()
    attributes: Mapping[str, Mapping[str, str]] = default(default_factory=dict)
    """Type -> field -> attribute, where records are objects that name it otherwise."""
