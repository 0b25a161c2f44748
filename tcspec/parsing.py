"""Typed payloads: the judge first, then the model."""

from __future__ import annotations

from typing import Any

from tcspec.documents import LIMITS, Limits, as_bytes, read_object
from tcspec.errors import InvalidPayload
from tcspec.models.events import Event, event_class
from tcspec.models.legacy import LegacyEvent, legacy_event_class
from tcspec.validation import has_errors, validate
from tcspec.values import encode
from tcspec.versions import EVENT_1_0, version_of


def parse(
    payload: dict[str, Any] | bytes | bytearray | memoryview | str,
    kind: str | None = None,
    version: str | None = None,
    *,
    limits: Limits = LIMITS,
) -> Event | LegacyEvent:
    """Read a payload as the model of its event: `Purchase`, `PageView`, ... or `CustomEvent`.

    Numbers beyond the range of floats are read as `documents.read` reads them.

    Raises:
        InvalidPayload: when the payload breaks its contract; it carries the violations.
        UnknownKind: when tcspec knows no such kind or version.
    """
    violations = validate(payload, kind, version, limits=limits)
    if has_errors(violations):
        raise InvalidPayload(violations)
    if isinstance(payload, str):
        payload = payload.encode()
    raw = encode(payload, limits.depth) if isinstance(payload, dict) else as_bytes(payload)
    document = read_object(raw, limits)
    if version is not None and version_of(kind or "event", version) is EVENT_1_0:
        return legacy_event_class(document).model_validate(document)
    return event_class(document.get("event_name")).model_validate(document)
