"""PostgreSQL databases, with psycopg 3: `postgresql://user@host/name`; the password may also be in PGPASSWORD."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import psycopg

from tcspec.files.lines import FileError
from tcspec.migration.job import MigrationError
from tcspec.migration.sql.tables import STATES, Conflict, Table, TableJob, mask_url, name_side_tables

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from tcspec.migration.sql.tables import Row

_TYPES = ("json", "jsonb", "text", "character varying")
_LONGEST_NAME = 63
"""How many bytes of a name PostgreSQL keeps; it would cut the rest off silently."""
_LOCK = 7_463
"""Tells our advisory locks from those of others."""
_LOCK_WAIT = 3.0
"""How many seconds are waited for the server to notice that an earlier process was killed."""
_FETCHED = 50
_TABLES = "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
_USER = re.compile(r'\b(user|role) "[^"]*"')


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its type, what others call that, and whether its values are computed."""

    type: str
    base: str
    is_generated: bool


@dataclass(slots=True)
class PostgresDatabase:
    """An open connection to a database; `schema` is the one of the table, once it was found."""

    name: str
    connection: psycopg.Connection[Row]
    schema: str = ""

    @classmethod
    def open(cls, url: str, *, is_read_only: bool) -> Self:
        """Connect to a database.

        Raises:
            FileError: when that fails.
        """
        name = mask_url(url)
        try:
            psycopg.conninfo.conninfo_to_dict(url)
        except psycopg.ProgrammingError:
            # Its message would show parts of the URL.
            raise MigrationError("the URL is not read; expected postgresql://USER@HOST/DATABASE") from None
        with _wrap_errors(name):
            connection = psycopg.connect(url, autocommit=True, client_encoding="UTF8", application_name="tcspec")
            # Whatever the server's default is: at a stricter level a row that others have just written is an error.
            connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
            connection.read_only = True if is_read_only else None  # None is what the server says
            # Keys are kept as text, which must be read as it was written.
            connection.execute("SET DateStyle = ISO; SET IntervalStyle = postgres; SET extra_float_digits = 1")
        return cls(name, connection)

    def plan(self, job: TableJob) -> tuple[TableJob, Table]:
        """Find the table, its key and its column; return the job with the name of the table without its schema.

        Raises:
            MigrationError: when the table cannot be migrated so.
            FileError: when the database cannot be read.
        """
        with _wrap_errors(self.name):
            self.schema, name = self._find_table(job.table)
            columns = self._columns(name)
            for each in (job.key, job.column):
                if each not in columns:
                    raise MigrationError(f"the table {name} has no column {each}")
            if not self._is_unique(name, job.key):
                raise MigrationError(f"the column {job.key} of {name} is neither its primary key nor unique")
        for each in filter(None, (job.column, job.into_column)):
            if each in columns and columns[each].base not in _TYPES:
                raise MigrationError(f"the column {each} is of type {columns[each].type}, not json, jsonb or text")
        job = replace(job, table=name)
        for each in filter(None, (*name_side_tables(name), job.into_table, job.into_column)):
            if len(each.encode()) > _LONGEST_NAME:
                raise MigrationError(f"the name {each} is longer than {_LONGEST_NAME} bytes")
        table = self._build_table(job, columns)
        try:
            self.execute(_select_keys(table), ([],))
        except psycopg.errors.UndefinedFunction:
            reason = f"is of type {columns[job.key].type}, by which no rows are found; name another --key"
            raise MigrationError(f"the column {job.key} of {name} {reason}") from None
        return job, table

    @contextmanager
    def lock(self, job: TableJob) -> Iterator[None]:
        """Keep others from migrating the table, as long as the connection is open.

        Raises:
            FileError: when another migration has the lock.
        """
        with _wrap_errors(self.name):
            query = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
            end = time.monotonic() + _LOCK_WAIT
            while not self.execute(query, (_LOCK, f"{self.schema}.{job.table}"))[0][0]:
                if time.monotonic() > end:
                    raise FileError(self.name, f"another migration of {job.table} is running")
                time.sleep(0.1)
        yield

    def has_table(self, name: str) -> bool:
        """Return whether the schema of the table has a table with a name."""
        with _wrap_errors(self.name):
            query = f"SELECT 1 FROM {_TABLES} WHERE n.nspname = %s AND c.relname = %s"
            return bool(self.execute(query, (self.schema, name)))

    def create_side_tables(self, job: TableJob, table: Table) -> None:  # noqa: ARG002 - needed for SQLite
        """Create the tables of checkpoints, originals and rejects, in a transaction."""
        self.execute(f"CREATE TABLE IF NOT EXISTS {table.states} (name text PRIMARY KEY, state text, cursor text)")
        # From a query, so that types and collations are the same.
        for side, members in (
            (table.originals, f"''::text AS status, {table.value} AS original, ''::text AS digest"),
            (table.rejects, f"{table.value} AS payload, ''::text AS reasons"),
        ):
            self.execute(f"CREATE TABLE {side} AS SELECT {table.key} AS key, {members} FROM {table.table} WITH NO DATA")
            self.execute(f"ALTER TABLE {side} ADD PRIMARY KEY (key)")

    def create_table(self, job: TableJob, table: Table) -> None:  # noqa: ARG002 - as above
        """Create the target with the definition of the table, in a transaction."""
        self.execute(f"CREATE TABLE {table.into_table} (LIKE {table.table} INCLUDING ALL)")

    def add_column(self, job: TableJob, table: Table) -> bool:
        """Add the target column, in a transaction; return whether it was not there before."""
        columns = self._columns(job.table)
        if job.into_column in columns:
            return False
        self.execute(f"ALTER TABLE {table.table} ADD COLUMN {table.into_column} {columns[job.column].type}")
        return True

    def read(self, statement: str, parameters: Sequence[Any] = ()) -> Generator[Row]:
        """Yield the rows of a query, which cannot change anything.

        Raises:
            FileError: when it fails.
        """
        with _wrap_errors(self.name), self.connection.transaction():
            self.connection.execute("SET TRANSACTION READ ONLY")
            # A cursor of the server: a batch may end before the rows of its query do, and the rest is not sent.
            with self.connection.cursor(name="tcspec") as cursor:
                cursor.itersize = _FETCHED
                cursor.execute(statement.encode(), parameters)
                yield from cursor

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Begin a transaction that is committed at the end, or rolled back after an error.

        Raises:
            Conflict: when it failed because of another one.
            FileError: when it failed.
        """
        with _wrap_errors(self.name):
            try:
                with self.connection.transaction():
                    yield
            except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
                raise Conflict(_describe(error)) from None

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Sequence[Row]:
        """Execute a statement in a transaction, and return its rows."""
        cursor = self.connection.execute(statement.encode(), parameters)
        return cursor.fetchall() if cursor.description else []

    def execute_many(self, statement: str, parameters: Sequence[Sequence[Any]]) -> int:
        """Execute a statement in a transaction, once for each of the parameters; return how many rows it wrote."""
        if not parameters:
            return 0
        with self.connection.cursor() as cursor:
            cursor.executemany(statement.encode(), parameters)
            return cursor.rowcount

    def lock_rows(self, table: Table, keys: Sequence[Any]) -> dict[Any, str]:
        """Return the digests of rows by their keys; until the transaction ends nobody else changes them."""
        # In one order: two that lock the same rows in different orders end in a deadlock.
        return dict(self.execute(f"{_select_keys(table)} ORDER BY {table.key} FOR UPDATE", (list(keys),)))

    def close(self) -> None:
        """Close the connection, which releases the lock."""
        self.connection.close()

    def _find_table(self, name: str) -> tuple[str, str]:
        """Return the schema and the name of a table that is in the search path, or has its schema before a dot."""
        # Ordinary (r) and partitioned (p) tables: the rows of a view cannot be locked and written like theirs.
        query = f"SELECT n.nspname, c.relname FROM {_TABLES} WHERE c.relkind IN ('r', 'p') AND"
        found = self.execute(f"{query} c.relname = %s AND pg_table_is_visible(c.oid)", (name,))
        if not found and "." in name:
            found = self.execute(f"{query} n.nspname = %s AND c.relname = %s", name.split(".", 1))
        if not found:
            raise MigrationError(f"{self.name} has no table {name}")
        return found[0][0], found[0][1]

    def _columns(self, table: str) -> dict[str, _Column]:
        query = (
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod), format_type(a.atttypid, NULL), "
            f"a.attgenerated <> '' FROM {_TABLES} JOIN pg_attribute a ON c.oid = a.attrelid "
            "WHERE n.nspname = %s AND c.relname = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
        )
        return {name: _Column(*rest) for name, *rest in self.execute(query, (self.schema, table))}

    def _is_unique(self, table: str, column: str) -> bool:
        query = (
            f"SELECT 1 FROM {_TABLES} JOIN pg_index i ON c.oid = i.indrelid "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] "
            "WHERE n.nspname = %s AND c.relname = %s AND a.attname = %s "
            # An index that is partial, or was not built to its end, does not make every row unique.
            "AND i.indisunique AND i.indisvalid AND i.indnkeyatts = 1 AND i.indpred IS NULL"
        )
        return bool(self.execute(query, (self.schema, table, column)))

    def _build_table(self, job: TableJob, columns: dict[str, _Column]) -> Table:
        def name(each: str) -> str:
            return f"{_quote(self.schema)}.{_quote(each)}"

        key, column = (f"{name(job.table)}.{_quote(each)}" for each in (job.key, job.column))
        target = columns.get(job.into_column or job.column, columns[job.column]).base
        # A cast to a type with a length would cut off what is too long.
        target = "text" if target == "character varying" else target
        originals, rejects = name_side_tables(job.table)
        return Table(
            table=name(job.table),
            key=key,
            value=column,
            key_name=_quote(job.key),
            column=_quote(job.column),
            key_text=f"{key}::text",
            value_text=f"{column}::text",
            # A null has a digest as well: no digest means that the row is gone.
            digest=f"coalesce(encode(sha256(convert_to({column}::text, 'UTF8')), 'hex'), '')",
            mark="%s",
            key_mark=f"CAST(%s AS {columns[job.key].type})",
            value_mark=f"CAST(%s AS {target})",
            differs="IS DISTINCT FROM",
            originals=name(originals),
            rejects=name(rejects),
            states=name(STATES),
            into_column=_quote(job.into_column or job.column),
            into_table=name(job.into_table or job.table),
            value_copy=f"CAST({column}::text AS {target})",
            copied=[_quote(each) for each, found in columns.items() if not found.is_generated],
            # Without it an identity column GENERATED ALWAYS would refuse the value that is copied.
            overriding="OVERRIDING SYSTEM VALUE",
        )


def _select_keys(table: Table) -> str:
    """Select the digests of rows by their keys, which are the parameter."""
    type_ = table.key_mark.removeprefix("CAST(%s AS ").removesuffix(")")
    return f"SELECT {table.key_text}, {table.digest} FROM {table.table} WHERE {table.key} = ANY(CAST(%s AS {type_}[]))"


def _quote(name: str) -> str:
    # The percent sign is doubled because psycopg reads it as the mark of a parameter.
    doubled = name.replace('"', '""').replace("%", "%%")
    return f'"{doubled}"'


def _describe(error: psycopg.Error) -> str:
    """Return the first line of a message, without the name of the user; those after it may show values of the table."""
    text = error.diag.message_primary or str(error).strip().split("\n", 1)[0] or type(error).__name__
    return _USER.sub(r"\1 ***", text)


@contextmanager
def _wrap_errors(name: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise FileError(name, _describe(error)) from None
