"""The outcome of migrating one record of a store."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from tcspec.errors import Severity, Violation
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.kinds import BATCH
from tcspec.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tcspec.upgrades.event_editor import EventTime


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
        return self.status is not Status.REJECTED and includes_error(self.counts)

    @property
    def codes(self) -> Counter[str]:
        """Return how many violations of each code there are."""
        codes: Counter[str] = Counter()
        for (code, _), count in self.counts.items():
            codes[code] += count
        return codes


def includes_error(counts: Iterable[tuple[str, Severity]]) -> bool:
    """Return whether one of the violations that were counted is an error."""
    return any(severity is Severity.ERROR for _, severity in counts)
