"""The outcome of migrating one record of a store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tcspec import codes
from tcspec.errors import UnreadablePayload, Violation
from tcspec.jsontext.encoder import build_length_violation
from tcspec.upgrades.upgrading import upgrade_bytes
from tcspec.validation import has_errors, validate

if TYPE_CHECKING:
    from tcspec.jsontext.reader import Limits
    from tcspec.upgrades.event_editor import AppliedChange

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


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one record: the payload that goes to the target, or why none does.

    A payload that is not rejected can have violations too: it was kept although it does not meet the 2.0 contract.
    Where there are changes, the violations are those of the upgraded event, even when it was rejected and `payload` is
    the record.
    """

    status: Status
    payload: bytes
    changes: tuple[AppliedChange, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def is_kept_invalid(self) -> bool:
        """Return whether an invalid payload goes to the target."""
        return self.status is not Status.REJECTED and has_errors(list(self.violations))


def migrate_record(record: bytes, limits: Limits, on_invalid: str = "keep") -> Outcome:
    """Upgrade one record and validate the result.

    Args:
        record: the JSON text of a payload, or nothing but white space.
        limits: the maximum depth and length of the text.
        on_invalid: `keep` or `reject` an upgraded event that does not meet the 2.0 contract.
    """
    if not record.strip(_WHITESPACE):
        return Outcome(Status.BLANK, record)
    try:
        upgrading = upgrade_bytes(record, limits)
    except UnreadablePayload as unreadable:
        return Outcome(Status.REJECTED, record, violations=unreadable.violations)
    payload, changes = upgrading.build_payload(), upgrading.changes
    violations = tuple(validate(payload, limits=limits))
    is_flat = any(violation.code == codes.FLAT_HIT.id for violation in violations)
    if is_flat or (on_invalid == "reject" and has_errors(list(violations))):
        return Outcome(Status.REJECTED, record, changes, violations)
    return Outcome(Status.UPGRADED if changes else Status.UNCHANGED, payload, changes, violations)


def reject_long_record(limits: Limits) -> Outcome:
    """Return the outcome of a record that is longer than the limit."""
    return Outcome(Status.REJECTED, b"", violations=(build_length_violation(limits.length),))
