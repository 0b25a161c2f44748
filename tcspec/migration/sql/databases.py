"""URLs of databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.migration.job import MigrationError
from tcspec.migration.sql import sqlite

if TYPE_CHECKING:
    from tcspec.migration.sql.tables import Database

_SQLITE = "sqlite:"


def is_database(source: str) -> bool:
    """Return whether a source is the URL of a database that can be migrated."""
    return source.startswith(_SQLITE)


def is_same(url: str, other: str) -> bool:
    """Return whether two URLs are those of one database."""
    if url == other:
        return True
    if url.startswith(_SQLITE) and other.startswith(_SQLITE):
        return sqlite.locate(url) == sqlite.locate(other)
    return False


def mask_url(url: str) -> str:
    """Return a URL as it may be printed."""
    return url


def open_database(url: str, *, is_read_only: bool) -> Database:
    """Open a database that exists.

    Raises:
        FileError: when it cannot be opened.
        MigrationError: when the URL names no database.
    """
    if not is_database(url):
        raise MigrationError("expected the URL of a database")
    return sqlite.SqliteDatabase.open(url, is_read_only=is_read_only)
