"""Typed payloads: the judge first, then the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.documents import LIMITS, Limits, as_object, read_object
from tcspec.errors import InvalidPayload
from tcspec.models.events import EVENTS, CustomEvent, Event
from tcspec.models.legacy import LegacyEvent
from tcspec.validation import event_name, has_errors, validate
from tcspec.versions import EVENT_1_0, version_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def parse(
    payload: Mapping[str, Any] | bytes | str,
    kind: str | None = None,
    version: str | None = None,
    *,
    limits: Limits = LIMITS,
) -> Event | LegacyEvent:
    """Read a payload as the model of its event: `Purchase`, `PageView`, ... or `CustomEvent`.

    Raises:
        InvalidPayload: when the payload breaks its contract; it carries the violations.
        UnknownKind: when tcspec knows no such kind or version.
    """
    violations = validate(payload, kind, version, limits=limits)
    if has_errors(violations):
        raise InvalidPayload(violations)
    if isinstance(payload, bytes | str):
        document = read_object(payload.encode() if isinstance(payload, str) else payload, limits)
    else:
        document = as_object(payload)
    if version is not None and version_of(kind or "event", version) is EVENT_1_0:
        return LegacyEvent.model_validate(document)
    name = event_name(document, version_of("event"))
    model = EVENTS.get(name, CustomEvent) if isinstance(name, str) else CustomEvent
    return model.model_validate(document)
