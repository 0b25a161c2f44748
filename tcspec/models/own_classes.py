"""Classes of one's own: they read what their JSON Schema accepts, and send what they would read.

pydantic reads `"5"` and `true` as the integer of a property, and a number as a date. The JSON Schema that it generates
for the same class refuses them. Its strict mode is no way out: in Python it refuses the text of a date too, and an
object where a model is expected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic_core import (
    MISSING,
    CoreConfig,
    PydanticCustomError,
    PydanticKnownError,
    PydanticSerializationError,
    SchemaValidator,
    core_schema,
)

from tcspec.errors import WrongArgument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import BaseModel, ValidationInfo, ValidatorFunctionWrapHandler
    from pydantic.fields import FieldInfo

    Check = Callable[[Any, ValidatorFunctionWrapHandler], Any]

_PACKAGE = "tcspec."
_TEXT_OF_A_NUMBER = re.compile(r"\s*+[-+]?+[0-9]++(?:\.[0-9]*+)?+\s*+\Z")
_PARTS = (
    "arguments",
    "arguments_schema",
    "choices",
    "definitions",
    "extras_schema",
    "fields",
    "items_schema",
    "json_schema",
    "lax_schema",
    "python_schema",
    "schema",
    "steps",
    "strict_schema",
    "values_schema",
)
"""The keys of a core schema below which there are others; not those of keys, which are always strings in JSON."""
_TEXT_IN_JSON = frozenset({"date", "datetime", "decimal", "enum", "time", "timedelta", "tuple", "url", "uuid"})
"""The types of which pydantic's strict mode in Python refuses what stands for them in JSON."""
_DONE = "tcspec_json_type"


def is_own(model: type) -> bool:
    """Return whether a class is made outside tcspec."""
    return not model.__module__.startswith(_PACKAGE)


def check_aliases(model: type[BaseModel]) -> None:
    """Check that each property of a class of one's own has one name on the wire, and those of the vendor theirs.

    Raises:
        WrongArgument: when one has not.
    """
    if model.model_config.get("alias_generator"):
        # It would rename those of the vendor too.
        raise WrongArgument(f"an alias of each property of {model.__name__} that needs one", "an alias_generator")
    for name, field in model.__pydantic_fields__.items():
        alias = field.validation_alias
        if alias != field.serialization_alias or not isinstance(alias, str | None):
            raise WrongArgument(
                f"one alias of the property `{name}` of {model.__name__}, `Field(alias=...)`", "several"
            )
        if alias and name in _base(model):
            raise WrongArgument(f"the property `{name}` of {model.__name__} by its own name", f"the alias `{alias}`")
        if alias != name and alias in model.__pydantic_fields__:
            raise WrongArgument(f"the property `{alias}` of {model.__name__} once", f"an alias of `{name}` too")


def wire_names(model: type[BaseModel]) -> dict[str, str]:
    """Return the names on the wire of the properties that have another one in Python."""
    fields: Mapping[str, FieldInfo] = model.__pydantic_fields__
    return {name: field.alias for name, field in fields.items() if field.alias is not None}


def _base(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """Return the properties of the nearest class of tcspec."""
    base = next(base for base in model.__mro__ if base.__module__.startswith(_PACKAGE))
    return base.__pydantic_fields__  # type: ignore[attr-defined,no-any-return]  # Model at the latest


@cache
def own_properties(model: type[BaseModel]) -> frozenset[str]:
    """Return the properties to which a class of one's own gives types or serializers."""
    known = _base(model)
    serializers = model.__pydantic_decorators__.field_serializers.values()
    return frozenset(
        name
        for name, field in model.__pydantic_fields__.items()
        if name not in known
        or known[name].annotation != field.annotation
        or any(name in each.info.fields for each in serializers)
    )


def write_properties(model: BaseModel) -> dict[str, Any]:
    """Return the properties of a class of one's own by their names on the wire, its own ones as pydantic writes JSON.

    What has no JSON form stays as it is, to be refused at its place.
    """
    own, aliases = own_properties(type(model)), wire_names(type(model))
    payload: dict[str, Any] = {}
    for name, value in model.__dict__.items():
        if name in own:
            payload |= _write(model, name, aliases.get(name, name), value)
        elif value is not MISSING:
            payload[name] = value
    payload |= model.__pydantic_extra__ or {}
    for name, field in type(model).__pydantic_computed_fields__.items():
        payload |= _write(model, name, field.alias or name, getattr(model, name), is_read=False)
    return payload


def _write(model: BaseModel, name: str, alias: str, value: Any, *, is_read: bool = True) -> dict[str, Any]:  # noqa: ANN401 - any value
    """Return a property as it is written; nothing when it is absent or excluded."""
    # Of a secret pydantic writes asterisks, which are not what is meant.
    if not hasattr(value, "get_secret_value"):
        try:
            written: dict[str, Any] = model.__pydantic_serializer__.to_python(
                model, mode="json", include={name}, by_alias=True, round_trip=is_read, warnings=False
            )
        except UnicodeDecodeError:
            pass
        except PydanticSerializationError as error:
            # The serializer of a class failed, and what it would have written is not the value.
            if str(error).startswith("Error calling function"):
                raise
        else:
            return written
    return {alias: value}


def forget_computed_properties(model: BaseModel) -> None:
    """Take the properties that a class computes, and sends, out of the custom ones of a payload that was sent."""
    computed = type(model).__pydantic_computed_fields__
    if computed and model.__pydantic_extra__:
        for name, field in computed.items():
            model.__pydantic_extra__.pop(field.alias or name, None)


def refuse_other_json_types(model: type[BaseModel]) -> None:
    """Let a model, and the models in it, refuse values of other JSON types than those of its schema.

    A property that is declared with `Field(strict=False)` reads what pydantic reads.
    """
    schema: Any = model.__pydantic_core_schema__
    config = CoreConfig(title=model.model_config.get("title") or model.__name__, hide_input_in_errors=True)
    # The models in it have validators already, which read what pydantic reads.
    validator = SchemaValidator(_guard(schema), config, _use_prebuilt=False)
    model.__pydantic_validator__ = validator

    def read(value: Any, _: object, info: ValidationInfo) -> Any:  # noqa: ANN401 - any value
        return validator.validate_python(value, context=info.context)

    # What has the model in it, such as a route of FastAPI, is built from this schema, with those validators.
    root = schema["schema"] if schema["type"] == "definitions" else schema
    wrapped: Any = {key: value for key, value in root.items() if key != "ref"}
    whole: Any = core_schema.with_info_wrap_validator_function(read, wrapped, ref=root.get("ref"))
    whole["metadata"] = {_DONE: True}
    model.__pydantic_core_schema__ = schema | {"schema": whole} if schema["type"] == "definitions" else whole


def _guard(schema: Any) -> Any:  # noqa: ANN401 - a core schema, or what has some
    """Return a core schema with a check around each type that pydantic converts to."""
    if isinstance(schema, list | tuple):
        return type(schema)(_guard(each) for each in schema)
    if not isinstance(schema, Mapping) or _DONE in schema.get("metadata", ()):
        return schema
    guarded = {key: _guard_part(key, value) if key in _PARTS else value for key, value in schema.items()}
    if guarded.get("config", {}).get("strict"):
        guarded["config"] = {key: value for key, value in guarded["config"].items() if key != "strict"}
    return _with_check(guarded)


def _guard_part(key: str, part: Any) -> Any:  # noqa: ANN401 - a core schema, or what has some
    # By names of properties and tags of unions, which may be those of any key.
    is_by_name = key in {"fields", "choices"} and isinstance(part, Mapping)
    return {name: _guard(each) for name, each in part.items()} if is_by_name else _guard(part)


def _with_check(schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("type") in _TEXT_IN_JSON and schema.get("strict"):
        del schema["strict"]
    check = None if "strict" in schema else _find_check(schema)
    if check is None:
        return schema
    # The schema around it takes its place among the definitions.
    reference = schema.pop("ref", None)
    inner: Any = schema
    return {**core_schema.no_info_wrap_validator_function(check, inner, ref=reference), "metadata": {_DONE: True}}


def _find_check(schema: Mapping[str, Any]) -> Check | None:
    """Return the check around a type, or none where pydantic converts nothing."""
    kind = schema.get("type", "")
    if kind in _REFUSED:
        return _refuse(*_REFUSED[kind])
    if kind in {"set", "frozenset"}:
        return _refuse_duplicates
    if kind in {"literal", "enum"}:
        return _refuse_other_types(
            *(("enum", schema["members"]) if kind == "enum" else ("literal_error", schema["expected"]))
        )
    return None


def _is_no_number(value: object) -> bool:
    return isinstance(value, str | bytes | bytearray | bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) or (
        isinstance(value, str) and _TEXT_OF_A_NUMBER.match(value) is not None
    )


_REFUSED: Mapping[str, tuple[Any, Callable[[object], bool]]] = {
    "int": ("int_type", _is_no_number),
    "float": ("float_type", _is_no_number),
    "bool": ("bool_type", lambda value: not isinstance(value, bool)),
    "date": ("date_type", _is_number),
    "datetime": ("datetime_type", _is_number),
    "time": ("time_type", _is_number),
    "timedelta": ("time_delta_type", _is_number),
    # They are arrays.
    "named-tuple": ("tuple_type", lambda value: isinstance(value, Mapping)),
    "call": ("tuple_type", lambda value: isinstance(value, Mapping)),
}
"""The error of pydantic for each type that it converts to, and which values it would convert."""


def _refuse(error: Any, is_refused: Callable[[Any], bool]) -> Check:  # noqa: ANN401 - one of hundreds of literals
    def check(value: Any, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - any value
        if is_refused(value):
            raise PydanticKnownError(error)
        return read(value)

    return check


def _refuse_duplicates(value: Any, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - any value
    found = read(value)
    if isinstance(value, list | tuple) and len(found) != len(value):
        raise PydanticCustomError("unique_items", "Input should have no item twice")
    return found


def _refuse_other_types(error: Any, members: Iterable[object]) -> Check | None:  # noqa: ANN401 - a literal
    """Return a check that a value is of the type of a member: to Python `1`, `1.0` and `true` are equal."""
    values = [each.value if isinstance(each, Enum) else each for each in members]
    types = {_json_type(value) for value in values}
    if not types & {bool, float}:
        return None
    *others, last = map(repr, values)
    expected = {"expected": f"{', '.join(others)} or {last}" if others else last}  # as pydantic writes it

    def check(value: Any, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - any value
        if not isinstance(value, Enum) and _json_type(value) not in types:
            raise PydanticKnownError(error, expected)
        return read(value)

    return check


def _json_type(value: object) -> type:
    if isinstance(value, bool):
        return bool
    return float if isinstance(value, int | float) else object
