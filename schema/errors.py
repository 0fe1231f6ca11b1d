"""Composition errors as values, and the catalogue of their codes.

In: nothing. Out: ``CompositionError`` and ``CompositionHint`` (values, collected and returned:
a faulty schema is an expected outcome) and ``SupergraphError`` (an exception: a supergraph that
cannot be loaded is a broken premise). The codes are the field's own, so that authors find what
others have written about them.

    Exception
      SupergraphError      the supergraph's SDL cannot be understood
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "COMPOSITION_CODES",
    "HINT_CODES",
    "CompositionError",
    "CompositionHint",
    "SupergraphError",
]


COMPOSITION_CODES: Mapping[str, str] = MappingProxyType(
    {
        # Links and schemas
        "INVALID_GRAPHQL": "A subgraph's schema is not valid GraphQL.",
        "INVALID_LINK_DIRECTIVE_USAGE": "An application of @link breaks its specification.",
        "INVALID_LINK_IDENTIFIER": "The url of a @link does not name a specification.",
        "LINK_IMPORT_NAME_MISMATCH": (
            "One imported element has different names in different subgraphs."
        ),
        "UNKNOWN_LINK_VERSION": "A @link asks for a version of the link specification not known.",
        "UNKNOWN_FEDERATION_LINK_VERSION": (
            "A @link asks for a version of the federation specification not known."
        ),
        "UNSUPPORTED_LINKED_FEATURE": "A supergraph needs a specification that is not known here.",
        "DIRECTIVE_DEFINITION_INVALID": (
            "A schema defines a specified directive otherwise than its specification."
        ),
        "TYPE_DEFINITION_INVALID": (
            "A schema defines a specified type otherwise than its specification."
        ),
        "DIRECTIVE_COMPOSITION_ERROR": "A directive named by @composeDirective cannot be composed.",
        "INVALID_SUBGRAPH_NAME": "A subgraph's name is reserved or used twice.",
        "ROOT_QUERY_USED": 'A schema renames its query type and also has a type "Query".',
        "ROOT_MUTATION_USED": 'A schema renames its mutation type and also has a type "Mutation".',
        "ROOT_SUBSCRIPTION_USED": (
            'A schema renames its subscription type and also has a type "Subscription".'
        ),
        "NO_QUERIES": "No subgraph has a query field.",
        # Field sets
        "KEY_INVALID_FIELDS": "The fields of a @key do not parse or do not exist.",
        "PROVIDES_INVALID_FIELDS": "The fields of a @provides do not parse or do not exist.",
        "REQUIRES_INVALID_FIELDS": "The fields of a @requires do not parse or do not exist.",
        "KEY_INVALID_FIELDS_TYPE": "The fields of a @key are not a string.",
        "PROVIDES_INVALID_FIELDS_TYPE": "The fields of a @provides are not a string.",
        "REQUIRES_INVALID_FIELDS_TYPE": "The fields of a @requires are not a string.",
        "KEY_DIRECTIVE_IN_FIELDS_ARG": "The fields of a @key apply a directive.",
        "PROVIDES_DIRECTIVE_IN_FIELDS_ARG": "The fields of a @provides apply a directive.",
        "REQUIRES_DIRECTIVE_IN_FIELDS_ARG": "The fields of a @requires apply a directive.",
        "KEY_UNSUPPORTED_ON_INTERFACE": (
            "A @key stands on an interface of a schema whose federation version forbids it."
        ),
        "PROVIDES_UNSUPPORTED_ON_INTERFACE": "A @provides stands on an interface's field.",
        "REQUIRES_UNSUPPORTED_ON_INTERFACE": "A @requires stands on an interface's field.",
        "KEY_FIELDS_HAS_ARGS": "The fields of a @key include a field with arguments.",
        "PROVIDES_FIELDS_HAS_ARGS": "The fields of a @provides include a field with arguments.",
        "PROVIDES_FIELDS_MISSING_EXTERNAL": (
            "The fields of a @provides include a field that is not @external."
        ),
        "REQUIRES_FIELDS_MISSING_EXTERNAL": (
            "The fields of a @requires include a field that is not @external."
        ),
        "KEY_FIELDS_SELECT_INVALID_TYPE": (
            "The fields of a @key include a field of an interface or union type."
        ),
        "PROVIDES_ON_NON_OBJECT_FIELD": (
            "A @provides stands on a field whose type has no fields of its own."
        ),
        # External
        "EXTERNAL_UNUSED": "An @external field is used by no @key, @provides, @requires.",
        "EXTERNAL_MISSING_ON_BASE": "A field is @external in every subgraph that has it.",
        "EXTERNAL_TYPE_MISMATCH": (
            "An @external field has another type than in the subgraphs that resolve it."
        ),
        "EXTERNAL_ARGUMENT_MISSING": (
            "An @external field lacks an argument that the resolving subgraphs have."
        ),
        "EXTERNAL_ARGUMENT_TYPE_MISMATCH": (
            "An @external field's argument has another type than where it is resolved."
        ),
        "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH": (
            "An @external field's argument has another default than where it is resolved."
        ),
        "EXTERNAL_ON_INTERFACE": "An interface's field is @external.",
        "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE": (
            "An @external field carries a directive that contradicts it."
        ),
        "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL": (
            "An @external field carries a directive that is merged into the supergraph."
        ),
        "TYPE_WITH_ONLY_UNUSED_EXTERNAL": (
            "A type has only @external fields and none of them is used."
        ),
        # Merge
        "TYPE_KIND_MISMATCH": "One type is of different kinds in different subgraphs.",
        "FIELD_TYPE_MISMATCH": "One field has incompatible types in different subgraphs.",
        "FIELD_ARGUMENT_TYPE_MISMATCH": (
            "One argument has incompatible types in different subgraphs."
        ),
        "FIELD_ARGUMENT_DEFAULT_MISMATCH": (
            "One argument has different defaults in different subgraphs."
        ),
        "INPUT_FIELD_DEFAULT_MISMATCH": (
            "One input field has different defaults in different subgraphs."
        ),
        "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH": (
            "An argument required in one subgraph is missing in another."
        ),
        "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH": (
            "An input field required in one subgraph is missing in another."
        ),
        "EMPTY_MERGED_ENUM_TYPE": "No value of an input enum is in every subgraph.",
        "EMPTY_MERGED_INPUT_TYPE": "No field of an input object is in every subgraph.",
        "ENUM_VALUE_MISMATCH": (
            "An enum used as input and as output has different values in different subgraphs."
        ),
        "EXTENSION_WITH_NO_BASE": "A type is extended and defined nowhere.",
        "INTERFACE_FIELD_NO_IMPLEM": (
            "An object of some subgraph lacks a field that its merged interface has."
        ),
        "INVALID_FIELD_SHARING": "Several subgraphs resolve one field and not all say @shareable.",
        "INVALID_SHAREABLE_USAGE": "@shareable stands where it has no meaning.",
        "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES": (
            "A shared field of abstract type has no runtime type in common between subgraphs."
        ),
        # Override
        "OVERRIDE_FROM_SELF_ERROR": "An @override names the subgraph that applies it.",
        "OVERRIDE_SOURCE_HAS_OVERRIDE": "An @override names a subgraph that overrides the field.",
        "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE": (
            "An @override meets a directive that contradicts it."
        ),
        "OVERRIDE_ON_INTERFACE": "An @override stands on an interface's field.",
        "OVERRIDE_LABEL_INVALID": "The label of an @override is malformed.",
        # Interfaces
        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION": ("An implementation lacks a @key of its interface."),
        "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE": (
            "A subgraph with an interface @key does not know all implementations."
        ),
        "INTERFACE_OBJECT_USAGE_ERROR": "An @interfaceObject is used against its rules.",
        # Inaccessible
        "REFERENCED_INACCESSIBLE": "A visible element refers to a type that is @inaccessible.",
        "REQUIRED_INACCESSIBLE": "A required argument or input field is @inaccessible.",
        "DISALLOWED_INACCESSIBLE": "An element that must stay visible is @inaccessible.",
        "QUERY_ROOT_TYPE_INACCESSIBLE": "The query type is @inaccessible.",
        "DEFAULT_VALUE_USES_INACCESSIBLE": "A visible default uses an @inaccessible element.",
        "IMPLEMENTED_BY_INACCESSIBLE": (
            "An @inaccessible field or argument implements a visible one."
        ),
        "ONLY_INACCESSIBLE_CHILDREN": "A visible type has only @inaccessible members.",
        # Reach
        "SATISFIABILITY_ERROR": "A query on the API schema cannot be answered by the subgraphs.",
        "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED": (
            "Too many paths must be tried to prove that every query can be answered."
        ),
        # Later features
        "CONTEXT_NAME_INVALID": "The name of a @context is malformed.",
        "CONTEXT_NOT_SET": "A @fromContext names a context that nothing sets.",
        "CONTEXT_INVALID_SELECTION": "The selection of a @fromContext is invalid.",
        "CONTEXT_NO_RESOLVABLE_KEY": "A type that uses a context has no resolvable key.",
        "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS": (
            "An argument is set from a context in one subgraph and required in another."
        ),
        "NO_CONTEXT_IN_SELECTION": "The field of a @fromContext names no context.",
        "UNSUPPORTED_FEATURE": "A supergraph uses a version of join that is not known here.",
        "INVALID_FEDERATION_SUPERGRAPH": "A supergraph does not follow the join specification.",
        "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE": (
            "An access requirement stands on an interface, its field or an interface object."
        ),
        "MISSING_TRANSITIVE_AUTH_REQUIREMENTS": (
            "A field lacks the access requirements of the fields it @requires."
        ),
        "COST_APPLIED_TO_INTERFACE_FIELD": "A @cost stands on an interface's field.",
        "LIST_SIZE_APPLIED_TO_NON_LIST": "A @listSize stands on a field that is not a list.",
        "LIST_SIZE_INVALID_ASSUMED_SIZE": "The assumed size of a @listSize is negative.",
        "LIST_SIZE_INVALID_SIZED_FIELD": (
            "A sized field of a @listSize does not exist or is no list."
        ),
        "LIST_SIZE_INVALID_SLICING_ARGUMENT": (
            "A slicing argument of a @listSize does not exist or is no integer."
        ),
    }
)
"""Every code that composition may report, with its meaning in one sentence."""

HINT_CODES: Mapping[str, str] = MappingProxyType(
    {
        "INCONSISTENT_DESCRIPTION": "An element is described differently in different subgraphs.",
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE": (
            "A field's types differ between subgraphs and could be merged."
        ),
        "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE": (
            "An argument's types differ between subgraphs and could be merged."
        ),
        "INCONSISTENT_DEFAULT_VALUE_PRESENCE": "A default is given in some subgraphs only.",
        "INCONSISTENT_ARGUMENT_PRESENCE": (
            "An optional argument is in some subgraphs only and was left out."
        ),
        "INCONSISTENT_INPUT_OBJECT_FIELD": (
            "An optional input field is in some subgraphs only and was left out."
        ),
        "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM": (
            "A value of an input enum is in some subgraphs only and was left out."
        ),
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM": (
            "A value of an output enum is in some subgraphs only."
        ),
        "INCONSISTENT_UNION_MEMBER": "A member of a union is in some subgraphs only.",
        "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD": (
            "A field of a type without key is in some subgraphs only."
        ),
        "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD": (
            "A field of an interface is in some subgraphs only."
        ),
        "INCONSISTENT_ENTITY": "A type is an entity in some subgraphs only.",
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE": (
            "An executable directive is in some subgraphs only and was left out."
        ),
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS": (
            "An executable directive has different locations in different subgraphs."
        ),
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE": (
            "An executable directive is repeatable in some subgraphs only."
        ),
        "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": (
            "A directive is applied with different arguments; one application was kept."
        ),
        "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN": (
            "A shared field may return types that not every subgraph knows."
        ),
        "FROM_SUBGRAPH_DOES_NOT_EXIST": "An @override names a subgraph that does not exist.",
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED": "A field was taken over and can be removed.",
        "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED": "An @override has no effect any more.",
        "OVERRIDE_MIGRATION_IN_PROGRESS": "A field is being taken over step by step.",
        "UNUSED_ENUM_TYPE": "An enum is used nowhere.",
        "IMPLICITLY_UPGRADED_FEDERATION_VERSION": (
            "A subgraph uses what came with a later federation version than it links."
        ),
        "DIRECTIVE_COMPOSITION_INFO": "A @composeDirective names what is composed anyway.",
        "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": (
            "A directive is applied with different arguments; they were merged."
        ),
        "NO_EXECUTABLE_DIRECTIVE_INTERSECTION": (
            "An executable directive has no location that all subgraphs allow."
        ),
        "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS": (
            "An argument is filled from a context in some subgraphs and never set in others."
        ),
    }
)
"""Every hint's code, with its meaning in one sentence."""


@dataclass(frozen=True, slots=True)
class CompositionError:
    """One reason why subgraphs do not compose.

    ``coordinates`` are schema coordinates, ``subgraphs`` names; both may be empty.
    """

    code: str
    message: str
    coordinates: tuple[str, ...] = ()
    subgraphs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a code outside the catalogue."""
        if self.code not in COMPOSITION_CODES:
            raise ValueError(f'"{self.code}" is no composition error code')

    def __str__(self) -> str:
        """Print as ``CODE: [a, b] message``."""
        return _print_finding(self.code, self.message, self.subgraphs)


@dataclass(frozen=True, slots=True)
class CompositionHint:
    """Something that an author may want to know about a composition that succeeds."""

    code: str
    message: str
    coordinates: tuple[str, ...] = ()
    subgraphs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a code outside the catalogue."""
        if self.code not in HINT_CODES:
            raise ValueError(f'"{self.code}" is no composition hint code')

    def __str__(self) -> str:
        """Print as ``CODE: [a, b] message``."""
        return _print_finding(self.code, self.message, self.subgraphs)


class SupergraphError(Exception):
    """A supergraph's SDL that cannot be loaded."""

    def __init__(
        self,
        message: str,
        coordinates: tuple[str, ...] = (),
        code: str = "INVALID_FEDERATION_SUPERGRAPH",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.coordinates = coordinates


def _print_finding(code: str, message: str, subgraphs: tuple[str, ...]) -> str:
    names = f"[{', '.join(subgraphs)}] " if subgraphs else ""
    return f"{code}: {names}{message}"
