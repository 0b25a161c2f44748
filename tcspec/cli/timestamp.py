"""`tcspec timestamp`: how timestamps are read, and why."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli import options
from tcspec.cli.exits import Exit
from tcspec.cli.terminal import choose_colors, write, write_data
from tcspec.errors import UnreadableTimestamp
from tcspec.reporters.json import HEAD
from tcspec.reporters.text import format_detail, shorten
from tcspec.timestamps import Reading, read_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = MappingProxyType(
    {
        "s": ("seconds", "10"),
        "ms": ("milliseconds", "12 to 14"),
        "us": ("microseconds", "16"),
        "ns": ("nanoseconds", "19"),
    }
)


@click.command(short_help="Show how timestamps are read, and why.")
@click.argument("values", nargs=-1, required=True, metavar="VALUE...")
@click.option("--unit", type=click.Choice(list(_UNITS)), help="Unit of numbers; by default their digits decide.")
@click.option("--assume-tz", metavar="ZONE", help="Time zone of strings without one, such as Europe/Paris.")
@click.option(
    "--fold",
    type=click.IntRange(0, 1),
    help="Of a local time that occurs twice in that zone: 0 the first, 1 the second.",
)
@options.format_of_output
def timestamp(values: tuple[str, ...], unit: str | None, assume_tz: str | None, fold: int | None, style: str) -> int:
    """Show how timestamps are read, and why.

    A VALUE is a number, in digits or as JSON has it, or a string such as 2024-06-10T08:00:00Z. After -- it may start
    with a minus sign.
    """
    readings = [_read(value, unit, assume_tz, fold) for value in values]
    if style == "json":
        write_data(json.dumps(HEAD | {"readings": readings}, indent=2) + "\n")
    else:
        for reading in readings:
            for line in _format_reading(reading):
                write(line)
    return Exit.FOUND if any("error" in reading for reading in readings) else Exit.FINE


def _read(text: str, unit: str | None, assume_tz: str | None, fold: int | None) -> dict[str, Any]:
    try:
        reading = read_timestamp(_parse_value(text), unit, assume_tz, fold=fold)
    except UnreadableTimestamp as unreadable:
        return {"value": text, "error": unreadable.reason}
    # Not `fromtimestamp`, which goes through a float.
    time = _EPOCH + timedelta(milliseconds=reading.ms)
    return {
        "value": text,
        "ms": reading.ms,
        "utc": f"{time:%Y-%m-%dT%H:%M:%S}.{reading.ms % 1000:03}Z",
        "unit": reading.unit,
        "exact": reading.exact,
        "why": _why(reading, unit, assume_tz),
    }


def _parse_value(text: str) -> object:
    """Return a value that is JSON as it is in JSON, and anything else as a string."""
    try:
        # A shell takes quotes away: without them a number is a number, and a date a string.
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _why(reading: Reading, unit: str | None, assume_tz: str | None) -> str:
    if reading.unit == "text":
        return "RFC 3339 with a time zone" + (f", {assume_tz} where it has none" if assume_tz else "")
    name, digits = _UNITS[reading.unit]
    return f"a number of {name}, as requested" if unit else f"a number of {digits} digits is in {name}"


def _format_reading(reading: dict[str, Any]) -> Iterator[str]:
    colorize = choose_colors(sys.stdout)
    value = colorize("path", shorten(reading["value"]))
    if "error" in reading:
        yield f"{value} {colorize('error', 'cannot be read')}: {reading['error']}\n"
        return
    details = {"utc": reading["utc"], "ms": str(reading["ms"]), "why": reading["why"]}
    if not reading["exact"]:
        details["cut"] = "the part finer than a millisecond"
    yield f"{value}\n"
    yield from (format_detail(name, text, colorize) for name, text in details.items())
