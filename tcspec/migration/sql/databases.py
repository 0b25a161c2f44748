"""URLs of databases, and which module opens them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tcspec.files.identity import identify
from tcspec.files.lines import STANDARD
from tcspec.migration.job import MigrationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tcspec.migration.sql.tables import Database

_SQLITE = "sqlite:"
_POSTGRES = ("postgresql://", "postgres://")


def is_database(source: str) -> bool:
    """Return whether a source is the URL of a database that can be migrated."""
    return source.startswith((_SQLITE, *_POSTGRES))


def is_same(url: str, other: str) -> bool:
    """Return whether two URLs are those of one database."""
    if url == other:
        return True
    if url.startswith(_SQLITE) and other.startswith(_SQLITE):
        from tcspec.migration.sql.sqlite import locate  # noqa: PLC0415 - most migrations are of files

        return locate(url) == locate(other)
    return False


def check_reports(url: str, reports: Iterable[str]) -> None:
    """Check that no report replaces a file of a database.

    Raises:
        MigrationError: when one does.
    """
    if not url.startswith(_SQLITE):
        return
    from tcspec.migration.sql.sqlite import locate  # noqa: PLC0415 - as above

    path = locate(url)
    # What is written and not yet in the file itself is beside it.
    files = {identify(path.with_name(path.name + suffix)) for suffix in ("", "-wal", "-shm", "-journal")}
    for report in reports:
        if report != STANDARD and identify(report) in files - {None}:
            raise MigrationError(f"the database and the report {report} are the same file; each needs one of its own")


def open_database(url: str, *, is_read_only: bool) -> Database:
    """Open a database that exists.

    Raises:
        FileError: when it cannot be opened.
        MigrationError: when the URL names no database, or the package for it is not installed.
    """
    if url.startswith(_POSTGRES):
        try:
            postgres = import_module("tcspec.migration.sql.postgres")
        except ImportError:
            raise MigrationError("PostgreSQL needs psycopg; install tcspec[postgres]") from None
        database: Database = postgres.PostgresDatabase.open(url, is_read_only=is_read_only)
        return database
    from tcspec.migration.sql.sqlite import SqliteDatabase  # noqa: PLC0415 - as above

    return SqliteDatabase.open(url, is_read_only=is_read_only)
