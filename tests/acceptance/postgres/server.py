"""A PostgreSQL server of our own, in a temporary folder, and tables of events in it."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import databases
from databases import legacy, upgraded
from environment import skip_or_fail


def find_programs():
    """Return the folder of the programs of PostgreSQL, or skip the test."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = next((folder for folder in folders if (folder / "initdb").exists()), None)
    if found is None and (program := shutil.which("initdb")):
        found = Path(program).parent
    return found or skip_or_fail("POSTGRES", "PostgreSQL is not installed")


@contextmanager
def run_server(*, syncs=False):
    """Run a server; yield the start of its URLs.

    Args:
        syncs: whether it waits for the disk, as it does unless told otherwise.
    """
    programs = find_programs()
    # It refuses to run as root.
    runner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    user = "postgres" if runner else getpass.getuser()
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        if runner:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        subprocess.run(
            [*runner, programs / "initdb", "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync={'on' if syncs else 'off'}"
        control = [*runner, programs / "pg_ctl", "-D", data, "-w"]
        subprocess.run(
            [*control, "-l", f"{folder}/log", "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder
        )
        try:
            yield f"postgresql://{user}:secret@127.0.0.1:{port}/"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL, cwd=folder)


class Postgres(databases.Sqlite):
    """A database with a table of 40 rows: events, every seventh broken, or no text at all."""

    def __init__(self, server, name, rows=40, type_="text"):
        """Create it on a server, with payloads of a type."""
        import psycopg  # noqa: PLC0415 - only where there is a server

        self.psycopg, self.error, self.url = psycopg, psycopg.Error, server + name
        with psycopg.connect(server + "postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        broken = "broken {}" if type_ == "text" else "[{}]"
        values = [(i, legacy(i) if i % 7 else broken.format(i), f"day {i}") for i in range(rows)]
        values[3:4] = [(3, None, "null")]
        values[6:7] = [(6, upgraded(6), "new")]
        with self.open() as connection:
            connection.execute(
                f"CREATE TABLE events (id bigint PRIMARY KEY, payload {type_}, at text DEFAULT 'now')".encode()
            )
            connection.cursor().executemany("INSERT INTO events VALUES (%s, %s, %s)", values)

    def open(self):
        """Connect to it, as another program does."""
        return self.psycopg.connect(self.url, autocommit=True)

    def run(self, statement, *parameters):
        """Execute a statement and return its rows."""
        with self.open() as connection:
            cursor = connection.execute(statement.replace("?", "%s").encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []

    def fill(self, rows):
        """Put other rows in place of those of the table."""
        with self.open() as connection, connection.cursor() as cursor:
            cursor.execute("TRUNCATE events")
            with cursor.copy("COPY events FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

    def iter_rows(self, query):
        """Yield the rows of a query, however many they are."""
        with self.open() as connection, connection.transaction(), connection.cursor("rows") as cursor:
            yield from cursor.execute(query.encode())

    def drop(self):
        """Drop it."""
        with self.psycopg.connect(self.url.rpartition("/")[0] + "/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{self.url.rpartition("/")[2]}" WITH (FORCE)')

    def rows(self, table="events"):
        """Return the rows of a table, with their payloads as text."""
        return self.run(f'SELECT id, payload::text, at FROM "{table}" ORDER BY id')

    def tables(self):
        """Return the names of all tables."""
        return {name for (name,) in self.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
