"""Events in the address of a picture: the same properties, and less is asked of who sent them and how.

A query is all text; what stands here is what it says once numbers and booleans are read (K116). A pixel is derived
from the event of its name: user and context may be absent, and nothing is asked inside the context (K117).
"""

from collections.abc import Mapping
from functools import cache
from inspect import get_annotations
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import MISSING, Field, create_model

from tcspec.models.constraints import Lawful
from tcspec.models.context import Metadata
from tcspec.models.events import EVENTS, Event, PageView, SourceEvent
from tcspec.models.events.platform import PlatformEvent
from tcspec.models.introspection import own_fields
from tcspec.models.objects import User

_ENVELOPE = (Event, SourceEvent, PlatformEvent)
_WAIVED: Mapping[type[Event], str] = MappingProxyType(
    {
        PageView: """A page was seen.

        Its category is not asked for: a pixel comes from a page, where it may be added on the way (K053).

        Source: developers/tracking/events-reference/README.md#L1034, #L1040
                developers/tracking/events-reference/common-events.md#L3, #L9
        """
    }
)
"""What is said of the events whose laws a pixel need not obey."""


def _taken(event: type[Event], without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Give the fields of an event that a pixel has as they are."""
    taken: dict[str, Any] = {}
    for name in own_fields(event):
        if name not in without:
            known = event.model_fields[name]
            default = Field(known.default, description=known.description, examples=known.examples)
            taken[name] = (get_annotations(event)[name], default)
    return taken


if TYPE_CHECKING:  # to a type checker, a pixel is the event whose name it has
    PixelEvent = Event
else:
    PixelEvent = create_model(
        "PixelEvent",
        __base__=Lawful,
        __doc__="""What any pixel may carry; only its name is asked for (K117).

        Source: features/sources/sources-catalog/web/pixel-tracking.md
        """,
        **_taken(Event) | {"user": (User | MISSING, MISSING), "context": (Metadata | MISSING, MISSING)},
    )


@cache
def pixel_of(event: type[Event]) -> type[PixelEvent]:
    """Derive the pixel of an event: what the event asks for, but its user, its context and its laws."""
    if event in _ENVELOPE:
        return PixelEvent
    parent = pixel_of(event.__base__)
    fields = _taken(event, frozenset({"user", "context"}))
    return create_model(event.__name__, __base__=parent, __doc__=_WAIVED.get(event, event.__doc__), **fields)


if TYPE_CHECKING:
    CustomEvent = Event
else:
    CustomEvent = create_model(
        "CustomEvent",
        __base__=PixelEvent,
        __doc__="""A pixel under a name of your own; only what all pixels share binds it (K055).

        Source: features/sources/sources-catalog/web/pixel-tracking.md
        """,
    )

PIXEL_EVENTS: Mapping[str, type[PixelEvent]] = MappingProxyType(
    {name: pixel_of(event) for name, event in EVENTS.items()}
)


def pixel_event_class(name: object) -> type[PixelEvent]:
    """Give the class of a pixel by its name; any name that is not standard is a custom event's."""
    return PIXEL_EVENTS.get(name, CustomEvent) if isinstance(name, str) else CustomEvent
