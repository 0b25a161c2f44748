"""Definitions of JSON Schema: one a model, reduced to what it adds to the model that it extends."""

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema
from typing_extensions import TypeAliasType

from tcspec.models.constraints import Lawful
from tcspec.models.events import Event
from tcspec.models.introspection import advice_on, description_of, example, examples_of, reachable, sources, summary
from tcspec.models.pixel import PixelEvent

_ANNOTATIONS = ("title", "description", "default", "readOnly", "examples")


def definitions(*models: type[Lawful]) -> dict[str, Any]:
    """Give the definitions of models, and of all that they hold or extend, by name; each model carries an example."""
    held = reachable(*models)
    _, generated = models_json_schema([(model, "validation") for model in held.values()])
    whole: dict[str, Any] = generated["$defs"]
    for name, model in held.items():
        _describe(model, whole[name]["properties"], whole)
    return {
        name: _definition(held[name], whole, with_example=held[name] in models)
        if name in held
        else {"title": name} | definition
        for name, definition in sorted(whole.items())
    }


def _describe(model: type[Lawful], properties: dict[str, Any], whole: Mapping[str, Any]) -> None:
    """Say of each property what its annotations say, unless the type that it refers to says the same."""
    for name, schema in properties.items():
        field = model.model_fields[name]
        known = whole[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else {}
        advice = advice_on(field)
        told = {
            "description": description_of(field),
            "default": advice.get("default"),
            "readOnly": advice.get("access") == "read-only" or None,
            "examples": examples_of(field) or None,
        }
        schema.pop("default", None)
        schema |= {word: what for word, what in told.items() if what is not None and known.get(word) != what}


def _reference(kind: TypeAliasType) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _definition(model: type[Lawful], whole: Mapping[str, Any], *, with_example: bool) -> dict[str, Any]:
    """Reduce the schema of a model to what it adds to the model that it extends."""
    known = whole[model.__name__]
    parent = model.__base__ if model.__base__ is not Lawful else None
    inherited: Mapping[str, Any] = whole[parent.__name__] if parent else {}
    properties = {
        name: _difference(schema, inherited.get("properties", {}).get(name))
        for name, schema in known.get("properties", {}).items()
        if inherited.get("properties", {}).get(name) != schema
    }
    required = [name for name in known.get("required", ()) if name not in inherited.get("required", ())]
    named = {name: True for name in required if name not in properties}  # as ajv's strict mode asks
    definition: dict[str, Any] = {
        "title": known["title"],
        "description": summary(model),
        "$comment": "Source: " + "; ".join(sources(model)),
        "type": "object",
        "required": required,
        "properties": properties | named,
    }
    if parent:
        definition["$ref"] = f"#/$defs/{parent.__name__}"
    laws = [law.keywords(_reference) for law in vars(model).get("LAWS", ())]
    definition |= laws[0] if len(laws) == 1 else {"allOf": laws}
    if with_example or not issubclass(model, (Event, PixelEvent)):
        definition["examples"] = [example(model)]
    return {keyword: value for keyword, value in definition.items() if value not in ([], {})}


def _difference(schema: Mapping[str, Any], inherited: Mapping[str, Any] | None) -> dict[str, Any] | bool:
    """Leave out of a property what the extended model enforces already, so that a breach is found once."""
    constraints = {keyword: value for keyword, value in schema.items() if keyword not in _ANNOTATIONS}
    if constraints.get("items") == {}:
        del constraints["items"]
    if inherited and all(inherited.get(keyword) == value for keyword, value in constraints.items()):
        constraints = {}
    said = {keyword: schema[keyword] for keyword in _ANNOTATIONS if keyword in schema}
    return (constraints | said) or True
