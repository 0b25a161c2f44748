"""Timestamps of events in every notation that can be read without guessing, and date-times of the data APIs.

A pattern does not know time zones, so the range of RFC 3339 date-times is checked by their local date: within a day of
both ends, in 1973 and 5138, a string may meet the contract and not be readable, or the reverse (K001).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Strict, WithJsonSchema
from pydantic_core import CoreSchema, PydanticOmit, core_schema
from typing_extensions import TypeAliasType

from tcspec.models.values import Expecting, Info, Integer, SingleLine, about

_MILLISECONDS = (10**11, 10**14)
_READABLE = ((10**9, 10**10), _MILLISECONDS, (10**15, 10**16), (10**18, 10**19))
"""Seconds, milliseconds, microseconds and nanoseconds; between them a number is refused."""

# Leading zeros do not count, as in what reads timestamps.
_DIGITS = "^0*[1-9][0-9]{11,13}$"
_READABLE_DIGITS = "^0*[1-9](?:[0-9]{9}|[0-9]{11,13}|[0-9]{15}|[0-9]{18})$"
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
# Spelt out, because `format` is an annotation that engines may ignore.
_DATE = (
    "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP_YEAR}-02-29)"
)
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_CLOCK = f"{_TIME}(?:[.][0-9]+)?"
_ZONE = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
_RFC_3339 = f"^{_DATE}T{_CLOCK}{_ZONE}$"
_BULK = f"^{_DATE}T{_TIME}(?:[.][0-9]{{3}})?{_ZONE}$"
_READABLE_DATES = (
    "^(?:1973-(?:03-(?:0[3-9]|[12][0-9]|3[01])|0[4-9]|1[0-2])"
    "|19(?:7[4-9]|[89][0-9])|[2-4][0-9]{3}|50[0-9]{2}|51(?:[0-2][0-9]|3[0-7])"
    "|5138-(?:0[1-9]|10|11-(?:0[1-9]|1[0-6])))"
)
"""1973-03-03 to 5138-11-16: what lies outside is in another unit."""


def _check_readable(number: float) -> float:
    if not any(first <= number < last for first, last in _READABLE):
        raise ValueError("in no unit")
    return number


@dataclass(frozen=True, slots=True)
class SentAs:
    """Accept a datetime in Python and convert it to what is sent; no schema has it, for it is never on the wire."""

    convert: Callable[[datetime], Any]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        del source, handler
        # No other value: pydantic's own type would read strings and numbers as well.
        return core_schema.no_info_after_validator_function(self.convert, core_schema.is_instance_schema(datetime))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> NoReturn:
        raise PydanticOmit


def _to_milliseconds(moment: datetime) -> int:
    # Imported here: most times are milliseconds already, and what reads the others takes longer to import than a model.
    from tcspec.timestamps import normalise_timestamp  # noqa: PLC0415

    return normalise_timestamp(moment)


def _to_rfc_3339(moment: datetime) -> str:
    # A zone that knows no offset is none: the clock of this machine would take its place.
    if moment.utcoffset() is None:
        raise ValueError("without a time zone")
    try:
        return moment.astimezone(UTC).isoformat(timespec="milliseconds")
    except OverflowError:  # a ValueError, or pydantic does not report it
        raise ValueError("beyond the years 1 to 9999 in UTC") from None


DatetimeAsMilliseconds = Annotated[datetime, SentAs(_to_milliseconds)]
DatetimeAsText = Annotated[datetime, SentAs(_to_rfc_3339)]
EpochMilliseconds = Annotated[Integer | DatetimeAsMilliseconds, Expecting("an integer, or a datetime with a time zone")]
"""A time beside that of the event, of which any integer meets the contract."""
Milliseconds = Annotated[
    Annotated[int, Field(strict=True, ge=_MILLISECONDS[0], lt=_MILLISECONDS[1])]
    | Annotated[float, Field(strict=True, allow_inf_nan=False, ge=_MILLISECONDS[0], lt=_MILLISECONDS[1])],
    Field(union_mode="left_to_right"),
    WithJsonSchema({"type": "number", "minimum": _MILLISECONDS[0], "exclusiveMaximum": _MILLISECONDS[1]}),
]
ReadableNumber = Annotated[
    Annotated[int, Strict()] | Annotated[float, Field(strict=True, allow_inf_nan=False)],
    Field(union_mode="left_to_right"),
    AfterValidator(_check_readable),
    WithJsonSchema(
        {"type": "number", "anyOf": [{"minimum": first, "exclusiveMaximum": last} for first, last in _READABLE]}
    ),
]
ZonedDateTime = Annotated[str, SingleLine((_RFC_3339, _READABLE_DATES))]

Timestamp = TypeAliasType(
    "Timestamp",
    Annotated[
        Milliseconds | Annotated[str, SingleLine((_DIGITS,))] | ZonedDateTime | DatetimeAsMilliseconds,
        Expecting("epoch milliseconds, or a datetime or an RFC 3339 date-time with a time zone"),
        about(
            "When the event was sent, preferably as an integer in epoch milliseconds. Strings of digits and RFC 3339 "
            "with a time zone are accepted too, and kept as they are sent.",
            1718000000000,
            "1718000000000",
            "2024-06-10T08:13:20+02:00",
        ),
        Info(expected="integer", unit="ms since epoch", rows=("K001",)),
    ],
)

ReadableTimestamp = TypeAliasType(
    "ReadableTimestamp",
    Annotated[
        ReadableNumber | Annotated[str, SingleLine((_READABLE_DIGITS,))] | ZonedDateTime,
        Expecting("an epoch time, or an RFC 3339 date-time with a time zone"),
        about(
            "When the event was sent, in a notation that an upgrade reads: seconds, milliseconds, microseconds or "
            "nanoseconds since the epoch, as a number or a string of digits, or RFC 3339 with a time zone.",
            1718000000000,
            "1718000000",
            "2024-06-10T08:13:20+02:00",
        ),
        Info(expected="integer", unit="ms since epoch", rows=("K001",)),
    ],
)
"""What the 1.0 format accepts."""

BulkDateTime = TypeAliasType(
    "BulkDateTime",
    Annotated[
        Annotated[str, SingleLine((_BULK,))] | DatetimeAsText,
        Expecting("a datetime, or a date and time in RFC 3339, with a time zone"),
        about(
            "Date and time with a time zone, to the second or the millisecond; a real day of the calendar.",
            "2024-06-10T08:13:20.000+02:00",
            "2024-06-10T06:13:20Z",
        ),
        Info(format="iso8601-with-timezone"),
    ],
)
"""The four notations of the data APIs; unlike `Timestamp`, no digits and no other fractions."""
