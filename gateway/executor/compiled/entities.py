"""Compiles what an entity fetch asks: the walk to its objects, and their representations.

In: a flatten node. Out: a function from the merged data to ``Asked``: the distinct representations
in document order, and for each the objects that its answer goes to. Covered: paths without type
conditions, fragments on object types, scalar inputs, a stated key. Inputs other than texts and
integers deviate: in Python ``1 == True == 1.0``, in JSON not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

from adapters.contract import Representation
from gateway.executor.compiled.source import NotCovered, build_function
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.plan.nodes import FetchPath, FlattenNode, TypeCondition
from schema.selection import Field, Fragment, SelectionSet

__all__ = ["Ask", "Asked", "compile_entities"]


class Asked(NamedTuple):
    """``targets[i]`` are the objects that the answer to ``items[i]`` goes to."""

    items: list[Representation]
    targets: list[list[dict[str, Any]]]


Ask: TypeAlias = Callable[[dict[str, Any]], Asked]
"""Raises ``Deviation`` where an object has no key, or anything is of another kind."""

_MAX_DEPTH = 16  # of generated loops: Python allows twenty nested blocks


def compile_entities(flatten: FlattenNode, types: RuntimeTypes) -> Ask:
    """Generate the function of one entity fetch; raises ``NotCovered``."""
    node = flatten.node
    if node.requires is None or node.keys is None or node.input_rewrites:
        raise NotCovered
    inputs = _inputs_by_type(node.requires, types)
    keys = _inputs_by_type(node.keys, types)
    lines = ["def ask(data):", " found = []"]
    for path in flatten.paths:
        lines += _walk_lines(path)
    lines += [" items = []", " targets = []", " index = {}", " for o in found:"]
    lines += ['  t = o.get("__typename")']
    for position, (type_name, names) in enumerate(inputs.items()):
        lines += _type_lines("elif" if position else "if", type_name, names, keys.get(type_name))
    lines += [
        "  elif type(t) is str:",
        "   continue",
        "  else:",
        "   raise Deviation",
        "  i = index.get(k)",
        "  if i is None:",
        "   index[k] = len(items)",
        "   items.append(r)",
        "   targets.append([o])",
        "  else:",
        "   targets[i].append(o)",
        " return Asked(items, targets)",
    ]
    return build_function("ask", lines, {"Asked": Asked})


def _walk_lines(path: FetchPath) -> Iterator[str]:
    """Generate nested loops; an object or list where the path does not expect it deviates."""
    if len(path) > _MAX_DEPTH or any(isinstance(each, TypeCondition) for each in path):
        raise NotCovered
    yield " v0 = data"
    is_object, indent = True, " "
    for level, element in enumerate(path):
        if element == "@":
            if is_object:
                raise NotCovered
            yield f"{indent}if type(v{level}) is list:"
            yield f"{indent} for v{level + 1} in v{level}:"
            indent += "  "
            is_object = _names_follow(path, level + 1)
        else:
            yield f"{indent}if type(v{level}) is list: raise Deviation"
            yield f"{indent}if type(v{level}) is dict:"
            yield f"{indent} v{level + 1} = v{level}.get({element!r})"
            indent += " "
            is_object = _names_follow(path, level + 1)
    yield f"{indent}if type(v{len(path)}) is list: raise Deviation"
    yield f"{indent}if type(v{len(path)}) is dict: found.append(v{len(path)})"


def _names_follow(path: FetchPath, level: int) -> bool:
    return level >= len(path) or path[level] != "@"


def _type_lines(
    word: str, type_name: str, names: tuple[str, ...], keys: tuple[str, ...] | None
) -> Iterator[str]:
    """Generate the key ``k`` and the representation ``r`` of an object of one type."""
    if not keys or not set(keys) <= set(names):
        raise NotCovered
    yield f"  {word} t == {type_name!r}:"
    for number, name in enumerate(names):
        yield f"   a{number} = o.get({name!r})"
        nullable = "" if name in keys else f" and a{number} is not None"
        yield f"   if type(a{number}) is not str and type(a{number}) is not int{nullable}:"
        yield "    raise Deviation"
    values = [f"a{number}" for number in range(len(names))]
    yield f"   k = ({type_name!r}, {', '.join(values)})"
    pairs = [f"{name!r}: {value}" for name, value in zip(names, values, strict=True)]
    yield f'   r = {{"__typename": {type_name!r}, {", ".join(pairs)}}}'


def _inputs_by_type(selections: SelectionSet, types: RuntimeTypes) -> dict[str, tuple[str, ...]]:
    """Name the scalar inputs of each object type, in order, without ``__typename``."""
    found: dict[str, dict[str, None]] = {}
    for fragment in selections:
        if not isinstance(fragment, Fragment) or types.is_abstract(fragment.type_condition):
            raise NotCovered
        names = found.setdefault(fragment.type_condition, {})
        for field in fragment.selections:
            if not isinstance(field, Field) or field.selections is not None:
                raise NotCovered
            if field.name != "__typename":
                names[field.response_name] = None
            elif field.response_name != "__typename":
                raise NotCovered
    if not found:
        raise NotCovered
    return {type_name: tuple(names) for type_name, names in found.items()}
