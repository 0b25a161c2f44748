"""Upgrade a column of payloads in Spark, on as many machines as it has."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

try:
    import pyarrow as pa
    from pyspark.sql.types import ArrayType, BinaryType, StringType, StructField, StructType
except ImportError as error:
    message = "tcspec.migration.spark needs pyspark: pip install 'tcspec[spark]'"
    raise ImportError(message, name=error.name) from error

from tcspec.arguments import check_arguments
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.migration.arrow import build_column, read_payloads
from tcspec.migration.job import MigrationError, check_on_invalid
from tcspec.migration.outcomes import Outcome, Status
from tcspec.migration.records import migrate_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_VIOLATION = ("code", "severity", "pointer", "message")
ADDED = StructType(
    [
        StructField("outcome", StringType(), nullable=False),
        StructField("dialect", StringType()),
        StructField(
            "violations",
            ArrayType(StructType([StructField(name, StringType()) for name in _VIOLATION]), containsNull=False),
            nullable=False,
        ),
    ]
)
"""The columns that are added."""
_ARROW = pa.schema(
    [
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("dialect", pa.string()),
        pa.field(
            "violations",
            pa.list_(
                pa.field("element", pa.struct([pa.field(name, pa.string()) for name in _VIOLATION]), nullable=False)
            ),
            nullable=False,
        ),
    ]
)


@check_arguments(column=(str,), on_invalid=(str,), limits=(Limits,))
def upgrade(df: Any, column: str, *, on_invalid: str = "keep", limits: Limits = DEFAULT_LIMITS) -> Any:  # noqa: ANN401
    """Return a DataFrame with upgraded payloads, and with what happened to each of them beside it.

    The rows have the columns of the DataFrame and three more: `outcome` (`upgraded`, `unchanged`, `rejected` or
    `blank`), `dialect` (the spelling of the format that was stored, null when it is none) and `violations` (of the
    upgraded payload, or why it is rejected; each with `code`, `severity`, `pointer` and `message`). A payload that is
    rejected stays as it is. tcspec must be installed where the executors run.

    Args:
        df: the DataFrame.
        column: its column of payloads, JSON text as a string or as binary data.
        on_invalid: `keep` or `reject` an upgraded event that does not meet the 2.0 contract.
        limits: the maximum depth and length of a payload.

    Raises:
        MigrationError: when there is no such column of text, or one has the name of a column that is added.
        WrongArgument: when another argument is of a wrong type.
    """
    check_on_invalid(on_invalid)
    types = {field.name: field.dataType for field in df.schema.fields}
    if column not in types:
        raise MigrationError(f"there is no column {column}; the columns are {', '.join(types)}")
    if not isinstance(types[column], (StringType, BinaryType)):
        raise MigrationError(f"the column {column} is {types[column].simpleString()}; expected a string or binary data")
    # By default Spark takes no notice of case: `Outcome` beside `outcome` is ambiguous to it.
    names = set(map(str.lower, types))
    if taken := [name for name in ADDED.names if name in names]:
        raise MigrationError(f"the columns {', '.join(taken)} are added; rename those of the DataFrame")
    upgrade_batches = partial(_upgrade_batches, column=column, on_invalid=on_invalid, limits=limits)
    return df.mapInArrow(upgrade_batches, StructType([*df.schema.fields, *ADDED.fields]))


def _upgrade_batches(batches: Iterable[Any], column: str, on_invalid: str, limits: Limits) -> Iterator[Any]:
    """Yield batches of rows with their payloads upgraded; executors call this."""
    for batch in batches:
        index = batch.schema.get_field_index(column)
        values = read_payloads(batch.column(index))
        outcomes = migrate_records([value or b"" for value in values], limits, on_invalid, is_labelled=True)
        payloads = [
            value if value is None or outcome.status is Status.REJECTED else outcome.payload
            for value, outcome in zip(values, outcomes, strict=True)
        ]
        columns = list(batch.columns)
        columns[index] = build_column(payloads, columns[index].type)
        added = {
            "outcome": [str(outcome.status) for outcome in outcomes],
            "dialect": [outcome.dialect or None for outcome in outcomes],
            "violations": [_describe(outcome) for outcome in outcomes],
        }
        columns += (pa.array(added[field.name], field.type) for field in _ARROW)
        yield pa.RecordBatch.from_arrays(columns, schema=pa.schema([*batch.schema, *_ARROW]))


def _describe(outcome: Outcome) -> list[dict[str, str]]:
    return [{name: str(getattr(each, name)) for name in _VIOLATION} for each in outcome.violations]
