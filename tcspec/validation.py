"""The contract: does a payload meet the published schema of its kind and version, and is it small enough?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.arguments import check_arguments
from tcspec.contract.checks import meets_schema
from tcspec.contract.clean_events import LONGEST_EVENT, is_clean_event, is_valid_event, read_event
from tcspec.contract.counting import ViolationCounter
from tcspec.contract.engines import ENGINES, FAST
from tcspec.contract.formats import build_flat_hit, build_legacy, find_other_format, suggest_batch, suggest_other_kind
from tcspec.detection import detect_version
from tcspec.errors import Severity, UnknownKind, UnreadablePayload, Violation
from tcspec.jsontext.quick_reader import UNUSUAL
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, require_bytes, require_object
from tcspec.kinds import BATCH, BATCH_2_0, EVENT, EVENT_1_0, EVENT_2_0, PIXEL, PIXEL_2_0, Kind, Version, version_of
from tcspec.payload import from_document, read_payload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.payload import Payload


@check_arguments(limits=(Limits,))
def validate(  # noqa: PLR0913 - the public contract
    payload: object,
    kind: str | None = None,
    version: str | None = None,
    *,
    engine: str = FAST,
    as_sent: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> list[Violation]:
    """Return how a payload violates the contract of its kind and version; nothing means that it is valid.

    Args:
        payload: a dict, a model of tcspec, or the JSON document as bytes or text, whose violations then have line and
            column; of a pixel its URL, its query, or the dict of its event.
        kind: what the payload is; by default it is detected.
        version: the version that it should meet. By default a 1.0 event is validated as 1.0 and has one more error for
            being legacy, and anything else is validated as 2.0; `"1.0"` means that legacy is wanted. A version that
            the kind of the payload does not have is one of events.
        engine: `fast` (jsonschema-rs) or `reference` (jsonschema); they find the same.
        as_sent: whether size is that of the bytes as they are, as in the body of a request. By default it is that of
            the compact body in UTF-8, whatever white space a document has.
        limits: bounds on the depth and the length of the document, and on how many violations of one code are listed.

    Returns:
        The violations in the order of their pointers; those of an event of a batch begin with `/batch/<index>`. A
        payload is valid when none of them is an error. Of more than 1,000 of one code the last one stands for those
        that are not listed, and has their number as its `count`.

    Raises:
        UnknownKind: when tcspec knows no such kind, version or engine.
        WrongArgument: when the payload is of a Python type that holds none.
    """
    if engine not in ENGINES:
        raise UnknownKind(engine, tuple(ENGINES))
    version_of(kind or EVENT.name, version)
    try:
        read = read_payload(payload, kind, limits=limits)
    except UnreadablePayload as unreadable:
        return list(unreadable.violations)
    found = find_violations(read, version, engine=engine, limit=limits.violations, as_sent=as_sent)
    return read.arrange(found)


def is_valid(
    payload: object, kind: str | None = None, version: str | None = None, *, limits: Limits = DEFAULT_LIMITS
) -> bool:
    """Return whether a payload meets its contract: whether `validate` finds no error.

    Raises:
        UnknownKind: when tcspec knows no such kind or version.
        WrongArgument: when the payload is of a Python type that holds none.
    """
    # Before the arguments are checked: nothing but a payload is given, and most are valid events.
    event: Any = UNUSUAL
    try:
        if kind is version is None and limits is DEFAULT_LIMITS:
            event = read_event(payload)
            if event is not UNUSUAL and is_valid_event(event):
                return True
    except RecursionError:
        pass  # reported below
    return _is_valid(payload, kind, version, event, limits=limits)


@check_arguments(limits=(Limits,))
def _is_valid(payload: object, kind: str | None, version: str | None, event: Any, *, limits: Limits) -> bool:  # noqa: ANN401 - JSON
    """Return whether a payload meets its contract; `event` is what was read of it before, else UNUSUAL."""
    version_of(kind or EVENT.name, version)
    if (kind, version) in _NAMED_EVENTS and limits is DEFAULT_LIMITS:
        event = read_event(payload)
        if event is not UNUSUAL and is_valid_event(event):
            return True
    try:
        if event is UNUSUAL:
            read = read_payload(payload, kind, limits=limits)
        else:
            read = from_document(event, require_bytes(payload), EVENT if kind else None)
    except UnreadablePayload:
        return False
    if read.is_ga4:
        return True
    checked, requested = _requested(read.kind, version)
    if len(read.body) > LONGEST_EVENT and has_errors(find_oversize(read, checked, as_sent=False)):
        return False
    return _meets_contract(read.document, checked, requested)


_NAMED_EVENTS = {(EVENT.name, None), (None, EVENT_2_0.name), (EVENT.name, EVENT_2_0.name)}


def find_violations(
    payload: Payload,
    version: str | None = None,
    *,
    engine: str = FAST,
    limit: int | None = DEFAULT_LIMITS.violations,
    as_sent: bool = False,
) -> list[Violation]:
    """Return how a payload violates its contract, as `validate` does, in no order and without lines.

    With `as_sent` the bytes of the body are measured as they are. `limit` of the violations of a code are listed.
    """
    is_usual = payload.kind is EVENT and payload.pixel is None and version is None and engine == FAST
    if is_usual and is_clean_event(payload.document, len(payload.body)):
        return []
    counter = ViolationCounter(limit)
    found = counter.with_remainders(_iter_violations(payload, version, engine, counter, as_sent=as_sent))
    return payload.keep_digits(found)


def count_violations(payload: Payload) -> Mapping[tuple[str, Severity], int]:
    """Return how many violations of its contract a payload has, by code and severity; none of them is built."""
    counter = ViolationCounter(0)
    for _ in _iter_violations(payload, None, FAST, counter, as_sent=False):
        pass
    return counter.counts


def event_name(event: Mapping[str, Any], version: Version) -> object:
    """Return the name of an event, by the key that its version has; None when it has none."""
    if "event_name" not in event and version is EVENT_1_0:
        return event.get("event")
    return event.get("event_name")


def has_errors(violations: Iterable[Violation]) -> bool:
    """Return whether violations make a payload invalid."""
    return any(violation.severity is Severity.ERROR for violation in violations)


def _requested(kind: Kind, version: str | None) -> tuple[Kind, Version | None]:
    """Return the kind and version to validate by; a version that the kind does not have is one of events."""
    if version is None:
        return kind, None
    if version not in {each.name for each in kind.versions}:
        kind = EVENT
    return kind, kind.version(version)


def _detected(document: Mapping[str, Any], kind: Kind) -> Version | None:
    return detect_version(document) if kind is EVENT else kind.version()


def _meets_contract(document: Mapping[str, Any], kind: Kind, requested: Version | None) -> bool:
    """Return whether a document meets its schema, whatever its size; stop at the first error."""
    version = requested or _detected(document, kind)
    # A flat hit, or legacy that was not requested: errors that no schema has.
    if version is None or (version is EVENT_1_0 and requested is None):
        return False
    events = document.get("batch") if version is BATCH_2_0 else None
    if not isinstance(events, list):
        return meets_schema(document, version, event_name(document, version))
    # A batch that was requested as 2.0 has 2.0 events; otherwise each event shows its own version.
    of_events = EVENT_2_0 if requested else None
    return meets_schema({**document, "batch": []}, version, None) and all(
        isinstance(event, dict) and _meets_contract(event, EVENT, of_events) for event in events
    )


def _iter_violations(
    payload: Payload, version: str | None, engine: str, counter: ViolationCounter, *, as_sent: bool
) -> Iterator[Violation]:
    """Yield those violations of a payload that a counter admits."""
    if payload.is_ga4:
        from tcspec.pixels.pixel import GA4_MESSAGE  # noqa: PLC0415 - most payloads are no pixels

        yield from counter.filter([codes.GA4_TRANSPORT.violation("", GA4_MESSAGE)])
        return
    kind, requested = _requested(payload.kind, version)
    yield from counter.filter(find_oversize(payload, kind, as_sent=as_sent))
    if payload.pixel:
        from tcspec.pixels.checks import find_missing_parameters  # noqa: PLC0415 - as above

        yield from counter.filter(find_missing_parameters(payload.pixel))
    yield from _validate(payload.document, kind, requested, engine, counter)


def _validate(
    document: dict[str, Any], kind: Kind, requested: Version | None, engine: str, counter: ViolationCounter
) -> Iterator[Violation]:
    """Yield how a document violates its schema, whatever its size."""
    version = requested or _detected(document, kind)
    if version is None:
        yield from counter.filter([build_flat_hit()])
        return
    events = document.get("batch") if version is BATCH_2_0 else None
    if isinstance(events, list):
        document = document | {"batch": []}
    vendor = find_other_format(document) if kind in (EVENT, PIXEL) else None
    is_recognised = kind is not EVENT or requested is not None or vendor is not None
    for violation in _iter_schema_violations(document, version, engine, counter):
        if kind is BATCH:
            yield suggest_batch(violation, document)
        else:
            yield violation if is_recognised else suggest_other_kind(violation, document)
    for index, event in enumerate(events if isinstance(events, list) else ()):
        for violation in _validate_member(event, requested, engine, counter):
            yield nest(f"/batch/{index}", violation)
    if version is EVENT_1_0 and requested is None:
        # The upgrade only moves keys: what another vendor's names mean it does not know.
        # Nor is there a name in an object around an event.
        is_convertible = vendor is None and not isinstance(document.get("event"), dict)
        yield from counter.filter([build_legacy(is_convertible=is_convertible)])
    if vendor is not None:
        yield from counter.filter([vendor])
    if version is PIXEL_2_0:
        from tcspec.pixels.checks import check_pixel  # noqa: PLC0415 - most payloads are no pixels

        yield from counter.filter(check_pixel(document))


def _iter_schema_violations(
    document: Mapping[str, Any], version: Version, engine: str, counter: ViolationCounter
) -> Iterator[Violation]:
    """Yield how a document violates its schema; of one that does not, which most do not, nothing is looked for."""
    name = event_name(document, version)
    if engine == FAST and meets_schema(document, version, name):
        return
    # Imported here: only what is wrong has to be explained.
    from tcspec.contract.messages import build_violations  # noqa: PLC0415
    from tcspec.contract.pieces import iter_errors  # noqa: PLC0415

    for errors in iter_errors(engine, document, version, name):
        yield from build_violations(errors, document, version, counter)


def _validate_member(
    event: object, requested: Version | None, engine: str, counter: ViolationCounter
) -> Iterator[Violation]:
    try:
        document = require_object(event)
    except UnreadablePayload as unreadable:
        yield from counter.filter(unreadable.violations)
        return
    yield from _validate(document, EVENT, EVENT_2_0 if requested else None, engine, counter)


def find_oversize(payload: Payload, kind: Kind, *, as_sent: bool) -> Iterator[Violation]:
    """Check the body against the limit of a kind, and the events of a batch against theirs (K012).

    The body without its white space is made only when the body with it is over a limit.
    """
    limit = kind.size_limit
    # In a body that is small enough for one event nothing is too large.
    if limit is None or len(payload.body) <= LONGEST_EVENT:
        return
    from tcspec.size import check_member, oversize  # noqa: PLC0415 - few payloads are that large

    if len(payload.body) > limit.safe:
        size = len(payload.body if as_sent else payload.compact)
        if size > limit.safe:
            yield oversize(size, payload.document, kind.name)
    if kind is BATCH:
        for pointer, event in payload.member_bodies() if as_sent else payload.events():
            yield from check_member(event, pointer)


def nest(pointer: str, violation: Violation) -> Violation:
    """Return a violation of an event, and its fix, as one of the document in which the event stands at a pointer."""
    if not pointer:
        return violation
    fix = violation.fix
    if fix:
        fix = replace(fix, patch=tuple(_nest_operation(operation, pointer) for operation in fix.patch))
    return replace(violation, pointer=pointer + violation.pointer, fix=fix)


def _nest_operation(operation: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    return {key: pointer + value if key in {"path", "from"} else value for key, value in operation.items()}
