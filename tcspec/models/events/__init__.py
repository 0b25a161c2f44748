"""Every standard event as a typed class, by name and by family; the module of an event is imported when it is used.

An event is declared once: as a class with a fixed `event_name` in one of the modules of `_MODULES`, whose `FAMILY` is
the family of the event. The class is named as the event, in capitals: `add_to_cart` is `AddToCart`.
"""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

from tcspec.models import MODULES
from tcspec.models.events.envelope import OWN_EVENTS
from tcspec.models.events.envelope import CustomEvent as CustomEvent
from tcspec.models.events.envelope import Event as Event
from tcspec.models.events.envelope import SourceEvent as SourceEvent

if TYPE_CHECKING:
    from tcspec.models.events.campaign import *
    from tcspec.models.events.common import *
    from tcspec.models.events.ecommerce import *
    from tcspec.models.events.platform import *
    from tcspec.models.events.video.ads import *
    from tcspec.models.events.video.content import *
    from tcspec.models.events.video.playback import *
    from tcspec.models.events.video.settings import *

    FAMILIES: Mapping[str, tuple[type[Event], ...]]
    EVENTS: Mapping[str, type[Event]]

_MODULES = (
    "common",
    "ecommerce",
    "campaign",
    "video.playback",
    "video.content",
    "video.ads",
    "video.settings",
    "platform",
)
"""The modules of events, in the order of the published schemas."""
_WORD = re.compile("(?<!^)(?=[A-Z])")
_CLASSES = {
    _WORD.sub("_", name).lower(): (name, module)
    for name, module in MODULES.items()
    if module.startswith(f"{__name__}.")
}
"""The class and the module of each event by its name, and of the classes without a fixed name."""

if not TYPE_CHECKING:  # a type checker knows the classes by the imports
    __all__ = ["EVENTS", "FAMILIES", "event_class", *(name for name, _ in _CLASSES.values())]  # noqa: PLE0604 - names


def event_class(name: object) -> type[Event]:
    """Return the class of an event by its name: one's own, the standard one, or else `CustomEvent`."""
    if not isinstance(name, str):
        return CustomEvent
    if name in OWN_EVENTS:
        return OWN_EVENTS[name]
    event = _import_class(*_CLASSES[name]) if name in _CLASSES else CustomEvent
    # A base class such as `Playback` is listed too, but has no fixed name.
    return event if event.model_fields["event_name"].default == name else CustomEvent


def _import_class(name: str, module: str) -> type[Event]:
    event: type[Event] = getattr(import_module(module), name)
    return event


def _iter_events(module: ModuleType) -> Iterator[type[Event]]:
    for each in vars(module).values():
        # A module also has the classes that it imports.
        is_declared = isinstance(each, type) and issubclass(each, Event) and each.__module__ == module.__name__
        if is_declared and isinstance(each.model_fields["event_name"].default, str):
            yield each


def _import_all() -> dict[str, Any]:
    """Return the events by family and by name."""
    modules = [import_module(f"{__name__}.{name}") for name in _MODULES]
    families = {module.FAMILY: tuple(_iter_events(module)) for module in modules}
    events = {str(event.model_fields["event_name"].default): event for family in families.values() for event in family}
    return {"FAMILIES": MappingProxyType(families), "EVENTS": MappingProxyType(events)}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a class, or all of them
    if name in {"EVENTS", "FAMILIES"}:
        # As attributes of the module they are found without this function the next time.
        globals().update(_import_all())
        return globals()[name]
    if name in MODULES:
        return _import_class(name, MODULES[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
