"""The summary of a migration: how many records had which outcome, change and violation."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tcspec.errors import Severity
from tcspec.migration.outcomes import Status

if TYPE_CHECKING:
    from tcspec.migration.outcomes import Outcome


LISTED = 1_000
"""How many invalid events a summary lists: its size must not grow with that of the store."""


@dataclass(frozen=True, slots=True)
class InvalidEvent:
    """An event in the target that does not meet the 2.0 contract: its line in the source and in the target, and why."""

    line: int
    target_line: int
    codes: list[str]


@dataclass(slots=True)
class Summary:
    """Counts of records by outcome, of changes by name, and of violations by code.

    `invalid` counts events in the target that do not meet the 2.0 contract, `invalid_events` lists the first 1,000, and
    `kept` counts values without a place in 2.0 that moved to `context.legacy`.
    """

    lines: int = 0
    blank: int = 0
    unchanged: int = 0
    upgraded: int = 0
    rejected: int = 0
    invalid: int = 0
    kept: int = 0
    bytes_read: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    rejects_path: str | None = None
    invalid_events: list[InvalidEvent] = field(default_factory=list)

    @property
    def payloads(self) -> int:
        """Return how many records are not blank."""
        return self.lines - self.blank

    def add(self, outcome: Outcome, length: int) -> None:
        """Count the outcome of one record of some length in bytes."""
        self.lines += 1
        self.bytes_read += length
        match outcome.status:
            case Status.BLANK:
                self.blank += 1
            case Status.UNCHANGED:
                self.unchanged += 1
            case Status.UPGRADED:
                self.upgraded += 1
            case Status.REJECTED:
                self.rejected += 1
        if outcome.is_kept_invalid:
            self.invalid += 1
            if len(self.invalid_events) < LISTED:
                found = sorted({each.code for each in outcome.violations if each.severity is Severity.ERROR})
                self.invalid_events.append(InvalidEvent(self.lines, self.lines - self.rejected, found))
        if outcome.status is Status.UPGRADED:
            self.kept += sum(change.kept for change in outcome.changes)
            self.changes.update({change.change for change in outcome.changes})
        self.codes.update(outcome.codes)

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        counts = asdict(self)
        return {
            **counts,
            "changes": dict(sorted(self.changes.items())),
            "codes": dict(sorted(self.codes.items())),
        }
