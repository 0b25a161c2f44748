"""Undo the migration of a table, or finish it: then it cannot be undone any more."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tcspec.migration.job import MigrationError
from tcspec.migration.sql import statements
from tcspec.migration.sql.databases import open_database
from tcspec.migration.sql.states import Phase, State, load
from tcspec.migration.sql.store import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.migration.sql.tables import Database, Table, TableJob


def undo_table(url: str, job: TableJob, *, rows: int = ROWS) -> tuple[int, int]:
    """Put the originals back; return how many, and how many were not because the row was written again or deleted.

    Another column or table that the migration created is removed instead. Run again, it goes on after an interruption.

    Raises:
        FileError: when the database cannot be opened, read, written or locked.
        MigrationError: when there is no migration of the table, or a trigger changes what is put back.
    """
    with _open_state(url, job) as (database, table, state):
        # Before the first row is restored: a migration that is half undone must not be resumed.
        if state.phase is not Phase.UNDONE:
            state.phase = Phase.UNDONE
            with database.transaction():
                state.save(database, table)
        if not state.job.is_in_place:
            count = sum(count for _, count in database.read(statements.count_statuses(table)))
            with database.transaction():
                _remove_target(database, table, state)
                _remove_side_tables(database, table, state, with_rejects=True)
            return count, 0
        restored = _restore(database, table, state.job.table, rows)
        left = next(iter(database.read(statements.count_upgraded(table))))[0]
        # What was not put back is kept: it may be the only copy.
        if not left:
            with database.transaction():
                _remove_side_tables(database, table, state, with_rejects=True)
        return restored, left


def finish_table(url: str, job: TableJob) -> int:
    """Drop the originals of a complete migration; return how many rejects are kept in their table.

    Raises:
        FileError: when the database cannot be opened, read, written or locked.
        MigrationError: when there is no migration of the table, or it is not complete.
    """
    with _open_state(url, job) as (database, table, state):
        if state.phase in {Phase.FIRST, Phase.SWEEP}:
            raise MigrationError(f"the migration of {state.job.table} is not complete; --resume goes on")
        with database.transaction():
            rejects = database.execute(f"SELECT count(*) FROM {table.rejects}")[0][0]
            _remove_side_tables(database, table, state, with_rejects=not rejects)
        return int(rejects)


@contextmanager
def _open_state(url: str, job: TableJob) -> Iterator[tuple[Database, Table, State]]:
    """Open and lock a database, and read the checkpoint of a table; its job decides what the target is."""
    with closing(open_database(url, is_read_only=False)) as database:
        planned, table = database.plan(job)
        with database.lock(planned):
            state = load(database, table, planned.table)
            if state is None:
                raise MigrationError(f"there is no migration of {planned.table}")
            saved = state.job
            if (saved.key, saved.column) != (planned.key, planned.column):
                raise MigrationError(f"the migration of {saved.table} is of the column {saved.column} by {saved.key}")
            # The name as it is given now: that of the saved job has lost its schema.
            yield database, database.plan(replace(saved, table=job.table))[1], state


def _restore(database: Database, table: Table, name: str, rows: int) -> int:
    restored, cursor = 0, None
    while True:
        query = statements.select_restorable(table, is_behind=cursor is not None, count=rows)
        found = list(database.read(query, () if cursor is None else (cursor,)))
        if not found:
            return restored
        with database.transaction():
            locked = database.lock_rows(table, [key for key, _ in found])
            # A row that was written again since has a newer value, which stays.
            keys = [key for key, digest in found if locked.get(key) == digest]
            database.execute_many(statements.restore(table), [(key, key) for key in keys])
            if database.execute_many(statements.delete_restored(table), [(key, key) for key in keys]) < len(keys):
                raise MigrationError(
                    f"a trigger of {name} changes the originals that are put back; disable it, then --undo"
                )
        restored += len(keys)
        # Behind all of them: those that were passed over would otherwise be found forever.
        cursor = found[-1][0]


def _remove_target(database: Database, table: Table, state: State) -> None:
    if state.job.into_table is not None:
        database.execute(f"DROP TABLE {table.into_table}")
    elif state.has_own_target:
        database.execute(f"ALTER TABLE {table.table} DROP COLUMN {table.into_column}")
    else:
        database.execute(statements.clear_values(table))


def _remove_side_tables(database: Database, table: Table, state: State, *, with_rejects: bool) -> None:
    """Drop the originals and the checkpoint, in a transaction, and the table of checkpoints with the last one."""
    database.execute(f"DROP TABLE {table.originals}")
    if with_rejects:
        database.execute(f"DROP TABLE {table.rejects}")
    database.execute(statements.delete_state(table), (state.job.table,))
    if not database.execute(f"SELECT count(*) FROM {table.states}")[0][0]:
        database.execute(f"DROP TABLE {table.states}")
