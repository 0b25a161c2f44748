"""The summary of a migration: how many records had which outcome, change and violation."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from itertools import chain
from typing import TYPE_CHECKING, Any

from tcspec.errors import Severity
from tcspec.migration.details import Details  # noqa: TC001 - checkpoints read the types of the members
from tcspec.migration.outcomes import ABSENT, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tcspec.errors import UnreadablePayload
    from tcspec.migration.outcomes import Outcome
    from tcspec.upgrades.event_editor import EventTime


_YEAR_2010 = 1_262_304_000_000
"""In epoch milliseconds; no client of the vendor's is older."""

LISTED = 1_000
"""How many invalid events a summary lists: its size must not grow with that of the store."""

MIXED = "record"
"""What a record is called when some are lines and others items or rows."""


@dataclass(frozen=True, slots=True)
class InvalidEvent:
    """An event in the target that does not meet the 2.0 contract: its line in the source and in the target, and why."""

    line: int
    target_line: int
    codes: list[str]
    source: str | None = None
    """The file, where there are several."""
    key: Any = None
    """That of a row of a table."""


@dataclass(slots=True)
class Summary:
    """Counts of records by outcome, of changes by name, and of violations by code.

    `skipped` counts records that were not to be taken. `invalid` counts events in the target that do not meet the 2.0
    contract, `invalid_events` lists the first 1,000, and `kept` counts values without a place in 2.0 that moved to
    `context.legacy`. `converted_times` counts times by the unit from which they were converted (`text` for RFC 3339),
    `old_times` those before 2010, and `future_times` those after the record was migrated: such times are often the
    fault of whoever wrote them. `unit` is what a record is called, and `details` are only counted for a report.
    """

    lines: int = 0
    blank: int = 0
    unchanged: int = 0
    upgraded: int = 0
    rejected: int = 0
    skipped: int = 0
    invalid: int = 0
    kept: int = 0
    bytes_read: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    converted_times: Counter[str] = field(default_factory=Counter)
    old_times: int = 0
    future_times: int = 0
    unit: str = "line"
    rejects_path: str | None = None
    invalid_events: list[InvalidEvent] = field(default_factory=list)
    details: Details | None = None

    @property
    def payloads(self) -> int:
        """Return how many records are not blank."""
        return self.lines - self.blank

    def add(
        self, outcomes: Sequence[Outcome], size: int, records: Sequence[bytes | UnreadablePayload] | None = None
    ) -> None:
        """Count the outcomes of records that follow each other.

        Args:
            outcomes: the outcomes.
            size: how many bytes were read for the records together.
            records: their JSON texts, which details are counted of.
        """
        if self.details is not None and records is not None:
            self.details.add(outcomes, records, self.lines)
        statuses = Counter([outcome.status for outcome in outcomes])
        absent = self.rejected + self.skipped
        self.blank += statuses[Status.BLANK]
        self.unchanged += statuses[Status.UNCHANGED]
        self.upgraded += statuses[Status.UPGRADED]
        self.rejected += statuses[Status.REJECTED]
        self.skipped += statuses[Status.SKIPPED]
        self.bytes_read += size
        if any([outcome.counts for outcome in outcomes]):  # noqa: C419 - a generator takes longer
            self._add_violations(outcomes, absent)
        self.kept += sum([len(outcome.kept_at) for outcome in outcomes])
        # Few of them differ: they are counted together.
        applied = Counter([outcome.changes for outcome in outcomes if outcome.status not in ABSENT])
        for changes, count in applied.items():
            for change in changes:
                self.changes[change] += count
        self._add_times(list(chain.from_iterable([outcome.times for outcome in outcomes])))
        self.lines += len(outcomes)

    def _add_times(self, times: list[EventTime]) -> None:
        now = time.time_ns() // 1_000_000
        ordered = sorted([each.ms for each in times])
        self.old_times += bisect_left(ordered, _YEAR_2010)
        self.future_times += len(ordered) - bisect_right(ordered, now)
        self.converted_times.update([each.converted_from for each in times if each.converted_from is not None])

    def merge(self, part: Summary, source: str | None = None) -> None:
        """Add the counts of the records that follow, or of another file; only this one knows where rejects are."""
        # In one file lines are counted on from part to part; several files are counted each by itself.
        # Of a summary that has none yet the unit is only the default.
        if part.unit != self.unit:
            self.unit = MIXED if self.lines else part.unit
        before, kept_before = (0, 0) if source is not None else (self.lines, self.lines - self.rejected - self.skipped)
        for event in part.invalid_events[: LISTED - len(self.invalid_events)]:
            line, target_line = event.line + before, event.target_line + kept_before
            self.invalid_events.append(InvalidEvent(line, target_line, event.codes, source))
        for field_ in fields(self):
            value, more = getattr(self, field_.name), getattr(part, field_.name)
            if isinstance(value, Counter):
                value.update(more)
            elif isinstance(value, int):
                setattr(self, field_.name, value + more)
        if self.details is not None and part.details is not None:
            self.details.merge(part.details)

    def _add_violations(self, outcomes: Sequence[Outcome], absent: int) -> None:
        """Count violations, and list invalid events; of the records before, `absent` are left out."""
        for line, outcome in enumerate(outcomes, self.lines + 1):
            # Their lines are missing in the target, so that the numbers of lines differ from there on.
            absent += outcome.status in ABSENT
            for (code, _), count in outcome.counts.items():
                self.codes[code] += count
            if outcome.is_kept_invalid:
                self.invalid += 1
                if len(self.invalid_events) < LISTED:
                    found = sorted({code for code, severity in outcome.counts if severity is Severity.ERROR})
                    self.invalid_events.append(InvalidEvent(line, line - absent, found))

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON values, without the details."""
        counts = {field_.name: getattr(self, field_.name) for field_ in fields(self) if field_.name != "details"}
        return {
            **counts,
            "changes": dict(sorted(self.changes.items())),
            "codes": dict(sorted(self.codes.items())),
            "converted_times": dict(sorted(self.converted_times.items())),
            "invalid_events": [_to_dict(event) for event in self.invalid_events],
        }


def _to_dict(event: InvalidEvent) -> dict[str, Any]:
    return {name: value for name, value in asdict(event).items() if value is not None}
