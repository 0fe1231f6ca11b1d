"""Encodes once what the answer holds many times.

In: the places, whose fields know the records that repeat an object. Out: lines of ``Finish``, which
put that object's bytes where it is repeated, since to copy bytes costs a tenth of encoding them
again. Where an object came first it stays; where nothing repeats, this does nothing.

Objects within others come first: they are bytes by the time the outer ones are encoded. Nothing
walks the records afterwards; an answer in which something is denied is walked, and is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from gateway.executor.compiled.places import Place

__all__ = ["SEALING_NAMES", "write_sealing"]

SEALING_NAMES = {"Raw": msgspec.Raw, "encode": msgspec.json.Encoder().encode}
"""What the lines that are written use."""


def write_sealing(places: Sequence[Place]) -> Iterator[str]:
    """Write the lines; places stand after those that hold them."""
    for place in reversed(places):
        for each in place.fields.values():
            if each.repeats is not None:
                yield from _lines(each.attribute, each.repeats)


def _lines(attribute: str, repeats: int) -> Iterator[str]:
    """Write the lines of one field; each object is kept until its bytes are everywhere."""
    yield " sealed = {}"
    yield f" for o in gathered[{repeats}]:"
    yield f"  v = o.{attribute}"
    yield "  if v is not None:"
    yield "   s = sealed.get(id(v))"
    yield "   if s is None: s = sealed[id(v)] = Raw(encode(v)), v"
    yield f"   o.{attribute} = s[0]"
