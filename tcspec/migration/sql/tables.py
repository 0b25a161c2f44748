"""The job of a migration of a table, and what a database has to offer for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tcspec import __version__
from tcspec.jsontext.reader import Limits

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from contextlib import AbstractContextManager

Row = tuple[Any, ...]
STATES = "tcspec_migrations"
"""The table with the checkpoint of every migration in a database."""


class Conflict(Exception):  # noqa: N818 - caught where the batch is tried again
    """A transaction was given up because of another one, such as in a deadlock; it can be tried again."""


@dataclass(frozen=True, slots=True)
class TableJob:
    """The table and options of a migration; only the same job can be resumed.

    Without `into_column` and `into_table` the column itself is written. `where` is a condition in the caller's SQL.
    """

    table: str
    key: str
    column: str
    into_column: str | None
    into_table: str | None
    where: str | None
    on_invalid: str
    depth: int
    length: int
    validates: bool = True
    tcspec: str = __version__

    @property
    def is_in_place(self) -> bool:
        """Return whether the column itself is written."""
        return self.into_column is None and self.into_table is None

    @property
    def limits(self) -> Limits:
        """Return the maximum depth and length of a payload."""
        return Limits(self.depth, self.length)


def name_side_tables(table: str) -> tuple[str, str]:
    """Return the names of the tables for the originals and the rejects of a table."""
    return f"tcspec_{table}_originals", f"tcspec_{table}_rejects"


def mask_url(url: str) -> str:
    """Return what may be printed of the URL of a database: no user, no password and no options."""
    if url.startswith("sqlite:"):
        return url
    scheme, _, rest = url.partition("://")
    # The last at sign, because a password may have one too.
    return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}"


class Table(NamedTuple):
    """A table as it stands in statements: every name is quoted, and what databases write differently is here.

    `key` and `value` are the key and the column with their table before them, `key_name` and `column` without. A
    statement selects `key_text` and `value_text`; its parameters stand as `mark`, `key_mark` and `value_mark`.
    `digest` is computed of the value, and `differs` compares, null too. `value_copy` is the value in the type of the
    target, `copied` the columns of a row that another table gets.
    """

    table: str
    key: str
    value: str
    key_name: str
    column: str
    key_text: str
    value_text: str
    digest: str
    mark: str
    key_mark: str
    value_mark: str
    differs: str
    originals: str
    rejects: str
    states: str
    into_column: str
    into_table: str
    value_copy: str
    copied: Sequence[str]
    overriding: str = ""


class Database(Protocol):
    """An open database."""

    name: str
    """What is printed of its URL: nothing that is secret."""

    def plan(self, job: TableJob) -> tuple[TableJob, Table]:
        """Find the table, its key and its column; return the job with their exact names.

        Raises:
            MigrationError: when the table cannot be migrated so.
            FileError: when the database cannot be read.
        """

    def lock(self, job: TableJob) -> AbstractContextManager[None]:
        """Keep others from migrating the table.

        Raises:
            FileError: when another migration has the lock.
        """

    def has_table(self, name: str) -> bool:
        """Return whether there is a table with a name where the table is."""

    def create_side_tables(self, job: TableJob, table: Table) -> None:
        """Create the tables of checkpoints, originals and rejects, in a transaction."""

    def create_table(self, job: TableJob, table: Table) -> None:
        """Create the target, a table as the one that is migrated, in a transaction."""

    def add_column(self, job: TableJob, table: Table) -> bool:
        """Add the target column, in a transaction; return whether it was not there before."""

    def read(self, statement: str, parameters: Sequence[Any] = ()) -> Generator[Row]:
        """Yield the rows of a query, which cannot change anything.

        Raises:
            FileError: when it fails.
        """

    def transaction(self) -> AbstractContextManager[None]:
        """Begin a transaction that is committed at the end, or rolled back after an error.

        Raises:
            Conflict: when it failed because of another one.
            FileError: when it failed.
        """

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Sequence[Row]:
        """Execute a statement in a transaction, and return its rows."""

    def execute_many(self, statement: str, parameters: Sequence[Sequence[Any]]) -> int:
        """Execute a statement in a transaction, once for each of the parameters; return how many rows it wrote."""

    def lock_rows(self, table: Table, keys: Sequence[Any]) -> dict[Any, str]:
        """Return the digests of rows by their keys; until the transaction ends nobody else changes them."""

    def close(self) -> None:
        """Close the database."""


def build_job(  # noqa: PLR0913 - the options of one command
    table: str,
    key: str,
    column: str,
    *,
    into_column: str | None,
    into_table: str | None,
    where: str | None,
    on_invalid: str,
    limits: Limits,
    validate: bool = True,
) -> TableJob:
    """Return the job of a migration, its names as they were given."""
    return TableJob(
        table, key, column, into_column, into_table, where, on_invalid, limits.depth, limits.length, validate
    )
