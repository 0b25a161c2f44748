"""Move the records of a store, whatever it is, from its source to its sink: each has one outcome, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.migration.records import migrate_records, skip

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcspec.jsontext.reader import Limits
    from tcspec.migration.filters import EventFilter
    from tcspec.migration.stores import Sink, Source
    from tcspec.migration.summary import Summary

_PROGRESS_EVERY = 1_000


def transfer(  # noqa: PLR0913, PLR0917 - a source, a sink, and how to get from one to the other
    source: Source,
    sink: Sink,
    summary: Summary,
    limits: Limits,
    on_invalid: str,
    progress: Callable[[Summary], None] | None = None,
    *,
    event_filter: EventFilter | None = None,
    validates: bool = True,
) -> None:
    """Move the records that are left in a source, and commit each part of them.

    Args:
        source: the store that is read.
        sink: the store that is written.
        summary: the counts so far; those of the records are added.
        limits: the maximum depth and length of a payload.
        on_invalid: `keep` or `reject` an upgraded event that does not meet the 2.0 contract.
        progress: called with the counts now and then.
        event_filter: which records are taken; None takes all.
        validates: whether upgraded events are validated.

    Raises:
        FileError: when a store cannot be read or written.
        NoPlaceForRejects: when a record is rejected and there is no place for it.
    """
    shown = summary.lines
    is_labelled = summary.details is not None or event_filter is not None
    for block in source.iter_blocks():
        outcomes = migrate_records(block.payloads, limits, on_invalid, is_labelled=is_labelled, validates=validates)
        if event_filter is not None:
            outcomes = [each if event_filter.takes(each) else skip(each) for each in outcomes]
        sink.write(block, outcomes)
        summary.add(outcomes, block.size, block.payloads)
        if block.ends_part:
            sink.commit(summary)
        if progress and summary.lines - shown >= _PROGRESS_EVERY:
            shown = summary.lines
            progress(summary)
