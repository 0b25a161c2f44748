"""The time zone of a time that is written without one, when the caller assumes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.errors import UnreadableTimestamp

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

NO_ZONE = "missing time zone"
"""The reason why a local time is refused."""


def localize(value: object, time: datetime, zone: tzinfo | None, fold: int | None) -> datetime:
    """Return a time with its zone, which is an assumed one when it has none.

    Raises:
        UnreadableTimestamp: when no zone is assumed, or its clocks skip the time, or show it twice and no `fold` is
            chosen.
    """
    try:
        if time.utcoffset() is not None:
            return time
        if zone is None:
            raise UnreadableTimestamp(value, NO_ZONE)
        first, second = (time.replace(tzinfo=zone, fold=each) for each in (0, 1))
        before, after = first.utcoffset(), second.utcoffset()
    # What a bare `tzinfo` raises: a class of one's own need not define an offset.
    except NotImplementedError:
        before = after = None
    if before is None or after is None:
        raise UnreadableTimestamp(value, "the time zone has no offset from UTC")
    # PEP 495: where clocks skip a time the offset of fold 0 is the smaller one, where they repeat it the larger one.
    if before < after:
        raise UnreadableTimestamp(value, f"the local time does not exist in {zone}, whose clocks skip it")
    if before > after and fold is None:
        offsets = " or ".join(f"{each:%z}"[:3] + ":" + f"{each:%z}"[3:5] for each in (first, second))
        reason = f"the local time occurs twice in {zone}: write its offset, {offsets}, or choose with fold"
        raise UnreadableTimestamp(value, reason)
    return second if fold else first


def find_zone(value: object, assume_tz: tzinfo | str | None) -> tzinfo | None:
    """Return the zone that is assumed for a value, found by its name when it is one; None for none.

    Raises:
        UnreadableTimestamp: when the name is that of no zone.
    """
    # Zones of pytz do not know PEP 495, and as a tzinfo have the offset of a past century.
    if hasattr(assume_tz, "localize"):
        assume_tz = str(assume_tz)
    if not isinstance(assume_tz, str):
        return assume_tz
    zone = _load_zone(assume_tz)
    if zone is None:
        hint = "" if _load_zone("UTC") else "; this system has no time zones, install the package tzdata"
        raise UnreadableTimestamp(value, f"unknown time zone {assume_tz!r}{hint}")
    return zone


def _load_zone(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - few calls name a zone

    try:
        return ZoneInfo(name)
    # A name is opened as a file: that of a folder, or a path, fails in other ways than an unknown one.
    except (OSError, ValueError, KeyError):
        return None
