"""The laws that bind several properties of one object, declared once for the models and for the schemas."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Protocol, Self

from pydantic import (
    MISSING,
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError
from typing_extensions import TypeAliasType

SchemaOf = Callable[[TypeAliasType], dict[str, Any]]
"""How a law names the JSON Schema of a type: by a reference, or in place."""


@cache
def _adapter(kind: TypeAliasType) -> TypeAdapter[Any]:
    return TypeAdapter(kind)  # type: ignore[arg-type]  # an alias is a type form


def reads_as(kind: TypeAliasType, value: object) -> bool:
    """Tell whether a value is one of a named type."""
    try:
        _adapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def _in_place(kind: TypeAliasType) -> dict[str, Any]:
    return _adapter(kind).json_schema()


@dataclass(frozen=True, slots=True)
class Breach:
    """One law that an object breaks."""

    law: str
    message: str
    value: object
    loc: tuple[str, ...] = ()

    def detail(self) -> InitErrorDetails:
        """Give the breach in the form that pydantic reports."""
        error = PydanticCustomError(self.law, self.message)
        return InitErrorDetails(type=error, loc=self.loc, input=self.value)


class Law(Protocol):
    """What an object must obey, beyond the type of each property."""

    def breaches(self, values: Mapping[str, Any]) -> Iterator[Breach]:
        """Find how the properties of one object break the law."""
        ...

    def keywords(self, schema_of: SchemaOf) -> dict[str, Any]:
        """Give the same law as keywords of JSON Schema."""
        ...


@dataclass(frozen=True, slots=True, init=False)
class Present:
    """A property, reached through named objects, that is there (null counts) and readable where asked."""

    path: tuple[str, ...]
    readable_as: TypeAliasType | None

    def __init__(self, *path: str, readable_as: TypeAliasType | None = None) -> None:
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "readable_as", readable_as)

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Tell whether the property is present among the values of an object."""
        value: Any = values
        for name in self.path:
            held = present(value)
            if name not in held:
                return False
            value = held[name]
        return self.readable_as is None or reads_as(self.readable_as, value)

    def schema(self, schema_of: SchemaOf) -> dict[str, Any]:
        """Give the JSON Schema that an object meets when the property is present."""
        schema: Any = True if self.readable_as is None else schema_of(self.readable_as)
        for name in reversed(self.path):
            schema = {"type": "object", "properties": {name: schema}, "required": [name]}
        return {"properties": schema["properties"], "required": schema["required"]}


@dataclass(frozen=True, slots=True, init=False)
class OneOf:
    """At least one of several properties is present."""

    alternatives: tuple[Present, ...]

    def __init__(self, *alternatives: Present | str) -> None:
        given = (Present(one) if isinstance(one, str) else one for one in alternatives)
        object.__setattr__(self, "alternatives", tuple(given))

    def breaches(self, values: Mapping[str, Any]) -> Iterator[Breach]:
        """Report an object that has none of the alternatives."""
        if not any(alternative.holds(values) for alternative in self.alternatives):
            names = ", ".join(".".join(alternative.path) for alternative in self.alternatives)
            yield Breach("one_of_required", f"One of these should be there: {names}", dict(values))

    def keywords(self, schema_of: SchemaOf) -> dict[str, Any]:
        """Give the law as an `anyOf` that names what it requires, as ajv's strict mode asks."""
        return {"anyOf": [alternative.schema(schema_of) for alternative in self.alternatives]}


@dataclass(frozen=True, slots=True)
class Suffixed:
    """Every property whose name is another name with this suffix is of one type."""

    suffix: str
    kind: TypeAliasType

    def breaches(self, values: Mapping[str, Any]) -> Iterator[Breach]:
        """Report each property of that name that is of another type."""
        named = re.compile(f"[^\n]{self.suffix}\\Z")
        for name, value in values.items():
            if named.search(name) and not reads_as(self.kind, value):
                yield Breach("suffixed_value", f"Input should be {self.kind.__name__}", value, (name,))

    def keywords(self, schema_of: SchemaOf) -> dict[str, Any]:
        """Give the law as a pattern of property names."""
        return {"patternProperties": {f"[^\n]{self.suffix}$": schema_of(self.kind)}}


@dataclass(frozen=True, slots=True)
class NotEmpty:
    """At least one property is there, whichever it is."""

    def breaches(self, values: Mapping[str, Any]) -> Iterator[Breach]:
        """Report an object without any property."""
        if not values:
            yield Breach("empty_object", "Object should have at least one property", dict(values))

    def keywords(self, schema_of: SchemaOf) -> dict[str, Any]:
        """Give the law as the least number of properties."""
        del schema_of
        return {"minProperties": 1}


def title_of(name: str) -> str:
    """Make a title of a wire name, whichever way it is cased."""
    words = re.sub("([a-z0-9])([A-Z])", r"\1 \2", name).replace("_", " ")
    return words[:1].upper() + words[1:]


class Lawful(BaseModel):
    """An open JSON object: known properties are typed, others kept as they are, and laws bind them."""

    model_config = ConfigDict(
        extra="allow",
        defer_build=True,  # few of the many events are used at a time: this halves the import
        hide_input_in_errors=True,  # it may be personal
        validate_assignment=True,
        use_attribute_docstrings=True,
        field_title_generator=lambda name, _: title_of(name),
    )

    LAWS: ClassVar[tuple[Law, ...]] = ()

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Show what is there."""
        return ((name, value) for name, value in super().__repr_args__() if value is not MISSING)

    @model_validator(mode="wrap")
    @classmethod
    def _obey(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401 - any input
        model = handler(data)
        values = present(model)
        breaches = [breach.detail() for law in laws_of(cls) for breach in law.breaches(values)]
        if breaches:
            raise ValidationError.from_exception_data(cls.__name__, breaches)
        return model

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        published = handler.resolve_ref_schema(handler(schema))
        laws = [law.keywords(_in_place) for law in laws_of(cls)]
        return published | {"allOf": laws} if laws else published


def laws_of(model: type[Lawful]) -> tuple[Law, ...]:
    """Give the laws of a model and of the models that it extends, theirs first."""
    return tuple(law for ancestor in reversed(model.__mro__) for law in vars(ancestor).get("LAWS", ()))


def present(value: object) -> Mapping[str, Any]:
    """Give the properties that an object, a model or nothing at all really has."""
    if isinstance(value, BaseModel):
        held = value.__dict__ | (value.__pydantic_extra__ or {})
        return {name: content for name, content in held.items() if content is not MISSING}
    return value if isinstance(value, Mapping) else {}
