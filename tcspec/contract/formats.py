"""Violations of payloads in another format than the one to be sent, and hints for those of another kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.detection import is_payload, suggest_kind
from tcspec.vendors import find_vendor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.errors import Violation

_FLAT_HIT = (
    "this is a hit of the older server-side product (ssv1_flat), which has flat keys and no event_name; "
    "it cannot be converted into an event mechanically"
)
_LEGACY = "the event is in the 1.0 format (metadata at the root, properties under `properties`)"
_NO_BATCH = 'this is an event; a batch is an object with its events: {"batch": [...]}'


def build_flat_hit() -> Violation:
    """Build the error of a hit of the older server-side product."""
    return codes.FLAT_HIT.violation("", _FLAT_HIT)


def build_legacy(*, is_convertible: bool) -> Violation:
    """Build the error of an event in the 1.0 format that was not requested."""
    hint = "upgrade it to 2.0 with `tcspec upgrade`" if is_convertible else None
    return replace(codes.LEGACY_FORMAT.violation("", _LEGACY), hint=hint)


def find_other_format(event: Mapping[str, Any]) -> Violation | None:
    """Return a warning when an event has the format of another vendor."""
    found = find_vendor(event)
    if found is None:
        return None
    vendor, view = found
    names = vendor.mapping(view)
    message = f"the payload has the format of another vendor: {vendor.name}"
    mapped = ", ".join(f"`{name}` is `{here}`" for name, here in names.items())
    hint = f"map it to an event first{': ' if mapped else ''}{mapped}"
    violation = codes.OTHER_VENDOR.violation("", message, {"vendor": vendor.name, "names": dict(names)})
    return replace(violation, hint=hint)


def suggest_batch(violation: Violation, document: Mapping[str, Any]) -> Violation:
    """Return the violation that `batch` is missing with a hint when the object is an event."""
    is_event = violation.data.get("property") == "batch" and is_payload(document)
    return replace(violation, hint=_NO_BATCH) if is_event else violation


def suggest_other_kind(violation: Violation, document: Mapping[str, Any]) -> Violation:
    """Return the violation that the name of an event is missing with a hint when the object resembles another kind."""
    if violation.data.get("property") != "event_name" or violation.pointer or violation.hint:
        return violation
    return replace(violation, hint=suggest_kind(document))
