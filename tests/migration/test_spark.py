"""A column of payloads in Spark is upgraded batch by batch, with what happened to each payload beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from migrating import LEGACY
from tcspec.errors import WrongArgument
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration.job import MigrationError
from tcspec.migration.records import migrate_record

pa = pytest.importorskip("pyarrow", reason="needs tcspec[parquet]")
types = pytest.importorskip("pyspark.sql.types", reason="needs tcspec[spark]")
spark = pytest.importorskip("tcspec.migration.spark")


@dataclass
class Frame:
    """What is needed of a DataFrame, without a cluster."""

    schema: Any

    def mapInArrow(self, function, schema):  # noqa: N802 - the name that Spark gave it
        """Return what Spark calls on each executor, and the schema of its result."""
        return function, schema


def frame(*names, type_=None):
    """Return a DataFrame with columns of a type."""
    return Frame(types.StructType([types.StructField(name, type_ or types.StringType()) for name in names]))


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.binary()], ids=str)
@pytest.mark.parametrize("on_invalid", ["keep", "reject"])
def test_what_is_returned(type_, on_invalid):
    """Payloads are those of a migration in one process, rejected ones as they were; other columns stay."""
    stored = [LEGACY % 1, None, b"broken", b"", b'{"event_name":"search","event_id":"1"}', b'{"context":{}}']
    upgrade_batches, schema = spark.upgrade(frame("id", "raw"), "raw", on_invalid=on_invalid)
    batch = pa.RecordBatch.from_arrays([pa.array(range(6)), pa.array(stored, pa.binary()).cast(type_)], ["id", "raw"])
    [found] = upgrade_batches([batch])
    assert found.schema.names == schema.names == ["id", "raw", "outcome", "dialect", "violations"]
    assert found.schema.field("raw").type == type_
    outcomes = [migrate_record(each or b"", DEFAULT_LIMITS, on_invalid, is_labelled=True) for each in stored]
    rows = found.to_pylist()
    assert [row["outcome"] for row in rows] == [outcome.status for outcome in outcomes]
    assert [row["dialect"] for row in rows] == [outcome.dialect or None for outcome in outcomes]
    assert [[each["code"] for each in row["violations"]] for row in rows] == [
        [each.code for each in outcome.violations] for outcome in outcomes
    ]
    payloads = [each.encode() if isinstance(each, str) else each for each in found["raw"].to_pylist()]
    assert payloads == [
        each if outcome.status == "rejected" else each and outcome.payload
        for each, outcome in zip(stored, outcomes, strict=True)
    ]
    assert rows[0]["dialect"] == "v1_http"
    assert rows[2]["violations"][0]["severity"] == "error"


@pytest.mark.parametrize(
    ("df", "column", "message"),
    [
        (frame("id", "raw"), "row", "there is no column row; the columns are id, raw"),
        (frame("raw", type_=types.LongType()), "raw", "the column raw is bigint; expected a string or binary data"),
        (frame("raw", "dialect", "outcome"), "raw", "the columns outcome, dialect are added; rename"),
        (frame("raw", "Violations"), "raw", "the columns violations are added; rename"),
    ],
)
def test_columns_that_are_refused(df, column, message):
    """A column that is missing or holds something else, and a name that is taken, are errors before a job starts."""
    with pytest.raises(MigrationError, match=message):
        spark.upgrade(df, column)
    with pytest.raises(MigrationError, match="expected keep or reject for invalid events, got 'drop'"):
        spark.upgrade(df, column, on_invalid="drop")
    for wrong in ({"column": 3}, {"column": column, "limits": 200}, {"column": column, "on_invalid": None}):
        with pytest.raises(WrongArgument):
            spark.upgrade(df, **wrong)
