"""Count a migration of a table from its tables: every row that was migrated is upgraded once more, and compared.

Reports are made so, because a row may have been written again while the migration ran, and verified so.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.jsontext.reader import Limits
from tcspec.migration.details import Details
from tcspec.migration.job import MigrationError
from tcspec.migration.outcomes import Outcome, Status
from tcspec.migration.records import migrate_records
from tcspec.migration.report import find_differences
from tcspec.migration.sql import statements
from tcspec.migration.sql.databases import open_database
from tcspec.migration.sql.states import Phase, load
from tcspec.migration.sql.store import ROWS, format_key, read_payload
from tcspec.migration.sql.tables import build_job, mask_url
from tcspec.migration.summary import Summary
from tcspec.personal import MASK, looks_personal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tcspec.migration.sql.tables import Database, Table, TableJob

_JOB = ("table", "key", "column", "into_column", "into_table", "where")


@dataclass(slots=True)
class Recount:
    """The counts of the rows that are as they were migrated, how many are not, and why.

    `written` were written since or deleted, `different` have another outcome than was noted, or another value.
    """

    summary: Summary
    written: int = 0
    different: int = 0


class _Row(NamedTuple):
    """A row that was migrated, with the columns that `select_migrated` selects."""

    key: Any
    status: str
    source: Any
    target: Any
    is_as_noted: bool


def describe_table(job: TableJob) -> dict[str, Any]:
    """Return what a report has of the job of a table."""
    members = asdict(job)
    return {name: members[name] for name in _JOB}


def recount(
    database: Database, table: Table, job: TableJob, progress: Callable[[Summary], None] | None = None
) -> Recount:
    """Upgrade every row that was migrated once more, and compare it with what is there.

    Raises:
        FileError: when the database cannot be read.
    """
    found = Recount(Summary(unit="row", details=Details()))
    cursor = None
    while True:
        query = statements.select_migrated(
            table, is_in_place=job.is_in_place, has_table=job.into_table is not None,
            is_behind=cursor is not None, count=ROWS,
        )  # fmt: skip
        rows = list(map(_Row._make, database.read(query, () if cursor is None else (cursor,))))
        if not rows:
            return found
        cursor = rows[-1].key
        # What was written since is for the next sweep.
        kept = [row for row in rows if row.is_as_noted]
        found.written += len(rows) - len(kept)
        _add(found, kept, job, table)
        if progress:
            progress(found.summary)


def verify_table(
    report: Mapping[str, Any], url: str | None, progress: Callable[[Summary], None] | None = None
) -> Iterator[str]:
    """Yield what is wrong with the report of a table, or with its tables.

    Args:
        report: the report.
        url: its database, with a user or password, which a report does not have.
        progress: called with the counts now and then.

    Raises:
        FileError: when the database cannot be opened or read.
        MigrationError: when it is another one, or has nothing any more that could be checked.
    """
    url = report["source"] if url is None else url
    if mask_url(url) != report["source"]:
        raise MigrationError(f"the report is of {report['source']}")
    options = report["options"]
    job = build_job(
        **report["table"],
        on_invalid=options["on_invalid"],
        validate=options["validate"],
        limits=Limits(options["max_depth"], options["max_length"]),
    )
    with closing(open_database(url, is_read_only=True)) as database:
        job, table = database.plan(job)
        state = load(database, table, job.table)
        if state is None or state.phase is not Phase.COMPLETE:
            what = "was finished or undone" if state is None else "is not complete, or is being undone"
            raise MigrationError(f"the migration of {job.table} {what}: there is nothing to check the report with")
        if state.job.into_column != job.into_column or state.job.into_table != job.into_table:
            raise MigrationError(f"the report is of another migration of {job.table}")
        found = recount(database, table, job, progress)
        listed = next(iter(database.read(f"SELECT count(*) FROM {table.rejects}")))[0]
    if found.written:
        yield f"{found.written:,} rows of {job.table} were written since, or deleted"
    if found.different:
        yield f"{found.different:,} rows of {job.table} are not what their originals are migrated to"
    if listed != report["records"]["rejected"]:
        yield f"the table of rejects has {listed:,} rows, and the report {report['records']['rejected']:,} rejects"
    yield from find_differences(report, found.summary, "the tables")


def _add(found: Recount, rows: Sequence[_Row], job: TableJob, table: Table) -> None:
    payloads = [read_payload(row.source) for row in rows]
    outcomes = migrate_records(payloads, job.limits, job.on_invalid, is_labelled=True, validates=job.validates)
    for row, outcome in zip(rows, outcomes, strict=True):
        is_same = outcome.status == row.status and _is_written(outcome, row.source, row.target, job, table)
        found.different += not is_same
    summary = found.summary
    before, listed = summary.lines, len(summary.invalid_events)
    summary.add(outcomes, sum(len(each) for each in payloads if isinstance(each, bytes)), payloads)
    for index, event in enumerate(summary.invalid_events[listed:], listed):
        key = format_key(rows[event.line - before - 1].key)
        # A report is passed on, and a key may be an address.
        summary.invalid_events[index] = replace(event, key=MASK if looks_personal(str(key)) else key)


def _is_written(outcome: Outcome, source: Any, target: Any, job: TableJob, table: Table) -> bool:  # noqa: ANN401 - any value
    """Return whether the target has what a row is migrated to."""
    if outcome.status is Status.REJECTED:
        return job.is_in_place or target is None
    expected = outcome.payload if outcome.status is Status.UPGRADED else source
    if expected is None:
        return target is None
    return _is_equal(expected, target, is_text="jsonb" not in table.value_mark)


def _is_equal(expected: Any, value: Any, *, is_text: bool) -> bool:  # noqa: ANN401 - any value
    one, other = read_payload(expected), read_payload(value)
    if not isinstance(one, bytes) or not isinstance(other, bytes):
        return bool(expected == value)
    if is_text or one == other:
        return one == other
    # Such a column keeps values, and not their text.
    parsed = [json.loads(each or b"null", parse_float=Decimal, parse_int=Decimal) for each in (one, other)]
    return bool(parsed[0] == parsed[1])
