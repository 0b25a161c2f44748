"""The summary of a migration: how many records had which outcome, change and violation."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tcspec.migration.outcomes import Status

if TYPE_CHECKING:
    from tcspec.migration.outcomes import Outcome


@dataclass(slots=True)
class Summary:
    """Counts of records by outcome, of changes by name, and of violations by code.

    `invalid` counts events in the target that do not meet the 2.0 contract, `kept` values without a place in 2.0 that
    moved to `context.legacy`.
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
        self.invalid += outcome.is_kept_invalid
        if outcome.status is Status.UPGRADED:
            self.kept += sum(change.kept for change in outcome.changes)
            self.changes.update({change.change for change in outcome.changes})
        self.codes.update(violation.code for violation in outcome.violations)

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        counts = asdict(self)
        return {
            **counts,
            "changes": dict(sorted(self.changes.items())),
            "codes": dict(sorted(self.codes.items())),
        }
