"""Compiles a selection against an adapter: per concrete type, what to read, load and relate.

In: a ``SelectionSet`` with its variable conditions decided, and the adapter's ``Index``. Out:
``Composite`` programs, computed once per selection and kept by ``ProgramCache``. Fields selected
twice are merged here, fragments are resolved here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from adapters.contract import RecordShape
from adapters.kit.definition import Wanted
from adapters.kit.index import Index
from adapters.kit.program import Composite, ObjectProgram, Source, Step
from adapters.kit.reading import text_rule
from adapters.kit.scalar_rules import OUTPUT_RULES, OneOf
from adapters.kit.shapes import FieldShape
from adapters.kit.writer import write_fill, write_fill_many
from schema.selection import Condition, Field, SelectionSet, variables_of
from schema.supergraph.model import TypeRef

__all__ = ["ProgramCache"]

_CACHE_SIZE = 512
"""Compiled selections kept per adapter.

One entry is a fetch of one prepared operation, some kilobytes. A gateway prepares a few hundred
operations; doubling costs memory only, halving compiles some fetches again (about 0.2 ms each).
"""


_TYPENAME = FieldShape("__typename", TypeRef("String", non_null=True))


class ProgramCache:
    """Compiled selections of one adapter, least recently used dropped first."""

    def __init__(self, index: Index, *, is_written: bool = True) -> None:
        self._index = index
        self._is_written = is_written  # False: every record is answered step by step
        self._programs: dict[tuple[Any, ...], tuple[Any, Any, Composite]] = {}
        self._conditions: dict[int, tuple[SelectionSet, tuple[str, ...]]] = {}

    def find(
        self,
        selection: SelectionSet,
        variables: Mapping[str, Any],
        shape: RecordShape | None = None,
    ) -> Composite:
        """Give the program of ``selection`` under the conditions that ``variables`` decide.

        Its objects are laid out as ``shape`` says, if the adapter's own types allow that.
        Selections and shapes are immutable and live as long as their plan, so identity is the key;
        the entry holds both, and so their identity cannot be reused.
        """
        held = self._conditions.get(id(selection))
        if held is None:
            held = (selection, tuple(_condition_variables(selection)))
            self._remember(self._conditions, id(selection), held)
        decided = tuple(bool(variables.get(name)) for name in held[1])
        key = (id(selection), decided, id(shape))
        known = self._programs.get(key)
        if known is None:
            values = dict(zip(held[1], decided, strict=True))
            known = (selection, shape, self._compile(selection, values, shape))
            self._remember(self._programs, key, known)
        return known[2]

    def _compile(
        self, selection: SelectionSet, values: Mapping[str, bool], shape: RecordShape | None
    ) -> Composite:
        compiler = _Compiler(self._index, values, is_written=self._is_written)
        try:
            return compiler.compile(selection.type_name, (selection,), shape)
        except _Unlike:
            return compiler.compile(selection.type_name, (selection,), None)

    @staticmethod
    def _remember(table: dict[Any, Any], key: Any, value: Any) -> None:
        if len(table) >= _CACHE_SIZE:
            del table[next(iter(table))]
        table[key] = value


def _condition_variables(selection: SelectionSet) -> Iterator[str]:
    """Yield the variables of the conditions only: other variables do not shape the program."""
    seen = dict.fromkeys(_walk_conditions(selection))
    return (name for name in variables_of(selection) if name in seen)


def _walk_conditions(selection: SelectionSet) -> Iterator[str]:
    for item in selection:
        yield from (condition.variable for condition in item.conditions)
        if item.selections is not None:
            yield from _walk_conditions(item.selections)


class _Unlike(Exception):
    """A shape does not hold what the adapter may answer."""


class _Compiler:
    """Compiles one selection with its conditions decided."""

    def __init__(self, index: Index, conditions: Mapping[str, bool], *, is_written: bool) -> None:
        self._index = index
        self._conditions = conditions
        self._is_written = is_written

    def compile(
        self, type_name: str, sets: tuple[SelectionSet, ...], shape: RecordShape | None
    ) -> Composite:
        """Compile selections made on ``type_name`` for each concrete type; raises ``_Unlike``."""
        shapes = self._index.shapes
        if type_name == "_Entity":
            concrete = tuple(t.name for t in shapes.types.values() if t.kind == "object")
        else:
            concrete = shapes.possible(type_name)
        if shape is not None:
            if shape.type_name not in concrete or (len(concrete) > 1 and type_name != "_Entity"):
                raise _Unlike
            concrete = (shape.type_name,)  # nothing else is asked
        composite = Composite(type_name)
        for name in concrete:
            composite.programs[name] = self._compile_object(name, sets, shape)
        composite.wanted = frozenset().union(*(p.wanted for p in composite.programs.values()))
        if len(composite.programs) == 1 and type_name != "_Entity":
            composite.sole = next(iter(composite.programs))
        return composite

    def _compile_object(
        self, type_name: str, sets: tuple[SelectionSet, ...], shape: RecordShape | None
    ) -> ObjectProgram:
        grouped: dict[str, list[Field]] = {}
        for selection in sets:
            self._collect(type_name, selection, grouped)
        if shape is not None and shape.attributes.keys() != grouped.keys():
            raise _Unlike
        steps = tuple(self._compile_step(type_name, fields, shape) for fields in grouped.values())
        wanted: set[str] = set()
        reads: set[str] = set()
        for step in steps:
            wanted |= _wanted_of(step)
            if step.relation is not None:
                reads |= {path.split(".")[0] for path in step.relation.takes}
            elif step.root is None and step.name != "__typename":
                reads.add(step.attribute)
        program = ObjectProgram(type_name, steps, frozenset(reads), frozenset(wanted), shape)
        program.is_plain = all(_is_plain(step) for step in steps)
        if self._is_written and steps and all(step.root is None for step in steps):
            program.fill = write_fill(program)
        return program

    def _collect(
        self, type_name: str, selection: SelectionSet, grouped: dict[str, list[Field]]
    ) -> None:
        for item in selection:
            if not self._holds(item.conditions):
                continue
            if isinstance(item, Field):
                grouped.setdefault(item.response_name, []).append(item)
            elif self._index.shapes.applies(item.type_condition, type_name):
                self._collect(type_name, item.selections, grouped)

    def _holds(self, conditions: tuple[Condition, ...]) -> bool:
        return all(self._conditions[c.variable] is c.expected for c in conditions)

    def _compile_step(
        self, type_name: str, fields: list[Field], shape_of: RecordShape | None
    ) -> Step:
        first = fields[0]
        response = first.response_name
        slot = response if shape_of is None else shape_of.attributes[response]
        coordinate = f"{type_name}.{first.name}"
        if first.name == "__typename":
            return Step(
                response,
                slot,
                first.name,
                first.name,
                coordinate,
                _TYPENAME,
                source=Source.TYPENAME,
            )
        shape = self._index.shapes.types[type_name].fields[first.name]
        names = self._index.definition.attributes.get(type_name, {})
        step = Step(
            response,
            slot,
            first.name,
            names.get(first.name, first.name),
            coordinate,
            shape,
            first.arguments,
            relation=self._index.relations.get((type_name, first.name)),
            root=self._index.roots.get((type_name, first.name)),
        )
        sets = tuple(f.selections for f in fields if f.selections is not None)
        if sets:
            below = None if shape_of is None else shape_of.below[response]
            step.below = self.compile(shape.type.named, sets, below)
        else:
            step.convert = self._find_conversion(shape.type.named)
            if shape_of is not None:
                self._check_leaf(shape.type.named, shape_of.values.get(response))
        step.wanted = _function_wanted(step)
        if step.relation is not None:
            step.source = Source.RELATION
            step.key_rule = text_rule(self._index.paths[id(step.relation)][0])
        elif step.root is not None:
            step.source = Source.ROOT
        if step.below is not None:
            self._write_below(step, step.below)
        step.is_text = not shape.type.is_list and shape.type.named in ("String", "ID")
        return step

    def _check_leaf(self, name: str, values: frozenset[str] | None) -> None:
        """Refuse an enum of which the shape holds fewer values than the adapter may give."""
        own = self._index.shapes.types[name].values
        if values is not None and not own <= values:
            raise _Unlike

    def _write_below(self, step: Step, below: Composite) -> None:
        """Let objects of one plain type be written at once, without a level of their own."""
        if below.sole is None or not self._is_written:
            return
        program = below.programs[below.sole]
        if program.is_plain and not step.shape.type.is_list:
            step.one = program.fill
        elif program.is_plain and step.shape.type.of is not None and program.steps:
            item = step.shape.type.of
            if not item.is_list:
                step.many = write_fill_many(step, program)

    def _find_conversion(self, name: str) -> Callable[[Any], Any] | None:
        shape = self._index.shapes.types[name]
        if shape.kind == "enum":
            return OneOf(name, shape.values)
        return OUTPUT_RULES.get(name)


def _is_plain(step: Step) -> bool:
    """Tell whether a step needs no call of its own, nor does anything below it."""
    if step.source in (Source.RELATION, Source.ROOT):
        return False
    return step.below is None or all(p.is_plain for p in step.below.programs.values())


def _wanted_of(step: Step) -> set[str]:
    if step.name == "__typename" or step.root is not None:
        return set()
    if step.relation is not None:
        return {p for path in step.relation.takes for p in _prefixes(path)}
    below = () if step.below is None else step.below.wanted
    return {step.name, *(f"{step.name}.{name}" for name in below)}


def _prefixes(path: str) -> Iterator[str]:
    parts = path.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])


def _function_wanted(step: Step) -> Wanted:
    """What the function behind ``step`` is asked for; of a page, the fields of its nodes."""
    if step.below is None:
        return frozenset()
    source = step.relation or step.root
    if getattr(source, "paged", False):
        head = "nodes."
        return frozenset(n.removeprefix(head) for n in step.below.wanted if n.startswith(head))
    return step.below.wanted
