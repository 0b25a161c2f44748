"""The `$defs` of a published schema: one definition per model, reduced to what it adds to its base class."""

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema
from typing_extensions import TypeAliasType

from tcspec.models.constraints import Model
from tcspec.models.events import Event
from tcspec.models.introspection import (
    build_example,
    get_description,
    get_examples,
    get_sources,
    get_summary,
    merge_info,
    reachable_models,
)
from tcspec.models.pixel import PixelEvent

_ANNOTATIONS = ("title", "description", "default", "readOnly", "examples")


def build_definitions(*models: type[Model]) -> dict[str, Any]:
    """Return the definitions of some models and of every model that they reach, by name.

    Each of the models carries an example; of the others, events and pixels do not.
    """
    reachable = reachable_models(*models)
    _, generated = models_json_schema([(model, "validation") for model in reachable.values()])
    schemas: dict[str, Any] = generated["$defs"]
    for name, model in reachable.items():
        _annotate(model, schemas[name]["properties"], schemas)
    return {
        name: _definition(reachable[name], schemas, with_example=reachable[name] in models)
        if name in reachable
        else {"title": name} | schema
        for name, schema in sorted(schemas.items())
    }


def _annotate(model: type[Model], properties: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    """Add description, default and examples to properties, unless the type that is referred to has the same."""
    for name, schema in properties.items():
        field = model.model_fields[name]
        referred = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else {}
        info = merge_info(field)
        annotations = {
            "description": get_description(field),
            "default": info.get("default"),
            "readOnly": info.get("access") == "read-only" or None,
            "examples": get_examples(field) or None,
        }
        schema.pop("default", None)
        schema |= {
            keyword: value
            for keyword, value in annotations.items()
            if value is not None and referred.get(keyword) != value
        }


def _reference(named: TypeAliasType) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{named.__name__}"}


def _definition(model: type[Model], schemas: Mapping[str, Any], *, with_example: bool) -> dict[str, Any]:
    """Reduce the schema of a model to what it adds to its base class."""
    schema = schemas[model.__name__]
    base = model.__base__ if model.__base__ is not Model else None
    inherited: Mapping[str, Any] = schemas[base.__name__] if base else {}
    properties = {
        name: _difference(each, inherited.get("properties", {}).get(name))
        for name, each in schema.get("properties", {}).items()
        if inherited.get("properties", {}).get(name) != each
    }
    required = [name for name in schema.get("required", ()) if name not in inherited.get("required", ())]
    # ajv's strict mode refuses to require a property that the same definition does not mention.
    mentioned = {name: True for name in required if name not in properties}
    definition: dict[str, Any] = {
        "title": schema["title"],
        "description": get_summary(model),
        "$comment": "Source: " + "; ".join(get_sources(model)),
        "type": "object",
        "required": required,
        "properties": properties | mentioned,
    }
    constraints = [constraint.to_json_schema(_reference) for constraint in vars(model).get("CONSTRAINTS", ())]
    definition |= constraints[0] if len(constraints) == 1 else {"allOf": constraints}
    if base:
        # In a branch: of keywords beside a reference VS Code keeps only those that the target does not have.
        definition["allOf"] = [{"$ref": f"#/$defs/{base.__name__}"}, *definition.get("allOf", [])]
    if with_example or not issubclass(model, (Event, PixelEvent)):
        definition["examples"] = [build_example(model)]
    return {keyword: value for keyword, value in definition.items() if value not in ([], {})}


def _difference(schema: Mapping[str, Any], inherited: Mapping[str, Any] | None) -> dict[str, Any] | bool:
    """Remove from a property what the base class enforces already: an engine would report it twice."""
    constraints = {keyword: value for keyword, value in schema.items() if keyword not in _ANNOTATIONS}
    # pydantic writes so that items may be anything, which needs no keyword.
    if constraints.get("items") == {}:
        del constraints["items"]
    if inherited and all(inherited.get(keyword) == value for keyword, value in constraints.items()):
        constraints = {}
    annotations = {keyword: schema[keyword] for keyword in _ANNOTATIONS if keyword in schema}
    return (constraints | annotations) or True
