"""What a timestamp that is not read may be: nearly RFC 3339, another notation, or a number of another epoch."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

# Patterns of few timestamps, which `re` compiles when it meets the first.
_NEARLY_RFC3339 = (
    r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})([Tt ])([0-9]{2})(:?)([0-9]{2})(?:\7([0-9]{2})(?:([.,])([0-9]+))?)?"
    r"( *)(?:([Zz]|UTC|GMT)|([+-][0-9]{2})(?:(:?)([0-9]{2}))?)?"
)
_DECIMAL = r"([0-9]{1,19})([.,])([0-9]+)"
_DOT_NET = r"\\?/Date\(([0-9]+)(?:[+-][0-9]{4})?\)\\?/"
_WITH_MONTH = (
    r"(?:[A-Z][a-z]{2},? )?(?:([0-9]{1,2}) ([A-Z][a-z]{2})|([A-Z][a-z]{2}) ([0-9]{1,2})) ([0-9]{4}) "
    r"([0-9]{2}:[0-9]{2}:[0-9]{2}) (?:GMT|UTC)?(?:([+-][0-9]{2})([0-9]{2}))?(?: \([^()]*\))?"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CALENDAR = (
    r"(20[0-9]{2})(0[1-9]|1[0-2])([0-2][0-9]|3[01])(?:([01][0-9]|2[0-3])([0-5][0-9])(?:([0-5][0-9])[0-9]{0,3})?)?"
)
_WHITESPACE = " \t\r\n\xa0"
_MAX_LENGTH = 100

_SECONDS_A_DAY = 86_400
_OTHER_EPOCHS = (
    (".NET ticks", datetime(1, 1, 1, tzinfo=UTC), _SECONDS_A_DAY * 10**7),
    ("a Windows FILETIME", datetime(1601, 1, 1, tzinfo=UTC), _SECONDS_A_DAY * 10**7),
    ("a WebKit time", datetime(1601, 1, 1, tzinfo=UTC), _SECONDS_A_DAY * 10**6),
    ("a Windows time in seconds (since 1601)", datetime(1601, 1, 1, tzinfo=UTC), _SECONDS_A_DAY),
    (".NET seconds (since the year 1)", datetime(1, 1, 1, tzinfo=UTC), _SECONDS_A_DAY),
    ("an Apple time (seconds since 2001)", datetime(2001, 1, 1, tzinfo=UTC), _SECONDS_A_DAY),
    ("an Apple time in milliseconds (since 2001)", datetime(2001, 1, 1, tzinfo=UTC), _SECONDS_A_DAY * 10**3),
    ("an Apple time in nanoseconds (since 2001)", datetime(2001, 1, 1, tzinfo=UTC), _SECONDS_A_DAY * 10**9),
    ("an Excel date", datetime(1899, 12, 30, tzinfo=UTC), 1),
)
"""Numbers that count from another day than epochs do: their name, that day, and how many are a day."""
_MAX_SECONDS = 7 * 10**10
"""More than are between any of these days and the last plausible one."""
_PLAUSIBLE = (datetime(2010, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
"""When a number of another epoch may be suggested: an event of a vendor that was founded in 2010."""


class Notation(NamedTuple):
    """A timestamp in a notation that is not read: what it has, and the same as text that is RFC 3339 or a number."""

    differences: str
    text: str

    @property
    def is_number(self) -> bool:
        """Return whether the text is a number."""
        return "T" not in self.text


def find_notation(value: str) -> Notation | None:
    """Return the notation of a string that is certainly a timestamp, but for its zone.

    None when that is not certain, and of what is in RFC 3339.
    """
    # The text is shown, and nobody wrote a longer one.
    if len(value) > _MAX_LENGTH:
        return None
    bare = value.strip(_WHITESPACE)
    around = () if bare == value else ("white space around it",)
    if around and bare.isascii() and bare.isdigit():
        return Notation(around[0], bare)
    if found := re.fullmatch(_NEARLY_RFC3339, bare):
        differences, text = _to_rfc3339(found)
    elif found := re.fullmatch(_DECIMAL, bare):
        differences, text = [f"a {'point' if found[2] == '.' else 'comma'} in its digits"], f"{found[1]}.{found[3]}"
    elif found := re.fullmatch(_DOT_NET, bare):
        differences, text = ["the notation of .NET"], found[1]
    elif (found := re.fullmatch(_WITH_MONTH, bare)) and (found[2] or found[3]) in _MONTHS:
        differences, text = ["the notation of HTTP, of e-mail or of JavaScript's toString()"], _from_month(found)
    else:
        return None
    named = " and ".join([*differences, *around])
    return Notation(named, text) if named else None


def suggest_epoch(number: int | Fraction, until: datetime = _PLAUSIBLE[1]) -> str | None:
    """Return what a number would be as a plausible time of another epoch, or as the digits of a date; None if nothing.

    The sentence begins with `as`; what would be after `until` is not plausible.
    """
    for name, epoch, per_day in _OTHER_EPOCHS:
        seconds = number * _SECONDS_A_DAY // per_day
        if 0 <= seconds < _MAX_SECONDS:
            time = epoch + timedelta(seconds=seconds)
            if _PLAUSIBLE[0] <= time < until:
                return f"as {name} it is {time:%Y-%m-%dT%H:%M:%SZ}"
    found = re.fullmatch(_CALENDAR, str(number)) if isinstance(number, int) else None
    if found is None or not _PLAUSIBLE[0].year <= int(found[1]) <= until.year:
        return None
    year, month, day, *clock = found.groups()
    time_of_day = ":".join(filter(None, clock))
    return f"as the digits of a date it is {year}-{month}-{day}{f' {time_of_day}' if time_of_day else ''}"


def _to_rfc3339(found: re.Match[str]) -> tuple[list[str], str]:
    """Return what a string that is nearly RFC 3339 has, and the string in RFC 3339."""
    year, hyphen, month, day, letter, hour, colon, minute, second, point, fraction, space, utc, *offset = found.groups()
    hours, colon_of_zone, minutes = offset
    differences = {
        "no hyphens": not hyphen,
        "a lower-case `t`": letter == "t",
        "a space in the place of `T`": letter == " ",
        "no colons": not colon,
        "no seconds": second is None,
        "a comma in the seconds": point == ",",
        "a space before its zone": bool(space),
        "a lower-case `z`": utc == "z",
        f"`{utc}` in the place of `Z`": utc in {"UTC", "GMT"},
        "an offset without a colon": minutes is not None and not colon_of_zone,
        "an offset without minutes": hours is not None and minutes is None,
    }
    zone = "Z" if utc else f"{hours}:{minutes or '00'}" if hours else ""
    seconds = f"{second or '00'}{f'.{fraction}' if fraction else ''}"
    text = f"{year}-{month}-{day}T{hour}:{minute}:{seconds}{zone}"
    return [name for name, differs in differences.items() if differs], text


def _from_month(found: re.Match[str]) -> str:
    day, month, other_month, other_day, year, clock, hours, minutes = found.groups()
    number = _MONTHS.index(month or other_month) + 1
    return f"{year}-{number:02}-{int(day or other_day):02}T{clock}{f'{hours}:{minutes}' if hours else 'Z'}"
