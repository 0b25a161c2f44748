"""The body of a request: decompressed, decoded once, and checked against what its endpoint reads."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.detection import kind_of
from tcspec.dialects import dialect_of
from tcspec.errors import Basis, Severity, UnreadablePayload
from tcspec.files.compression import GZIP
from tcspec.jsontext.encoder import build_length_violation
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import decode_leniently
from tcspec.kinds import BATCH, EVENT
from tcspec.payload import Payload, read_payload
from tcspec.requests.endpoints import BULK_ENDPOINTS, EVENTS, EVENTS_BATCH, EVENTS_PIXEL, NDJSON, USER_PUT
from tcspec.size import check_size
from tcspec.validation import nest, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits
    from tcspec.requests.endpoints import Endpoint
    from tcspec.requests.request import Request

_CHUNK = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]*)?\r?\n")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
JSON_STARTS = (b"{", b"[")
_OTHER_NAMES = ("application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines")
_SIZES = frozenset({codes.TOO_LARGE.id, codes.NEARLY_TOO_LARGE.id})
_BATCH_HINT = 'send {"batch": [...]} to /events/batch'


def decode_body(request: Request, limits: Limits) -> Request:
    """Return a request with its body decompressed.

    A body that is JSON stays as it is, as captures often contain decoded bodies with the headers of encoded ones. What
    is damaged or beyond the limits is an error (TC042), what is chunked or in another encoding than gzip only unknown.
    """
    transfer = request.find_header("Transfer-Encoding")
    # Captures often keep this header with a body that they have dechunked: only the body shows it.
    if transfer and "chunked" in transfer[1].lower() and _CHUNK.match(request.body):
        return _without_body(request, "the body is chunked; capture it after dechunking", Severity.WARNING)
    encoding = request.find_header("Content-Encoding")
    if not encoding and request.body.startswith(GZIP.magic):
        return _without_body(request, "the body is compressed with gzip, and no Content-Encoding header says so")
    if not encoding or not request.body or request.body.lstrip().startswith(JSON_STARTS):
        return request
    name = encoding[1].strip().lower()
    if name == "gzip" and request.body.startswith(GZIP.magic):
        return _decompress(request, limits)
    if name in {"", "identity"}:
        return request
    message = "the body is neither decoded nor compressed with gzip; capture it before it is compressed"
    return _without_body(request, message, Severity.WARNING)


def _decompress(request: Request, limits: Limits) -> Request:
    try:
        # One byte more than the limit is enough to know, and bounds what a decompression bomb can take.
        body = GZIP.open_reader(BytesIO(request.body)).read(limits.length + 1)
    except EOFError:
        return _without_body(request, "the compressed body is truncated")
    except (OSError, zlib.error):
        return _without_body(request, "the compressed body is damaged")
    if len(body) > limits.length:
        return _without_body(request, build_length_violation(limits.length).message)
    return replace(request, body=body)


def _without_body(request: Request, message: str, severity: Severity = Severity.ERROR) -> Request:
    violation = codes.UNREADABLE_CAPTURE.violation("/body", message)
    return replace(request, body=b"", body_errors=(replace(violation, severity=severity),))


@dataclass(frozen=True, slots=True)
class BodyPayload:
    """A payload of a request: the whole body, or one line of it, whose number is `line`.

    `payload` is None when it cannot be read strictly, `errors` are the reasons; `value` is then what a lenient server
    may read, so that pointers into it resolve. `source` is the bytes or the value that was passed.
    """

    pointer: str
    line: int
    source: Any
    value: Any
    payload: Payload | None = None
    errors: tuple[Violation, ...] = ()

    def place(self, violation: Violation) -> Violation:
        """Return a violation of the payload with its pointer in the request and its line in the body."""
        line = violation.line + self.line - 1 if violation.line else None
        return replace(nest(self.pointer, violation), line=line)

    def check(self, limits: Limits) -> list[Violation]:
        """Return why the payload cannot be read, or how it violates its contract, with pointers in the payload."""
        return validate(self.payload, as_sent=True, limits=limits) if self.payload else list(self.errors)


def read_payloads(request: Request, endpoint: Endpoint | None, limits: Limits) -> list[BodyPayload]:
    """Decode the body for an endpoint: one payload, or that of each line of a bulk request."""
    # The payload of a pixel is in the query, whatever its body is.
    kind = None if endpoint is None or endpoint is EVENTS_PIXEL else endpoint.kind
    if endpoint not in BULK_ENDPOINTS:
        return [read_body_payload(request.body if request.value is None else request.value, kind, limits)]
    lines: list[Any] = request.body.split(b"\n")
    if request.value is not None:
        lines = request.value if isinstance(request.value, list) else [request.value]
    return [
        read_body_payload(line, kind, limits, f"/body/{number - 1}", number)
        for number, line in enumerate(lines, 1)
        if request.value is not None or line.strip()
    ]


def read_body_payload(
    source: object, kind: str | None, limits: Limits, pointer: str = "/body", line: int = 1
) -> BodyPayload:
    """Decode one payload of a body; without a kind only leniently."""
    if kind is None:
        return BodyPayload(pointer, line, source, decode_leniently(source))
    try:
        payload = read_payload(source, kind, limits=limits)
    except UnreadablePayload as error:
        return BodyPayload(pointer, line, source, decode_leniently(source), errors=error.violations)
    return BodyPayload(pointer, line, source, payload.document, payload)


def check_content_type(
    request: Request, endpoint: Endpoint, body: object, sender: str | None = None
) -> Iterator[Violation]:
    """Check that the Content-Type is the one that the endpoint reads, and that there is no body where none is read.

    Parameters, as charset, are ignored. The vendor's own web and mobile clients send events as text or without a type,
    and these are read (K121).
    """
    expected = endpoint.content_type
    if expected is None:
        if request.has_body:
            part = "the query" if endpoint is EVENTS_PIXEL else "its parameters"
            yield codes.UNREAD_BODY.violation("/body", f"the body is ignored; this endpoint reads only {part}")
        return
    header = request.find_header("Content-Type")
    data = {"property": "Content-Type", "expected": expected}
    media_type = header[1].partition(";")[0].strip().lower() if header else None
    # Who did not record the body may not have recorded the type either.
    if media_type == expected or (header is None and (request.body_errors or not endpoint.is_type_required)):
        return
    message = f"expected Content-Type {expected}" if header else f"missing Content-Type, expected {expected}"
    violation = codes.WRONG_CONTENT_TYPE.violation(join(["headers", *(header or ())[:1]]), message, data)
    if expected == NDJSON and media_type in _OTHER_NAMES:
        violation = replace(violation, hint=f"write {NDJSON}")
    if endpoint in (EVENTS, EVENTS_BATCH) and media_type in {None, "text/plain"}:
        is_client = (sender or _sender_of(body)) in {"web", "mobile"}
        severity = Severity.INFO if is_client else Severity.WARNING
        violation = replace(violation, severity=severity, basis=Basis.OBSERVED, source="K121")
    yield violation if endpoint.is_type_required else replace(violation, severity=Severity.WARNING)


def _sender_of(body: object) -> str:
    """Return who sends a body: what the event in it shows, or the first one of a batch."""
    events = body.get("batch") if isinstance(body, dict) else None
    event = events[0] if isinstance(events, list) and events else body
    return dialect_of(event).sender if isinstance(event, dict) else "server"


def check_body(request: Request, body: BodyPayload, endpoint: Endpoint, limits: Limits) -> list[Violation]:
    """Check the one payload of a request: its body, or the query of a pixel."""
    if endpoint is EVENTS_PIXEL:
        url = request.url.partition("#")[0]
        violations = validate(url, "pixel", as_sent=True, limits=limits)
        return [nest("/query", violation) for violation in violations]
    if request.body_errors:
        return list(request.body_errors)
    header = request.find_header("Content-Type")
    if (
        header
        and header[1].lower().startswith(FORMS)
        and not request.body.lstrip().startswith(JSON_STARTS)
        and request.body
    ):
        return [codes.UNREAD_PART.violation("/body", "the body is a form, not JSON; its fields are not checked")]
    if body.payload and endpoint in (EVENTS, EVENTS_BATCH):
        violations = _check_events(body.payload, endpoint, limits)
    else:
        violations = [_explain(violation, body, endpoint) for violation in body.check(limits)]
    different = _check_user(request, body.value) if endpoint is USER_PUT else ()
    return [*map(body.place, violations), *different]


def _check_events(payload: Payload, endpoint: Endpoint, limits: Limits) -> list[Violation]:
    """Check an event or a batch as what it is, and report when the endpoint reads the other."""
    detected = kind_of(payload.document)
    if detected is payload.kind or detected not in (EVENT, BATCH):
        return validate(payload, as_sent=True, limits=limits)
    violations = validate(replace(payload, kind=detected), as_sent=True, limits=limits)
    # The size of the body is limited by where it is sent, not by what it is.
    others = [violation for violation in violations if violation.code not in _SIZES or violation.pointer]
    return [_wrong_shape(endpoint), *check_size(payload.body, payload.kind.name), *others]


def _wrong_shape(endpoint: Endpoint) -> Violation:
    if endpoint is EVENTS:
        message, missing = "expected an event, got a batch; send it to /events/batch", "event_name"
    else:
        message, missing = "expected a batch, got an event; send it to /events", "batch"
    return codes.contract_code(1, codes.MISSING).violation("", message, {"property": missing})


def _explain(violation: Violation, body: BodyPayload, endpoint: Endpoint) -> Violation:
    """Add to an error of reading what the request shows: the length, or that several events are sent as one."""
    if violation.code == codes.TOO_LONG.id and isinstance(body.source, bytes):
        return replace(violation, data={"actual": len(body.source)})
    if endpoint not in (EVENTS, EVENTS_BATCH):
        return violation
    if violation.code == codes.NOT_AN_OBJECT.id and isinstance(body.value, list):
        return replace(violation, hint=_BATCH_HINT)
    if violation.code == codes.NOT_JSON.id and isinstance(body.source, bytes) and _is_ndjson(body.source):
        message = "one event per line; only the bulk endpoints read NDJSON"
        return replace(violation, message=message, hint=_BATCH_HINT)
    return violation


def _is_ndjson(body: bytes) -> bool:
    # Two lines show it; a body may have thousands.
    lines = [line for line in body.split(b"\n", 2) if line.strip()]
    return len(lines) > 1 and all(isinstance(decode_leniently(line), dict) for line in lines[:2])


def _check_user(request: Request, value: object) -> Iterator[Violation]:
    """Check that query and body name the same user (K115)."""
    person = value.get("person") if isinstance(value, dict) else None
    in_body = person.get("id") if isinstance(person, dict) else None
    in_query = request.get_parameter("user_id")
    # As text, which all values of a query are.
    if in_body is not None and in_query is not None and str(in_body) != in_query:
        message = "`person.id` differs from the `user_id` of the query"
        yield codes.IDS_DIFFER.violation("/body/person/id", message)
