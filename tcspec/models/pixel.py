"""Events in the query of an image URL: the properties of the 2.0 event, fewer of them required.

Every value of a query is a string; a model describes the event after numbers and booleans have been read (K116). It is
derived from the event of the same name: user and context are optional, and nothing in the context is required (K117).
"""

from collections.abc import Mapping
from functools import cache
from inspect import get_annotations
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import Field, create_model
from pydantic_core import MISSING

from tcspec.models.constraints import Model
from tcspec.models.context import Metadata
from tcspec.models.events import EVENTS, Event, PageView, SourceEvent
from tcspec.models.events.platform import PlatformEvent
from tcspec.models.introspection import declared_fields
from tcspec.models.objects import User

_ENVELOPE = (Event, SourceEvent, PlatformEvent)
_DOCSTRINGS: Mapping[type[Event], str] = MappingProxyType(
    {
        PageView: """A page was seen.

        Its category is not required: a pixel comes from a page, where the web container may add it (K053).

        Source: developers/tracking/events-reference/README.md#L1034, #L1040
                developers/tracking/events-reference/common-events.md#L3, #L9
        """
    }
)
"""The docstrings of events whose constraints do not apply to a pixel."""


def _fields_of(event: type[Event], without: frozenset[str] = frozenset()) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in declared_fields(event):
        if name not in without:
            field = event.model_fields[name]
            default = Field(field.default, description=field.description, examples=field.examples)
            fields[name] = (get_annotations(event)[name], default)
    return fields


if TYPE_CHECKING:  # for a type checker a pixel is the event of the same name
    PixelEvent = Event
else:
    PixelEvent = create_model(
        "PixelEvent",
        __base__=Model,
        __doc__="""The properties that any pixel may have; only the event name is required (K117).

        Source: features/sources/sources-catalog/web/pixel-tracking.md
        """,
        **_fields_of(Event) | {"user": (User | MISSING, MISSING), "context": (Metadata | MISSING, MISSING)},
    )
    # `create_model` would make a field of it.
    PixelEvent.KIND = "pixel"


@cache
def derive_pixel(event: type[Event]) -> type[PixelEvent]:
    """Derive the pixel of an event, without its constraints and its requirements on user and context."""
    if event in _ENVELOPE:
        return PixelEvent
    base = derive_pixel(event.__base__)
    fields = _fields_of(event, frozenset({"user", "context"}))
    return create_model(
        event.__name__,
        __base__=base,
        __doc__=_DOCSTRINGS.get(event, event.__doc__),
        **fields,
    )


if TYPE_CHECKING:
    CustomEvent = Event
else:
    CustomEvent = create_model(
        "CustomEvent",
        __base__=PixelEvent,
        __doc__="""A pixel with a custom event name; only the requirements on every pixel apply (K055).

        Source: features/sources/sources-catalog/web/pixel-tracking.md
        """,
    )

PIXEL_EVENTS: Mapping[str, type[PixelEvent]] = MappingProxyType(
    {name: derive_pixel(event) for name, event in EVENTS.items()}
)


def pixel_event_class(name: object) -> type[PixelEvent]:
    """Return the class of a pixel by the name of its event: `CustomEvent` for every name that is not standard."""
    return PIXEL_EVENTS.get(name, CustomEvent) if isinstance(name, str) else CustomEvent
