"""Every standard event as a typed class, by name and by family.

An event is declared once: as a class with a fixed `event_name` in one of the modules of `_MODULES`, whose `FAMILY` is
the family of the event.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from tcspec.models.events import campaign, common, ecommerce, platform
from tcspec.models.events.campaign import *
from tcspec.models.events.common import *
from tcspec.models.events.ecommerce import *
from tcspec.models.events.envelope import OWN_EVENTS
from tcspec.models.events.envelope import CustomEvent as CustomEvent
from tcspec.models.events.envelope import Event as Event
from tcspec.models.events.envelope import SourceEvent as SourceEvent
from tcspec.models.events.platform import *
from tcspec.models.events.video import ads, content, playback, settings
from tcspec.models.events.video.ads import *
from tcspec.models.events.video.content import *
from tcspec.models.events.video.playback import *
from tcspec.models.events.video.settings import *

_MODULES = (common, ecommerce, campaign, playback, content, ads, settings, platform)
"""The modules of events, in the order of the published schemas."""


def _iter_events(module: ModuleType) -> Iterator[type[Event]]:
    for each in vars(module).values():
        is_declared = isinstance(each, type) and issubclass(each, Event) and each.__module__ == module.__name__
        if is_declared and isinstance(each.model_fields["event_name"].default, str):
            yield each


FAMILIES: Mapping[str, tuple[type[Event], ...]] = MappingProxyType(
    {module.FAMILY: tuple(_iter_events(module)) for module in _MODULES}
)
EVENTS: Mapping[str, type[Event]] = MappingProxyType(
    {str(event.model_fields["event_name"].default): event for family in FAMILIES.values() for event in family}
)

if not TYPE_CHECKING:  # a type checker knows the classes by the imports
    __all__ = [  # noqa: PLE0604 - names of classes
        *("EVENTS", "FAMILIES", "CustomEvent", "Event", "SourceEvent", "event_class"),
        *(event.__name__ for event in EVENTS.values()),
    ]


def event_class(name: object) -> type[Event]:
    """Return the class of an event by its name: one's own, the standard one, or else `CustomEvent`."""
    return OWN_EVENTS.get(name) or EVENTS.get(name, CustomEvent) if isinstance(name, str) else CustomEvent
