"""Migrate the records of a store: upgrade each one, validate the result, and say what happened to it."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tcspec import codes
from tcspec.contract.clean_events import is_clean_event
from tcspec.detection import detect
from tcspec.errors import Severity, UnreadablePayload, Violation
from tcspec.jsontext.reader import decode_leniently
from tcspec.kinds import EVENT
from tcspec.migration.outcomes import NO_NAME, NOTHING, Outcome, Status, includes_error
from tcspec.payload import from_document, read_payload
from tcspec.upgrades.common_events import upgrade_common
from tcspec.upgrades.upgrading import upgrade_bytes
from tcspec.validation import count_violations, event_name, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tcspec.jsontext.reader import Limits

Record = bytes | UnreadablePayload
"""The JSON text of a payload, nothing but white space, or why there is no payload."""

_WHITESPACE: Final = b" \t\r\n"
_collect: Final = lru_cache(maxsize=1024)(frozenset[str])
"""Return the set of some changes; most events of a store have the same ones."""


def migrate_records(
    records: Iterable[Record],
    limits: Limits,
    on_invalid: str = "keep",
    *,
    is_labelled: bool = False,
    validates: bool = True,
) -> list[Outcome]:
    """Upgrade records and validate the results, each as `migrate_record` does."""
    return [migrate_record(each, limits, on_invalid, is_labelled=is_labelled, validates=validates) for each in records]


def migrate_record(
    record: Record,
    limits: Limits,
    on_invalid: str = "keep",
    *,
    is_labelled: bool = False,
    validates: bool = True,
) -> Outcome:
    """Upgrade a record and validate the result.

    Args:
        record: the record.
        limits: the maximum depth and length of a text.
        on_invalid: `keep` or `reject` an upgraded event that does not meet the 2.0 contract.
        is_labelled: whether the outcome has the dialect and the name of the event.
        validates: whether the result is validated.
    """
    if isinstance(record, UnreadablePayload):
        return _reject(b"", record.violations)
    common = upgrade_common(record, limits, with_document=True, with_dialect=is_labelled)
    if common is None or common.document is None:
        if not record.strip(_WHITESPACE):
            return Outcome(Status.BLANK, record)
        return migrate_by_table(record, limits, on_invalid, is_labelled=is_labelled, validates=validates)
    payload, changes, document = common.payload, _collect(common.changes), common.document
    dialect, name = (common.dialect, _read_name(document.get("event_name"))) if is_labelled else ("", "")
    counts = NOTHING
    if validates and not is_clean_event(document, len(payload)):
        # Counted first: to build violations takes longer, and few payloads have any.
        counts = count_violations(from_document(document, payload, EVENT))
    if on_invalid == "reject" and counts and includes_error(counts):
        return _reject(record, validate(payload, limits=limits), changes, dialect, name)
    status = Status.UPGRADED if changes else Status.UNCHANGED
    times = () if common.time is None else (common.time,)
    return Outcome(status, payload, changes, (), (), counts, limits, times, dialect, name)


def migrate_by_table(
    record: bytes, limits: Limits, on_invalid: str, *, is_labelled: bool = False, validates: bool = True
) -> Outcome:
    """Upgrade any record that is not blank and validate the result, as `migrate_record` does."""
    dialect, name = _read_labels(record) if is_labelled else ("", "")
    try:
        upgrading = upgrade_bytes(record, limits)
    except UnreadablePayload as unreadable:
        return _reject(record, unreadable.violations, frozenset(), dialect, name)
    payload = upgrading.build_payload()
    changes = frozenset(applied.change for applied in upgrading.changes)
    kept_at = tuple(applied.target for applied in upgrading.changes if applied.kept)
    violations = validate(payload, limits=limits) if on_invalid == "reject" else []
    counts = _count(violations) if on_invalid == "reject" else _count_without_building(payload, limits)
    # An older flat hit has no upgrade, so that it is rejected even where nothing is validated.
    is_flat = any(code == codes.FLAT_HIT.id for code, _ in counts)
    if is_flat or (on_invalid == "reject" and includes_error(counts)):
        return _reject(record, violations or validate(payload, limits=limits), changes, dialect, name)
    status = Status.UPGRADED if changes else Status.UNCHANGED
    counts = counts if validates else NOTHING
    return Outcome(status, payload, changes, kept_at, (), counts, limits, upgrading.times, dialect, name)


def skip(outcome: Outcome) -> Outcome:
    """Return the outcome of a record that is not to be taken, by the one that it would have."""
    return Outcome(Status.SKIPPED, b"", dialect=outcome.dialect, name=outcome.name)


def _reject(
    record: bytes,
    violations: Iterable[Violation],
    changes: frozenset[str] = frozenset(),
    dialect: str = "",
    name: str = "",
) -> Outcome:
    reasons = tuple(violations)
    counts = _count(reasons)
    return Outcome(Status.REJECTED, record, changes, reasons=reasons, counts=counts, dialect=dialect, name=name)


def _read_labels(record: bytes) -> tuple[str, str]:
    """Return the dialect of a payload and the name of its event; nothing of what cannot be read."""
    document = decode_leniently(record)
    if not isinstance(document, dict):
        return "", ""
    detected = detect(document)
    if detected.kind != EVENT.name:
        return detected.dialect, f"({detected.kind})"
    return detected.dialect, _read_name(event_name(document, EVENT.version(detected.version)))


def _read_name(value: object) -> str:
    return value if isinstance(value, str) and value else NO_NAME


def _count_without_building(payload: bytes, limits: Limits) -> Mapping[tuple[str, Severity], int]:
    try:
        return count_violations(read_payload(payload, limits=limits))
    except UnreadablePayload as unreadable:
        return _count(unreadable.violations)


def _count(violations: Iterable[Violation]) -> Mapping[tuple[str, Severity], int]:
    counts: Counter[tuple[str, Severity]] = Counter()
    for violation in violations:
        counts[violation.code, violation.severity] += violation.count
    return counts
