"""Publish the models: one JSON Schema a version, and the catalogue of what rules need to know."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema
from typing_extensions import TypeAliasType

from tcspec.models.catalogue import catalogue
from tcspec.models.events import EVENTS, CustomEvent, Event
from tcspec.models.inspection import (
    description_of,
    example,
    examples_of,
    reachable,
    sources,
    summary,
)
from tcspec.models.laws import Lawful
from tcspec.models.legacy import LEGACY_EVENTS
from tcspec.models.legacy import CustomEvent as LegacyCustomEvent

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ORDER = (
    "$schema",
    "$id",
    "$ref",
    "title",
    "description",
    "$comment",
    "type",
    "const",
    "enum",
    "pattern",
    "not",
    "allOf",
    "anyOf",
    "if",
    "then",
    "else",
    "required",
    "properties",
    "patternProperties",
    "items",
    "examples",
    "$defs",
)
_ANNOTATIONS = ("title", "description", "examples", "default")
_MAPS_OF_SCHEMAS = ("properties", "patternProperties", "$defs")
_LISTS_OF_SCHEMAS = ("allOf", "anyOf")
_SCHEMAS = ("if", "then", "else", "not", "items")


def publish() -> dict[str, str]:
    """Give the text of every published file by its path under `schemas`."""
    return {
        "event/1.0.json": _text(_ordered(event_1_0())),
        "event/2.0.json": _text(_ordered(event_2_0())),
        "catalog.json": _text(catalogue()),
    }


def write(directory: Path) -> list[str]:
    """Write the files that differ, each one whole or not at all, and name them."""
    published = publish()
    stale = drift(directory)
    for path in stale:
        _replace(directory / path, published[path])
    return stale


def drift(directory: Path) -> list[str]:
    """Name the files of a directory that are not what the models publish."""
    return [path for path, text in publish().items() if _held(directory / path) != text]


def event_2_0() -> dict[str, Any]:
    """Give the schema of an event in the 2.0 format."""
    return _schema(
        "2.0",
        "Commanders Act event, format 2.0",
        "An event of the collect endpoint: what happened, who did it, how it was sent. Custom events and "
        "custom properties are legal everywhere.",
        EVENTS,
        CustomEvent,
        lambda name: {"properties": {"event_name": name}, "required": ["event_name"]},
    )


def event_1_0() -> dict[str, Any]:
    """Give the schema of an event in the 1.0 format."""
    return _schema(
        "1.0",
        "Commanders Act event, format 1.0 (legacy)",
        "An event with properties and user inside `properties`. The vendor ended support on 2023-08-31.",
        LEGACY_EVENTS,
        LegacyCustomEvent,
        lambda name: {
            "anyOf": [
                {"properties": {"event_name": name}, "required": ["event_name"]},
                {"properties": {"event_name": False, "event": name}, "required": ["event"]},
            ]
        },
    )


def _schema(  # noqa: PLR0913, PLR0917 - the parts in which two formats differ
    version: str,
    title: str,
    description: str,
    events: Mapping[str, type[Lawful]],
    custom: type[Lawful],
    named: Any,  # noqa: ANN401 - a function of a schema of names
) -> dict[str, Any]:
    choices = [
        {"if": named({"const": name}), "then": {"$ref": f"#/$defs/{event.__name__}"}} for name, event in events.items()
    ]
    return {
        "$schema": _DIALECT,
        "$id": f"urn:tcspec:event:{version}",
        "title": title,
        "description": description,
        "type": "object",
        "allOf": choices,
        "if": named({"enum": list(events)}),
        "else": {"$ref": f"#/$defs/{custom.__name__}"},
        "examples": [example(custom), example(events["purchase"])],
        "$defs": _definitions([*events.values(), custom]),
    }


def _definitions(events: list[type[Lawful]]) -> dict[str, Any]:
    models = reachable(*events)
    _, generated = models_json_schema([(model, "validation") for model in models.values()])
    whole: dict[str, Any] = generated["$defs"]
    for name, model in models.items():
        _describe(model, whole[name]["properties"], whole)
    return {
        name: _definition(models[name], whole, with_example=models[name] in events)
        if name in models
        else {"title": name} | definition
        for name, definition in sorted(whole.items())
    }


def _describe(model: type[Lawful], properties: dict[str, Any], whole: Mapping[str, Any]) -> None:
    """Say of each property what its annotations say, unless the type that it refers to says the same."""
    for name, schema in properties.items():
        field = model.model_fields[name]
        known = whole[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else {}
        told = {"description": description_of(field), "examples": examples_of(field)}
        schema |= {word: what for word, what in told.items() if what and known.get(word) != what}


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
    if with_example or not issubclass(model, Event):
        definition["examples"] = [example(model)]
    return {keyword: value for keyword, value in definition.items() if value not in ([], {})}


def _difference(schema: Mapping[str, Any], inherited: Mapping[str, Any] | None) -> dict[str, Any] | bool:
    """Leave out of a property what the extended model enforces already, so that a breach is found once."""
    constraints = {keyword: value for keyword, value in schema.items() if keyword not in _ANNOTATIONS}
    if constraints.get("items") == {}:
        del constraints["items"]
    if inherited and all(inherited.get(keyword) == value for keyword, value in constraints.items()):
        constraints = {}
    said = {keyword: schema[keyword] for keyword in ("title", "description", "examples") if keyword in schema}
    return (constraints | said) or True


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _ordered(schema: Any) -> Any:  # noqa: ANN401 - any JSON Schema
    """Put the keywords of a schema in the order in which people read them."""
    if not isinstance(schema, Mapping):
        return schema
    if "const" in schema or "enum" in schema:
        schema = {keyword: value for keyword, value in schema.items() if keyword != "type"}
    ordered = {keyword: schema[keyword] for keyword in sorted(schema, key=_rank)}
    if "description" in ordered:
        ordered["description"] = ordered["description"].removesuffix(".")  # as the linter of schemas asks
    for keyword, value in ordered.items():
        if keyword in _MAPS_OF_SCHEMAS:
            ordered[keyword] = {name: _ordered(value[name]) for name in value}
        elif keyword in _LISTS_OF_SCHEMAS:
            ordered[keyword] = [_ordered(one) for one in value]
        elif keyword in _SCHEMAS:
            ordered[keyword] = _ordered(value)
    return ordered


def _rank(keyword: str) -> int:
    return _ORDER.index(keyword) if keyword in _ORDER else _ORDER.index("examples")


def _held(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
