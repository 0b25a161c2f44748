"""The last check before a payload is sent, and one line about a payload for a log."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tcspec.arguments import check_arguments
from tcspec.errors import InvalidPayload, Severity, UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.kinds import EVENT, version_of
from tcspec.payload import read_payload
from tcspec.personal import MASK, mask_pointer, mask_text
from tcspec.validation import find_violations, has_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tcspec.errors import Violation
    from tcspec.payload import Payload

_PLAIN = re.compile(r"[\w.:/()-]+", re.ASCII)
_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)
_LISTED = 5


@check_arguments(limits=(Limits,))
def guard(
    payload: object, kind: str | None = None, version: str | None = None, *, limits: Limits = DEFAULT_LIMITS
) -> bytes:
    """Return a payload that meets its contract as the body to send.

    Args:
        payload: a model of tcspec or a dict, which become compact JSON in UTF-8, or bytes or text, which stay as they
            are.
        kind: what the payload is; by default what a model declares, else what the payload shows.
        version: of the kind, by default the newest; "1.0" says that a legacy event is wanted.
        limits: bounds on the depth and the length of the document.

    Raises:
        InvalidPayload: when it violates its contract or is too large; it has the violations, and its message, which
            names nothing personal, the first error of them.
        UnknownKind: when tcspec knows no such kind or version.
        WrongArgument: when another argument is of a wrong type.
    """
    read, violations = _examine(payload, kind, version, limits)
    if read is None or has_errors(violations):
        raise InvalidPayload(violations)
    return read.body


@check_arguments(limits=(Limits,))
def summarise(
    payload: object, kind: str | None = None, version: str | None = None, *, limits: Limits = DEFAULT_LIMITS
) -> str:
    """Return one line about a payload for a log, as `key=value` pairs: what it is, its size, and its violations.

    Nothing personal is in it, whatever the payload; of the violations the first five are listed.

    Raises:
        UnknownKind: when tcspec knows no such kind or version.
        WrongArgument: when another argument is of a wrong type.
    """
    read, violations = _examine(payload, kind, version, limits)
    pairs = {**(_describe(read) if read else {}), **_count(violations)}
    return " ".join(f"{key}={_quote(str(value))}" for key, value in pairs.items())


def _examine(
    payload: object, kind: str | None, version: str | None, limits: Limits
) -> tuple[Payload | None, Sequence[Violation]]:
    # For its error alone: an unknown kind or version is misuse, whatever the payload.
    version_of(kind or EVENT.name, version)
    try:
        read = read_payload(payload, kind, limits=limits)
    except UnreadablePayload as unreadable:
        return None, unreadable.violations
    return read, read.arrange(find_violations(read, version, limit=limits.violations))


def _describe(payload: Payload) -> dict[str, Any]:
    document, version = payload.document, payload.version
    members = document.get("batch")
    described = {
        "kind": payload.kind.name,
        "version": version.name if version else None,
        "event": _mask_name(document.get("event_name", document.get("event"))),
        "id": next((_mask_id(each) for each in _ids(document) if isinstance(each, str)), None),
        "events": len(members) if payload.kind.name == "batch" and isinstance(members, list) else None,
        "bytes": len(payload.body),
    }
    return {key: value for key, value in described.items() if value is not None}


def _ids(document: dict[str, Any]) -> Iterator[Any]:
    """Yield what may be the identifier of an event: of 2.0, of the web container, of 1.0."""
    context = document.get("context")
    for place in (context if isinstance(context, dict) else {}, document):
        yield from (place.get(name) for name in ("event_id", "eventId"))


def _mask_name(name: object) -> str | None:
    return mask_text(name) if isinstance(name, str) else None


def _mask_id(identifier: str) -> str:
    # An identifier looks like a hash or a token and is neither, unlike an address.
    return identifier if _ID.fullmatch(identifier) else MASK


def _count(violations: Sequence[Violation]) -> dict[str, Any]:
    counts = {
        f"{severity}s": sum(violation.count for violation in violations if violation.severity is severity)
        for severity in (Severity.ERROR, Severity.WARNING)
    }
    listed = [f"{each.code} at {mask_pointer(each.pointer) or 'the root'}" for each in violations[:_LISTED]]
    others = sum(counts.values()) - _LISTED
    if others > 0:
        listed.append(f"{others} more")
    return counts | ({"violations": ", ".join(listed)} if listed else {})


def _quote(value: str) -> str:
    # As JSON, which has no line feeds in strings, nor anything else that a terminal would obey.
    return value if _PLAIN.fullmatch(value) else json.dumps(value)
