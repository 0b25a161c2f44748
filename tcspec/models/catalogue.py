"""The catalogue: what rules and messages need to know about events and objects beyond the contract."""

from collections.abc import Mapping
from inspect import get_annotations
from typing import Any

from pydantic.json_schema import models_json_schema

from tcspec.models.constraints import Model
from tcspec.models.data_api import CatalogProduct, Conversion
from tcspec.models.events import EVENTS, FAMILIES, CustomEvent, Event, SourceEvent
from tcspec.models.events.names import BROWSER_EVENTS, LISTED_ONLY
from tcspec.models.introspection import (
    build_example,
    declared_fields,
    get_description,
    get_sources,
    get_summary,
    iter_models,
    merge_info,
    reachable_models,
)
from tcspec.models.objects import Item
from tcspec.models.properties import ENDS_AT_LENGTH
from tcspec.models.user_api import UserDeletionQuery, UserPut, UserPutQuery, UserQuery, VisitorQuery
from tcspec.sources import VENDOR_COMMIT, VENDOR_REPOSITORY

_VENDOR = {"repository": VENDOR_REPOSITORY, "commit": VENDOR_COMMIT}
_HASHES = {
    "md5": {"suffix": "_md5", "length": 32},
    "sha256": {"suffix": "_sha256", "length": 64},
}
_ENVELOPE = (Event, SourceEvent)
_PAYLOADS: Mapping[str, type[Model]] = {"user": UserPut, "product": CatalogProduct, "conversion": Conversion}
_QUERIES = (UserQuery, UserPutQuery, UserDeletionQuery, VisitorQuery)


def build_catalogue() -> dict[str, Any]:
    """Return the catalogue as a JSON document."""
    models = reachable_models(*EVENTS.values(), CustomEvent, *_PAYLOADS.values(), *_QUERIES)
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
                "description": get_summary(model),
                "sources": list(get_sources(model)),
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
    # What every event has is in the catalogue once, as its envelope.
    classes = [base for base in event.__mro__ if issubclass(base, Event) and base not in _ENVELOPE]
    declared = {name for each in classes for name in declared_fields(each)} - {"event_name"}
    names = tuple(name for name in event.model_fields if name in declared)
    rules = [rule for each in reversed(classes) for rule in vars(each).get("RULES", ())]
    entry: dict[str, Any] = {
        "class": event.__name__,
        "family": family,
        "status": "platform_generated" if family == "system" else "standard",
        "description": get_summary(event),
        "sources": list(get_sources(event)),
    }
    if event.ALIASES:
        entry["aliases"] = list(event.ALIASES)
    if rules:
        entry["rules"] = rules
    return entry | {"properties": _properties(event, names, schemas), "sample": _sample(event, rules)}


def _sample(event: type[Event], rules: list[str]) -> dict[str, Any]:
    """Build an event that meets its contract, and in which no rule finds anything."""
    sample = build_example(event, recommended=True)
    # Of two properties that have to agree the example of one alone cannot say so.
    return sample | ({"cursor_position": sample["total_length"]} if ENDS_AT_LENGTH in rules else {})


def _listed(name: str) -> dict[str, Any]:
    listed = LISTED_ONLY[name]
    properties: dict[str, Any] = {
        each: {"type": "string", "missing": "none", "basis": "documented", "source": listed.source}
        for each in listed.properties
    }
    properties["items"] |= {"type": "array<Item>", "object": "Item"}
    return {
        "class": CustomEvent.__name__,
        "family": listed.family,
        "status": "listed_only",
        "description": listed.description,
        "sources": [listed.source],
        "properties": properties,
        "sample": build_example(CustomEvent, recommended=True)
        | {"event_name": name, "items": [build_example(Item, recommended=True)]},
    }


def _properties(model: type[Model], names: tuple[str, ...], schemas: Mapping[str, Any]) -> dict[str, Any]:
    properties = schemas[model.__name__].get("properties", {})
    return {name: _property(model, name, properties[name], schemas) for name in names}


def _property(model: type[Model], name: str, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    field = model.model_fields[name]
    info = merge_info(field)
    entry: dict[str, Any] = {
        "type": _type(schema, schemas),
        "description": get_description(field),
        "missing": info.pop("missing", "error" if field.is_required() else "none"),
        "basis": info.pop("basis", "documented"),
        "source": info.pop("source", None) or _table(model, name),
    }
    nested = next(iter_models(field.annotation), None)
    if nested is not None:
        entry |= {"object": nested.__name__, "description": entry["description"] or get_summary(nested)}
        entry |= {"personal": True} if nested.PERSONAL else {}
    if "enum" in schema:
        entry["enum"] = schema["enum"]
    if "when" in info:
        entry["condition"] = info.pop("when")
    info = {key: list(value) if isinstance(value, tuple) else value for key, value in info.items()}
    return {key: value for key, value in (entry | info).items() if value is not None}


def _table(model: type[Model], name: str) -> str:
    """Return the page and line of the table that describes a property: the last line of the first source."""
    # The page of the class that declares it: the table of an event has no row for what it inherits.
    declaring = next(base for base in model.__mro__ if name in get_annotations(base))
    page, _, lines = get_sources(declaring)[0].partition("#")
    return f"{page}#{lines.split('#')[-1]}" if lines else page


def _type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        target = schemas[name]
        # An object has its name; any other named type is what it is made of, such as a string.
        return name if "properties" in target else _type(target, schemas)
    if "anyOf" in schema:
        # Several branches may be strings that differ in their patterns only.
        return "|".join(dict.fromkeys(_type(branch, schemas) for branch in schema["anyOf"]))
    if schema.get("items"):
        return f"array<{_type(schema['items'], schemas)}>"
    return str(schema.get("type", "any"))
