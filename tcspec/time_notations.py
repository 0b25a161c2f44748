"""What a timestamp that is not read may be: nearly RFC 3339, another notation, or a number of another epoch."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

_MAX_LENGTH = 100
"""Nobody wrote a longer timestamp; within it no pattern takes long."""

# Patterns of few timestamps, which `re` compiles when it meets the first.
_OFFSET = r"(?:(?P<hours>[+-][0-9]{2})(?:(?P<inner>:?)(?P<minutes>[0-9]{2}))?)"
_HALF = r"(?: ?(?P<half>[APap][Mm]))?"
_NEARLY_RFC3339 = (
    r"(?P<year>[0-9]{4})(?P<hyphen>[-/.]?)(?P<month>[0-9]{1,2})(?P=hyphen)(?P<day>[0-9]{1,2})(?P<letter>[Tt ])"
    r"(?P<hour>[0-9]{1,2})(?P<colon>:?)(?P<minute>[0-9]{2})"
    r"(?:(?P=colon)(?P<second>[0-9]{2})(?:(?P<point>[.,])(?P<fraction>[0-9]+)|:(?P<ms>[0-9]{3}))?)?"
    rf"{_HALF}(?P<space> *)(?:(?P<utc>[Zz]|UTC|GMT)|(?P<before>UTC|GMT)?{_OFFSET}(?P<twice>Z?))?"
)
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?"
_CLOCK = (
    rf"(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?::(?P<second>[0-9]{{2}})(?:[.,](?P<fraction>[0-9]+))?)?{_HALF}"
)
_ZONE = rf"(?: (?:(?P<utc>Z|UTC|GMT)?{_OFFSET}?|(?P<name>[A-Z]{{3,4}})))?(?: \([^()]*\))?"
_DAY_OF_MONTH, _MONTH, _YEAR = r"(?P<day>[0-9]{1,2})", r"(?P<month>[A-Za-z]{3,9})", r"(?P<year>[0-9]{4})"
_OF_TEXTS = "HTTP, of e-mail or of JavaScript's toString()"
_WITH_MONTH = (
    (rf"{_WEEKDAY}{_DAY_OF_MONTH} {_MONTH} {_YEAR},? {_CLOCK}{_ZONE}", _OF_TEXTS),
    (rf"{_WEEKDAY}{_MONTH} {_DAY_OF_MONTH} {_YEAR} {_CLOCK}{_ZONE}", _OF_TEXTS),
    (rf"{_WEEKDAY}{_MONTH} {_DAY_OF_MONTH}, {_YEAR}(?:,| at)? {_CLOCK}{_ZONE}", "texts for readers"),
    (rf"{_WEEKDAY}{_MONTH}  ?{_DAY_OF_MONTH} {_CLOCK}{_ZONE} {_YEAR}", "Java's toString() or of C's ctime()"),
    (rf"\[?{_DAY_OF_MONTH}/{_MONTH}/{_YEAR}:{_CLOCK}{_ZONE}\]?", "logs of servers"),
    (rf"{_WEEKDAY}{_DAY_OF_MONTH}-{_MONTH}-{_YEAR} {_CLOCK}{_ZONE}", "cookies or databases"),
)
"""Notations with the name of a month, and whose they are."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = frozenset(_MONTHS) | {
    *("january", "february", "march", "april", "june", "july", "august", "sept", "september", "october", "november"),
    "december",
}
_DECIMAL = r"([0-9]{1,19})([.,])([0-9]+)"
_GROUPED = r"[0-9]{1,3}([., '_])[0-9]{3}(?:\1[0-9]{3}){2,}"
_WITH_UNIT = r"([0-9]{10,19})( ?)(s|ms|us|\u00b5s|ns|[Ll]|n)"
_DIGITS_OF_UNITS = {"s": (10,), "ms": (12, 13, 14), "us": (16,), "\u00b5s": (16,), "ns": (19,)}
_SCIENTIFIC = r"([1-9])\.([0-9]{9,18})[Ee]\+?([0-9]{1,2})"
_AROUND = (
    (r"\\?/Date\(([0-9]+)(?:[+-][0-9]{4})?\)\\?/", "the notation of .NET"),
    (r"b?'([^']*)'|\"([^\"]*)\"", "quotes around it"),
    (
        r"(?:new )?(?:ISODate|Date|NumberLong|Long|Timestamp)\(['\"]?([^'\"()]*)['\"]?(?:, tz='[\w/]*')?\)",
        "the notation of program code",
    ),
    (r"@([0-9]+(?:\.[0-9]+)?)", "an at sign before it"),
)
"""What stands around a timestamp."""
_LOOKALIKES = str.maketrans(
    dict.fromkeys("\u202f\u2009\xa0", " ") | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
)
_CALENDAR = (
    r"(20[0-9]{2})(0[1-9]|1[0-2])([0-2][0-9]|3[01])(?:([01][0-9]|2[0-3])([0-5][0-9])(?:([0-5][0-9])[0-9]{0,3})?)?"
)
_WHITESPACE = " \t\r\n\xa0"

_NANOSECONDS_A_SECOND = 10**9
_HALF_A_DAY = 12
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


def find_notation(value: object) -> Notation | None:
    """Return the notation of a string or an object that is certainly a timestamp, but for its zone.

    None when that is not certain, and of what is in RFC 3339.
    """
    if isinstance(value, dict):
        text = _read_object(value)
        return Notation("the notation of a database or a library", text) if text else None
    # The text is shown.
    if not isinstance(value, str) or len(value) > _MAX_LENGTH:
        return None
    bare = value.strip(_WHITESPACE)
    differences = [] if bare == value else ["white space around it"]
    for pattern, name in _AROUND:
        if found := re.fullmatch(pattern, bare):
            bare = next(part for part in found.groups() if part is not None)
            differences = [name, *differences]
            break
    inner = [*differences] if bare.isascii() and bare.isdigit() else None
    text = bare
    for read in (_read_number, _read_nearly_rfc3339, _read_month):
        if inner is None and (found_text := read(bare)):
            more, text = found_text
            inner = [*more, *differences]
    return Notation(" and ".join(inner), text) if inner else None


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


def _read_object(value: Mapping[str, Any]) -> str | None:
    """Return the text of an object that stands for a time: the extended JSON of MongoDB, or seconds and nanoseconds."""
    if value.keys() in ({"$date"}, {"$numberLong"}):
        [inner] = value.values()
        if isinstance(inner, dict):
            return _read_object(inner) if inner.keys() == {"$numberLong"} else None
        is_text = isinstance(inner, str) and ("T" in inner or inner.isdigit()) and len(inner) < _MAX_LENGTH
        return str(inner) if is_text or type(inner) is int else None
    seconds = next((value[name] for name in ("seconds", "_seconds", "epochSecond") if name in value), None)
    rest = value.keys() - {"seconds", "_seconds", "epochSecond"}
    names = rest & {"nanos", "nano", "nanoseconds", "_nanoseconds"}
    nanoseconds = next((value[name] for name in names), 0)
    if rest != names or len(value) > len(("seconds", "nanoseconds")) or type(nanoseconds) is not int:
        return None
    is_whole = type(seconds) is int or (isinstance(seconds, str) and seconds.isascii() and seconds.isdigit())
    if not is_whole or not 0 <= nanoseconds < _NANOSECONDS_A_SECOND:
        return None
    return f"{seconds}.{nanoseconds:09}" if nanoseconds else str(seconds)


def _read_number(text: str) -> tuple[list[str], str] | None:
    """Return what the digits of a number have, and the number."""
    if found := re.fullmatch(_DECIMAL, text):
        return [f"a {'point' if found[2] == '.' else 'comma'} in its digits"], f"{found[1]}.{found[3]}"
    if re.fullmatch(_GROUPED, text):
        return ["separators between its digits"], "".join(filter(str.isdigit, text))
    if found := re.fullmatch(_WITH_UNIT, text):
        fits = len(found[1]) in _DIGITS_OF_UNITS.get(found[3], (len(found[1]),))
        return ([f"`{found[3]}` behind it"], found[1]) if fits else None
    # Fewer digits may have been cut off: a spreadsheet shows six of thirteen.
    found = re.fullmatch(_SCIENTIFIC, text)
    if found is None or len(found[2]) < int(found[3]):
        return None
    digits, power = found[1] + found[2], int(found[3]) + 1
    fraction = digits[power:].rstrip("0")
    return ["an exponent"], f"{digits[:power]}{fraction and f'.{fraction}'}"


def _read_nearly_rfc3339(text: str) -> tuple[list[str], str] | None:
    """Return what a string that is nearly RFC 3339 has, and the string in RFC 3339."""
    plain, *behind = _strip_zone_name(text.translate(_LOOKALIKES))
    found = re.fullmatch(_NEARLY_RFC3339, plain)
    if found is None:
        return None
    utc, hours, minutes, half = found["utc"], found["hours"], found["minutes"], found["half"]
    is_short = min(len(found["month"]), len(found["day"]), len(found["hour"])) == 1
    clock = _to_24_hours(found["hour"], half)
    # Without separators a number of one digit ends anywhere; an offset and `Z` are two zones, unless they are the same.
    if clock is None or (is_short and not (found["hyphen"] and found["colon"])):
        return None
    if found["twice"] and (hours[1:], minutes or "00") != ("00", "00"):
        return None
    differences = {
        "no hyphens": not found["hyphen"],
        "slashes or points in its date": found["hyphen"] in {"/", "."},
        "a lower-case `t`": found["letter"] == "t",
        "a space in the place of `T`": found["letter"] == " ",
        "no colons": not found["colon"],
        "a number of one digit": is_short,
        "no seconds": found["second"] is None,
        "a comma in the seconds": found["point"] == ",",
        "a colon in the seconds": found["ms"] is not None,
        "a clock of 12 hours": half is not None,
        "a space before its zone": bool(found["space"]),
        "a lower-case `z`": utc == "z",
        f"`{utc}` in the place of `Z`": utc in {"UTC", "GMT"},
        f"`{found['before']}` before its offset": found["before"] is not None,
        "an offset without a colon": minutes is not None and not found["inner"],
        "an offset without minutes": hours is not None and minutes is None,
        "`Z` behind its offset": bool(found["twice"]),
        "characters that only look like those of RFC 3339": plain not in text,
    }
    zone = "Z" if utc else f"{hours}:{minutes or '00'}" if hours else ""
    date = f"{found['year']}-{found['month']:0>2}-{found['day']:0>2}"
    fraction = found["fraction"] or found["ms"]
    text = f"{date}T{clock}:{found['minute']}:{found['second'] or '00'}{f'.{fraction}' if fraction else ''}{zone}"
    return [*(name for name, differs in differences.items() if differs), *behind], text


def _strip_zone_name(text: str) -> list[str]:
    """Return a text without the name of a zone behind its offset, and a sentence for what was there."""
    # Go adds the reading of another clock.
    head, mark, _ = text.partition(" m=")
    if head.endswith("]") and "[" in head:
        return [head[: head.index("[")], "the name of its zone behind it"]
    before, _, name = head.rpartition(" ")
    if re.fullmatch(r"[A-Z]{2,5}|[+-][0-9]{2,4}", name) and re.search(r"[0-9] ?[+-][0-9]{2}:?[0-9]{2}\Z", before):
        return [before, "the name of its zone behind it"]
    return [head, "the notation of Go"] if mark else [text]


def _to_24_hours(hour: str, half: str | None) -> str | None:
    """Return an hour of a clock of 24 hours with two digits; None when a clock of 12 hours has no such hour."""
    if half is None:
        return f"{hour:0>2}"
    if not 1 <= int(hour) <= _HALF_A_DAY:
        return None
    return f"{int(hour) % _HALF_A_DAY + (_HALF_A_DAY if half.lower() == 'pm' else 0):02}"


def _read_month(text: str) -> tuple[list[str], str] | None:
    """Return whose notation with the name of a month a string has, and the string in RFC 3339."""
    plain = text.translate(_LOOKALIKES)
    for pattern, name in _WITH_MONTH:
        found = re.fullmatch(pattern, plain)
        if found and found["month"].lower() in _MONTH_NAMES and (clock := _to_24_hours(found["hour"], found["half"])):
            number = _MONTHS.index(found["month"][:3].lower()) + 1
            hours, minutes = found["hours"], found["minutes"] or "00"
            # The letters of other zones stand for several of them.
            zone = f"{hours}:{minutes}" if hours else "Z" if found["utc"] else ""
            fraction = f".{found['fraction']}" if found["fraction"] else ""
            date = f"{found['year']}-{number:02}-{found['day']:0>2}"
            return (
                [f"the notation of {name}"],
                f"{date}T{clock}:{found['minute']}:{found['second'] or '00'}{fraction}{zone}",
            )
    return None
