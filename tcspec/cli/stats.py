"""Statistics of a run: payloads by name, kind, version, dialect and sender, the valid share, first and last time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.dialects import DIALECTS
from tcspec.kinds import KINDS
from tcspec.reporters.contents import Part, check_parts, safe_name
from tcspec.reporters.results import PayloadResult, RunFinished

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.reporters.results import Result

SenderOf = Callable[[str], str | None]
"""Returns the sender of the payloads of a file, unless that is detected."""

MAX_GROUPS = 1_000
"""How many groups are counted; further ones are counted together."""

_OTHERS = "(further ones)"
_LONGEST_NAME = 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SENDERS: Mapping[str, str] = MappingProxyType({dialect.id: dialect.sender for dialect in DIALECTS})
_VERSIONS: Mapping[str, str | None] = MappingProxyType({dialect.id: dialect.version for dialect in DIALECTS})
_HEAD = ("name", "kind", "version", "dialect", "sender", "count", "valid", "first seen", "last seen")
_NUMBERS = ("count", "valid")


class Group(NamedTuple):
    """Payloads, and events of batches, that are counted together."""

    name: str
    kind: str
    version: str
    dialect: str
    sender: str


@dataclass(slots=True)
class Counts:
    """How many there are of a group, how many without errors, and their first and last time in epoch milliseconds."""

    count: int = 0
    valid: int = 0
    first: int | None = None
    last: int | None = None

    def add(self, time: int | None, *, is_valid: bool) -> None:
        """Count one more."""
        self.count += 1
        self.valid += is_valid
        if time is not None:
            self.first = time if self.first is None else min(self.first, time)
            self.last = time if self.last is None else max(self.last, time)

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON has them."""
        return {
            "count": self.count,
            "valid": self.valid,
            "share_valid": round(self.valid / self.count, 6) if self.count else None,
            "first_seen": _format_time(self.first),
            "last_seen": _format_time(self.last),
        }

    def cells(self) -> tuple[str, ...]:
        """Return the counts as cells of the table."""
        share = f"{100 * self.valid / self.count:.1f} %" if self.count else ""
        return f"{self.count:,}", share, _format_time(self.first) or "", _format_time(self.last) or ""


@dataclass(slots=True)
class Stats:
    """Counts of all payloads together, and of each group, in which the events of batches count one by one."""

    sender_of: SenderOf
    payloads: Counts = field(default_factory=Counts)
    groups: dict[Group, Counts] = field(default_factory=dict)

    def apply(self, results: Iterable[Result]) -> Iterator[Result]:
        """Yield the results, the last one with the statistics of the run."""
        for result in results:
            match result:
                case PayloadResult():
                    self._count(result)
                    yield result
                case RunFinished():
                    yield result._replace(stats=self.to_dict())
                case _:
                    yield result

    def _count(self, result: PayloadResult) -> None:
        sender = self.sender_of(result.path)
        for index, (part, is_valid) in enumerate(check_parts(result)):
            # The first part is the payload as a whole, the others are the events of a batch.
            if index == 0:
                self.payloads.add(part.time, is_valid=is_valid)
            group = _group(part, sender)
            if group not in self.groups and len(self.groups) >= MAX_GROUPS:
                group = Group(_OTHERS, "", "", "", "")
            self.groups.setdefault(group, Counts()).add(part.time, is_valid=is_valid)

    def to_dict(self) -> dict[str, Any]:
        """Return the statistics as JSON has them, the most frequent group first."""
        return {
            "payloads": self.payloads.to_dict(),
            "events": [{**group._asdict(), **counts.to_dict()} for group, counts in self._sorted()],
        }

    def format_table(self) -> Iterator[str]:
        """Yield the lines of a table for people."""
        rows = [(*group, *counts.cells()) for group, counts in self._sorted()]
        rows.append(("all payloads", "", "", "", "", *self.payloads.cells()))
        widths = [max(len(row[column]) for row in (_HEAD, *rows)) for column in range(len(_HEAD))]
        for row in (_HEAD, *rows):
            cells = zip(row, widths, _HEAD, strict=True)
            aligned = (cell.rjust(width) if name in _NUMBERS else cell.ljust(width) for cell, width, name in cells)
            yield "  ".join(aligned).rstrip() + "\n"

    def _sorted(self) -> list[tuple[Group, Counts]]:
        return sorted(self.groups.items(), key=lambda entry: (-entry[1].count, entry[0]))


def _group(part: Part, sender: str | None) -> Group:
    # Only events have dialects that show a version and a sender.
    is_event = part.kind == "event"
    version = _VERSIONS.get(part.dialect) if is_event else KINDS[part.kind].version().name if part.kind else None
    detected = _SENDERS.get(part.dialect, "server") if is_event else KINDS[part.kind].sender if part.kind else ""
    name = safe_name(part.name, _LONGEST_NAME)
    return Group(name, part.kind, version or "", part.dialect, (sender or detected) if part.kind else "")


def _format_time(ms: int | None) -> str | None:
    if ms is None:
        return None
    return f"{(_EPOCH + timedelta(milliseconds=ms)).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
