"""Take a part of a store: events with some names, or of some time; every other record is counted and left out."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tcspec.errors import UnreadableTimestamp
from tcspec.jsontext.reader import decode_leniently
from tcspec.migration.outcomes import BATCH_NAME, Outcome, Status
from tcspec.timestamps import read_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class EventFilter:
    """The names of the events to take, all when there are none, and their times in milliseconds, the last one excluded.

    A batch is taken when one of its events is, and what cannot be read always is, so that it becomes a reject.
    """

    names: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None

    def takes(self, outcome: Outcome) -> bool:
        """Return whether the record of an outcome, which has its name, is taken."""
        if outcome.status is Status.BLANK or not outcome.dialect:
            return True
        if self.names and self.names.isdisjoint(_read_names(outcome)):
            return False
        if self.since is None and self.until is None:
            return True
        # Of what could not be upgraded nobody has read the time.
        return outcome.status is Status.REJECTED or any(
            (self.since is None or self.since <= time.ms) and (self.until is None or time.ms < self.until)
            for time in outcome.times
        )


def build_filter(names: Iterable[str], since: int | None, until: int | None) -> EventFilter | None:
    """Return a filter; None when every record is taken."""
    found = EventFilter(frozenset(names), since, until)
    return None if found == EventFilter() else found


def parse_moment(text: str) -> int:
    """Return the epoch milliseconds of a timestamp with a zone, or of the start of a date in UTC.

    Raises:
        ValueError: when it is neither.
    """
    with suppress(UnreadableTimestamp):
        return read_timestamp(f"{text}T00:00:00Z" if _DATE.fullmatch(text) else text).ms
    raise ValueError(
        f"expected a date such as 2024-06-10, or a time with a zone such as 2024-06-10T08:00:00Z, got {text}"
    )


def _read_names(outcome: Outcome) -> set[str]:
    """Return the name of an event, or those of the events of a batch."""
    if outcome.name != BATCH_NAME:
        return {outcome.name}
    batch = decode_leniently(outcome.payload)
    events = batch.get("batch") if isinstance(batch, dict) else None
    return {
        str(event.get("event_name", event.get("event")))
        for event in (events if isinstance(events, list) else ())
        if isinstance(event, dict)
    }
