"""Tables of events in databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from migrating import LEGACY
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration.sql.migrating import migrate_table
from tcspec.migration.sql.tables import build_job
from tcspec.migration.sql.undoing import finish_table, undo_table


def legacy(number):
    """Return the text of a legacy event."""
    return (LEGACY % number).decode()


def upgraded(number):
    """Return the text of the same event as an upgrade writes it."""
    return (
        legacy(number)
        .replace('"event_id":', '"user":{"id":"u"},"context":{"event_id":')
        .replace(',"properties":{"user":{"id":"u"}}', "}")
    )


def job(table="events", key="id", column="payload", **options):
    """Return the job of a migration, in place unless said otherwise."""
    defaults = {"into_column": None, "into_table": None, "where": None, "on_invalid": "keep", "limits": DEFAULT_LIMITS}
    return build_job(table, key, column, **defaults | options)


class Sqlite:
    """A database with a table of 40 rows: events, every seventh broken, and values of other types."""

    error = sqlite3.Error
    DEFINITION = "id INTEGER PRIMARY KEY, payload TEXT, at TEXT DEFAULT 'now'"

    def __init__(self, path, rows=40):
        """Create it in a file."""
        self.path, self.url = path, f"sqlite:///{path}"
        values = [(i, legacy(i) if i % 7 else f"broken {i}", f"day {i}") for i in range(rows)]
        values[3:7] = [(3, None, "null"), (4, 12, "number"), (5, legacy(5).encode(), "bytes"), (6, upgraded(6), "new")]
        with self.open() as connection:
            connection.execute(f"CREATE TABLE events ({self.DEFINITION})")
            connection.executemany("INSERT INTO events VALUES (?, ?, ?)", values)
            connection.execute("INSERT INTO events VALUES (?, CAST(x'7B22FF' AS TEXT), 'no UTF-8')", (rows,))

    def open(self):
        """Open it, as another program does."""
        connection = sqlite3.connect(self.path, isolation_level=None)
        connection.text_factory = lambda text: text.decode(errors="surrogateescape")
        return closing(connection)

    def run(self, statement, *parameters):
        """Execute a statement and return its rows."""
        with self.open() as connection:
            return connection.execute(statement, parameters).fetchall()

    def fill(self, rows):
        """Put other rows, of a number, a payload and a day, in place of those of the table."""
        with self.open() as connection:
            connection.execute("BEGIN")
            connection.execute("DELETE FROM events")
            connection.executemany("INSERT INTO events VALUES (?, ?, ?)", rows)
            connection.execute("COMMIT")

    def iter_rows(self, query):
        """Yield the rows of a query, however many they are."""
        with self.open() as connection:
            yield from connection.execute(query)

    def drop(self):
        """Remove it."""
        self.path.unlink()

    def rows(self, table="events"):
        """Return the rows of a table, with the types of their payloads."""
        return self.run(f'SELECT *, typeof(payload) FROM "{table}" ORDER BY id')

    def tables(self):
        """Return the names of all tables."""
        return {name for (name,) in self.run("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def content(self):
        """Return every row of every table but those of checkpoints, in an order of their own."""
        tables = sorted(self.tables() - {"tcspec_migrations"})
        return {table: sorted(map(repr, self.run(f"SELECT * FROM {table}"))) for table in tables}

    def migrate(self, options=None, **settings):
        """Migrate the table, ten rows a batch."""
        return migrate_table(self.url, job(**options or {}), **{"rows": 10} | settings)

    def undo(self, **options):
        """Undo the migration of the table."""
        return undo_table(self.url, job(**options), rows=10)

    def finish(self, **options):
        """Finish the migration of the table."""
        return finish_table(self.url, job(**options))
