"""What becomes of one record of a store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tcspec import codes
from tcspec.errors import UnreadablePayload, Violation
from tcspec.upgrades.upgrading import upgrade_bytes
from tcspec.validation import has_errors, validate

if TYPE_CHECKING:
    from tcspec.jsontext.reader import Limits
    from tcspec.upgrades.event_editor import AppliedChange

_WHITESPACE = b" \t\r\n"


class Fate(StrEnum):
    """The outcomes that there are."""

    BLANK = "blank"
    """There is no payload; what is there is kept."""
    UNCHANGED = "unchanged"
    """The payload is canonical 2.0 already and comes out as its own bytes."""
    UPGRADED = "upgraded"
    """The payload was changed."""
    REJECTED = "rejected"
    """The payload could not be migrated, or may not be invalid; it is kept verbatim beside the target."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one record: the payload that goes to the target, or why none does.

    A payload that is not rejected may have violations too: it was kept although it breaks the 2.0 contract. Where there
    are changes the violations are those of the upgraded event, even when it was rejected and `payload` is the record.
    """

    fate: Fate
    payload: bytes
    changes: tuple[AppliedChange, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def is_kept_invalid(self) -> bool:
        """Tell whether an invalid payload goes to the target."""
        return self.fate is not Fate.REJECTED and has_errors(list(self.violations))


def outcome_of(record: bytes, limits: Limits, on_invalid: str = "keep") -> Outcome:
    """Decide the outcome of one record: upgrade it, then judge the result.

    Args:
        record: the JSON text of a payload, or nothing but white space.
        limits: what bounds the depth and the length of the text.
        on_invalid: `keep` or `reject` an event that breaks the 2.0 contract once it is upgraded.
    """
    if not record.strip(_WHITESPACE):
        return Outcome(Fate.BLANK, record)
    try:
        upgraded = upgrade_bytes(record, limits)
    except UnreadablePayload as unreadable:
        return Outcome(Fate.REJECTED, record, violations=unreadable.violations)
    event = upgraded.build_payload()
    violations = tuple(validate(event, limits=limits))
    is_flat = any(violation.code == codes.FLAT_HIT.id for violation in violations)
    if is_flat or (on_invalid == "reject" and has_errors(list(violations))):
        return Outcome(Fate.REJECTED, record, upgraded.changes, violations)
    fate = Fate.UPGRADED if upgraded.changes else Fate.UNCHANGED
    return Outcome(fate, event, upgraded.changes, violations)


def too_long(length: int, limits: Limits) -> Outcome:
    """Give the outcome of a record of which more bytes were met than are read."""
    message = f"at least {length:,} bytes are more than the {limits.length:,} that are read of a line"
    return Outcome(Fate.REJECTED, b"", violations=(codes.TOO_LONG.violation("", message),))
