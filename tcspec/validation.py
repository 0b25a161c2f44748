"""The judge: does a payload meet the contract of its kind and version?

What a contract asks is in the published schemas; here their engines are asked, and what they find is told in words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes, documents, positions
from tcspec.documents import LIMITS, Limits
from tcspec.engines import ENGINES, meets
from tcspec.errors import Severity, UnknownKind, UnreadablePayload, Violation
from tcspec.explanations import explain
from tcspec.pointers import split
from tcspec.size import check_size, limit_of
from tcspec.values import encode
from tcspec.versions import EVENT_1_0, Version, version_of, version_shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    Payload = dict[str, Any] | bytes | bytearray | memoryview | str


def validate(
    payload: Payload,
    kind: str | None = None,
    version: str | None = None,
    *,
    engine: str = "fast",
    limits: Limits = LIMITS,
) -> list[Violation]:
    """Find how a payload breaks the contract of its kind and version; nothing means it is valid.

    Args:
        payload: a dict, or the JSON document as bytes or text, whose violations then carry line and column.
        kind: what the payload is; by default it is detected.
        version: which version it should meet. By default a 1.0 event is judged as 1.0 and gets one error more for
            being legacy, and anything else is judged as 2.0; asking for `"1.0"` says that legacy is wanted.
        engine: `fast` (jsonschema-rs) or `reference` (jsonschema); they find the same.
        limits: what bounds the depth and the length of the document.

    Returns:
        The violations in the order of their pointers. A payload is valid when none of them is an error.

    Raises:
        UnknownKind: when tcspec knows no such kind, version or engine.
    """
    if engine not in ENGINES:
        raise UnknownKind(engine, tuple(ENGINES))
    asked = _asked(kind, version)
    try:
        given = _read(payload, limits)
    except UnreadablePayload as unreadable:
        return list(unreadable.violations)
    judged = asked or version_shown(given.document)
    violations = check_size(given.body)
    if judged is None:
        violations.append(codes.FLAT_HIT.found("", _FLAT_HIT))
    else:
        if judged is EVENT_1_0 and asked is None:
            violations.append(replace(codes.LEGACY_FORMAT.found("", _LEGACY), suggestion="upgrade it to 2.0"))
        failures = ENGINES[engine](given.document, judged, event_name(given.document, judged))
        violations += explain(failures, given.document, judged)
    violations.sort(key=_in_order)
    return _positioned(violations, given.body.decode()) if given.is_text else violations


def is_valid(payload: Payload, kind: str | None = None, version: str | None = None) -> bool:
    """Tell whether a payload meets the contract: whether `validate` finds no error.

    Raises:
        UnknownKind: when tcspec knows no such kind or version.
    """
    asked = _asked(kind, version)
    try:
        given = _read(payload, LIMITS)
    except UnreadablePayload:
        return False
    judged = asked or version_shown(given.document)
    if judged is None or (judged is EVENT_1_0 and asked is None):
        return False
    return len(given.body) <= limit_of("event").hard and meets(
        given.document, judged, event_name(given.document, judged)
    )


def event_name(event: Mapping[str, Any], version: Version) -> object:
    """Give the name that an event goes by; None when it has none."""
    if "event_name" not in event and version is EVENT_1_0:
        return event.get("event")
    return event.get("event_name")


def has_errors(violations: list[Violation]) -> bool:
    """Tell whether violations make a payload invalid."""
    return any(violation.severity is Severity.ERROR for violation in violations)


_FLAT_HIT = (
    "this looks like a hit of the older server-side product (ssv1_flat), which has flat keys and no event_name; "
    "there is no mechanical way from it to an event"
)
_LEGACY = (
    "the event is in the 1.0 format (metadata at the root, the rest under properties); support ended on 2023-08-31"
)


def _asked(kind: str | None, version: str | None) -> Version | None:
    newest = version_of(kind or "event", version)
    return newest if version else None


@dataclass(frozen=True, slots=True)
class _Given:
    """A payload as a Python value and as the bytes of its body; whether it was given as text."""

    document: dict[str, Any]
    body: bytes
    is_text: bool


def _read(payload: Payload, limits: Limits) -> _Given:
    if isinstance(payload, str):
        payload = documents.encoded(payload)
    if isinstance(payload, bytes | bytearray | memoryview):
        raw = documents.as_bytes(payload)
        return _Given(documents.read_object(raw, limits), raw, is_text=True)
    body = encode(documents.as_object(payload), limits.depth)
    # Read back: the engines know neither tuples nor subclasses of str and float, JSON does.
    return _Given(json.loads(body), body, is_text=False)


def _in_order(violation: Violation) -> tuple[list[tuple[int, str]], str, str]:
    # Shorter digits first, so that the items of a list come in their order.
    parts = [(len(part) if part.isdigit() else 0, part) for part in split(violation.pointer)]
    return parts, violation.code, str(violation.data.get("property"))


def _positioned(violations: list[Violation], text: str) -> list[Violation]:
    if not violations:
        return violations
    places = positions.locate_all(text, {violation.pointer for violation in violations})
    return [
        replace(violation, line=line, column=column)
        for violation in violations
        for line, column in [places[violation.pointer]]
    ]
