"""The body of a call: of the right type, not encoded, of the right shape, and what its contract says of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.detection import kind_of
from tcspec.errors import Severity
from tcspec.jsontext.pointer import join
from tcspec.requests.endpoints import EVENTS, EVENTS_BATCH, EVENTS_PIXEL, NDJSON, USER_PUT
from tcspec.requests.messages import payload_of, value_of
from tcspec.size import check_size
from tcspec.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits
    from tcspec.payload import PayloadLike
    from tcspec.requests.endpoints import Endpoint
    from tcspec.requests.messages import Request

_OTHER_NAMES = ("application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines")
_SIZES = frozenset({codes.TOO_LARGE.id, codes.NEARLY_TOO_LARGE.id})


def check_content_type(request: Request, endpoint: Endpoint) -> Iterator[Violation]:
    """Find out whether the Content-Type is the one that the endpoint reads; its parameters, as charset, may be any."""
    asked = endpoint.content_type
    if asked is None:
        return
    header = request.header("Content-Type")
    data = {"property": "Content-Type", "expected": asked}
    if header is None:
        if endpoint.is_type_asked:
            yield codes.WRONG_CONTENT_TYPE.violation("/headers", f"the Content-Type is missing, it is {asked}", data)
        return
    given = header[1].partition(";")[0].strip().lower()
    if given == asked:
        return
    violation = codes.WRONG_CONTENT_TYPE.violation(
        join(["headers", header[0]]), f"the Content-Type must be {asked}", data
    )
    if asked == NDJSON and given in _OTHER_NAMES:
        violation = replace(violation, hint=f"write {NDJSON}")
    yield violation if endpoint.is_type_asked else replace(violation, severity=Severity.WARNING)


def check_unread(request: Request, endpoint: Endpoint) -> Iterator[Violation]:
    """Say that a body is sent where none is read."""
    if endpoint.content_type is None and request.has_body:
        where = "the query" if endpoint is EVENTS_PIXEL else "its parameters"
        yield codes.UNREAD_BODY.violation("/body", f"this call has no body, all that is read is {where}")


def check_body(request: Request, endpoint: Endpoint, limits: Limits) -> list[Violation]:
    """Judge the body of a call that sends one payload, or the query of a pixel."""
    if endpoint is EVENTS_PIXEL:
        call = request.url.partition("#")[0]
        return _below("/query", validate(call, "pixel", limits=limits))
    if request.unreadable_body:
        return list(request.unreadable_body)
    payload = payload_of(request)
    value = value_of(payload)
    if endpoint in (EVENTS, EVENTS_BATCH) and isinstance(value, dict):
        violations = _judge_events(payload, value, endpoint, limits)
    else:
        violations = validate(payload, endpoint.kind, limits=limits)
        if endpoint is EVENTS:
            violations = [_as_told(violation, payload) for violation in violations]
    found = _below("/body", [_with_size(violation, payload) for violation in violations])
    return [*found, *_differing_ids(request, value)] if endpoint is USER_PUT else found


def _judge_events(payload: PayloadLike, value: dict[str, Any], endpoint: Endpoint, limits: Limits) -> list[Violation]:
    """Judge an event or a batch as what it is, and say so when it is not what the endpoint takes."""
    shown = kind_of(value)
    if shown not in {"event", "batch"} or shown == endpoint.kind:
        return validate(payload, endpoint.kind, limits=limits)
    violations = validate(payload, shown, limits=limits)
    if any(violation.code in _REFUSED for violation in violations):
        return violations
    of_parts = [violation for violation in violations if violation.code not in _SIZES or violation.pointer]
    return [_other_kind(endpoint), *check_size(payload, endpoint.kind or ""), *of_parts]


def _other_kind(endpoint: Endpoint) -> Violation:
    if endpoint is EVENTS:
        message, lacking = "this is a batch, but sent as one event: send it to /events/batch", "event_name"
    else:
        message, lacking = "this is one event, but sent as a batch: send it to /events", "batch"
    return codes.contract_code(1, codes.MISSING).violation("", message, {"property": lacking})


def _as_told(violation: Violation, payload: Any) -> Violation:  # noqa: ANN401 - any JSON value
    """Say to lines and lists of events where they are taken."""
    if violation.code == codes.NOT_AN_OBJECT.id and isinstance(value_of(payload), list):
        return replace(violation, hint='send {"batch": [...]} to /events/batch')
    if violation.code == codes.NOT_JSON.id and isinstance(payload, bytes) and _are_lines(payload):
        message = "several events, one a line: only the bulk endpoints read lines"
        return replace(violation, message=message, hint='send {"batch": [...]} to /events/batch')
    return violation


def _with_size(violation: Violation, payload: PayloadLike) -> Violation:
    """Say of what is too long to be read how long it is."""
    if violation.code != codes.TOO_LONG.id or not isinstance(payload, bytes):
        return violation
    return replace(violation, data={"actual": len(payload)})


def _are_lines(payload: bytes) -> bool:
    lines = [line for line in payload.split(b"\n", 2) if line.strip()]
    return len(lines) > 1 and isinstance(value_of(lines[0]), dict)


def _differing_ids(request: Request, value: Any) -> Iterator[Violation]:  # noqa: ANN401 - any JSON value
    """Compare the user of the query with the one of the body (K115)."""
    person = value.get("person") if isinstance(value, dict) else None
    inside = person.get("id") if isinstance(person, dict) else None
    asked = request.parameter("user_id")
    if inside is not None and asked is not None and str(inside) != asked:
        message = "`person.id` is not the `user_id` of the query"
        yield codes.IDS_DIFFER.violation("/body/person/id", message)


def _below(pointer: str, violations: list[Violation]) -> list[Violation]:
    return [replace(violation, pointer=pointer + violation.pointer) for violation in violations]


_REFUSED = frozenset(code for code in codes.CODES if code.startswith(("TC00", "TC01"))) - {codes.NOT_AN_OBJECT.id}
"""What keeps a body from being read at all."""
