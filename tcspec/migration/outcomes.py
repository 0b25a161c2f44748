"""The outcome of migrating one record of a store."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from tcspec import codes
from tcspec.contract.clean_events import is_clean_event
from tcspec.detection import detect
from tcspec.errors import Severity, UnreadablePayload, Violation
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, decode_leniently
from tcspec.kinds import BATCH, EVENT
from tcspec.payload import from_document, read_payload
from tcspec.upgrades.common_events import upgrade_common
from tcspec.upgrades.upgrading import upgrade_bytes
from tcspec.validation import count_violations, event_name, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tcspec.upgrades.event_editor import EventTime

_WHITESPACE = b" \t\r\n"


class Status(StrEnum):
    """What happened to a record."""

    BLANK = "blank"
    """It has no payload; its white space goes to the target."""
    UNCHANGED = "unchanged"
    """Its payload is canonical 2.0 already and goes to the target byte for byte."""
    UPGRADED = "upgraded"
    """Its payload was upgraded."""
    REJECTED = "rejected"
    """Its payload could not be upgraded, or is invalid and may not be; it is kept verbatim beside the target."""
    SKIPPED = "skipped"
    """It is not one of the records that were to be taken, and is left out of the target."""


ABSENT = frozenset({Status.REJECTED, Status.SKIPPED})
"""What happened to a record that is not in the target."""

NO_NAME = "(no name)"
"""What takes the place of the name of an event that has none."""

BATCH_NAME = f"({BATCH.name})"
"""What takes the place of the name of a batch; its events have names."""

NOTHING: Mapping[tuple[str, Severity], int] = MappingProxyType({})
"""The counts of a payload without violations."""


class Outcome(msgspec.Struct, frozen=True):
    """The outcome of one record: the payload that goes to the target, or why none does.

    A payload that is not rejected can have violations too: it was kept although it does not meet the 2.0 contract.
    `changes` are the names of the changes that were applied, each once, and `kept_at` are pointers to the values that
    were moved to `context.legacy`. `counts` has how many violations there are, by code and severity, `reasons` those of
    a reject. `times` are those of the events that go to the target. `dialect` and `name` are those of the event before
    its upgrade, if they were asked for and can be read.
    """

    status: Status
    payload: bytes
    changes: frozenset[str] = frozenset()
    kept_at: tuple[str, ...] = ()
    reasons: tuple[Violation, ...] = ()
    counts: Mapping[tuple[str, Severity], int] = NOTHING
    limits: Limits = DEFAULT_LIMITS
    times: tuple[EventTime, ...] = ()
    dialect: str = ""
    name: str = ""

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Return the violations; those of a payload that was kept are only built when they are asked for.

        Where there are changes, they are those of the upgraded event, even when it was rejected and `payload` is the
        record.
        """
        if self.status is Status.REJECTED or not self.counts:
            return self.reasons
        return tuple(validate(self.payload, limits=self.limits))

    @property
    def is_kept_invalid(self) -> bool:
        """Return whether an invalid payload goes to the target."""
        return self.status is not Status.REJECTED and _has_errors(self.counts)

    @property
    def codes(self) -> Counter[str]:
        """Return how many violations of each code there are."""
        codes: Counter[str] = Counter()
        for (code, _), count in self.counts.items():
            codes[code] += count
        return codes


def migrate_record(
    record: bytes, limits: Limits, on_invalid: str = "keep", *, is_labelled: bool = False, validates: bool = True
) -> Outcome:
    """Upgrade one record and validate the result.

    Args:
        record: the JSON text of a payload, or nothing but white space.
        limits: the maximum depth and length of the text.
        on_invalid: `keep` or `reject` an upgraded event that does not meet the 2.0 contract.
        is_labelled: whether the outcome has the dialect and the name of the event.
        validates: whether the result is validated.
    """
    if not record.strip(_WHITESPACE):
        return Outcome(Status.BLANK, record)
    common = upgrade_common(record, limits, with_document=True, with_dialect=is_labelled)
    if common is None or common.document is None:
        return migrate_by_table(record, limits, on_invalid, is_labelled=is_labelled, validates=validates)
    payload, changes, document = common.payload, frozenset(common.changes), common.document
    dialect, name = (common.dialect, _read_name(document.get("event_name"))) if is_labelled else ("", "")
    counts = NOTHING
    if validates and not is_clean_event(document, len(payload)):
        # Counted first: to build violations takes longer, and few payloads have any.
        counts = count_violations(from_document(document, payload, EVENT))
    if on_invalid == "reject" and counts and _has_errors(counts):
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
    if is_flat or (on_invalid == "reject" and _has_errors(counts)):
        return _reject(record, violations or validate(payload, limits=limits), changes, dialect, name)
    status = Status.UPGRADED if changes else Status.UNCHANGED
    counts = counts if validates else NOTHING
    return Outcome(status, payload, changes, kept_at, (), counts, limits, upgrading.times, dialect, name)


def reject_unreadable(unreadable: UnreadablePayload) -> Outcome:
    """Return the outcome of a record in which no payload can be found."""
    return _reject(b"", unreadable.violations)


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


def _has_errors(counts: Iterable[tuple[str, Severity]]) -> bool:
    return any(severity is Severity.ERROR for _, severity in counts)
