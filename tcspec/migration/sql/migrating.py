"""Migrate a table where it is, to another column or to another table of the same database."""

from __future__ import annotations

from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tcspec.files.lines import FileError
from tcspec.migration.checkpoints import GOES_ON
from tcspec.migration.details import Details
from tcspec.migration.job import REJECTS, TARGET, MigrationError, check_on_invalid
from tcspec.migration.outcomes import Status
from tcspec.migration.shares import add_row_share
from tcspec.migration.sql import statements
from tcspec.migration.sql.databases import open_database
from tcspec.migration.sql.recounting import recount
from tcspec.migration.sql.states import Phase, State, check_same_job, load
from tcspec.migration.sql.store import ROWS, TableSink, TableSource
from tcspec.migration.sql.tables import name_side_tables
from tcspec.migration.summary import Summary
from tcspec.migration.transfer import transfer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tcspec.migration.outcomes import Outcome
    from tcspec.migration.shares import OnProgress
    from tcspec.migration.sql.store import TableBlock
    from tcspec.migration.sql.tables import Database, Table, TableJob

_SWEEPS = 10
"""How many sweeps follow each other at most; each is short, unless somebody goes on writing old events."""


def migrate_table(  # noqa: PLR0913 - the options of one command
    url: str,
    job: TableJob,
    *,
    resume: bool = False,
    dry_run: bool = False,
    details: bool = False,
    rows: int = ROWS,
    progress: OnProgress | None = None,
) -> Summary:
    """Migrate the rows of a table, and sweep what came behind the cursor until nothing does.

    Args:
        url: the database.
        job: the table and options.
        resume: continue an interrupted migration, or sweep once more after one that is complete.
        dry_run: read, upgrade and validate everything, write nothing.
        details: whether the summary has more than the counts: then it is counted from the tables at the end.
        rows: how many rows a batch has at most.
        progress: called with the counts, and the share of the rows that was read, now and then.

    Raises:
        FileError: when the database cannot be opened, read, written or locked.
        CannotResume: when there is a checkpoint of another job.
        MigrationError: when the table cannot be migrated so.
    """
    check_on_invalid(job.on_invalid, validates=job.validates)
    with closing(open_database(url, is_read_only=dry_run)) as database:
        job, table = database.plan(job)
        _check_rows(database, job, table)
        if dry_run:
            summary = Summary(unit="row", details=Details() if details else None)
            source = TableSource(database, table, State(job), is_dry=True, rows=rows)
            sink = _NoSink(is_in_place=job.is_in_place)
            show = add_row_share(progress, source.count)
            transfer(source, sink, summary, job.limits, job.on_invalid, show, validates=job.validates)
            if summary.details is not None:
                summary.details.written.update(sink.sizes)
            return summary
        with database.lock(job):
            state = _begin(database, job, table, resume=resume)
            with _noting_how_to_go_on():
                show = add_row_share(progress, TableSource(database, table, state).count)
                _run(database, table, state, rows, show)
                summary = state.summary
                summary.unit = "row"
                if details:
                    summary = recount(database, table, job, show).summary
                else:
                    # Of each row once, also when it was written again meanwhile.
                    counts: dict[str, int] = dict(database.read(statements.count_statuses(table)))
                    for status in ("blank", "unchanged", "upgraded", "rejected"):
                        setattr(summary, status, counts.get(status, 0))
                    summary.lines = sum(counts.values())
                if summary.rejected:
                    summary.rejects_path = f"the table {name_side_tables(job.table)[1]}"
                return summary


@contextmanager
def _noting_how_to_go_on() -> Iterator[None]:
    """Note on what fails inside that the migration can be resumed: it has begun, and its checkpoint is in the table."""
    try:
        yield
    except FileError as error:
        error.add_note(GOES_ON)
        raise


def _begin(database: Database, job: TableJob, table: Table, *, resume: bool) -> State:
    state = load(database, table, job.table)
    if state is None:
        state = State(job)
        with database.transaction():
            state.has_own_target = _create(database, job, table)
            if job.into_table is None:
                # Such as a column that is computed, or one that we may only read.
                database.execute(statements.update_nothing(table))
            state.save(database, table, is_new=True)
        return state
    if state.phase is Phase.UNDONE:
        raise MigrationError(f"the migration of {job.table} is being undone; --undo goes on, --finish drops the rest")
    if not resume:
        is_complete = state.phase is Phase.COMPLETE
        what = "is complete; --resume migrates" if is_complete else "was interrupted; --resume goes on with"
        raise MigrationError(
            f"a migration of {job.table} {what} rows that were written since, --undo puts the originals back"
            + (", --finish drops them" if is_complete else "")
        )
    check_same_job(state, job)
    return state


def _run(database: Database, table: Table, state: State, rows: int, progress: Callable[[Summary], None] | None) -> None:
    """Read the table to its end, and once more until nothing is left to upgrade."""
    job = state.job
    if state.phase is Phase.COMPLETE:
        _enter(database, table, state, Phase.SWEEP)
    for _ in range(_SWEEPS):
        sink = TableSink(database, table, state)
        source = TableSource(database, table, state, rows=rows)
        transfer(source, sink, Summary(), job.limits, job.on_invalid, progress, validates=job.validates)
        # Only a pass that found nothing to upgrade shows that nothing came behind the cursor of the one before.
        if state.phase is Phase.SWEEP and not sink.pending:
            _enter(database, table, state, Phase.COMPLETE)
            return
        _enter(database, table, state, Phase.SWEEP)
    raise MigrationError(
        f"after {_SWEEPS} sweeps old events are still being written to {job.table}; stop that, then --resume"
    )


def _enter(database: Database, table: Table, state: State, phase: Phase) -> None:
    state.phase, state.cursor = phase, None
    with database.transaction():
        state.save(database, table)


def _check_rows(database: Database, job: TableJob, table: Table) -> None:
    # The condition is the caller's: one that is wrong is found before anything is created. One that ends the
    # parenthesis around it would select what was migrated, again and again.
    if job.where is not None:
        list(database.read(statements.select_condition(table, job.where)))
    list(database.read(statements.select_rows(table, job.where, is_behind=False, is_dry=True, count=0)))
    # Rows are read in the order of their keys: one without a key would be passed over.
    count = next(iter(database.read(statements.count_null_keys(table))))[0]
    if count:
        raise MigrationError(f"{count:,} rows of {job.table} have no {job.key}; every row needs a key")


@dataclass(slots=True)
class _NoSink:
    """A sink of which nothing is kept but how many bytes it would write."""

    is_in_place: bool
    sizes: Counter[str] = field(default_factory=Counter)

    def write(self, block: TableBlock, outcomes: Sequence[Outcome]) -> None:
        """Measure a batch: what is written, the originals beside it, and the rejects."""
        for record, outcome in zip(block.payloads, outcomes, strict=True):
            size = len(record) if isinstance(record, bytes) else 0
            if outcome.status is Status.REJECTED:
                self.sizes[REJECTS] += size
            elif outcome.status is Status.UPGRADED or not self.is_in_place:
                self.sizes[TARGET] += len(outcome.payload)
                self.sizes["originals"] += size * self.is_in_place

    def commit(self, summary: Summary) -> None:
        """Commit nothing."""


def _create(database: Database, job: TableJob, table: Table) -> bool:
    """Create the side tables and the target, in a transaction; return whether the target was not there before.

    Raises:
        MigrationError: when the target is there and not empty.
    """
    for name in name_side_tables(job.table):
        if database.has_table(name):
            raise MigrationError(f"the table {name} of another migration exists; rename it, or drop it")
    database.create_side_tables(job, table)
    if job.into_table is not None:
        if database.has_table(job.into_table):
            raise MigrationError(f"the table {job.into_table} exists; name a new one, or remove it first")
        database.create_table(job, table)
        return True
    if job.into_column is None:
        return False
    if database.add_column(job, table):
        return True
    if database.execute(statements.count_values(table))[0][0]:
        raise MigrationError(f"the column {job.into_column} has values; name a new one, or empty it first")
    return False
