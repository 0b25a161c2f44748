"""The rejects of a migration of a table, which are in a table with their reasons."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration.job import MigrationError
from tcspec.migration.reject_groups import Reject, parse_reason
from tcspec.migration.sql import statements
from tcspec.migration.sql.databases import open_database
from tcspec.migration.sql.store import read_payload
from tcspec.migration.sql.tables import build_job, mask_url, name_side_tables

if TYPE_CHECKING:
    from collections.abc import Iterator


def iter_table_rejects(url: str, table: str, key: str, column: str) -> Iterator[Reject]:
    """Yield the rejects of a table with their reasons, in the order of their keys.

    Raises:
        FileError: when the database cannot be opened or read.
        MigrationError: when it has no such table, or no rejects of it.
        NotRejects: when the reasons are none of tcspec.
    """
    job = build_job(
        table, key, column, into_column=None, into_table=None, where=None, on_invalid="keep", limits=DEFAULT_LIMITS
    )
    with closing(open_database(url, is_read_only=True)) as database:
        job, planned = database.plan(job)
        name = name_side_tables(job.table)[1]
        if not database.has_table(name):
            raise MigrationError(f"{mask_url(url)} has no table {name} with the rejects of a migration of {job.table}")
        for value, reasons in database.read(statements.select_rejects(planned)):
            payload = read_payload(value)
            record = payload if isinstance(payload, bytes) else str(value).encode()
            yield Reject(record, parse_reason(reasons.encode(), name))
