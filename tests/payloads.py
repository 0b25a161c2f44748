"""Valid payloads of every kind, from the examples of the models; every call returns a new object."""

from __future__ import annotations

import copy
from typing import Any

from tcspec.models import pixel
from tcspec.models.batch import Batch
from tcspec.models.data_api import CatalogProduct, Conversion
from tcspec.models.events import EVENTS, CustomEvent
from tcspec.models.introspection import build_example
from tcspec.models.legacy import LEGACY_EVENTS
from tcspec.models.legacy import CustomEvent as LegacyCustomEvent
from tcspec.models.user_api import UserPut

NAMES = tuple(EVENTS)
"""Every event name that has a model."""

OBJECTS = {"batch": Batch, "user": UserPut, "product": CatalogProduct, "conversion": Conversion}
"""The model of each kind with a single model."""


def minimal(name: str = "brochure_downloaded") -> dict[str, Any]:
    """Return an event with its required properties only, under a standard or custom name."""
    return build_example(EVENTS.get(name, CustomEvent)) | {"event_name": name}


def full(name: str = "brochure_downloaded") -> dict[str, Any]:
    """Return a valid event with every known property."""
    return build_example(EVENTS.get(name, CustomEvent), full=True) | {"event_name": name}


def legacy_full(name: str = "brochure_downloaded") -> dict[str, Any]:
    """Return a valid 1.0 event with every known property."""
    return build_example(LEGACY_EVENTS.get(name, LegacyCustomEvent), full=True) | {"event_name": name}


def pixel_minimal(name: str = "brochure_downloaded") -> dict[str, Any]:
    """Return a pixel with its required properties only, with numbers."""
    return build_example(pixel.pixel_event_class(name)) | {"event_name": name}


def pixel_full(name: str = "brochure_downloaded") -> dict[str, Any]:
    """Return a valid pixel with every known property, with numbers."""
    return build_example(pixel.pixel_event_class(name), full=True) | {"event_name": name}


def minimal_of(kind: str) -> dict[str, Any]:
    """Return a batch, user, product or conversion with its required properties only."""
    return copy.deepcopy(build_example(OBJECTS[kind]))


def full_of(kind: str) -> dict[str, Any]:
    """Return a valid batch, user, product or conversion with every known property."""
    return copy.deepcopy(build_example(OBJECTS[kind], full=True))
