"""Valid payloads of every event, made of the examples that the models carry."""

from __future__ import annotations

from typing import Any

from tcspec.models.events import EVENTS, CustomEvent
from tcspec.models.inspection import example
from tcspec.models.legacy import LEGACY_EVENTS
from tcspec.models.legacy import CustomEvent as LegacyCustomEvent

NAMES = tuple(EVENTS)
"""Every event name that has a class."""


def minimal(name: str = "brochure_downloaded") -> dict[str, Any]:
    """Give the least that is valid under an event name, standard or custom, always fresh."""
    return example(EVENTS.get(name, CustomEvent)) | {"event_name": name}


def full(name: str = "brochure_downloaded") -> dict[str, Any]:
    """Give a valid event with every known property, always fresh."""
    return example(EVENTS.get(name, CustomEvent), full=True) | {"event_name": name}


def legacy_full(name: str = "brochure_downloaded") -> dict[str, Any]:
    """Give a valid 1.0 event with every known property, always fresh."""
    return example(LEGACY_EVENTS.get(name, LegacyCustomEvent), full=True) | {"event_name": name}
