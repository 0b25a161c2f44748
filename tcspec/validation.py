"""The judge: does a payload meet the contract of its kind and version?

What a contract asks is in the published schemas; here their engines are asked, and what they find is told in words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.contract.engines import ENGINES, meets_schema
from tcspec.contract.messages import build_violations
from tcspec.detection import version_shown
from tcspec.errors import Severity, UnknownKind, UnreadablePayload, Violation
from tcspec.jsontext.pointer import split
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, require_object
from tcspec.kinds import BATCH_2_0, EVENT_1_0, EVENT_2_0, PIXEL_2_0, VERSIONS, Version, version_of
from tcspec.payload import read_payload
from tcspec.size import LIMITS as LIMITED
from tcspec.size import check_members, check_size, limit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tcspec.payload import Payload, PayloadLike


def validate(
    payload: PayloadLike,
    kind: str | None = None,
    version: str | None = None,
    *,
    engine: str = "fast",
    limits: Limits = DEFAULT_LIMITS,
) -> list[Violation]:
    """Find how a payload breaks the contract of its kind and version; nothing means it is valid.

    Args:
        payload: a dict, or the JSON document as bytes or text, whose violations then carry line and column; of a
            pixel its address, its query, or the dict of its event.
        kind: what the payload is; by default it is detected.
        version: which version it should meet. By default a 1.0 event is judged as 1.0 and gets one error more for
            being legacy, and anything else is judged as 2.0; asking for `"1.0"` says that legacy is wanted. A version
            that the kind of the payload does not have is a version of events.
        engine: `fast` (jsonschema-rs) or `reference` (jsonschema); they find the same.
        limits: what bounds the depth and the length of the document.

    Returns:
        The violations in the order of their pointers; those of an event of a batch begin with `/batch/<index>`. A
        payload is valid when none of them is an error.

    Raises:
        UnknownKind: when tcspec knows no such kind, version or engine.
    """
    if engine not in ENGINES:
        raise UnknownKind(engine, tuple(ENGINES))
    version_of(kind or "event", version)
    try:
        given = read_payload(payload, kind, limits)
    except UnreadablePayload as unreadable:
        return list(unreadable.violations)
    return given.placed(sorted(find_violations(given, version, engine), key=sort_key))


def find_violations(given: Payload, version: str | None = None, engine: str = "fast") -> list[Violation]:
    """Find how a payload that was read breaks its contract, as `validate` does; in no order, and without lines."""
    kind, asked = _asked(given.kind, version)
    return [*_sizes(given, kind), *given.notices(), *_judge(given.document, kind, asked, engine)]


def is_valid(payload: PayloadLike, kind: str | None = None, version: str | None = None) -> bool:
    """Tell whether a payload meets the contract: whether `validate` finds no error.

    Raises:
        UnknownKind: when tcspec knows no such kind or version.
    """
    version_of(kind or "event", version)
    try:
        given = read_payload(payload, kind, DEFAULT_LIMITS)
    except UnreadablePayload:
        return False
    kind, asked = _asked(given.kind, version)
    if has_errors(_sizes(given, kind)):
        return False
    if kind == "batch":
        return not has_errors(_judge(given.document, kind, asked, "fast"))
    judged = asked or _shown(given.document, kind)
    if judged is None or (judged is EVENT_1_0 and asked is None):
        return False
    return meets_schema(given.document, judged, event_name(given.document, judged))


def event_name(event: Mapping[str, Any], version: Version) -> object:
    """Give the name that an event goes by; None when it has none."""
    if "event_name" not in event and version is EVENT_1_0:
        return event.get("event")
    return event.get("event_name")


def has_errors(violations: Iterable[Violation]) -> bool:
    """Tell whether violations make a payload invalid."""
    return any(violation.severity is Severity.ERROR for violation in violations)


_FLAT_HIT = (
    "this looks like a hit of the older server-side product (ssv1_flat), which has flat keys and no event_name; "
    "there is no mechanical way from it to an event"
)
_LEGACY = (
    "the event is in the 1.0 format (metadata at the root, the rest under properties); support ended on 2023-08-31"
)
_OF_A_PIXEL = ("event_id", "event_timestamp")


def _asked(kind: str, version: str | None) -> tuple[str, Version | None]:
    """Give the kind and version to judge by; a version that a detected kind does not have is one of events."""
    if version is None:
        return kind, None
    if version not in {each.name for each in VERSIONS[kind]}:
        kind = "event"
    return kind, version_of(kind, version)


def _shown(document: Mapping[str, Any], kind: str) -> Version | None:
    return version_shown(document) if kind == "event" else version_of(kind)


def _judge(document: dict[str, Any], kind: str, asked: Version | None, engine: str) -> list[Violation]:
    """Hold a payload against its contract, whatever its size."""
    judged = asked or _shown(document, kind)
    if judged is None:
        return [codes.FLAT_HIT.violation("", _FLAT_HIT)]
    if judged is BATCH_2_0:
        return _judge_batch(document, asked, engine)
    violations = build_violations(ENGINES[engine](document, judged, event_name(document, judged)), document, judged)
    if judged is EVENT_1_0 and asked is None:
        violations.append(replace(codes.LEGACY_FORMAT.violation("", _LEGACY), hint="upgrade it to 2.0"))
    if judged is PIXEL_2_0:
        violations += _unsaid(document)
    return violations


def _judge_batch(batch: dict[str, Any], asked: Version | None, engine: str) -> list[Violation]:
    """Judge the envelope of a batch without its events, then each event by itself."""
    events = batch.get("batch")
    if not isinstance(events, list):
        return build_violations(ENGINES[engine](batch, BATCH_2_0, None), batch, BATCH_2_0)
    envelope = batch | {"batch": []}
    violations = build_violations(ENGINES[engine](envelope, BATCH_2_0, None), envelope, BATCH_2_0)
    for index, event in enumerate(events):
        violations += (_below(index, violation) for violation in _judge_member(event, asked, engine))
    return violations


def _judge_member(event: object, asked: Version | None, engine: str) -> list[Violation]:
    try:
        return _judge(require_object(event), "event", EVENT_2_0 if asked else None, engine)
    except UnreadablePayload as unreadable:
        return list(unreadable.violations)


def _below(index: int, violation: Violation) -> Violation:
    return replace(violation, pointer=f"/batch/{index}{violation.pointer}")


def _unsaid(pixel: Mapping[str, Any]) -> list[Violation]:
    """Say that a pixel names neither its id nor its moment; the server adds them (K117)."""
    context = pixel.get("context")
    lacking = [name for name in _OF_A_PIXEL if not isinstance(context, dict) or name not in context]
    if not lacking:
        return []
    told = " and ".join(f"`context.{name}`" for name in lacking)
    verb = "are" if len(lacking) > 1 else "is"
    return [codes.ANONYMOUS_PIXEL.violation("", f"{told} {verb} left to the server", {"properties": lacking})]


def _sizes(given: Payload, kind: str) -> list[Violation]:
    """Hold the body against the limit of its kind, and the events of a batch against theirs (K012)."""
    if kind not in LIMITED:
        return []
    violations = check_size(given.body, kind)
    if kind == "batch" and len(given.body) > limit_of("event").safe:
        violations += check_members(given.members())
    return violations


def sort_key(violation: Violation) -> tuple[list[tuple[int, str]], str, str]:
    """Give what violations are sorted by: pointer, code, property; the items of a list come in their order."""
    parts = [(len(part) if part.isdigit() else 0, part) for part in split(violation.pointer)]
    return parts, violation.code, str(violation.data.get("property"))
