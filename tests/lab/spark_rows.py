"""Legacy events as rows of Parquet, which Spark upgrades: each has the bytes that one process writes."""

from __future__ import annotations

import re
from array import array
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import dataset, parquet

from acceptance.spark.cluster import run_job

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from lab.legacy_events import Event, Reference

_ROWS = 20_000
"""How many rows a row group has."""
_COUNT = re.compile(r"^([0-9,]+) ([a-z]+)$", re.MULTILINE)


def write_rows(path: Path, events: Iterable[Event]) -> None:
    """Write events as a file of Parquet."""
    schema = pa.schema({"id": pa.int64(), "payload": pa.string()})
    with parquet.ParquetWriter(path, schema) as writer:
        remaining = iter(events)
        while group := list(islice(remaining, _ROWS)):
            columns = {"id": [event.number for event in group], "payload": [event.before for event in group]}
            writer.write_table(pa.table(columns, schema))


def upgrade_rows(folder: Path, reference: Reference) -> tuple[dict[str, int], Iterator[str]]:
    """Upgrade events with Spark; return how many have which outcome, and what is not as expected."""
    source, target = folder / "source.parquet", folder / "target"
    write_rows(source, reference.iter_events())
    printed = run_job(source, target, "payload")
    counts = {outcome: int(count.replace(",", "")) for count, outcome in _COUNT.findall(printed)}
    return counts, compare_rows(target, sum(counts.values()), reference.iter_migrated())


def compare_rows(target: Path, count: int, events: Iterable[Event]) -> Iterator[str]:
    """Yield the first event that has not the row that is expected, which may be anywhere."""
    found = array("Q", bytes(8 * (count + 1)))
    for batch in dataset.dataset(target, partitioning="hive").to_batches(columns=["id", "payload", "outcome"]):
        for number, payload, outcome in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            found[number] = _hash(outcome, payload)
    for event in events:
        outcome = "rejected" if event.after is None else "unchanged" if event.after == event.before else "upgraded"
        count -= 1
        if event.number >= len(found) or found[event.number] != _hash(outcome, event.migrated_row[1]):
            yield f"the event {event.number:,} has another row: {event}"[:600]
            return
    if count:
        yield f"there are {count:,} rows too many"


def _hash(*values: Any) -> int:
    return int.from_bytes(blake2b(repr(values).encode(), digest_size=8).digest())
