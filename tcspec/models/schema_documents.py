"""The schemas as whole documents: one a kind and version, each complete in itself."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tcspec.models import legacy, pixel
from tcspec.models.batch import Batch
from tcspec.models.constraints import Lawful
from tcspec.models.data_api import CatalogProduct, Conversion
from tcspec.models.definitions import definitions
from tcspec.models.events import EVENTS, CustomEvent
from tcspec.models.introspection import example
from tcspec.models.user_api import UserDeletionQuery, UserPut, UserPutQuery, UserQuery, VisitorQuery

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def event_2_0() -> Schema:
    """Give the schema of an event in the 2.0 format."""
    return _of_events(
        "event:2.0",
        "Commanders Act event, format 2.0",
        "An event of the collect endpoint: what happened, who did it, how it was sent. Custom events and "
        "custom properties are legal everywhere.",
        EVENTS,
        CustomEvent,
    )


def event_1_0() -> Schema:
    """Give the schema of an event in the 1.0 format."""
    return _of_events(
        "event:1.0",
        "Commanders Act event, format 1.0 (legacy)",
        "An event with properties and user inside `properties`. The vendor ended support on 2023-08-31.",
        legacy.LEGACY_EVENTS,
        legacy.CustomEvent,
        lambda name: {
            "anyOf": [
                {"properties": {"event_name": name}, "required": ["event_name"]},
                {"properties": {"event_name": False, "event": name}, "required": ["event"]},
            ]
        },
    )


def pixel_2_0() -> Schema:
    """Give the schema of a pixel, as its query reads once numbers and booleans are told from text."""
    return _of_events(
        "pixel:2.0",
        "Commanders Act pixel, format 2.0",
        "An event in the query of a picture's address. Only its name is asked for, and what its event asks for.",
        pixel.PIXEL_EVENTS,
        pixel.CustomEvent,
    )


def batch_2_0() -> Schema:
    """Give the schema of a batch of events in the 2.0 format."""
    every_event = {
        "title": "AnyEvent",
        "description": "An event of any name in the 2.0 format, judged by its name.",
        "type": "object",
        **_dispatch(EVENTS, CustomEvent),
    }
    held = definitions(Batch, *EVENTS.values(), CustomEvent)
    return _of_objects(
        "batch:2.0",
        "Commanders Act batch of events, format 2.0",
        "Several events in one call. Custom events and custom properties are legal everywhere.",
        Batch,
        held | {"AnyEvent": every_event},
    )


def user_1_0() -> Schema:
    """Give the schema of what a call writes of a user, and beside it those of the parameters of every call."""
    return _of_objects(
        "user:1.0",
        "Commanders Act user, version 1.0",
        "What a call of the user API writes of a user. The parameters of the calls are among the definitions.",
        UserPut,
        definitions(UserPut, UserQuery, UserPutQuery, UserDeletionQuery, VisitorQuery),
    )


def product_2_0() -> Schema:
    """Give the schema of a product of the catalogue."""
    return _of_objects(
        "product:2.0",
        "Commanders Act catalogue product, version 2.0",
        "A product of the catalogue, one line of a bulk import. Custom properties are legal.",
        CatalogProduct,
        definitions(CatalogProduct),
    )


def conversion_2_0() -> Schema:
    """Give the schema of a conversion."""
    return _of_objects(
        "conversion:2.0",
        "Commanders Act conversion, version 2.0",
        "A conversion with its lines, one line of a bulk import. Custom properties are legal.",
        Conversion,
        definitions(Conversion),
    )


SCHEMAS: Mapping[str, Callable[[], Schema]] = MappingProxyType(
    {
        "event/1.0": event_1_0,
        "event/2.0": event_2_0,
        "batch/2.0": batch_2_0,
        "pixel/2.0": pixel_2_0,
        "user/1.0": user_1_0,
        "product/2.0": product_2_0,
        "conversion/2.0": conversion_2_0,
    }
)
"""What gives the schema of each kind and version."""


def _by_event_name(name: Schema) -> Schema:
    return {"properties": {"event_name": name}, "required": ["event_name"]}


def _dispatch(
    events: Mapping[str, type[Lawful]], custom: type[Lawful], named: Callable[[Schema], Schema] = _by_event_name
) -> Schema:
    """Judge an event by the definition of its name, or else by that of custom events."""
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
    events: Mapping[str, type[Lawful]],
    custom: type[Lawful],
    named: Callable[[Schema], Schema] = _by_event_name,
) -> Schema:
    return {
        "$schema": _DIALECT,
        "$id": f"urn:tcspec:{name}",
        "title": title,
        "description": description,
        "type": "object",
        **_dispatch(events, custom, named),
        "examples": [example(custom), example(events["purchase"])],
        "$defs": definitions(*events.values(), custom),
    }


def _of_objects(name: str, title: str, description: str, root: type[Lawful], held: Schema) -> Schema:
    least, fullest = example(root), example(root, full=True)
    return {
        "$schema": _DIALECT,
        "$id": f"urn:tcspec:{name}",
        "$ref": f"#/$defs/{root.__name__}",
        "title": title,
        "description": description,
        "examples": [least] if least == fullest else [least, fullest],
        "$defs": dict(sorted(held.items())),
    }
