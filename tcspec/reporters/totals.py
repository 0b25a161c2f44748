"""What a page counts of a run: codes, names, dialects, sizes and moments; none of it grows with the run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tcspec.reporters.plots import Bar, histogram
from tcspec.reporters.results import Tally
from tcspec.reporters.spreads import Spread
from tcspec.size import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.reporters.spreads import Window

_BARS = 40
_HOUR = 3_600_000
_DAY = 24 * _HOUR
_MONDAY = -3 * _DAY
"""A Monday in epoch milliseconds, so that weeks begin with one."""
_WIDTHS_OF_TIME = (_HOUR, 6 * _HOUR, _DAY, 7 * _DAY, 28 * _DAY, 364 * _DAY)
_NAMES_OF_TIME = ("hour", "6 hours", "day", "week", "4 weeks", "52 weeks")
_FIRST_BYTE = 1
"""Steps of bytes end with a round number, as the limits do."""
_EVENTS, _BATCHES, _OTHERS = "Events", "Batches", "Other payloads"
_GROUPS = {"event": _EVENTS, "pixel": _EVENTS, "batch": _BATCHES}
_LIMITS = {_EVENTS: LIMITS["event"].safe, _BATCHES: LIMITS["batch"].safe}
_WIDTHS_OF_EVENTS = (100, 200, 400, 800, 1_600, 3_200, 6_400, 32_000, 320_000)
_WIDTHS_OF_BATCHES = (2_500, 12_500, 25_000, 50_000, 250_000, 500_000)


def _sizes() -> dict[str, Spread]:
    return {
        _EVENTS: Spread(_WIDTHS_OF_EVENTS, _FIRST_BYTE),
        _BATCHES: Spread(_WIDTHS_OF_BATCHES, _FIRST_BYTE),
        _OTHERS: Spread(_WIDTHS_OF_EVENTS, _FIRST_BYTE),
    }


@dataclass(slots=True)
class Totals:
    """Counts of a run: violations by code and severity, payloads and events of batches by name and by dialect."""

    tally: Tally = field(default_factory=Tally)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    dialects: Counter[str] = field(default_factory=Counter)
    sizes: dict[str, Spread] = field(default_factory=_sizes)
    beyond: Counter[str] = field(default_factory=Counter)
    moments: Spread = field(default_factory=lambda: Spread(_WIDTHS_OF_TIME, _MONDAY))

    def measure(self, kind: str, size: int | None, moment: int | None) -> None:
        """Count how many bytes a payload of a kind has, and of which moment in epoch milliseconds it is."""
        if size is not None:
            group = _GROUPS.get(kind, _OTHERS)
            self.sizes[group].add(size)
            self.beyond[group] += group in _LIMITS and size > _LIMITS[group]
        if moment is not None:
            self.moments.add(moment)

    def plots_of_sizes(self) -> Iterator[str]:
        """Draw how many payloads are how large, those apart to which another limit applies."""
        for group, spread in self.sizes.items():
            if spread.counts:
                yield _plot_of_sizes(group, spread, self.beyond[group])

    def plots_of_moments(self) -> Iterator[str]:
        """Draw how many events are of which time."""
        if self.moments.counts:
            yield _plot_of_moments(self.moments)


def _plot_of_sizes(group: str, spread: Spread, beyond: int) -> str:
    window = spread.window(_BARS, from_start=True)
    limit = _LIMITS.get(group)
    bars = [
        Bar(f"{start:,} to {start + window.width - 1:,} bytes", count, limit is not None and start > limit)
        for start, count in window.steps()
    ]
    end = window.start + window.width * len(bars) - 1
    limited = f"; {beyond:,} above the limit of {limit:,}" if limit else ""
    title = f"{group} by bytes of the compact body{limited}{_outside(window, 'smaller', 'larger')}"
    return histogram(title, bars, ("0 bytes", f"{end:,} bytes"))


def _plot_of_moments(spread: Spread) -> str:
    window = spread.window(_BARS)
    is_fine = window.width < _DAY
    bars = [Bar(_date(start, with_hour=is_fine), count) for start, count in window.steps()]
    unit = _NAMES_OF_TIME[_WIDTHS_OF_TIME.index(window.width)]
    title = f"Events by time in UTC, one bar for each {unit}{_outside(window, 'earlier', 'later')}"
    last = window.start + window.width * (len(bars) - 1)
    ends = [_date(each, with_hour=is_fine) for each in (window.start, last)]
    return histogram(title, bars, (ends[0], ends[1]))


def _outside(window: Window, before: str, after: str) -> str:
    """Say how many are not drawn."""
    named = ((window.before, before), (window.after, after))
    return "".join(f"; {count:,} {word} and not drawn" for count, word in named if count)


def _date(moment: int, *, with_hour: bool) -> str:
    told = datetime.fromtimestamp(moment / 1000, UTC)
    return f"{told:%Y-%m-%d %H:%M}" if with_hour else f"{told:%Y-%m-%d}"
