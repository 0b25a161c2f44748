"""What was seen in a run: payloads by name, kind, version, dialect and sender, the valid share, first and last time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.kinds import DIALECTS, SENDERS, VERSIONS
from tcspec.reporters.contents import Part, content_of, told
from tcspec.reporters.results import PayloadResult, RunFinished
from tcspec.validation import has_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.reporters.results import Result

SenderOf = Callable[[str], str | None]
"""Who sends the payloads of a file, when that is not left to what each shows."""

MOST = 1_000
"""How many rows there are; what would make further ones is counted together."""

_OTHERS = "(further ones)"
_LONGEST_NAME = 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VERSIONS: Mapping[str, str | None] = MappingProxyType({dialect.id: dialect.version for dialect in DIALECTS})
_HEAD = ("name", "kind", "version", "dialect", "sender", "count", "valid", "first seen", "last seen")
_NUMBERS = ("count", "valid")


class Seen(NamedTuple):
    """What a payload, or an event of a batch, was seen to be."""

    name: str
    kind: str
    version: str
    dialect: str
    sender: str


@dataclass(slots=True)
class Row:
    """How many of a sort were seen, how many without an error, and the first and last moment that they tell, in ms."""

    count: int = 0
    valid: int = 0
    first: int | None = None
    last: int | None = None

    def add(self, moment: int | None, *, is_valid: bool) -> None:
        """Count one more."""
        self.count += 1
        self.valid += is_valid
        if moment is not None:
            self.first = moment if self.first is None else min(self.first, moment)
            self.last = moment if self.last is None else max(self.last, moment)

    def as_dict(self) -> dict[str, Any]:
        """Give the row as JSON has it."""
        return {
            "count": self.count,
            "valid": self.valid,
            "share_valid": round(self.valid / self.count, 6) if self.count else None,
            "first_seen": _time(self.first),
            "last_seen": _time(self.last),
        }


@dataclass(slots=True)
class Stats:
    """What was seen so far: all payloads together, and sort by sort with the events of batches one by one."""

    sender_of: SenderOf
    all: Row = field(default_factory=Row)
    rows: dict[Seen, Row] = field(default_factory=dict)

    def past(self, results: Iterable[Result]) -> Iterator[Result]:
        """Give results as they come, and at the end of the run what was seen in it."""
        for result in results:
            match result:
                case PayloadResult():
                    self.see(result)
                    yield result
                case RunFinished():
                    yield replace(result, stats=self.as_dict())
                case _:
                    yield result

    def see(self, judged: PayloadResult) -> None:
        """Count a payload, and the events of a batch."""
        sender = self.sender_of(judged.path)
        for index, (part, is_valid) in enumerate(verdicts(judged)):
            if index == 0:
                self.all.add(part.moment, is_valid=is_valid)
            seen = _seen(part, sender)
            if seen not in self.rows and len(self.rows) >= MOST:
                seen = Seen(_OTHERS, "", "", "", "")
            self.rows.setdefault(seen, Row()).add(part.moment, is_valid=is_valid)

    def as_dict(self) -> dict[str, Any]:
        """Give everything as JSON has it, the most frequent first."""
        return {
            "payloads": self.all.as_dict(),
            "events": [{**seen._asdict(), **row.as_dict()} for seen, row in self._sorted()],
        }

    def table(self) -> Iterator[str]:
        """Give everything as lines of a table for people."""
        rows = [(*seen, *_cells(row)) for seen, row in self._sorted()]
        rows.append(("all payloads", "", "", "", "", *_cells(self.all)))
        widths = [max(len(row[column]) for row in (_HEAD, *rows)) for column in range(len(_HEAD))]
        for row in (_HEAD, *rows):
            cells = zip(row, widths, _HEAD, strict=True)
            aligned = (cell.rjust(width) if name in _NUMBERS else cell.ljust(width) for cell, width, name in cells)
            yield "  ".join(aligned).rstrip() + "\n"

    def _sorted(self) -> list[tuple[Seen, Row]]:
        return sorted(self.rows.items(), key=lambda row: (-row[1].count, row[0]))


def verdicts(judged: PayloadResult) -> Iterator[tuple[Part, bool]]:
    """Give what was judged, and the events of a batch, each with whether nothing in it is an error."""
    content = content_of(judged)
    for index, part in enumerate(content.parts()):
        around = f"{content.around}/batch/{index - 1}"
        inside = (each for each in judged.violations if index == 0 or (each.pointer + "/").startswith(f"{around}/"))
        yield part, not has_errors(inside)


def _seen(part: Part, sender: str | None) -> Seen:
    is_event = part.kind == "event"
    version = _VERSIONS.get(part.dialect) if is_event else VERSIONS[part.kind][-1].name if part.kind else None
    shown = SENDERS.get(part.dialect, "server") if is_event else "web" if part.kind == "pixel" else "server"
    name = told(part.name, show_values=False, most=_LONGEST_NAME)
    return Seen(name, part.kind, version or "", part.dialect, (sender or shown) if part.kind else "")


def _cells(row: Row) -> tuple[str, ...]:
    share = f"{100 * row.valid / row.count:.1f} %" if row.count else ""
    return f"{row.count:,}", share, _time(row.first) or "", _time(row.last) or ""


def _time(ms: int | None) -> str | None:
    if ms is None:
        return None
    return f"{(_EPOCH + timedelta(milliseconds=ms)).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
