"""The catalogue: what rules and messages need to know of events and objects beyond the contract."""

from collections.abc import Mapping
from inspect import get_annotations
from typing import Any

from pydantic.json_schema import models_json_schema

from tcspec.models.constraints import Lawful
from tcspec.models.data_api import CatalogProduct, Conversion
from tcspec.models.events import EVENTS, FAMILIES, CustomEvent, Event, SourceEvent
from tcspec.models.events.names import BROWSER_EVENTS, LISTED_ONLY
from tcspec.models.introspection import (
    advice_on,
    description_of,
    objects_in,
    own_fields,
    reachable,
    sources,
    summary,
)
from tcspec.models.user_api import UserDeletionQuery, UserPut, UserPutQuery, UserQuery, VisitorQuery

_VENDOR = {
    "repository": "CommandersAct/Platform-Documentation",
    "commit": "caf913c2b6bfeb0da8e106d68b58b4587c2d4ed6",
}
_HASHES = {
    "md5": {"suffix": "_md5", "length": 32},
    "sha256": {"suffix": "_sha256", "length": 64},
}
_ENVELOPE = (Event, SourceEvent)
_PAYLOADS: Mapping[str, type[Lawful]] = {"user": UserPut, "product": CatalogProduct, "conversion": Conversion}
_QUERIES = (UserQuery, UserPutQuery, UserDeletionQuery, VisitorQuery)


def catalogue() -> dict[str, Any]:
    """Give the catalogue as a JSON document."""
    models = reachable(*EVENTS.values(), CustomEvent, *_PAYLOADS.values(), *_QUERIES)
    _, generated = models_json_schema([(model, "validation") for model in models.values()])
    schemas: Mapping[str, Any] = generated["$defs"]
    events = {
        name: _event(event, family, schemas)
        for family, members in FAMILIES.items()
        for event in members
        for name in (str(event.model_fields["event_name"].default),)
    }
    return {
        "format": 1,
        "vendor": _VENDOR,
        "envelope": {"properties": _properties(SourceEvent, tuple(SourceEvent.model_fields), schemas)},
        "events": events | {name: _listed(name) for name in LISTED_ONLY},
        "objects": {
            name: {
                "description": summary(model),
                "sources": list(sources(model)),
                "properties": _properties(model, tuple(model.model_fields), schemas),
            }
            for name, model in sorted(models.items())
            if not issubclass(model, Event)
        },
        "payloads": {kind: model.__name__ for kind, model in _PAYLOADS.items()},
        "hashes": _HASHES,
        "browser_events": list(BROWSER_EVENTS),
    }


def _event(event: type[Event], family: str, schemas: Mapping[str, Any]) -> dict[str, Any]:
    classes = [one for one in event.__mro__ if issubclass(one, Event) and one not in _ENVELOPE]
    declared = {name for one in classes for name in own_fields(one)} - {"event_name"}
    names = tuple(name for name in event.model_fields if name in declared)
    rules = [rule for one in reversed(classes) for rule in vars(one).get("RULES", ())]
    entry: dict[str, Any] = {
        "class": event.__name__,
        "family": family,
        "status": "platform_generated" if family == "system" else "standard",
        "description": summary(event),
        "sources": list(sources(event)),
    }
    if event.ALIASES:
        entry["aliases"] = list(event.ALIASES)
    if rules:
        entry["rules"] = rules
    return entry | {"properties": _properties(event, names, schemas)}


def _listed(name: str) -> dict[str, Any]:
    listed = LISTED_ONLY[name]
    properties: dict[str, Any] = {
        one: {"type": "string", "missing": "none", "basis": "documented", "source": listed.source}
        for one in listed.properties
    }
    properties["items"] |= {"type": "array<Item>", "object": "Item"}
    return {
        "class": CustomEvent.__name__,
        "family": listed.family,
        "status": "listed_only",
        "description": listed.description,
        "sources": [listed.source],
        "properties": properties,
    }


def _properties(model: type[Lawful], names: tuple[str, ...], schemas: Mapping[str, Any]) -> dict[str, Any]:
    shapes = schemas[model.__name__].get("properties", {})
    return {name: _property(model, name, shapes[name], schemas) for name in names}


def _property(model: type[Lawful], name: str, shape: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    field = model.model_fields[name]
    told = advice_on(field)
    entry: dict[str, Any] = {
        "type": _type(shape, schemas),
        "description": description_of(field),
        "missing": told.pop("missing", "error" if field.is_required() else "none"),
        "basis": told.pop("basis", "documented"),
        "source": told.pop("source", None) or _table(model, name),
    }
    held = next(objects_in(field.annotation), None)
    if held is not None:
        entry |= {"object": held.__name__, "description": entry["description"] or summary(held)}
    if "enum" in shape:
        entry["enum"] = shape["enum"]
    if "when" in told:
        entry["condition"] = told.pop("when")
    lists = {subject: list(word) if isinstance(word, tuple) else word for subject, word in told.items()}
    return {subject: word for subject, word in (entry | lists).items() if word is not None}


def _table(model: type[Lawful], name: str) -> str:
    """Give the place of the table in which a property is described: the last line of the first page."""
    declaring = next(one for one in model.__mro__ if name in get_annotations(one))
    page, _, lines = sources(declaring)[0].partition("#")
    return f"{page}#{lines.split('#')[-1]}" if lines else page


def _type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        target = schemas[name]
        return name if "properties" in target else _type(target, schemas)
    if "anyOf" in schema:
        return "|".join(dict.fromkeys(_type(branch, schemas) for branch in schema["anyOf"]))
    if schema.get("items"):
        return f"array<{_type(schema['items'], schemas)}>"
    return str(schema.get("type", "any"))
