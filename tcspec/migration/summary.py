"""What a migration did, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tcspec.migration.outcomes import Fate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.migration.outcomes import Outcome


@dataclass(slots=True)
class Summary:
    """Counts of records by outcome, of changes by name, and of violations by code.

    `invalid` counts events that went to the target although they break the 2.0 contract, `kept` values that have no
    place in 2.0 and went to `context.legacy`.
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
        """Count the records that are not blank."""
        return self.lines - self.blank

    def count(self, outcome: Outcome, length: int) -> None:
        """Count the outcome of one record of so many bytes."""
        self.lines += 1
        self.bytes_read += length
        match outcome.fate:
            case Fate.BLANK:
                self.blank += 1
            case Fate.UNCHANGED:
                self.unchanged += 1
            case Fate.UPGRADED:
                self.upgraded += 1
            case Fate.REJECTED:
                self.rejected += 1
        self.invalid += outcome.is_kept_invalid
        if outcome.fate is Fate.UPGRADED:
            self.kept += sum(change.kept for change in outcome.changes)
            self.changes.update({change.change for change in outcome.changes})
        self.codes.update(violation.code for violation in outcome.violations)

    def as_dict(self) -> dict[str, Any]:
        """Give the counts as JSON values."""
        counts = asdict(self)
        return {
            **counts,
            "changes": dict(sorted(self.changes.items())),
            "codes": dict(sorted(self.codes.items())),
        }

    @classmethod
    def from_dict(cls, counts: Mapping[str, Any]) -> Summary:
        """Take up counts where `as_dict` left them."""
        return cls(**{**counts, "changes": Counter(counts["changes"]), "codes": Counter(counts["codes"])})
