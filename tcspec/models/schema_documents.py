"""The published schemas: one complete document per version of a kind."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from tcspec.models import legacy, pixel
from tcspec.models.batch import Batch
from tcspec.models.constraints import Model
from tcspec.models.data_api import CatalogProduct, Conversion
from tcspec.models.definitions import build_definitions
from tcspec.models.events import EVENTS, CustomEvent
from tcspec.models.introspection import build_example
from tcspec.models.user_api import UserDeletionQuery, UserPut, UserPutQuery, UserQuery, VisitorQuery

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def _with_event_name(name: Schema) -> Schema:
    return {"properties": {"event_name": name}, "required": ["event_name"]}


def _with_event_name_or_event(name: Schema) -> Schema:
    return {
        "anyOf": [
            _with_event_name(name),
            # Where both are present `event_name` decides.
            {"properties": {"event_name": False, "event": name}, "required": ["event"]},
        ]
    }


def _dispatch(
    events: Mapping[str, type[Model]], custom: type[Model], named: Callable[[Schema], Schema] = _with_event_name
) -> Schema:
    """Return the keywords that apply to an event the definition of its name, or that of custom events."""
    return {
        "allOf": [
            {"if": named({"const": name}), "then": {"$ref": f"#/$defs/{event.__name__}"}}
            for name, event in events.items()
        ],
        "if": named({"enum": list(events)}),
        "else": {"$ref": f"#/$defs/{custom.__name__}"},
    }


def _of_events(  # noqa: PLR0913, PLR0917 - the parts in which formats of events differ
    name: str,
    title: str,
    description: str,
    events: Mapping[str, type[Model]],
    custom: type[Model],
    named: Callable[[Schema], Schema] = _with_event_name,
) -> Schema:
    return {
        "$schema": _DIALECT,
        "$id": f"urn:tcspec:{name}",
        "title": title,
        "description": description,
        "type": "object",
        **_dispatch(events, custom, named),
        "examples": [build_example(custom), build_example(events["purchase"])],
        "$defs": build_definitions(*events.values(), custom),
    }


def _of_objects(name: str, title: str, description: str, root: type[Model], *others: type[Model]) -> Schema:
    minimal, full = build_example(root), build_example(root, full=True)
    return {
        "$schema": _DIALECT,
        "$id": f"urn:tcspec:{name}",
        "$ref": f"#/$defs/{root.__name__}",
        "title": title,
        "description": description,
        "examples": [minimal] if minimal == full else [minimal, full],
        "$defs": build_definitions(root, *others),
    }


def _of_batches(name: str, title: str, description: str) -> Schema:
    document = _of_objects(name, title, description, Batch, *EVENTS.values(), CustomEvent)
    any_event = {
        "title": "AnyEvent",
        "description": "An event of any name in the 2.0 format; its name selects its definition.",
        "type": "object",
        **_dispatch(EVENTS, CustomEvent),
    }
    return document | {"$defs": dict(sorted((document["$defs"] | {"AnyEvent": any_event}).items()))}


SCHEMA_BUILDERS: Mapping[str, Callable[[], Schema]] = MappingProxyType(
    {
        "event/1.0": partial(
            _of_events,
            "event:1.0",
            "Commanders Act event, format 1.0 (legacy)",
            "An event with properties and user inside `properties`. The vendor ended support on 2023-08-31.",
            legacy.LEGACY_EVENTS,
            legacy.CustomEvent,
            _with_event_name_or_event,
        ),
        "event/2.0": partial(
            _of_events,
            "event:2.0",
            "Commanders Act event, format 2.0",
            "An event of the collect endpoint: what happened, who did it, how it was sent. Custom events and "
            "custom properties are legal everywhere.",
            EVENTS,
            CustomEvent,
        ),
        "batch/2.0": partial(
            _of_batches,
            "batch:2.0",
            "Commanders Act batch of events, format 2.0",
            "Several events in one call. Custom events and custom properties are legal everywhere.",
        ),
        "pixel/2.0": partial(
            _of_events,
            "pixel:2.0",
            "Commanders Act pixel, format 2.0",
            "An event in the query of the URL of an image. Only its name and the properties of its event are required.",
            pixel.PIXEL_EVENTS,
            pixel.CustomEvent,
        ),
        "user/1.0": partial(
            _of_objects,
            "user:1.0",
            "Commanders Act user, version 1.0",
            "The body of the user API's call that writes a user. The parameters of every call are among the "
            "definitions.",
            UserPut,
            UserQuery,
            UserPutQuery,
            UserDeletionQuery,
            VisitorQuery,
        ),
        "product/2.0": partial(
            _of_objects,
            "product:2.0",
            "Commanders Act catalogue product, version 2.0",
            "A product of the catalogue, one line of a bulk import. Custom properties are legal.",
            CatalogProduct,
        ),
        "conversion/2.0": partial(
            _of_objects,
            "conversion:2.0",
            "Commanders Act conversion, version 2.0",
            "A conversion with its items, one line of a bulk import. Custom properties are legal.",
            Conversion,
        ),
    }
)
"""A function that builds the schema of each version of each kind."""
