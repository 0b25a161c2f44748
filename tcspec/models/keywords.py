"""The keywords with which models are built in Python: every name is checked, and custom properties are apart.

A payload from the wire is not built with keywords: `model_validate` and `parse` keep its custom properties.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from inspect import Parameter, Signature
from operator import or_
from types import MappingProxyType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic_core import MISSING
from typing_extensions import TypeAliasType

from tcspec.errors import WrongArgument, WrongKeyword
from tcspec.json_types import type_name
from tcspec.models.own_classes import wire_names

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from pydantic import BaseModel

CUSTOM = "custom"
"""The keyword of custom properties; in the models of the data APIs it is a property of the vendor."""
_SIMILARITY = 0.75


def merge_keywords(model: type[BaseModel], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that keywords stand for: the custom ones are merged with the others.

    Raises:
        WrongKeyword: when a keyword is no property of the model, or a custom property is one.
        WrongArgument: when `custom` is no mapping of names.
    """
    fields = model.__pydantic_fields__
    aliases = wire_names(model)
    for name in aliases.keys() & keywords.keys():
        if aliases[name] in keywords:
            raise WrongKeyword(model.__name__, (f"`{name}` and `{aliases[name]}` are one property",))
    properties = {aliases.get(name, name): value for name, value in keywords.items()}
    custom = {} if CUSTOM in fields else check_custom(model, properties.pop(CUSTOM, {}))
    if unknown := properties.keys() - fields.keys() - set(aliases.values()):
        raise unknown_keywords(model, unknown)
    return properties | custom


def check_custom(model: type[BaseModel], custom: object) -> dict[str, Any]:
    """Return custom properties, none of which is a property that the model declares.

    Raises:
        WrongKeyword: when one is.
        WrongArgument: when they are no mapping of names.
    """
    if not isinstance(custom, Mapping):
        raise WrongArgument("`custom` as a mapping of custom properties", type_name(custom))
    names = {wire_names(model).get(name, name) for name in model.__pydantic_fields__}
    computed = model.__pydantic_computed_fields__
    for name in custom:
        if not isinstance(name, str):
            raise WrongArgument("a string as the name of a custom property", type_name(name))
        if name in names:
            raise WrongKeyword(model.__name__, (f"`{name}` in custom is a standard property (pass it as a keyword)",))
        if name in computed:
            raise WrongKeyword(model.__name__, (f"`{name}` in custom is a property that is computed",))
    return dict(custom)


def unknown_keywords(model: type[BaseModel], names: Iterable[str]) -> WrongKeyword:
    """Return the error for keywords that are no properties of a model, with what is probably meant."""
    # Of two names that differ in case only, the first that is declared is the current one.
    known = {each.lower(): each for each in reversed(model.__pydantic_fields__)}
    computed = model.__pydantic_computed_fields__
    return WrongKeyword(model.__name__, tuple(_explain(name, known, computed) for name in sorted(names)))


def _explain(name: str, known: Mapping[str, str], computed: Container[str]) -> str:
    if name in computed:
        return f"property `{name}` is computed"
    from difflib import get_close_matches  # noqa: PLC0415 - for those who misspell

    # A hash is named after the property that it hides, whose name is close to it and not what is meant.
    close = [] if name.endswith(("_md5", "_sha256")) else get_close_matches(name.lower(), known, 1, _SIMILARITY)
    hint = f"did you mean `{known[close[0]]}`?" if close else f"pass custom properties as custom={{{name!r}: ...}}"
    return f"unknown property `{name}` ({hint})"


def format_title(name: str) -> str:
    """Return a wire name, in snake case or camel case, as a title."""
    words = re.sub("([a-z0-9])([A-Z])", r"\1 \2", name).replace("_", " ")
    return words[:1].upper() + words[1:]


class CustomProperties:
    """The attribute `custom` of a model: its custom properties, to be read and to be replaced as a whole."""

    def __get__(self, model: BaseModel | None, owner: type[BaseModel]) -> Mapping[str, Any]:
        if model is None:
            # pydantic warns of a field whose name is an attribute of a base class.
            raise AttributeError(CUSTOM)
        return MappingProxyType(model.__pydantic_extra__ or {})


class KeywordSignature:
    """The signature of a model: its properties with plain types, the required ones first, and `custom`."""

    def __get__(self, model: BaseModel | None, owner: type[BaseModel]) -> Signature:
        if model is not None:
            # An instance is not callable.
            raise AttributeError("__signature__")
        fields = sorted(owner.__pydantic_fields__.items(), key=lambda each: not each[1].is_required())
        parameters = [
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                default=Parameter.empty if field.is_required() else field.get_default(call_default_factory=True),
                annotation=_plain_type(field.annotation),
            )
            for name, field in fields
        ]
        if CUSTOM not in owner.__pydantic_fields__:
            parameters.append(Parameter(CUSTOM, Parameter.KEYWORD_ONLY, default={}, annotation=Mapping[str, Any]))
        return Signature(parameters, return_annotation=None)


def _plain_type(annotation: Any) -> Any:  # noqa: ANN401 - any type
    """Return a type without what only pydantic, the schemas and the catalogue need."""
    if isinstance(annotation, TypeAliasType):
        return _plain_type(annotation.__value__)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _plain_type(arguments[0])
    if origin in {Union, UnionType}:
        return reduce(or_, (_plain_type(each) for each in arguments if each is not MISSING))
    if origin in {list, dict}:
        return origin[tuple(_plain_type(each) for each in arguments)]
    return annotation
