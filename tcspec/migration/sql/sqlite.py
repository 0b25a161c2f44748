"""SQLite databases: `sqlite:///events.db`, relative to the working directory, or `sqlite:////srv/events.db`."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tcspec.files.lines import FileError, wrap_os_errors
from tcspec.migration.job import MigrationError
from tcspec.migration.sql.tables import STATES, Table, TableJob, name_side_tables
from tcspec.migration.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from tcspec.migration.sql.tables import Row

PREFIX = "sqlite:///"
_TIMEOUT = 30.0
"""How many seconds other writers are waited for."""
_TYPE = re.compile(r"\w+( \w+)*(\([\d, ]*\))?", re.ASCII)
_AFFINITIES = (("INT", "INTEGER"), ("CHAR", "TEXT"), ("CLOB", "TEXT"), ("TEXT", "TEXT"), ("BLOB", "BLOB"),
               ("REAL", "REAL"), ("FLOA", "REAL"), ("DOUB", "REAL"))  # fmt: skip


@dataclass(slots=True)
class SqliteDatabase:
    """An open database in a file."""

    name: str
    path: Path
    connection: sqlite3.Connection

    @classmethod
    def open(cls, url: str, *, is_read_only: bool) -> Self:
        """Open a database that exists.

        Raises:
            FileError: when it cannot be opened.
        """
        path = locate(url)
        with wrap_os_errors(str(path)):
            path.stat()
        with _wrap_errors(url):
            mode = "ro" if is_read_only else "rw"
            connection = sqlite3.connect(
                f"{path.as_uri()}?mode={mode}", uri=True, timeout=_TIMEOUT, isolation_level=None
            )
            # Text that is not UTF-8 must not end the migration: it is one reject.
            connection.text_factory = _decode
            connection.create_function("tcspec_digest", 2, _digest, deterministic=True)
        return cls(url, path, connection)

    def plan(self, job: TableJob) -> tuple[TableJob, Table]:
        """Find the table, its key and its column; return the job with their exact names.

        Raises:
            MigrationError: when the table cannot be migrated so.
            FileError: when the database cannot be read.
        """
        with _wrap_errors(self.name):
            # SQLite does not distinguish the case of names.
            found = self.connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND lower(name) = lower(?)", (job.table,)
            ).fetchone()
            if found is None:
                raise MigrationError(f"{self.name} has no table {job.table}")
            columns = self._columns(found[0])
            names = {name.lower(): name for name in columns}
            exact = {"table": found[0]}
            for field in ("key", "column"):
                if (name := names.get(getattr(job, field).lower())) is None:
                    raise MigrationError(f"the table {found[0]} has no column {getattr(job, field)}")
                exact[field] = name
            into = job.into_column and names.get(job.into_column.lower(), job.into_column)
            job = TableJob(**{**_as_dict(job), **exact, "into_column": into})
            if job.key not in self._unique_columns(job.table):
                raise MigrationError(f"the column {job.key} of {job.table} is neither its primary key nor unique")
        return job, _build_table(job, [_quote(name) for name, each in columns.items() if not each.is_generated])

    @contextmanager
    def lock(self, job: TableJob) -> Iterator[None]:  # noqa: ARG002 - the lock is that of the whole file
        """Keep others from migrating tables of the database.

        Raises:
            FileError: when another migration has the lock.
        """
        folder = WorkingFolder.acquire(WorkingFolder.beside(self.path))
        with closing(folder):
            try:
                folder.mark(has_repeatable_source=True)
                yield
            finally:
                folder.remove()

    def has_table(self, name: str) -> bool:
        """Return whether the database has a table with a name."""
        with _wrap_errors(self.name):
            query = "SELECT 1 FROM sqlite_master WHERE lower(name) = lower(?)"
            return self.connection.execute(query, (name,)).fetchone() is not None

    def create_side_tables(self, job: TableJob, table: Table) -> None:
        """Create the tables of checkpoints, originals and rejects, in a transaction."""
        # With the type and collation of the key, so that comparisons use the index.
        affinity, collation = self._columns(job.table)[job.key].affinity, self._unique_columns(job.table)[job.key]
        declared = f"key {affinity} COLLATE {_quote(collation)} NOT NULL UNIQUE"
        self.execute(f"CREATE TABLE IF NOT EXISTS {table.states} (name TEXT PRIMARY KEY, state TEXT NOT NULL, cursor)")
        self.execute(f"CREATE TABLE {table.originals} ({declared}, status TEXT NOT NULL, original, digest TEXT)")
        self.execute(f"CREATE TABLE {table.rejects} ({declared}, payload, reasons TEXT NOT NULL)")

    def create_table(self, job: TableJob, table: Table) -> None:
        """Create the target with the columns of the table, in a transaction."""
        columns = self._columns(job.table)
        definitions = [each.define(name) for name, each in columns.items() if not each.is_generated]
        self.execute(f"CREATE TABLE {table.into_table} ({', '.join(definitions)}, PRIMARY KEY ({table.key_name}))")

    def add_column(self, job: TableJob, table: Table) -> bool:
        """Add the target column, in a transaction; return whether it was not there before."""
        columns = self._columns(job.table)
        if job.into_column in columns:
            return False
        self.execute(f"ALTER TABLE {table.table} ADD COLUMN {table.into_column} {columns[job.column].safe_type}")
        return True

    def read(self, statement: str, parameters: Sequence[Any] = ()) -> Generator[Row]:
        """Yield the rows of a query, which cannot change anything.

        Raises:
            FileError: when it fails.
        """
        with _wrap_errors(self.name):
            self.connection.execute("PRAGMA query_only = ON")
            try:
                with closing(self.connection.execute(statement, parameters)) as cursor:
                    yield from cursor
            finally:
                self.connection.execute("PRAGMA query_only = OFF")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Begin a transaction that is committed at the end, or rolled back after an error.

        Raises:
            FileError: when it failed.
        """
        with _wrap_errors(self.name):
            # At once with the lock for writing: a lock for reading could not always become one.
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Sequence[Row]:
        """Execute a statement in a transaction, and return its rows."""
        return self.connection.execute(statement, parameters).fetchall()

    def execute_many(self, statement: str, parameters: Sequence[Sequence[Any]]) -> int:
        """Execute a statement in a transaction, once for each of the parameters; return how many rows it wrote."""
        return self.connection.executemany(statement, parameters).rowcount if parameters else 0

    def lock_rows(self, table: Table, keys: Sequence[Any]) -> dict[Any, str]:
        """Return the digests of rows by their keys; the transaction has locked the whole database."""
        marks = ", ".join("?" * len(keys))
        query = f"SELECT {table.key_text}, {table.digest} FROM {table.table} WHERE {table.key} IN ({marks})"
        return dict(self.execute(query, keys))

    def close(self) -> None:
        """Close the database."""
        self.connection.close()

    def _columns(self, table: str) -> dict[str, _Column]:
        rows = self.connection.execute(
            'SELECT name, type, "notnull", dflt_value, hidden FROM pragma_table_xinfo(?)', (table,)
        )
        return {
            name: _Column(type_, bool(notnull), default, bool(hidden)) for name, type_, notnull, default, hidden in rows
        }

    def _unique_columns(self, table: str) -> dict[str, str]:
        """Return the columns whose values are unique, each with the collation in which they are."""
        found = {}
        # An INTEGER PRIMARY KEY has no index, so the list of indexes does not show it.
        query = "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0"
        if len(primary := self.execute(query, (table,))) == 1:
            found[primary[0][0]] = "BINARY"
        for (index,) in self.execute('SELECT name FROM pragma_index_list(?) WHERE "unique" AND NOT partial', (table,)):
            members = self.execute('SELECT name, coll FROM pragma_index_xinfo(?) WHERE "key"', (index,))
            if len(members) == 1 and members[0][0] is not None:
                found[members[0][0]] = members[0][1]
        return found


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as it was declared."""

    type: str
    is_required: bool
    default: str | None
    is_generated: bool

    @property
    def affinity(self) -> str:
        upper = self.type.upper()
        return next((name for part, name in _AFFINITIES if part in upper), "NUMERIC" if upper else "BLOB")

    @property
    def safe_type(self) -> str:
        return self.type if _TYPE.fullmatch(self.type) else self.affinity

    def define(self, name: str) -> str:
        default = f" DEFAULT ({self.default})" if self.default is not None else ""
        return f"{_quote(name)} {self.safe_type}{' NOT NULL' * self.is_required}{default}"


def locate(url: str) -> Path:
    """Return the path of the file of a URL.

    Raises:
        MigrationError: when it names none.
    """
    if not url.startswith(PREFIX) or url == PREFIX:
        raise MigrationError("expected sqlite:///FILE, with three slashes before the name of a file")
    return Path(os.path.realpath(url.removeprefix(PREFIX)))


def _build_table(job: TableJob, copied: Sequence[str]) -> Table:
    table, key, column = _quote(job.table), _quote(job.key), _quote(job.column)
    originals, rejects = (_quote(name) for name in name_side_tables(job.table))
    value = f"{table}.{column}"
    return Table(
        table=table,
        key=f"{table}.{key}",
        value=value,
        key_name=key,
        column=column,
        key_text=f"{table}.{key}",
        value_text=value,
        digest=f"tcspec_digest(typeof({value}), CAST({value} AS BLOB))",
        mark="?",
        key_mark="?",
        value_mark="?",
        differs="IS NOT",
        originals=originals,
        rejects=rejects,
        states=_quote(STATES),
        into_column=_quote(job.into_column) if job.into_column is not None else column,
        into_table=_quote(job.into_table) if job.into_table is not None else table,
        value_copy=value,
        copied=copied,
    )


def _quote(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _as_dict(job: TableJob) -> dict[str, Any]:
    return {name: getattr(job, name) for name in TableJob.__slots__}


def _decode(text: bytes) -> str:
    return text.decode(errors="surrogateescape")


def _digest(type_: str, value: bytes | None) -> str:
    # With its type: the number 1 and the text 1 have the same bytes.
    return f"{type_}:{hashlib.sha256(value or b'').hexdigest()}"


@contextmanager
def _wrap_errors(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise FileError(name, str(error).split("\n", 1)[0]) from None
