"""A table as a store: its rows as a source, and as a sink that writes a batch and its checkpoint in one transaction.

Rows are read without a lock. When a batch is written its rows are locked and compared with what was read: a row that
was changed meanwhile is left to the next sweep.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.errors import UnreadablePayload
from tcspec.files.lines import FileError
from tcspec.migration.outcomes import Status
from tcspec.migration.rejects import build_reason
from tcspec.migration.sql import statements
from tcspec.migration.sql.tables import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tcspec.migration.outcomes import Outcome
    from tcspec.migration.sql.states import State
    from tcspec.migration.sql.tables import Database, Table
    from tcspec.migration.stores import Address
    from tcspec.migration.summary import Summary

ROWS = 500
"""How many rows a batch has at most."""
_BYTES = 1 << 20
"""Behind how many bytes a batch ends."""
_ATTEMPTS = 8
"""How often a batch is written that others get in the way of."""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """Rows of a table that follow each other, by their keys; each is written together with a checkpoint."""

    table: str
    keys: Sequence[Any]
    payloads: Sequence[bytes | UnreadablePayload]
    values: Sequence[Any]
    digests: Sequence[str]
    size: int
    ends_part: bool = True

    def address(self, index: int) -> Address:
        """Return the table and the key of a row."""
        return {"table": self.table, "key": format_key(self.keys[index])}


@dataclass(slots=True)
class TableSource:
    """The rows of a table in the order of their keys: those that are not migrated yet, or were written since."""

    database: Database
    table: Table
    state: State
    is_dry: bool = False
    rows: int = ROWS

    def count(self) -> int:
        """Return how many rows are to be read."""
        query = statements.count_rows(self.table, self.state.job.where, is_dry=self.is_dry)
        return int(next(iter(self.database.read(query)))[0])

    def iter_blocks(self) -> Iterator[TableBlock]:
        """Yield the rows behind the cursor.

        Raises:
            FileError: when they cannot be read.
        """
        job, cursor = self.state.job, self.state.cursor
        while True:
            query = statements.select_rows(
                self.table, job.where, is_behind=cursor is not None, is_dry=self.is_dry, count=self.rows
            )
            rows, size = [], 0
            # Closed before the batch is written: the connection cannot write while it reads.
            with closing(self.database.read(query, () if cursor is None else (cursor,))) as found:
                for row in found:
                    rows.append(row)
                    size += len(row[1]) if isinstance(row[1], (str, bytes)) else 1
                    if size >= _BYTES:
                        break
            if not rows:
                return
            keys, values, digests = zip(*rows, strict=True)
            yield TableBlock(job.table, keys, [read_payload(each) for each in values], values, digests, size)
            cursor = keys[-1]


@dataclass(slots=True)
class TableSink:
    """The target of a migration of a table, its side tables and its checkpoint.

    The summary of the state has the rows that were written; that of `transfer` has those that were read.
    """

    database: Database
    table: Table
    state: State
    block: TableBlock | None = None
    outcomes: Sequence[Outcome] = ()
    pending: int = field(default=0)
    """How many rows of this pass were upgraded, or have to be read once more."""

    def write(self, block: TableBlock, outcomes: Sequence[Outcome]) -> None:
        """Keep a batch for `commit`."""
        self.block, self.outcomes = block, outcomes

    def commit(self, _: Summary) -> None:
        """Write the batch and the checkpoint in one transaction.

        Raises:
            FileError: when the database fails, or others get in the way again and again.
        """
        block, outcomes = self.block, self.outcomes
        if block is None:
            return
        for attempt in range(_ATTEMPTS):
            try:
                with self.database.transaction():
                    locked = self.database.lock_rows(self.table, block.keys)
                    taken = [i for i, key in enumerate(block.keys) if locked.get(key) == block.digests[i]]
                    self._write_rows(block, outcomes, taken)
                    state = self.state.advance(block.keys[-1], [outcomes[i] for i in taken], block.size)
                    state.save(self.database, self.table)
            except Conflict as conflict:
                if attempt == _ATTEMPTS - 1:
                    raise FileError(self.database.name, str(conflict)) from None
                time.sleep(0.01 * 2**attempt)
                continue
            break
        upgraded = sum(outcomes[i].status is Status.UPGRADED for i in taken)
        self.pending += upgraded + sum(key in locked for key in block.keys) - len(taken)
        self.state.replace(state)
        self.block = None

    def _write_rows(self, block: TableBlock, outcomes: Sequence[Outcome], taken: Sequence[int]) -> None:
        table, many, job = self.table, self.database.execute_many, self.state.job
        keys = [(block.keys[i],) for i in taken]
        upgraded = [i for i in taken if outcomes[i].status is Status.UPGRADED]
        rejected = [i for i in taken if outcomes[i].status is Status.REJECTED]
        # A row that was written again has entries of its older value.
        many(statements.delete_key(table, table.originals), keys)
        many(statements.delete_key(table, table.rejects), keys)
        # Before the value is replaced: the original is copied inside the database.
        replaced = set(upgraded) if job.is_in_place else set()
        for with_original in (True, False):
            noted = [(str(outcomes[i].status), block.keys[i]) for i in taken if (i in replaced) is with_original]
            many(statements.insert_record(table, with_original=with_original), noted)
        reasons = [
            (build_reason(block.address(i), _length(block.values[i]), outcomes[i]), block.keys[i]) for i in rejected
        ]
        many(statements.insert_reject(table), reasons)
        values = [(_encode(outcomes[i].payload, block.values[i]), block.keys[i]) for i in upgraded]
        copied = [(block.keys[i],) for i in taken if outcomes[i].status in {Status.UNCHANGED, Status.BLANK}]
        if job.into_table is not None:
            many(statements.delete_key(table, table.into_table, table.key_name), keys)
            many(statements.copy_row(table, with_value=True), values)
            many(statements.copy_row(table, with_value=False), copied)
            return
        many(statements.update_value(table), values)
        if job.is_in_place:
            # Or the next sweep would take the upgraded value for one that somebody wrote.
            many(statements.update_digest(table), [(block.keys[i], block.keys[i]) for i in upgraded])
        else:
            many(statements.copy_value(table), copied)
            # The other column may have the value of an earlier pass.
            many(statements.clear_value(table), [(block.keys[i],) for i in rejected])


def format_key(key: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Return a key as JSON can have it."""
    return key.hex() if isinstance(key, bytes) else key


def read_payload(value: Any) -> bytes | UnreadablePayload:  # noqa: ANN401 - whatever a column holds
    """Return the JSON text of a value, empty for null; text that is not UTF-8 has surrogates."""
    if value is None:
        return b""
    if isinstance(value, str):
        return value.encode(errors="surrogateescape")
    if isinstance(value, bytes):
        return value
    return UnreadablePayload([codes.NOT_AN_OBJECT.violation("", "the column holds a number and no JSON text")])


def _length(value: Any) -> int:  # noqa: ANN401 - as above
    payload = read_payload(value)
    return len(payload) if isinstance(payload, bytes) else len(str(value))


def _encode(payload: bytes, value: Any) -> str | bytes:  # noqa: ANN401 - as above
    """Return a payload as text, or as bytes when it takes the place of bytes."""
    return payload if isinstance(value, bytes) else payload.decode()
