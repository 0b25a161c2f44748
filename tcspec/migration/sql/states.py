"""The checkpoint of a migration of a table: one row in the database itself."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec.migration.checkpoints import build_summary
from tcspec.migration.output_files import CannotResume
from tcspec.migration.sql import statements
from tcspec.migration.sql.tables import STATES, TableJob
from tcspec.migration.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tcspec.migration.outcomes import Outcome
    from tcspec.migration.sql.tables import Database, Table


class Phase(StrEnum):
    """How far a migration is."""

    FIRST = "first"
    """Every row is read once."""
    SWEEP = "sweep"
    """Rows that came behind the cursor, or were written again, are migrated."""
    COMPLETE = "complete"
    UNDONE = "undone"
    """Originals are being put back; what could not be is kept."""


@dataclass(slots=True)
class State:
    """A checkpoint: the job, the counts, the last key that was migrated, and whether the target is our own."""

    job: TableJob
    summary: Summary = field(default_factory=Summary)
    phase: Phase = Phase.FIRST
    has_own_target: bool = False
    cursor: Any = None

    def advance(self, cursor: Any, outcomes: Sequence[Outcome], size: int) -> State:  # noqa: ANN401 - a key
        """Return the state behind the next rows."""
        # Copied: the counts of a batch whose transaction fails are dropped, and it is written again.
        summary = copy.copy(self.summary)
        for name in ("changes", "codes", "converted_times", "invalid_events"):
            setattr(summary, name, copy.copy(getattr(summary, name)))
        summary.add(outcomes, size)
        return State(self.job, summary, self.phase, self.has_own_target, cursor)

    def replace(self, state: State) -> None:
        """Become another state, once it is written."""
        self.summary, self.cursor = state.summary, state.cursor

    def save(self, database: Database, table: Table, *, is_new: bool = False) -> None:
        """Write the checkpoint, in a transaction."""
        kept = {
            name: msgspec.to_builtins(getattr(self, name)) for name in ("job", "summary", "phase", "has_own_target")
        }
        write = statements.insert_state if is_new else statements.update_state
        # The cursor in a column of its own: JSON has no bytes, which the keys of SQLite may be.
        database.execute(write(table), (json.dumps(kept), self.cursor, self.job.table))


def load(database: Database, table: Table, name: str) -> State | None:
    """Read the checkpoint of a table; None when there is none.

    Raises:
        FileError: when it cannot be read.
        CannotResume: when it is damaged.
    """
    if not database.has_table(STATES):
        return None
    for text, cursor in database.read(statements.select_state(table), (name,)):
        try:
            saved = json.loads(text)
            job, phase = msgspec.convert(saved["job"], TableJob), Phase(saved["phase"])
            return State(job, build_summary(saved["summary"]), phase, bool(saved["has_own_target"]), cursor)
        except (ValueError, TypeError, KeyError, RecursionError, msgspec.ValidationError) as error:
            raise CannotResume(f"the checkpoint of {name} is none of tcspec ({type(error).__name__})") from None
    return None


def check_same_job(state: State, job: TableJob) -> None:
    """Check that a job is the one of a checkpoint.

    Raises:
        CannotResume: when it is another one.
    """
    saved = asdict(state.job)
    if differing := [name for name, value in asdict(job).items() if saved[name] != value]:
        raise CannotResume(f"changed since the checkpoint: {', '.join(name.replace('_', ' ') for name in differing)}")
