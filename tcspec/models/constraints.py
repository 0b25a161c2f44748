"""The base class of every model, and constraints between the properties of one object.

A constraint is declared once: the model enforces it, and its JSON Schema states it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import MISSING, CoreSchema, InitErrorDetails, PydanticCustomError
from typing_extensions import TypeAliasType

from tcspec.jsontext.encoder import encode
from tcspec.models import own_classes
from tcspec.models.keywords import (
    CUSTOM,
    CustomProperties,
    KeywordSignature,
    check_custom,
    format_title,
    merge_keywords,
    unknown_keywords,
)

SchemaOf = Callable[[TypeAliasType], dict[str, Any]]
"""Returns the JSON Schema of a named type: a reference to its definition, or the definition itself."""


@cache
def _adapter(named: TypeAliasType) -> TypeAdapter[Any]:
    return TypeAdapter(named)  # type: ignore[arg-type]  # an alias is a type form


def matches_type(named: TypeAliasType, value: object) -> bool:
    """Return whether a value is valid as a named type."""
    try:
        _adapter(named).validate_python(value)
    except ValidationError:
        return False
    return True


def _inline_schema(named: TypeAliasType) -> dict[str, Any]:
    return _adapter(named).json_schema()


def _error(code: str, message: str, value: object, *loc: str) -> InitErrorDetails:
    return InitErrorDetails(type=PydanticCustomError(code, message), loc=loc, input=value)


class Constraint(Protocol):
    """A requirement on an object beyond the type of each property."""

    def find_errors(self, properties: Mapping[str, Any]) -> Iterator[InitErrorDetails]:
        """Yield how the properties of an object break the constraint."""
        ...

    def to_json_schema(self, schema_of: SchemaOf) -> dict[str, Any]:
        """Return the constraint as keywords of JSON Schema."""
        ...


@dataclass(frozen=True, slots=True, init=False)
class Present:
    """A property at a path of nested objects that is present (null counts) and, with `valid_as`, of that type."""

    path: tuple[str, ...]
    valid_as: TypeAliasType | None

    def __init__(self, *path: str, valid_as: TypeAliasType | None = None) -> None:
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "valid_as", valid_as)

    def is_met(self, properties: Mapping[str, Any]) -> bool:
        """Return whether the property is present in an object."""
        value: Any = properties
        for name in self.path:
            members = get_properties(value)
            if name not in members:
                return False
            value = members[name]
        return self.valid_as is None or matches_type(self.valid_as, value)

    def to_json_schema(self, schema_of: SchemaOf) -> dict[str, Any]:
        """Return the JSON Schema of an object in which the property is present."""
        schema: Any = True if self.valid_as is None else schema_of(self.valid_as)
        for name in reversed(self.path):
            schema = {"type": "object", "properties": {name: schema}, "required": [name]}
        # Without a type for the outermost object, which its definition has.
        return {"properties": schema["properties"], "required": schema["required"]}


@dataclass(frozen=True, slots=True, init=False)
class AnyOf:
    """At least one of several properties is present."""

    alternatives: tuple[Present, ...]

    def __init__(self, *alternatives: Present | str) -> None:
        paths = (Present(each) if isinstance(each, str) else each for each in alternatives)
        object.__setattr__(self, "alternatives", tuple(paths))

    def find_errors(self, properties: Mapping[str, Any]) -> Iterator[InitErrorDetails]:
        """Yield an error for an object that has none of the alternatives."""
        if not any(alternative.is_met(properties) for alternative in self.alternatives):
            names = ", ".join(".".join(alternative.path) for alternative in self.alternatives)
            yield _error("any_of_required", f"At least one of these is required: {names}", dict(properties))

    def to_json_schema(self, schema_of: SchemaOf) -> dict[str, Any]:
        """Return an `anyOf` whose branches name what they require, as ajv's strict mode needs it."""
        return {"anyOf": [alternative.to_json_schema(schema_of) for alternative in self.alternatives]}


@dataclass(frozen=True, slots=True)
class SuffixType:
    """Every property whose name ends with a suffix, after at least one character, has a type."""

    suffix: str
    type: TypeAliasType

    def find_errors(self, properties: Mapping[str, Any]) -> Iterator[InitErrorDetails]:
        """Yield an error for each property with the suffix that has another type."""
        # As in JSON Schema, where `$` does not match before a final line feed.
        pattern = re.compile(f"[^\n]{self.suffix}\\Z")
        for name, value in properties.items():
            if pattern.search(name) and not matches_type(self.type, value):
                yield _error("suffix_type", f"Input should be {self.type.__name__}", value, name)

    def to_json_schema(self, schema_of: SchemaOf) -> dict[str, Any]:
        """Return a pattern of property names with their type."""
        # Not a dot: to Python it matches U+2028, to ECMAScript it does not.
        return {"patternProperties": {f"[^\n]{self.suffix}$": schema_of(self.type)}}


@dataclass(frozen=True, slots=True)
class NotEmpty:
    """At least one property is present, whatever its name."""

    def find_errors(self, properties: Mapping[str, Any]) -> Iterator[InitErrorDetails]:
        """Yield an error for an object without properties."""
        if not properties:
            yield _error("empty_object", "Object should have at least one property", dict(properties))

    def to_json_schema(self, schema_of: SchemaOf) -> dict[str, Any]:
        """Return the minimum number of properties."""
        del schema_of
        return {"minProperties": 1}


_CONFIG = ConfigDict(
    extra="allow",
    # Few of the many events are used at a time: this halves the import. What all of them share is built at once, or it
    # would be built again for each.
    defer_build=True,
    hide_input_in_errors=True,  # it may be personal
    validate_assignment=True,
    # pydantic would take these descriptors for fields without a type.
    ignored_types=(CustomProperties, KeywordSignature),
    field_title_generator=lambda name, _: format_title(name),
)

if TYPE_CHECKING:

    class _Base(BaseModel):
        # The plugin of mypy accepts any keyword unless extra properties are forbidden, as they are to keywords.
        model_config = ConfigDict(extra="forbid")

        custom: Mapping[str, Any] = {}
        """Custom properties, merged with the others on the wire."""
else:
    _Base = BaseModel


class Model(_Base):
    """An open JSON object: known properties are typed, custom properties are kept, constraints are enforced.

    In Python it is built with keywords, and custom properties are passed as `custom={"brochure": "B-7"}`, so that a
    misspelt keyword is an error. `model_validate`, which takes what came over the wire, keeps properties of any name.
    """

    # A name, because the plugin of mypy would take the values of a call for those that it checks.
    model_config = _CONFIG

    KIND: ClassVar[str | None] = None
    """The kind of payload that the model is; None for a part of a payload."""
    PERSONAL: ClassVar[bool] = False
    """Whether anything in the object may describe a person."""
    CONSTRAINTS: ClassVar[tuple[Constraint, ...]] = ()

    if not TYPE_CHECKING:  # a type checker derives the keywords from the fields
        custom = CustomProperties()
        __signature__ = KeywordSignature()

        def __init__(self, /, **keywords: object) -> None:
            __tracebackhide__ = True
            properties = merge_keywords(type(self), keywords)
            self.__pydantic_validator__.validate_python(properties, self_instance=self)

        # pydantic calls any other `__init__` for payloads and for the objects in them too.
        __init__.__pydantic_base_init__ = True

        def __setattr__(self, name: str, value: object) -> None:
            if self.model_config.get("frozen"):
                frozen = InitErrorDetails(type="frozen_instance", loc=(name,), input=value)
                raise ValidationError.from_exception_data(type(self).__name__, [frozen], hide_input=True)
            if name.startswith("_") or name in type(self).__pydantic_fields__:
                super().__setattr__(name, value)
            elif name == CUSTOM:
                custom = check_custom(type(self), value)
                # Checked first: a model that refuses a value stays as it was.
                _check(type(self), {name: each for name, each in self.__dict__.items() if each is not MISSING} | custom)
                self.__pydantic_extra__ = custom
            else:
                raise unknown_keywords(type(self), [name])

        @classmethod
        def __pydantic_on_complete__(cls) -> None:
            # pydantic has just set a signature of its own, without `custom`.
            cls.__signature__ = Model.__dict__["__signature__"]
            if own_classes.is_own(cls):
                own_classes.refuse_other_json_types(cls)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - as in pydantic
        super().__pydantic_init_subclass__(**kwargs)
        if own_classes.is_own(cls):
            own_classes.check_aliases(cls)
            # At once: what is built from an unfinished class, such as a route of FastAPI, would not refuse them.
            cls.model_rebuild(raise_errors=False)

    def to_payload(self) -> dict[str, Any]:
        """Return the object as it is sent: absent properties are left out, custom properties are kept."""
        properties = own_classes.write_properties(self) if own_classes.is_own(type(self)) else get_properties(self)
        return {name: _to_json(value) for name, value in properties.items()}

    def to_json(self) -> bytes:
        """Return the object as the body of a request: compact JSON in UTF-8.

        Raises:
            UnreadablePayload: when a value has no JSON form; it has the violations.
        """
        return encode(self.to_payload())

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield the properties that are present."""
        return ((name, value) for name, value in super().__repr_args__() if value is not MISSING)

    @model_validator(mode="wrap")
    @classmethod
    def _check_constraints(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401 - any input
        model = handler(data)
        own_classes.forget_computed_properties(model)
        _check(cls, get_properties(model))
        return model

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        generated = handler.resolve_ref_schema(handler(schema))
        constraints = [constraint.to_json_schema(_inline_schema) for constraint in all_constraints(cls)]
        return generated | {"allOf": constraints} if constraints else generated


def all_constraints(model: type[Model]) -> tuple[Constraint, ...]:
    """Return the constraints of a model and of its base classes, those of the bases first."""
    return tuple(constraint for base in reversed(model.__mro__) for constraint in vars(base).get("CONSTRAINTS", ()))


def _check(model: type[Model], properties: Mapping[str, Any]) -> None:
    errors = [error for constraint in all_constraints(model) for error in constraint.find_errors(properties)]
    if errors:
        raise ValidationError.from_exception_data(model.__name__, errors, hide_input=True)


def get_properties(value: object) -> Mapping[str, Any]:
    """Return the properties that are present in a model or a mapping; nothing for any other value."""
    if isinstance(value, BaseModel):
        properties = value.__dict__ | (value.__pydantic_extra__ or {})
        return {name: each for name, each in properties.items() if each is not MISSING}
    return value if isinstance(value, Mapping) else {}


def _to_json(value: object) -> object:
    if isinstance(value, Model):
        return value.to_payload()
    if isinstance(value, Mapping):
        return {name: _to_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_to_json(each) for each in value]
    return value
